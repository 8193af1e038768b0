//! How often strangers may try, and that they never lock the owner out.

use std::time::Duration;

use serde_json::json;
use tsugi_server::Config;
use tsugi_server::config::Limits;
use tsugi_server::rate::Rate;

use crate::harness::{Account, Answer, PASSWORD, Server, request};

const WRONG: &str = "wrong horse battery";

/// The limits that ship; and no proxy.
fn as_shipped(config: &mut Config) {
    config.limits = Limits::default();
}

fn behind_a_proxy(config: &mut Config) {
    as_shipped(config);
    config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()].into();
    config.https = true;
}

async fn sign_in(server: &Server, email: &str, password: &str, headers: &[(&str, &str)]) -> Answer {
    let body = json!({ "email": email, "password": password });
    request(server.address, "POST", "/api/v1/session", headers, Some(&body)).await
}

async fn sign_in_from(server: &Server, email: &str, password: &str, forwarded: &str) -> Answer {
    sign_in(server, email, password, &[("x-forwarded-for", forwarded)]).await
}

async fn new_account(server: &Server, email: &str) -> Answer {
    let body = json!({ "email": email, "password": PASSWORD });
    server.post("/api/v1/accounts", &body).await
}

fn is_limited(answer: &Answer) -> bool {
    match (answer.status, answer.code()) {
        (429, "rate_limited") => {
            let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            (1..=61).contains(&wait)
        }
        (401, "wrong_credentials") => false,
        _ => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn wrong_passwords_from_changing_addresses_are_slowed_and_the_owner_gets_in() {
    let server = Server::with(behind_a_proxy).await;
    let made = new_account(&server, "ada@example.org").await;
    let cookies = made.cookies();
    assert!(
        cookies.contains("tsugi_refresh=") && cookies.contains("tsugi_device="),
        "{cookies}"
    );
    let origin = format!("http://{}", server.address);
    let known = [("cookie", cookies.as_str()), ("origin", origin.as_str())];
    let mut refused = [0, 0];
    for n in 0..607_u32 {
        let address = format!("198.{}.{}.{}", 18 + n / 256, n % 256, n % 200);
        // An account that nobody has is no different.
        for (email, refused) in ["ada@example.org", "nobody@example.org"].iter().zip(&mut refused) {
            *refused += u32::from(is_limited(&sign_in_from(&server, email, WRONG, &address).await));
        }
        if n % 100 == 99 {
            assert!(is_limited(
                &sign_in_from(&server, "ada@example.org", PASSWORD, "203.0.113.9").await
            ));
            let owner = sign_in(&server, "ada@example.org", PASSWORD, &known).await;
            assert_eq!(owner.status, 200, "{owner:?}");
        }
    }
    for refused in refused {
        assert!(refused >= 590, "{refused} of 607");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_known_device_has_a_limit_of_its_own() {
    let server = Server::with(behind_a_proxy).await;
    let cookies = new_account(&server, "ada@example.org").await.cookies();
    new_account(&server, "bob@example.org").await;
    let origin = format!("http://{}", server.address);
    let known = [("cookie", cookies.as_str()), ("origin", origin.as_str())];
    let mut tried = 0;
    while !is_limited(&sign_in(&server, "ada@example.org", WRONG, &known).await) {
        tried += 1;
    }
    assert!((10..=12).contains(&tried), "{tried}");
    // Others are not slowed by it, and it is known to one account only.
    assert_eq!(
        sign_in_from(&server, "ada@example.org", PASSWORD, "203.0.113.9")
            .await
            .status,
        200
    );
    for _ in 0..10 {
        sign_in_from(&server, "bob@example.org", WRONG, "203.0.113.8").await;
    }
    assert!(is_limited(
        &sign_in(&server, "bob@example.org", PASSWORD, &known).await
    ));
    server.stop().await;
}

#[tokio::test]
async fn a_device_stays_known_after_signing_out_and_a_refresh_makes_it_known() {
    let server = Server::start().await;
    let made = new_account(&server, "ada@example.org").await;
    let origin = format!("http://{}", server.address);
    // A browser from before there were device cookies.
    let refresh = made.cookie().unwrap();
    let headers = [("cookie", refresh.as_str()), ("origin", origin.as_str())];
    let refreshed = request(server.address, "POST", "/api/v1/session/refresh", &headers, None).await;
    let device = refreshed.cookies();
    let device = device
        .split("; ")
        .find(|pair| pair.starts_with("tsugi_device="))
        .unwrap();
    let headers = [("cookie", device), ("origin", origin.as_str())];
    let out = request(server.address, "DELETE", "/api/v1/session", &headers, None).await;
    assert_eq!(out.status, 204);
    assert!(!out.cookies().contains("tsugi_device"), "{out:?}");
    let again = sign_in(&server, "ada@example.org", PASSWORD, &headers).await;
    let kept = again.cookies();
    assert!(kept.contains(device), "the same device: {kept}, {device}");
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_counts_against_the_peer() {
    // With a proxy and without: no header is no way around the limit of an address.
    for change in [as_shipped as fn(&mut Config), behind_a_proxy] {
        for header in [Some("unknown"), Some("nonsense"), Some("\"[::1\""), None] {
            let server = Server::with(|config| {
                change(config);
                config.limits.sign_ins_per_address.burst = 3;
                config.limits.sign_ins_per_address.every = Duration::from_secs(60);
            })
            .await;
            let mut let_in = 0;
            for n in 0..10 {
                let email = format!("{n}@example.org");
                let answer = match header {
                    Some(value) => sign_in_from(&server, &email, WRONG, value).await,
                    None => sign_in(&server, &email, WRONG, &[]).await,
                };
                let_in += u32::from(!is_limited(&answer));
            }
            assert_eq!(let_in, 3, "{header:?}");
            server.stop().await;
        }
    }
}

#[tokio::test]
async fn an_address_is_believed_only_from_a_trusted_proxy_and_one_network_is_one() {
    let few = Rate {
        burst: 2,
        every: Duration::from_secs(600),
    };
    let server = Server::with(|config| {
        behind_a_proxy(config);
        config.limits.sign_ins_per_address = few;
    })
    .await;
    for (n, (forwarded, limited)) in [
        ("192.0.2.9:1234", false),
        ("192.0.2.9:4321", false),
        ("192.0.2.9", true),
        ("192.0.2.10", false),
        ("192.0.2.11, 192.0.2.9", true),
        ("192.0.2.9, 192.0.2.12", false),
        ("2001:db8::1", false),
        ("[2001:db8::2]:80", false),
        ("2001:db8::3", true),
        ("2001:db8:0:1::3", false),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = sign_in_from(&server, &format!("{n}@example.org"), WRONG, forwarded).await;
        assert_eq!(answer.status == 429, limited, "{forwarded}");
    }
    server.stop().await;
    let server = Server::with(|config| {
        as_shipped(config);
        config.limits.sign_ins_per_address = few;
    })
    .await;
    for n in 0..3 {
        let answer = sign_in_from(
            &server,
            &format!("{n}@example.org"),
            WRONG,
            &format!("192.0.2.{n}"),
        )
        .await;
        assert_eq!(
            answer.status == 429,
            n == 2,
            "nobody said that this machine is a proxy"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn new_accounts_are_limited_by_address() {
    let server = Server::with(|config| {
        behind_a_proxy(config);
        config.limits.accounts = Rate {
            burst: 2,
            every: Duration::from_secs(600),
        };
    })
    .await;
    let from = |n: u32, address: &'static str| {
        let body = json!({ "email": format!("{n}@example.org"), "password": PASSWORD });
        let server = server.address;
        async move {
            let headers = [("x-forwarded-for", address)];
            request(server, "POST", "/api/v1/accounts", &headers, Some(&body)).await
        }
    };
    assert_eq!(from(1, "203.0.113.9").await.status, 201);
    assert_eq!(from(2, "203.0.113.9").await.status, 201);
    let third = from(3, "203.0.113.9").await;
    assert_eq!((third.status, third.code()), (429, "rate_limited"));
    assert!(third.header("retry-after").unwrap().parse::<u32>().unwrap() > 1);
    assert_eq!(from(4, "203.0.113.10").await.status, 201);
    server.stop().await;
}

#[tokio::test]
async fn refresh_tokens_that_do_not_exist_are_limited_by_address() {
    let server = Server::with(behind_a_proxy).await;
    let account = Account::create(server.address).await;
    let origin = format!("http://{}", server.address);
    let refresh = async |cookie: &str, address: &str| {
        let headers = [
            ("cookie", cookie),
            ("origin", &origin),
            ("x-forwarded-for", address),
        ];
        request(server.address, "POST", "/api/v1/session/refresh", &headers, None).await
    };
    let mut refused = None;
    for n in 0..200 {
        let answer = refresh(&format!("tsugi_refresh=guess-{n}"), "192.0.2.9").await;
        match answer.status {
            401 => assert!(n < 100),
            status => {
                assert_eq!((status, answer.code()), (429, "rate_limited"), "{answer:?}");
                refused = Some(answer);
                break;
            }
        }
    }
    let wait = refused.unwrap();
    assert!(wait.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(
        refresh(&account.cookie, "192.0.2.8").await.status,
        200,
        "another address"
    );
    server.stop().await;
}
