//! Two replicas and a server: what the protocol promises.

use tsugi_sync::entity::Field;
use tsugi_sync::ids::{MutationSeq, ReplicaId, Revision, Timestamp};
use tsugi_sync::protocol::{Author, Delta, Down, Fate, RefusalCode, Up};

use crate::harness::{Replica, Server, new_entity, text};

#[tokio::test]
async fn an_edit_reaches_the_other_replica() {
    let server = Server::start().await;
    let account = server.account().await;
    let (mut a, mut b) = (
        Replica::live(&server, &account).await,
        Replica::live(&server, &account).await,
    );
    let task = new_entity();
    let mutation = a.set(task, &[("title", "Buy milk")], &[]);
    let (delta, outcome) = a.commit(mutation).await;
    assert_eq!(
        outcome.fate,
        Fate::Accepted {
            revision: Revision(1),
            current: None,
        }
    );
    assert!(delta.entities.is_empty(), "its own cells do not come back");
    let delta = b.next_delta().await;
    assert_eq!((delta.from, delta.to), (Revision(0), Revision(1)));
    assert_eq!(text(&delta.entities[0], "title"), "Buy milk");
    assert_eq!(delta.entities[0].revision_of(&Field::Title), Revision(1));
    assert!(delta.at.0 > 0 && delta.outcomes.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_conflict_brings_the_current_entity_and_who_changed_it() {
    let server = Server::start().await;
    let account = server.account().await;
    let (mut a, mut b) = (
        Replica::live(&server, &account).await,
        Replica::live(&server, &account).await,
    );
    let task = new_entity();
    let first = a.set(task, &[("title", "one"), ("notes", "n")], &[]);
    a.commit(first).await;
    b.next_delta().await;
    let second = a.set(task, &[("title", "two")], &[("title", 1)]);
    a.commit(second).await;
    let stale = b.set(task, &[("title", "three")], &[("title", 1)]);
    let (delta, outcome) = b.commit(stale).await;
    assert_eq!(
        (delta.from, delta.to),
        (Revision(2), Revision(2)),
        "nothing happened"
    );
    assert_eq!(outcome.seq, MutationSeq(1));
    let Fate::Conflict { current, by, .. } = outcome.fate else {
        panic!("a conflict, not {outcome:?}");
    };
    assert_eq!(text(&current, "title"), "two");
    assert_eq!(text(&current, "notes"), "n");
    let by = by.unwrap();
    assert_eq!((by.user, by.device.as_str()), (account.user, "a test"));
    assert_eq!(by.replica, Some(a.id));
    // Another field of the same entity is nobody's business.
    let disjoint = b.set(task, &[("notes", "m")], &[("notes", 1)]);
    let (_, outcome) = b.commit(disjoint).await;
    assert_eq!(
        outcome.fate,
        Fate::Accepted {
            revision: Revision(3),
            current: None,
        }
    );
    server.stop().await;
}

#[tokio::test]
async fn sent_twice_it_happens_once() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let mutation = a.set(new_entity(), &[("title", "once")], &[]);
    a.commit(mutation.clone()).await;
    let (delta, outcome) = a.commit(mutation.clone()).await;
    let Fate::Accepted {
        revision: Revision(1),
        current: Some(current),
    } = outcome.fate
    else {
        panic!("the receipt, and what has become of the entity: {outcome:?}");
    };
    assert_eq!(text(&current, "title"), "once");
    assert_eq!((delta.from, delta.to), (Revision(1), Revision(1)));
    // Again, over another connection and in one push.
    let mut again = Replica::greet_as(server.address, &account, a.id).await;
    again.subscribe().await;
    again.push(vec![mutation.clone(), mutation]).await;
    let delta = again.next_delta().await;
    let accepted = Fate::Accepted {
        revision: Revision(1),
        current: Some(current),
    };
    assert!(
        delta.outcomes.iter().all(|outcome| outcome.fate == accepted),
        "{delta:?}"
    );
    assert_eq!(delta.outcomes.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn revisions_have_no_gaps_whoever_pushes() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut replicas = Vec::new();
    for _ in 0..4 {
        replicas.push(Replica::live(&server, &account).await);
    }
    let mut watcher = Replica::live(&server, &account).await;
    let pushing = replicas.into_iter().map(|mut replica| {
        tokio::spawn(async move {
            let mut revisions = Vec::new();
            for _ in 0..50 {
                let mutation = replica.set(new_entity(), &[("title", "x")], &[]);
                replica.push(vec![mutation]).await;
            }
            while revisions.len() < 50 {
                for outcome in replica.next_delta().await.outcomes {
                    match outcome.fate {
                        Fate::Accepted { revision, .. } => revisions.push(revision.0),
                        other => panic!("{other:?}"),
                    }
                }
            }
            revisions
        })
    });
    let mut all = Vec::new();
    for pushed in pushing.collect::<Vec<_>>() {
        all.extend(pushed.await.unwrap());
    }
    all.sort_unstable();
    assert_eq!(all, (1..=200).collect::<Vec<u64>>());
    let mut seen = 0;
    while watcher.cursor < Revision(200) {
        seen += watcher.next_delta().await.entities.len();
    }
    assert_eq!(seen, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_refusal_holds_nobody_back() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let task = new_entity();
    let good = a.set(task, &[("title", "x")], &[]);
    let bad = a.set(new_entity(), &[("Title!", "x")], &[]);
    let unknown = a.set(new_entity(), &[("title", "x")], &[("title", 9)]);
    let mut kind = a.set(task, &[("name", "x")], &[]);
    kind.kind = tsugi_sync::entity::Kind::List;
    let last = a.set(new_entity(), &[("title", "y")], &[]);
    a.push(vec![good, bad, unknown, kind, last]).await;
    let delta = a.next_delta().await;
    let fates: Vec<_> = delta
        .outcomes
        .iter()
        .map(|outcome| outcome.fate.clone())
        .collect();
    assert_eq!(delta.to, Revision(2));
    assert_eq!(
        fates[0],
        Fate::Accepted {
            revision: Revision(1),
            current: None,
        }
    );
    assert!(
        matches!(
            &fates[1],
            Fate::Refused {
                code: RefusalCode::Invalid,
                ..
            }
        ),
        "{fates:?}"
    );
    assert!(
        matches!(
            &fates[2],
            Fate::Refused {
                code: RefusalCode::UnknownEntity,
                ..
            }
        ),
        "{fates:?}"
    );
    assert!(
        matches!(
            &fates[3],
            Fate::Refused {
                code: RefusalCode::WrongKind,
                ..
            }
        ),
        "{fates:?}"
    );
    assert_eq!(
        fates[4],
        Fate::Accepted {
            revision: Revision(2),
            current: None,
        }
    );
    server.stop().await;
}

#[tokio::test]
async fn a_cursor_is_resumed_with_a_delta() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let mut b = Replica::live(&server, &account).await;
    let (one, two) = (new_entity(), new_entity());
    let mutation = a.set(one, &[("title", "1"), ("notes", "1")], &[]);
    a.commit(mutation).await;
    b.next_delta().await;
    let (id, epoch, cursor) = (b.id, b.epoch, b.cursor);
    drop(b);
    for (task, base) in [(one, &[("title", 1)][..]), (two, &[])] {
        let mutation = a.set(task, &[("title", "2")], base);
        a.commit(mutation).await;
    }
    let mut b = Replica::greet_as(server.address, &account, id).await;
    (b.epoch, b.cursor) = (epoch, cursor);
    let parts = b.subscribe().await;
    let [Down::Delta(delta)] = &parts[..] else {
        panic!("one delta, not {parts:?}");
    };
    assert_eq!((delta.from, delta.to), (Revision(1), Revision(3)));
    assert_eq!(delta.entities.len(), 2);
    let known = delta.entities.iter().find(|entity| entity.id == one).unwrap();
    assert_eq!(known.fields.len(), 1, "only the cells that changed");
    // Nothing new: only `subscribed` comes.
    assert!(b.subscribe().await.is_empty());
    // A gap is filled on request.
    b.socket
        .send(&Up::Pull {
            workspace: b.workspace,
            cursor: Revision(2),
        })
        .await;
    let delta = b.socket.delta().await;
    assert_eq!(
        (delta.from, delta.to, delta.entities.len()),
        (Revision(2), Revision(3), 1)
    );
    server.stop().await;
}

#[tokio::test]
async fn an_entity_never_has_more_fields_than_a_deletion_can_name() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let task = new_entity();
    let names: Vec<String> = (0..63).map(|n| format!("field_{n}")).collect();
    let fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let all = a.set(task, &fields, &[]);
    assert!(matches!(a.commit(all).await.1.fate, Fate::Accepted { .. }));
    let more = a.set(task, &[("one_more", "x")], &[("field_0", 1)]);
    assert!(matches!(
        a.commit(more).await.1.fate,
        Fate::Refused {
            code: RefusalCode::Invalid,
            ..
        }
    ));
    let seen: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    let deletion = a.set(task, &[("deleted", "9")], &seen);
    assert!(matches!(a.commit(deletion).await.1.fate, Fate::Accepted { .. }));
    server.stop().await;
}

/// Who changed it, as the delta says.
fn author(delta: &Delta, field: &str) -> Option<Author> {
    delta.author_of(delta.entities[0].revision_of(&Field::from(field)))
}

#[tokio::test]
async fn a_delta_says_who_made_its_changes() {
    let server = Server::start().await;
    let account = server.account().await;
    let (mut a, mut b) = (
        Replica::live(&server, &account).await,
        Replica::live(&server, &account).await,
    );
    let task = new_entity();
    let fields = [("title", "Buy milk"), ("due", "2026-11-24"), ("created", "1")];
    let made = a.set(task, &fields, &[]);
    let (epoch, cursor, mark) = (b.epoch, b.cursor, b.mark);
    a.commit(made).await;
    let begun = b.next_delta().await;
    assert!(author(&begun, "title").is_some_and(|by| by.replica == Some(a.id)));
    let renamed = a.set(task, &[("title", "Buy oat milk")], &[("title", 1)]);
    a.commit(renamed).await;
    assert!(author(&b.next_delta().await, "title").is_some());
    let mut put_off = a.set(task, &[("due", "2026-11-25")], &[("due", 1)]);
    (put_off.at, put_off.tick) = (Timestamp(5_000), 3);
    a.commit(put_off).await;
    let live = b.next_delta().await;
    let by = author(&live, "due").expect("it is named");
    assert_eq!((by.user, by.device.as_str()), (account.user, "a test"));
    assert_eq!((by.replica, by.at, by.tick), (Some(a.id), Timestamp(5_000), 3));
    assert_eq!(live.authors.len(), 1);
    let own = b.set(task, &[("notes", "two litres")], &[]);
    b.commit(own).await;
    // Read from the store it is the same. A device that made several changes is named once, and a replica hears nothing
    // of its own changes.
    let read = async |replica: ReplicaId| {
        let mut again = Replica::greet_as(server.address, &account, replica).await;
        (again.epoch, again.cursor, again.mark) = (epoch, cursor, mark);
        match again.subscribe().await.pop() {
            Some(Down::Delta(delta)) => delta,
            other => panic!("a delta, not {other:?}"),
        }
    };
    let caught_up = read(b.id).await;
    assert_eq!(author(&caught_up, "due"), Some(by));
    assert_eq!(
        (caught_up.authors.len(), caught_up.authors[0].changes.len()),
        (1, 3)
    );
    let of_others = read(a.id).await.authors;
    assert_eq!((of_others.len(), of_others[0].replica), (1, Some(b.id)));
    server.stop().await;
}
