use slomix_line::Connection;
use slomix_shared::artifact::{ContentHash, Kind};
use slomix_shared::identity::BootId;
use slomix_shared::wire::{AgentNotice, AgentStatus, BatchMark, CloseCode, FileOutcome, FileState, HubNotice, encode};

use super::agent::{Ended, closed, read, ship};
use super::{TestHub, WAYS, eventually};
use crate::link::system_clock;

fn outcomes() -> HubNotice {
    HubNotice::Outcomes {
        files: vec![FileOutcome {
            kind: Kind::Stats,
            name: "a.txt".to_owned(),
            hash: ContentHash::of(b"a"),
            state: FileState::Stored,
            reason: None,
        }],
    }
}

#[tokio::test]
async fn a_notice_reaches_the_agent() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        assert!(!hub.link.connections().notify(agent.id, outcomes()), "nobody is there yet");
        let connection = agent.connect().await.unwrap();
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        assert!(hub.link.connections().notify(agent.id, outcomes()));
        let mut stream = connection.accept_uni().await.unwrap();
        assert_eq!(read::<HubNotice>(&mut stream).await, Ok(outcomes()));
    }
}

#[tokio::test]
async fn what_an_agent_says_of_itself_stands_in_the_table() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        // Another message first: it is passed over and does not end the connection.
        let status = AgentStatus { version: "0.1.0".to_owned(), unacked_files: Some(3), ..AgentStatus::default() };
        for frame in [encode(&outcomes()), encode(&AgentNotice::Status(Box::new(status.clone())))] {
            let mut stream = connection.open_uni().await.unwrap();
            let _ = stream.write_all(&frame.unwrap()).await;
            stream.finish();
        }
        let connections = hub.link.connections();
        eventually("the status", || connections.list().iter().any(|about| about.status.is_some())).await;
        let about = &connections.list()[0];
        assert_eq!(about.status.as_ref().unwrap().1, status);
        assert_eq!((about.id, about.address), (agent.id, about.address));
        assert!(about.address.ip().is_loopback());
    }
}

/// Tells the hub how an agent is.
async fn tell(connection: &Connection, status: AgentStatus) {
    let mut stream = connection.open_uni().await.unwrap();
    stream.write_all(&encode(&AgentNotice::Status(Box::new(status))).unwrap()).await.unwrap();
    stream.finish();
}

#[tokio::test]
async fn an_agent_that_tells_of_itself_hears_what_the_clock_shows() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let connection = hub.agent("vienna").await.connect().await.unwrap();
        let before_ms = system_clock()();
        tell(&connection, AgentStatus::default()).await;
        let mut stream = connection.accept_uni().await.unwrap();
        let heard = read::<HubNotice>(&mut stream).await;
        let Ok(HubNotice::Clock { clock_ms }) = heard else { panic!("{heard:?}") };
        assert!((before_ms..=system_clock()()).contains(&clock_ms), "{clock_ms}");
    }
}

#[tokio::test]
async fn an_agent_that_knows_less_than_was_acknowledged_to_it_is_told_of() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        for sequence in 1..=7 {
            ship(&connection, &agent.batch(sequence, &[("a.txt", b"a")])).await.unwrap();
        }
        let boot = agent.batch(7, &[("a.txt", b"a")]).unproven_head().unwrap().boot;
        let knows = |sequence| Some(BatchMark { boot, sequence });
        let later = BootId::from_bytes([9; 16]);
        let cases = [
            // Four may have been under way when the run broke off.
            (Some(later), knows(2), 5),
            (Some(later), knows(3), 0),
            (Some(later), knows(7), 0),
            // Of which the archive knows nothing, and an agent that does not tell.
            (Some(later), knows(8), 0),
            (Some(later), None, 0),
            (None, knows(1), 0),
            // Its own.
            (Some(boot), knows(1), 0),
        ];
        for (boot, began_after, forgotten) in cases {
            let connection = agent.connect().await.unwrap();
            tell(&connection, AgentStatus { boot, began_after, ..AgentStatus::default() }).await;
            let connections = hub.link.connections();
            eventually("the status", || connections.list().iter().any(|about| about.status.is_some())).await;
            assert_eq!(connections.list()[0].forgotten_batches, Some(forgotten), "{began_after:?}");
        }
    }
}

#[tokio::test]
async fn an_agent_that_connects_again_takes_its_place() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let older = agent.connect().await.unwrap();
        ship(&older, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        let newer = agent.connect().await.unwrap();
        assert_eq!(closed(&older).await, Ended::Closed(CloseCode::Replaced));
        ship(&newer, &agent.batch(2, &[("b.txt", b"b")])).await.unwrap();
        let connections = hub.link.connections();
        assert_eq!(connections.list().iter().map(|about| about.batches).collect::<Vec<_>>(), [1]);

        newer.close(CloseCode::Done);
        eventually("the agent's leaving", || connections.list().is_empty()).await;
    }
}
