//! Two instances and a Redis Cluster of three nodes, to which things happen. It is one test, because a cluster takes
//! seconds to come together.

use tsugi_programs::Cluster;
use tsugi_server::bus::Health;
use tsugi_server::bus::channel;
use tsugi_sync::ids::WorkspaceId;

use super::instance::Session;
use super::one_redis::Two;

/// Enough for channels at all nodes.
const WORKSPACES: usize = 120;

#[tokio::test]
async fn a_cluster_carries_hints_whatever_happens_to_it() {
    let mut cluster = Cluster::start().await;
    let mut two = Two::start(&cluster.urls()).await;
    let workspaces = Vec::from_iter((0..WORKSPACES).map(|_| two.store.workspace()));
    let mut sessions = Vec::from_iter(workspaces.iter().map(|workspace| two.right.session(*workspace)));
    two.hint_each_other(workspaces[0]).await;
    change_all(&two, &workspaces, &mut sessions).await;

    // The subscribers are cut off from each node in turn.
    for node in 0..3 {
        cluster.nodes[node]
            .ask(&["CLIENT", "KILL", "TYPE", "pubsub"])
            .await;
        change_all(&two, &workspaces, &mut sessions).await;
        two.hint_each_other(workspaces[node]).await;
    }

    // Slots move under those who listen.
    for workspace in &workspaces[..6] {
        cluster.move_slot_of(&channel::of_changes(*workspace)).await;
        two.hint_each_other(*workspace).await;
    }
    change_all(&two, &workspaces, &mut sessions).await;

    // One node dies, and comes back with its slots. It is the one through which the instance sends to itself.
    let place = cluster.owner_of(&channel::of_instance(two.right.id)).await;
    cluster.nodes[place].kill();
    two.right_is(Health::Unhealthy).await;
    change_all(&two, &workspaces, &mut sessions).await;
    cluster.nodes[place].again().await;
    cluster.is_whole_for(&cluster.nodes[place]).await;
    two.hint_each_other(workspaces[7]).await;

    // One node stands still for a while.
    cluster.nodes[place].pause();
    two.right_is(Health::Unhealthy).await;
    change_all(&two, &workspaces, &mut sessions).await;
    cluster.nodes[place].go_on();
    two.hint_each_other(workspaces[7]).await;
    change_all(&two, &workspaces, &mut sessions).await;
    assert!(sessions.iter().all(|session| session.own_reads == 0));
}

async fn change_all(two: &Two, workspaces: &[WorkspaceId], sessions: &mut [Session]) {
    for workspace in workspaces {
        two.left.commit(*workspace);
    }
    for session in sessions {
        session.in_step().await;
    }
}
