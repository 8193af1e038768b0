//! Rights that are withdrawn and sign-ins that end on one instance are felt on the open sockets of another, also without
//! Redis.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tsugi_server::{App, Config, Role};
use tsugi_sync::protocol::{Down, ErrorCode};

use crate::PATIENCE;
use crate::account::Account;
use crate::device::{Device, Stream, Task};
use crate::fleet::{Before, Fleet};

const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn what_one_takes_away_the_others_feel_within_a_second() {
    let mut fleet = Fleet::start(Before::Haproxy).await;
    fleet.load(1, 2).await;
    fleet.redis.kill();
    // A third instance, in this process, because rights have no endpoint yet.
    let folder = tsugi_programs::Folder::new("third");
    let mut config = Config::new(folder.path());
    config.database = Some(fleet.database.parse().unwrap());
    let third = App::open(config).await.unwrap();
    for address in [fleet.a.address(), fleet.b.address()] {
        let mut guest = Account::create(fleet.b.address()).await;
        let owner = &fleet.account;
        assert!(
            third
                .set_role(owner.workspace, guest.user, Some(Role::Viewer))
                .await
                .unwrap()
        );
        guest.workspace = owner.workspace;
        let nobody = Arc::default();
        let mut device = Device::new(Task::Watch, address, &guest, &nobody);
        let mut stream = device.come_in().await.unwrap();
        let began = Instant::now();
        assert!(third.set_role(owner.workspace, guest.user, None).await.unwrap());
        let code = error(&mut device, &mut stream).await;
        assert_eq!(code, ErrorCode::Forbidden);
        assert!(began.elapsed() <= SOON, "{:?}", began.elapsed());

        let began = Instant::now();
        guest.sign_out(fleet.b.address()).await;
        let code = error(&mut device, &mut stream).await;
        assert_eq!(code, ErrorCode::Unauthenticated);
        assert!(began.elapsed() <= SOON, "{:?}", began.elapsed());
    }
    fleet.check().await;
}

/// The next error that the device is told, whatever else comes before it.
async fn error(device: &mut Device, stream: &mut Stream) -> ErrorCode {
    let waiting = async {
        loop {
            if let Down::Error(error) = device.next(stream).await.unwrap() {
                return error.code;
            }
        }
    };
    timeout(PATIENCE, waiting).await.expect("told in time")
}
