//! Packages of the system: browsers, their drivers, fonts, and servers for tests. Debian's `apt-get` installs them; elsewhere a person must.

use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::process;
use crate::say;

/// Files that tell that a package is there (one of them is enough), and Debian's name of the package.
pub(crate) struct SystemPackage {
    files: &'static [&'static str],
    package: &'static str,
}

pub(crate) const BROWSERS: [SystemPackage; 5] = [
    SystemPackage {
        files: &["/usr/bin/chromium"],
        package: "chromium",
    },
    // Chromium without a window, for the end-to-end tests: it takes half of the work.
    SystemPackage {
        files: &["/usr/bin/chromium-headless-shell"],
        package: "chromium-headless-shell",
    },
    SystemPackage {
        files: &["/usr/bin/chromedriver"],
        package: "chromium-driver",
    },
    SystemPackage {
        files: &["/usr/bin/firefox-esr", "/usr/bin/firefox"],
        package: "firefox-esr",
    },
    // Without it Japanese is drawn as boxes, and only tests that look at pictures notice.
    SystemPackage {
        files: &[
            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
            "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        ],
        package: "fonts-noto-cjk",
    },
];

/// The engine of Safari. Its browser for tests has no headless mode, so it gets a screen in memory.
pub(crate) const WEBKIT: [SystemPackage; 2] = [
    SystemPackage {
        files: &["/usr/bin/WebKitWebDriver"],
        package: "webkit2gtk-driver",
    },
    SystemPackage {
        files: &["/usr/bin/Xvfb"],
        package: "xvfb",
    },
];

/// Servers that the tests of our own server start by themselves, on free ports.
pub(crate) const SERVERS: [SystemPackage; 4] = [
    SystemPackage {
        // Debian 12 has 15; others have later ones, under the same name of the package.
        files: &[
            "/usr/lib/postgresql/15/bin/postgres",
            "/usr/lib/postgresql/16/bin/postgres",
            "/usr/lib/postgresql/17/bin/postgres",
            "/usr/lib/postgresql/18/bin/postgres",
        ],
        package: "postgresql",
    },
    SystemPackage {
        files: &["/usr/bin/redis-server"],
        package: "redis-server",
    },
    SystemPackage {
        files: &["/usr/sbin/haproxy"],
        package: "haproxy",
    },
    SystemPackage {
        files: &["/usr/sbin/nginx"],
        package: "nginx",
    },
];

/// Installs what is missing for `what`, or says what a person must do.
pub(crate) fn ensure(packages: &[SystemPackage], what: &str) -> Outcome {
    let missing = missing(packages);
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let by_hand = format!("sudo apt-get update && sudo apt-get install --no-install-recommends {list}");
    let Some(prefix) = apt_get() else {
        return Err(Failure::new(format!(
            "{what} need {}; on Debian run `{by_hand}`, elsewhere install what answers to these names \
             (programs in /usr/bin), then try again",
            missing.join(", ")
        )));
    };
    say::step(&format!("{list} … installing with apt-get"));
    install(prefix, &missing).map_err(|failure| {
        Failure::new(format!(
            "{failure}: see that Debian's package mirror can be reached, or run `{by_hand}`"
        ))
    })?;
    match self::missing(packages).as_slice() {
        [] => Ok(()),
        [first, ..] => Err(Failure::new(format!(
            "{first} was installed, but is not where it was expected: see xtask/src/system.rs"
        ))),
    }
}

/// The same for an engine that a machine may lack. It is required only on CI (`CI` is set). Elsewhere the tests
/// that need it report that it is missing.
pub(crate) fn ensure_if_possible(packages: &[SystemPackage], what: &str) -> Outcome {
    match ensure(packages, what) {
        Err(failure) if std::env::var_os("CI").is_none() => {
            say::step("missing: WebKit; its tests are left out here, and fail on CI");
            say::note(&failure.to_string());
            Ok(())
        }
        outcome => outcome,
    }
}

/// Debian starts a server as soon as it is installed, unless this file forbids it. A file of that name which is there
/// already belongs to somebody else, and stays.
const WITHOUT_SERVICES: &str = "\
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap 'rm -f $policy' EXIT
        trap 'exit 130' INT TERM
        printf '#!/bin/sh\\nexit 101\\n' >$policy
        chmod 755 $policy
    fi
    apt-get install -y -qq --no-install-recommends \"$@\"";

/// `prefix` is what gives the rights to do it.
fn install(prefix: &[&str], packages: &[&str]) -> Outcome {
    let update = ["apt-get", "update", "-qq"].as_slice();
    let install = ["sh", "-c", WITHOUT_SERVICES, "sh"].as_slice();
    for arguments in [update.to_vec(), [install, packages].concat()] {
        let mut command = process::command(prefix[0]);
        process::run(command.args(&prefix[1..]).args(arguments))?;
    }
    Ok(())
}

fn missing(packages: &[SystemPackage]) -> Vec<&'static str> {
    packages
        .iter()
        .filter(|package| !package.files.iter().any(|file| Path::new(file).exists()))
        .map(|package| package.package)
        .collect()
}

/// What to write before a command to give it the rights that apt-get needs, if that is possible without asking anyone.
fn apt_get() -> Option<&'static [&'static str]> {
    process::on_path("apt-get")?;
    let root = process::answer(process::command("id").arg("-u")).is_some_and(|id| id == "0");
    if root {
        return Some(&["env", "DEBIAN_FRONTEND=noninteractive"]);
    }
    process::answer(process::command("sudo").args(["-n", "true"]))?;
    Some(&["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_there_when_one_of_its_files_is() {
        let package = |files| SystemPackage { files, package: "it" };
        assert_eq!(missing(&[package(&["/nowhere", "/"])]), [""; 0]);
        assert_eq!(missing(&[package(&["/nowhere"])]), ["it"]);
    }
}
