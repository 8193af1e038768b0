//! Requests, with a `fetch` that answers as each test wants.

use js_sys::{Function, Reflect};
use serde_json::{Value, json};
use tsugi_client::browser::http::{HttpError, Method, ask, post};
use tsugi_client::tab::account;
use tsugi_sync::session::TokenError;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Replaces `fetch` by JavaScript code that gets the `request`.
struct Answering(JsValue);

fn answering(code: &str) -> Answering {
    let original = Reflect::get(&js_sys::global(), &"fetch".into()).unwrap();
    let fake = Function::new_with_args(
        "input, init",
        &format!("return (async (request) => {{ {code} }})(new Request(input, init))"),
    );
    Reflect::set(&js_sys::global(), &"fetch".into(), &fake).unwrap();
    Answering(original)
}

impl Drop for Answering {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"fetch".into(), &self.0).unwrap();
    }
}

#[wasm_bindgen_test]
async fn json_goes_out_and_comes_in() {
    let _server = answering(
        "return Response.json({ method: request.method, body: await request.json(),
            type: request.headers.get('content-type'), token: request.headers.get('authorization'),
            cache: request.cache, credentials: request.credentials });",
    );
    let echoed: Value = post("/echo", Some("secret"), &json!({"a": 1})).await.unwrap();
    assert_eq!(
        echoed,
        json!({"method": "POST", "body": {"a": 1}, "type": "application/json", "token": "Bearer secret",
            "cache": "no-store", "credentials": "same-origin"})
    );
}

#[wasm_bindgen_test]
async fn an_empty_answer_is_nothing() {
    let _server = answering("return new Response(null, { status: 204 });");
    assert_eq!(ask::<()>(Method::Delete, "/session", None).await, Ok(()));
}

#[wasm_bindgen_test]
async fn a_refusal_has_its_code() {
    let _server = answering(
        "return Response.json({ code: 'taken', reason: 'email', message: 'There is such an account.' }, { status: 409 });",
    );
    let refused = post::<Value>("/accounts", None, &json!({})).await;
    let expected = HttpError::Status {
        status: 409,
        code: "taken".to_owned(),
        reason: "email".to_owned(),
        message: "There is such an account.".to_owned(),
    };
    assert_eq!(refused, Err(expected));
}

#[wasm_bindgen_test]
async fn a_proxys_refusal_is_one_too() {
    let _proxy = answering("return new Response('<html>', { status: 502, statusText: 'Bad Gateway' });");
    let refused = ask::<Value>(Method::Get, "/", None).await;
    let Err(HttpError::Status {
        status: 502,
        code,
        reason,
        message,
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(
        (code.as_str(), reason.as_str(), message.as_str()),
        ("", "", "Bad Gateway")
    );
}

#[wasm_bindgen_test]
async fn an_answer_in_another_form_than_asked_for_is_malformed() {
    let _portal = answering("return new Response('<html>welcome to the hotel</html>');");
    assert!(matches!(
        ask::<Value>(Method::Get, "/", None).await,
        Err(HttpError::Malformed(_))
    ));
}

#[wasm_bindgen_test]
async fn no_answer_is_unreachable() {
    let _network = answering("throw new TypeError('Failed to fetch');");
    assert!(matches!(
        ask::<Value>(Method::Get, "/", None).await,
        Err(HttpError::Unreachable(_))
    ));
}

#[wasm_bindgen_test]
async fn only_the_servers_own_words_sign_out() {
    let answers = [
        ("unauthenticated", 401, TokenError::SignedOut),
        ("session_expired", 401, TokenError::SignedOut),
        ("session_revoked", 401, TokenError::SignedOut),
        ("", 401, TokenError::Unreachable),
        ("", 403, TokenError::Unreachable),
        ("forbidden", 403, TokenError::Unreachable),
        ("login_to_wifi", 401, TokenError::Unreachable),
        ("rate_limited", 429, TokenError::Unreachable),
    ];
    for (code, status, expected) in answers {
        let _server = answering(&format!(
            "return Response.json({{ code: '{code}', message: '' }}, {{ status: {status} }});"
        ));
        assert_eq!(account::refresh().await.err(), Some(expected), "{status} {code}");
    }
    let _portal = answering("return new Response('<html>please pay</html>', { status: 403 });");
    assert_eq!(account::refresh().await.err(), Some(TokenError::Unreachable));
}
