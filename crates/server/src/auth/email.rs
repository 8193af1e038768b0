//! Email addresses, as names to sign in with.

/// The address in the one form in which it is stored and looked up. None if it cannot be an address.
pub(crate) fn normalise(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@')?;
    let plain = email.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let whole = !local.is_empty() && !local.contains('@') && !domain.is_empty();
    (plain && whole && email.len() <= 254).then_some(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_one_address() {
        assert_eq!(
            normalise("  Ada@Example.ORG ").as_deref(),
            Some("ada@example.org")
        );
        for text in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "a da@example.org",
            "a@b@c",
            "ada@example.org\n.",
        ] {
            assert_eq!(normalise(text), None, "{text}");
        }
        assert_eq!(normalise(&format!("{}@example.org", "a".repeat(250))), None);
    }
}
