//! The files of `deploy/` that no test here can run: what they name exists, and they give a drain its time.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use tsugi_server::config::Limits;
use yaml_rust2::{Yaml, YamlLoader};

use crate::fleet::deploy;

/// The notice of a server with PostgreSQL, if none is set.
const NOTICE: u64 = 5;

fn read(name: &str) -> String {
    std::fs::read_to_string(deploy(name)).unwrap()
}

fn yaml(name: &str) -> Yaml {
    let mut documents = YamlLoader::load_from_str(&read(name)).unwrap();
    assert_eq!(documents.len(), 1, "{name}");
    documents.pop().unwrap()
}

fn all_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["", "kubernetes"] {
        for entry in std::fs::read_dir(deploy(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files.push(path);
            }
        }
    }
    files
}

/// The words of a text that look like variables of the server.
fn variables(text: &str) -> BTreeSet<String> {
    let is_part = |char: char| char.is_ascii_uppercase() || char == '_';
    let words = text.split(|char| !is_part(char));
    words
        .filter(|word| word.starts_with("TSUGI_"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_setting_that_is_named_exists() {
    let help = Command::new(env!("CARGO_BIN_EXE_tsugi-server"))
        .arg("--help")
        .output()
        .unwrap();
    let known = variables(&String::from_utf8(help.stdout).unwrap());
    for path in all_files() {
        for name in variables(&std::fs::read_to_string(&path).unwrap()) {
            // Of Kubernetes itself, as its comment says.
            let is_known = known.contains(&name) || name == "TSUGI_PORT";
            assert!(is_known, "{}: {name} is no setting", path.display());
        }
    }
}

#[test]
fn whoever_stops_a_server_waits_for_its_drain() {
    let limits = Limits::default();
    assert!(limits.drain_spread < limits.drain_deadline);
    // The store is closed after the drain.
    let least = NOTICE + limits.drain_deadline.as_secs() + 5;
    let compose = yaml("compose.yaml");
    let deployment = yaml("kubernetes/deployment.yaml");
    let unit = read("tsugi.service");
    let unit = unit.lines().find_map(|line| line.strip_prefix("TimeoutStopSec="));
    let pods = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"].as_i64();
    for seconds in [
        unit.unwrap().parse().unwrap(),
        u64::try_from(pods.unwrap()).unwrap(),
        seconds(&compose["services"]["tsugi-a"]["stop_grace_period"], &compose),
    ] {
        assert!(seconds >= least, "{seconds} of {least}");
    }
}

/// A value of a service that is merged from `x-instance`.
fn seconds(value: &Yaml, compose: &Yaml) -> u64 {
    let value = value
        .as_str()
        .or(compose["x-instance"]["stop_grace_period"].as_str());
    value.unwrap().strip_suffix('s').unwrap().parse().unwrap()
}

#[test]
fn the_manifests_fit_together() {
    let deployment = yaml("kubernetes/deployment.yaml");
    let labels = &deployment["spec"]["template"]["metadata"]["labels"];
    assert_eq!(&deployment["spec"]["selector"]["matchLabels"], labels);
    assert_eq!(&yaml("kubernetes/service.yaml")["spec"]["selector"], labels);
    let budget = yaml("kubernetes/pod-disruption-budget.yaml");
    assert_eq!(&budget["spec"]["selector"]["matchLabels"], labels);
    let pod = &deployment["spec"]["template"]["spec"];
    assert_eq!(pod["enableServiceLinks"].as_bool(), Some(false));
    let container = &pod["containers"][0];
    assert_eq!(
        container["securityContext"]["readOnlyRootFilesystem"].as_bool(),
        Some(true)
    );
    for (probe, path) in [
        ("startupProbe", "/readyz"),
        ("readinessProbe", "/readyz"),
        ("livenessProbe", "/healthz"),
    ] {
        assert_eq!(container[probe]["httpGet"]["path"].as_str(), Some(path));
        assert_eq!(
            container[probe]["httpGet"]["port"].as_str(),
            container["ports"][0]["name"].as_str()
        );
    }
    // Load balancers notice before the notice is over.
    let ready = &container["readinessProbe"];
    let checks = ready["periodSeconds"].as_i64().unwrap() * ready["failureThreshold"].as_i64().unwrap();
    assert!(checks < i64::try_from(NOTICE).unwrap());
    for resource in yaml("kubernetes/kustomization.yaml")["resources"]
        .as_vec()
        .unwrap()
    {
        let name = format!("kubernetes/{}", resource.as_str().unwrap());
        assert!(yaml(&name)["kind"].as_str().is_some(), "{name}");
    }
}

#[test]
fn the_container_and_the_composition_fit_together() {
    let compose = yaml("compose.yaml");
    let services = compose["services"].as_hash().unwrap();
    let proxy = &compose["services"]["proxy"]["environment"];
    for (name, variable) in [("tsugi-a", "INSTANCE_A"), ("tsugi-b", "INSTANCE_B")] {
        let service = &compose["services"][name];
        let own = service["environment"]["TSUGI_INTERNAL_ADDRESS"].as_str();
        assert_eq!(proxy[variable].as_str(), own);
        let instance = service["environment"]["TSUGI_INSTANCE"].as_str().unwrap();
        assert!(read("haproxy.cfg").contains(&format!("use-server {instance} if")));
    }
    assert_eq!(
        compose["x-settings"]["TSUGI_TRUSTED_PROXIES"].as_str(),
        compose["services"]["proxy"]["networks"]["tsugi"]["ipv4_address"].as_str()
    );
    assert!(services.len() >= 5 && compose["x-instance"]["read_only"].as_bool() == Some(true));
    let container = read("Containerfile");
    let is_there = |line: &str| container.lines().any(|found| found.trim().starts_with(line));
    for line in [
        "USER 65532",
        "HEALTHCHECK",
        "STOPSIGNAL SIGTERM",
        "CMD [\"/usr/local/bin/tsugi-server\", \"healthcheck\"]",
    ] {
        assert!(is_there(line), "{line}");
    }
}

/// Programs that a machine may lack say whether they would take the files.
#[test]
fn those_who_read_the_files_take_them() {
    let folder = tsugi_programs::Folder::new("unit");
    let unit = folder.path().join("tsugi.service");
    // It looks whether the program is there.
    let text =
        read("tsugi.service").replace("/usr/local/bin/tsugi-server", env!("CARGO_BIN_EXE_tsugi-server"));
    std::fs::write(&unit, text).unwrap();
    let mut verify = Command::new("systemd-analyze");
    verify.arg("verify").arg(&unit);
    let mut kustomize = Command::new("kubectl");
    kustomize.arg("kustomize").arg(deploy("kubernetes"));
    for mut command in [verify, kustomize] {
        match command.output() {
            Ok(output) => assert!(output.status.success(), "{command:?}: {output:?}"),
            Err(error) => eprintln!("not asked: {command:?}: {error}"),
        }
    }
}
