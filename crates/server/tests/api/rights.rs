//! Who may do what: owner, editor, viewer, none; and that no byte goes to those who may not read.

use tsugi_server::Role;
use tsugi_sync::ids::{Mark, Revision};
use tsugi_sync::protocol::{Down, ErrorCode, Fate, RefusalCode, Subscribe, Up};

use crate::harness::{Replica, Server, new_entity, text};

fn is_forbidden(fate: &Fate) -> bool {
    matches!(
        fate,
        Fate::Refused {
            code: RefusalCode::Forbidden,
            ..
        }
    )
}

#[tokio::test]
async fn what_each_role_may() {
    let server = Server::start().await;
    let owner = server.account().await;
    let mut a = Replica::live(&server, &owner).await;
    let mutation = a.set(new_entity(), &[("title", "x")], &[]);
    a.commit(mutation).await;
    for (role, may_write) in [(Role::Owner, true), (Role::Editor, true), (Role::Viewer, false)] {
        let mut other = server.account().await;
        assert!(
            server
                .app
                .set_role(owner.workspace, other.user, Some(role))
                .await
                .unwrap()
        );
        other.workspace = owner.workspace;
        let mut b = Replica::live(&server, &other).await;
        assert!(b.cursor > Revision(0), "{role:?} may read");
        let mutation = b.set(new_entity(), &[("title", "y")], &[]);
        let (_, outcome) = b.commit(mutation).await;
        assert_eq!(is_forbidden(&outcome.fate), !may_write, "{role:?}: {outcome:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_stranger_gets_an_error_and_goes_on() {
    let server = Server::start().await;
    let (owner, stranger) = (server.account().await, server.account().await);
    let mut s = Replica::greet(&server, &stranger).await;
    for workspace in [
        owner.workspace,
        tsugi_sync::ids::WorkspaceId(uuid::Uuid::new_v4()),
    ] {
        let subscribe = Subscribe {
            workspace,
            epoch: None,
            cursor: Revision(0),
            mark: Mark(0),
        };
        s.socket.send(&Up::Subscribe(subscribe)).await;
        let error = s.socket.error().await;
        assert_eq!(
            (error.code, error.workspace),
            (ErrorCode::Forbidden, Some(workspace)),
            "theirs or none: the same"
        );
    }
    let mut a = Replica::live(&server, &owner).await;
    let mutation = a.set(new_entity(), &[("title", "secret")], &[]);
    a.commit(mutation).await;
    // Their own workspace works, and nothing else comes in between.
    s.subscribe().await;
    s.socket.send(&Up::Ping).await;
    let Down::Pong { heads } = s.socket.next().await else {
        panic!("only the pong");
    };
    assert_eq!(heads, [(stranger.workspace, Revision(0))]);
    server.stop().await;
}

#[tokio::test]
async fn taking_a_right_away_is_felt_on_open_sockets() {
    let server = Server::start().await;
    let (owner, mut guest) = (server.account().await, server.account().await);
    server
        .app
        .set_role(owner.workspace, guest.user, Some(Role::Editor))
        .await
        .unwrap();
    guest.workspace = owner.workspace;
    let (mut a, mut g) = (
        Replica::live(&server, &owner).await,
        Replica::live(&server, &guest).await,
    );
    let mutation = g.set(new_entity(), &[("title", "x")], &[]);
    g.commit(mutation.clone()).await;
    a.next_delta().await;

    server
        .app
        .set_role(owner.workspace, guest.user, Some(Role::Viewer))
        .await
        .unwrap();
    let (_, outcome) = g.commit(mutation).await;
    assert!(
        matches!(
            outcome.fate,
            Fate::Accepted {
                revision: Revision(1),
                ..
            }
        ),
        "what was taken stays taken"
    );
    let mutation = g.set(new_entity(), &[("title", "y")], &[]);
    let (_, outcome) = g.commit(mutation).await;
    assert!(is_forbidden(&outcome.fate), "{outcome:?}");

    server
        .app
        .set_role(owner.workspace, guest.user, None)
        .await
        .unwrap();
    let error = g.socket.error().await;
    assert_eq!(
        (error.code, error.workspace),
        (ErrorCode::Forbidden, Some(owner.workspace))
    );
    let mutation = a.set(new_entity(), &[("title", "secret")], &[]);
    a.commit(mutation).await;
    let mutation = g.set(new_entity(), &[("title", "z")], &[]);
    g.push(vec![mutation]).await;
    assert_eq!(g.socket.error().await.code, ErrorCode::Forbidden);
    g.socket.send(&Up::Ping).await;
    assert!(matches!(g.socket.next().await, Down::Pong { heads } if heads.is_empty()));
    server.stop().await;
}

#[tokio::test]
async fn workspaces_do_not_touch() {
    let server = Server::start().await;
    let (one, two) = (server.account().await, server.account().await);
    let (mut a, mut b) = (
        Replica::live(&server, &one).await,
        Replica::live(&server, &two).await,
    );
    // The same entity's id in both: two entities.
    let task = new_entity();
    let mutation = a.set(task, &[("title", "one")], &[]);
    a.commit(mutation).await;
    let mutation = b.set(task, &[("title", "two")], &[]);
    let (_, outcome) = b.commit(mutation).await;
    assert_eq!(
        outcome.fate,
        Fate::Accepted {
            revision: Revision(1),
            current: None,
        },
        "counted by workspace"
    );
    let mut again = Replica::greet(&server, &one).await;
    let parts = again.subscribe().await;
    let [Down::Snapshot(snapshot)] = &parts[..] else {
        panic!("{parts:?}");
    };
    assert_eq!(text(&snapshot.entities[0], "title"), "one");
    server.stop().await;
}

#[tokio::test]
async fn a_replica_has_one_user() {
    let server = Server::start().await;
    let (owner, mut guest) = (server.account().await, server.account().await);
    server
        .app
        .set_role(owner.workspace, guest.user, Some(Role::Editor))
        .await
        .unwrap();
    guest.workspace = owner.workspace;
    let mut a = Replica::live(&server, &owner).await;
    let mutation = a.set(new_entity(), &[("title", "x")], &[]);
    a.commit(mutation.clone()).await;
    let mut g = Replica::greet_as(server.address, &guest, a.id).await;
    g.subscribe().await;
    let (_, outcome) = g.commit(mutation).await;
    assert!(
        is_forbidden(&outcome.fate),
        "not even another's receipt: {outcome:?}"
    );
    server.stop().await;
}
