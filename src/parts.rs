//! The parts of the app. Each is a WebAssembly file of its own, so that a first visit loads only what it shows.
//!
//! ```text
//! main ──▶ the account screen                                          src/shell.rs
//!   └─▶ app ──▶ frame, lists, the copy of the workspace                src/app.rs
//!         └─▶ rest ──▶ edits, saving and sync, the editor, dialogs     src/rest.rs
//!               └─▶ lab ──▶ the conflict lab, when it is opened        src/lab.rs
//! ```
//!
//! Each part is reached through one function. The build moves all code that only this function reaches into the part's
//! file. So the code before a part must not name the types of the part: their destructors would bring its code along.
//!
//! `trunk serve` and the tests build the app in one piece, without the feature `split`. Then a part is there at once.

use std::future::Future;

use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{Either, select};

use crate::browser::time;

pub(crate) use leptos::wasm_split::SplitLoaderError as NotLoaded;

/// Makes the function that loads a part and then calls the function behind which the part begins.
///
/// Example: `part!(rest: load() -> Rest = make)` is `async fn load() -> Result<Rest, NotLoaded>`. It loads the part
/// `rest`, if it is not there yet, and calls `make`. After an error it can be called again.
macro_rules! part {
    ($part:ident: $load:ident($($given:ident: $type:ty),*) -> $made:ty = $make:path) => {
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
        pub fn $load($($given: $type),*) -> Result<$made, $crate::parts::NotLoaded> {
            Ok($make($($given),*))
        }

        #[cfg(not(feature = "split"))]
        pub async fn $load($($given: $type),*) -> Result<$made, $crate::parts::NotLoaded> {
            Ok($make($($given),*))
        }
    };
}

pub(crate) use part;

/// How many milliseconds pass before a part that could not be loaded is asked for again.
const AGAIN_MS: u64 = 10_000;

/// Loads a part. If that fails, it tells `missing`, and tries again after a while, or at once when `again` says so.
pub(crate) async fn load_whatever_happens<T, Loading: Future<Output = Result<T, NotLoaded>>>(
    load: impl Fn() -> Loading,
    missing: impl Fn(bool),
    mut again: UnboundedReceiver<()>,
) -> T {
    loop {
        if let Ok(part) = load().await {
            missing(false);
            return part;
        }
        missing(true);
        let pause = std::pin::pin!(time::pause(AGAIN_MS));
        let (Either::Left(_) | Either::Right(_)) = select(again.next(), pause).await;
    }
}
