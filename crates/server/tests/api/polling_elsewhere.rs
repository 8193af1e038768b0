//! Requests of polling sessions that come to another instance than the one that has the session.

use serde_json::json;
use tsugi_sync::ids::Revision;
use tsugi_sync::protocol::{Down, Fate, Up};

use crate::harness::{PASSWORD, Replica, new_entity, request, set, text};
use crate::instances::Two;
use crate::polling::{Poll, live, push, text_of};

#[tokio::test]
async fn either_instance_answers_and_each_edit_happens_once() {
    let two = Two::start().await;
    let account = two.a.account().await;
    let mut socket = Replica::live(&two.a, &account).await;
    for (lengths, offers) in [(false, &[][..]), (true, &["compact", "deflate"])] {
        let mut poll = live(&two.a, &account, lengths, offers).await;
        for round in 1..=10 {
            poll.address = if round % 2 == 0 {
                two.a.address
            } else {
                two.b.address
            };
            let title = format!("{round}");
            let message = push(
                &account,
                vec![set(round, new_entity(), &[("title", &title)], &[])],
            );
            poll.talk(&[text_of(&message)]).await;
            // The answer to the same request got lost, and it comes again by the other way.
            poll.address = if round % 2 == 0 {
                two.b.address
            } else {
                two.a.address
            };
            let (again, _) = poll.talk_as(poll.seq, &[text_of(&message)]).await;
            assert_eq!(again.status, 204);
            let answer = poll
                .until(|down| matches!(down, Down::Delta(delta) if !delta.outcomes.is_empty()))
                .await;
            let Down::Delta(delta) = answer else {
                panic!("{answer:?}")
            };
            assert!(
                matches!(delta.outcomes[0].fate, Fate::Accepted { .. }),
                "{delta:?}"
            );
            assert_eq!(text(&socket.next_delta().await.entities[0], "title"), title);
        }
    }
    assert_eq!(socket.cursor, Revision(20));
    two.stop().await;
}

#[tokio::test]
async fn a_session_whose_instance_is_gone_is_one_that_nobody_knows() {
    let mut two = Two::start().await;
    let account = two.a.account().await;
    let mut poll = live(&two.a, &account, false, &[]).await;
    poll.address = two.b.address;
    poll.talk(&[text_of(&Up::Ping)]).await;
    let stranger = Poll {
        session: poll.session.as_ref().map(|name| format!("nobody{name}")),
        ..live(&two.b, &account, false, &[]).await
    };
    assert_eq!(stranger.listen_after(0, 1).await.0.status, 404);
    two.a.drain();
    // The one that ends says so; one that was killed refuses connections, and that is the same.
    two.a.ended().await;
    let (answer, _) = poll.listen_after(poll.ack, 1).await;
    assert_eq!((answer.status, answer.code()), (404, "not_found"));
    assert!(answer.header("strict-transport-security").is_none());
    let mut anew = live(&two.b, &account, false, &[]).await;
    anew.talk(&[text_of(&Up::Ping)]).await;
    anew.until(|down| matches!(down, Down::Pong { .. })).await;
    two.b.stop().await;
}

#[tokio::test]
async fn nobody_else_can_use_the_door_between_instances() {
    let two = Two::with(|config| config.limits.accounts.burst = 1).await;
    let account = two.a.account().await;
    let poll = live(&two.a, &account, false, &[]).await;
    let forged = || {
        vec![
            ("tsugi-ack", poll.ack.to_string()),
            ("tsugi-wait-ms", "1".to_owned()),
            ("tsugi-asked-from", "192.0.2.7".to_owned()),
            ("tsugi-proof", "AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
        ]
    };
    let at_b = Poll {
        address: two.b.address,
        session: poll.session.clone(),
        ..live(&two.b, &account, false, &[]).await
    };
    let (answer, _) = at_b.ask(&forged(), &[]).await;
    assert_eq!(answer.status, 404, "it is not passed on");
    assert_eq!(
        at_b.listen_after(poll.ack, 1).await.0.status,
        204,
        "without it, it is"
    );
    two.stop().await;
}

#[tokio::test]
async fn an_address_that_is_only_claimed_counts_for_nothing() {
    let rate = tsugi_server::rate::Rate {
        burst: 1,
        every: std::time::Duration::from_secs(3_600),
    };
    // Twenty times as many on this machine itself.
    let two = Two::with(move |config| config.limits.accounts = rate).await;
    for turn in 0..21 {
        let headers = [
            ("tsugi-asked-from", format!("192.0.2.{turn}")),
            ("tsugi-proof", "AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
        ];
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let body = json!({ "email": format!("{turn}@example.org"), "password": PASSWORD });
        let answer = request(two.a.address, "POST", "/api/v1/accounts", &headers, Some(&body)).await;
        assert_eq!(answer.status, if turn < 20 { 201 } else { 429 }, "{answer:?}");
    }
    two.stop().await;
}

#[tokio::test]
async fn what_is_passed_on_has_a_limit() {
    let two = Two::with(|config| config.limits.forwards = 0).await;
    let account = two.a.account().await;
    let mut poll = live(&two.a, &account, false, &[]).await;
    poll.address = two.b.address;
    let (answer, _) = poll.listen_after(poll.ack, 1).await;
    assert_eq!((answer.status, answer.code()), (503, "busy"));
    assert!(answer.header("retry-after").is_some());
    two.stop().await;
}
