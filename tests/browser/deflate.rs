//! Compression by the browser's own streams.

use tsugi_client::browser::deflate::{DeflateError, deflate, inflate, is_there};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn bytes_come_back_and_were_smaller_on_the_way() {
    assert!(is_there());
    let bytes = b"the same again and again, ".repeat(2_000);
    let smaller = deflate(&bytes).await.unwrap();
    assert!(smaller.len() < bytes.len() / 20, "{}", smaller.len());
    assert_eq!(inflate(&smaller, bytes.len()).await.unwrap(), bytes);
    assert_eq!(inflate(&deflate(b"").await.unwrap(), 0).await.unwrap(), b"");
}

#[wasm_bindgen_test]
async fn more_than_may_come_out_does_not() {
    let smaller = deflate(&vec![b' '; 4_000_000]).await.unwrap();
    assert!(smaller.len() < 10_000);
    assert_eq!(
        inflate(&smaller, 1_000_000).await,
        Err(DeflateError::TooLarge(1_000_000))
    );
}

#[wasm_bindgen_test]
async fn bytes_that_are_not_deflated_or_are_cut_off_are_an_error() {
    let smaller = deflate(&b"some text that is long enough ".repeat(100))
        .await
        .unwrap();
    for bytes in [&[1, 2, 3][..], &smaller[..smaller.len() / 2], &[]] {
        let read = inflate(bytes, 1_000_000).await;
        assert!(matches!(read, Err(DeflateError::Malformed(_))), "{read:?}");
    }
}
