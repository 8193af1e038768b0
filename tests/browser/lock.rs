//! Locks between tabs. Two guards in one page stand for two tabs, because browsers treat them alike.

use futures::StreamExt;
use futures::future::join;
use tsugi_client::browser::lock::{Ask, LockInput, acquire, with_lock};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{fresh, inbox};

#[wasm_bindgen_test]
async fn the_second_waits_until_the_first_lets_go() {
    let name = fresh("lock");
    let (put, mut first) = inbox();
    let holder = acquire(&name, Ask::Wait, put).unwrap();
    assert_eq!(first.next().await, Some(LockInput::Acquired));

    let (put, mut second) = inbox();
    let _waiting = acquire(&name, Ask::Wait, put).unwrap();
    // Another lock is asked for later, and is given first.
    with_lock(&fresh("other"), async {}).await.unwrap();
    assert!(second.try_recv().is_err(), "still waiting");

    drop(holder);
    assert_eq!(second.next().await, Some(LockInput::Acquired));
    assert_eq!(first.next().await, None, "letting go is not losing");
}

#[wasm_bindgen_test]
async fn a_tab_that_no_longer_waits_is_passed_over() {
    let name = fresh("queue");
    let (put, mut first) = inbox();
    let holder = acquire(&name, Ask::Wait, put).unwrap();
    assert_eq!(first.next().await, Some(LockInput::Acquired));
    let (put, mut second) = inbox();
    let gives_up = acquire(&name, Ask::Wait, put).unwrap();
    let (put, mut third) = inbox();
    let _waits = acquire(&name, Ask::Wait, put).unwrap();
    drop(gives_up);
    drop(holder);
    assert_eq!(third.next().await, Some(LockInput::Acquired));
    assert_eq!(second.next().await, None);
}

#[wasm_bindgen_test]
async fn a_stolen_lock_is_lost_to_its_holder() {
    let name = fresh("steal");
    let (put, mut frozen) = inbox();
    let holder = acquire(&name, Ask::Wait, put).unwrap();
    assert_eq!(frozen.next().await, Some(LockInput::Acquired));

    let (put, mut thief) = inbox();
    let stolen = acquire(&name, Ask::Steal, put).unwrap();
    assert_eq!(thief.next().await, Some(LockInput::Acquired));
    assert_eq!(frozen.next().await, Some(LockInput::Lost));
    // The loser releases its lock late, and that does not release the lock of the thief.
    drop(holder);
    let (put, mut next) = inbox();
    let _next = acquire(&name, Ask::Wait, put).unwrap();
    with_lock(&fresh("other"), async {}).await.unwrap();
    assert!(next.try_recv().is_err());
    drop(stolen);
    assert_eq!(next.next().await, Some(LockInput::Acquired));
}

#[wasm_bindgen_test]
async fn only_one_flight_at_a_time() {
    let name = fresh("flight");
    let flying = std::cell::Cell::new(0);
    let fly = || {
        with_lock(&name, async {
            flying.set(flying.get() + 1);
            // A turn of the browser's event loop gives the other one the chance to run.
            with_lock(&fresh("turn"), async {}).await.unwrap();
            let together = flying.get();
            flying.set(together - 1);
            together
        })
    };
    let (left, right) = join(fly(), fly()).await;
    assert_eq!((left.unwrap(), right.unwrap()), (1, 1));
}
