use slomix_shared::artifact::Kind;
use slomix_shared::wire::{CloseCode, Gap, GapReply, GapReport, ResetCode, encode, limits};

use super::agent::{Ended, ask, closed, ship};
use super::{TestHub, WAYS};
use crate::link::Registry;
use crate::link::connections::lock;

fn gap(name: &str) -> Gap {
    Gap {
        kind: Kind::Proximity,
        name: name.to_owned(),
        size: 5,
        modified_at_ms: 6,
        hash: None,
        why: "dropped for the quota".to_owned(),
        noticed_at_ms: 7,
    }
}

fn report(names: &[&str]) -> Vec<u8> {
    encode(&GapReport::new(names.iter().map(|name| gap(name)).collect())).unwrap()
}

#[tokio::test]
async fn lost_files_are_noted_for_the_agent_that_tells() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        assert_eq!(ask(&connection, &report(&["a.txt", "b.txt"])).await, Ok(GapReply::Noted));
        let noted = lock(&hub.memory.gaps).clone();
        assert_eq!(noted, [(agent.id, gap("a.txt")), (agent.id, gap("b.txt"))]);
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_no_report_is_refused_and_nothing_of_it_noted() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        for names in [["a.txt", "../passwd"].as_slice(), &[]] {
            let refused = ask(&connection, &report(names)).await;
            assert!(matches!(refused, Ok(GapReply::Refused { .. })), "{refused:?}");
        }
        let many = vec!["a.txt"; limits::GAPS + 1];
        let ended = ask::<GapReply>(&connection, &report(&many)).await;
        assert_eq!(ended, Err(Ended::Reset(ResetCode::Malformed)));
        hub.memory.registry_is_down.store(true, std::sync::atomic::Ordering::Relaxed);
        let ended = ask::<GapReply>(&connection, &report(&["a.txt"])).await;
        assert_eq!(ended, Err(Ended::Reset(ResetCode::NotStored)), "told again later");
        assert!(lock(&hub.memory.gaps).is_empty());
    }
}

#[tokio::test]
async fn a_revoked_agent_tells_nothing() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        hub.memory.revoke("vienna", 1).await.unwrap();
        let told = ask::<GapReply>(&connection, &report(&["a.txt"])).await;
        assert_eq!(told, Err(Ended::Closed(CloseCode::Revoked)));
        assert_eq!(closed(&connection).await, Ended::Closed(CloseCode::Revoked));
        assert!(lock(&hub.memory.gaps).is_empty());
    }
}
