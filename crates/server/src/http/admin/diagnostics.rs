//! *Copy diagnostics*: a text for the person who helps. It has no secret and no whole address, and names nobody.

use std::net::IpAddr;

use super::status::Status;
use crate::access::Shown;
use crate::doctor::Finding;

/// The state, the findings of the doctor, and the measurements without their buckets.
pub(super) fn write(status: &Status, metrics: &str) -> String {
    let mut text = String::new();
    let Status {
        version,
        layout,
        database,
        bus,
        instance,
        ready,
        places_free,
        places,
        sweep,
        doctor,
        ..
    } = status;
    let system = (std::env::consts::OS, std::env::consts::ARCH);
    let sweep = sweep
        .as_ref()
        .map_or_else(|| "none yet".to_owned(), ToString::to_string);
    // Writing to a String cannot fail.
    text.push_str(&format!(
        "Tsugi {version} on {} {}\nstate {ready}, database {database} (layout {layout}), bus {bus}\ninstance {instance}\n\
        places {places_free} of {places} free\nlast sweep {sweep}\n\ndoctor\n",
        system.0, system.1
    ));
    for Finding {
        health,
        what,
        text: seen,
        advice,
    } in doctor
    {
        let advice = advice
            .as_ref()
            .map(|advice| format!(" -> {advice}"))
            .unwrap_or_default();
        text.push_str(&format!("{:<4} {what}: {seen}{advice}\n", health.as_str()));
    }
    text.push_str("\nmeasurements\n");
    let lines = metrics
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#') && !line.contains("_bucket{"));
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    shorten(&text)
}

/// Puts networks in the place of addresses.
pub(super) fn shorten(text: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_hexdigit() || letter == '.' || letter == ':';
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let end = rest[start..]
            .find(|letter| !is_part(letter))
            .map_or(rest.len(), |end| start + end);
        short.push_str(&rest[..start]);
        short.push_str(&network(&rest[start..end]));
        rest = &rest[end..];
    }
    short.push_str(rest);
    short
}

/// The network of an address, with or without a port; anything else as it is.
fn network(word: &str) -> String {
    let bare = word.trim_end_matches([':', '.']);
    let is_port = |port: &str| port.parse::<u16>().is_ok();
    let (address, port) = match (bare.parse::<IpAddr>(), bare.rsplit_once(':')) {
        (Ok(address), _) => (address, ""),
        (Err(_), Some((address, port))) if is_port(port) => match address.parse() {
            Ok(address) => (address, &bare[address_end(bare)..]),
            Err(_) => return word.to_owned(),
        },
        (Err(_), _) => return word.to_owned(),
    };
    let is_whole = address.is_loopback() || address.is_unspecified();
    format!("{}{port}{}", Shown { address, is_whole }, &word[bare.len()..])
}

fn address_end(bare: &str) -> usize {
    bare.rfind(':').unwrap_or(bare.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shortened() {
        for (text, short) in [
            ("from 192.0.2.77: no", "from 192.0.2.0/24: no"),
            ("192.0.2.77:8080 is free.", "192.0.2.0/24:8080 is free."),
            ("at [2001:db8:1:2::3]:443", "at [2001:db8:1::/48]:443"),
            ("127.0.0.1:80, 0.0.0.0", "127.0.0.1:80, 0.0.0.0"),
            ("version 0.1.0, 12:30, a: b", "version 0.1.0, 12:30, a: b"),
            ("日本 192.0.2.77", "日本 192.0.2.0/24"),
        ] {
            assert_eq!(shorten(text), short);
        }
    }
}
