use std::sync::atomic::Ordering;

use slomix_line::Way;
use slomix_shared::identity::{JoinSecret, JoinToken, SigningKey, TlsKey, agent_of};
use slomix_shared::wire::{
    ALPN_JOIN, AckOutcome, CloseCode, FrameHeader, JoinReply, JoinRequest, Message, ResetCode, encode,
};

use super::agent::{Ended, TestAgent, ask, closed, connect, join_with, ship};
use super::{TestHub, WAYS, keys};
use crate::link::{INVITE_MINUTES, Registry};

async fn refusal(way: Way, token: &JoinToken) -> String {
    TestAgent::join(way, token).await.err().expect("the hub refuses")
}

#[tokio::test]
async fn an_invited_agent_joins_connects_and_ships() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let token: JoinToken = hub.invite("vienna").await.to_string().parse().unwrap();
        let agent = TestAgent::join(way, &token).await.unwrap();
        assert_eq!(agent_of(&agent.chain[0]).unwrap(), agent.id);
        let known = hub.memory.agents().await.unwrap();
        assert_eq!((known[0].id, known[0].name.as_str(), known[0].server.as_str()), (agent.id, "vienna", "main"));
        assert_eq!(known[0].signing_key, agent.signing_key.verifying_key());

        let connection = agent.connect().await.unwrap();
        let ack = ship(&connection, &agent.batch(1, &[("a.txt", b"content")])).await.unwrap();
        assert_eq!(ack.items[0].outcome, AckOutcome::Received);
        assert_eq!(hub.memory.content("a.txt").as_deref(), Some(&b"content"[..]));
    }
}

#[tokio::test]
async fn a_token_is_good_once() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let token = hub.invite("vienna").await;
        TestAgent::join(way, &token).await.unwrap();
        assert!(refusal(way, &token).await.contains("used before"));
        assert_eq!(hub.memory.agents().await.unwrap().len(), 1);

        let token = hub.invite("linz").await;
        let (one, other) = tokio::join!(TestAgent::join(way, &token), TestAgent::join(way, &token));
        assert_ne!(one.is_ok(), other.is_ok(), "exactly one of two at once gets in");
    }
}

#[tokio::test]
async fn a_token_runs_out_and_unknown_ones_are_refused() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let token = hub.invite("vienna").await;
        let guess = JoinToken { secret: JoinSecret::from_bytes([0; 16]), ..token.clone() };
        assert!(refusal(way, &guess).await.contains("does not know"));
        hub.ahead_ms.store((INVITE_MINUTES * 60 + 1) * 1_000, Ordering::Relaxed);
        assert!(refusal(way, &token).await.contains("run out"));
        assert!(hub.memory.agents().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_caller_that_cannot_prove_its_key_is_refused_and_the_token_stays_good() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let token = hub.invite("vienna").await;
        let csr = TlsKey::from_seed(&[1; 32]).signing_request().unwrap();
        let victim = SigningKey::from_seed(&[2; 32]).verifying_key();
        let mut request = JoinRequest::new(token.secret.as_bytes(), &csr, &SigningKey::from_seed(&[3; 32]));
        request.signing_key = victim.as_bytes().to_vec().into();
        let reply = join_with(way, &token, &request).await.unwrap();
        assert!(matches!(reply, JoinReply::Refused { reason } if reason.contains("proof")));

        let request = JoinRequest::new(token.secret.as_bytes(), b"no request", &SigningKey::from_seed(&[3; 32]));
        let reply = join_with(way, &token, &request).await.unwrap();
        assert!(matches!(reply, JoinReply::Refused { reason } if reason.contains("signing request")));
        TestAgent::join(way, &token).await.unwrap();
    }
}

#[tokio::test]
async fn a_registry_that_is_down_leaves_the_token_good() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let token = hub.invite("vienna").await;
        hub.memory.registry_is_down.store(true, Ordering::Relaxed);
        assert!(refusal(way, &token).await.contains("still good"));
        hub.memory.registry_is_down.store(false, Ordering::Relaxed);
        TestAgent::join(way, &token).await.unwrap();
    }
}

#[tokio::test]
async fn joining_again_under_a_name_revokes_who_had_it() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let older = hub.agent("vienna").await;
        let connection = older.connect().await.unwrap();
        ship(&connection, &older.batch(1, &[("a.txt", b"a")])).await.unwrap();
        let newer = hub.agent("vienna").await;
        assert_eq!(closed(&connection).await, Ended::Closed(CloseCode::Revoked));
        assert_ne!(older.id, newer.id);
        let connection = newer.connect().await.unwrap();
        ship(&connection, &newer.batch(1, &[("b.txt", b"b")])).await.unwrap();
    }
}

#[tokio::test]
async fn an_agent_does_not_join_a_hub_that_its_token_does_not_pin() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let token = JoinToken { pin: keys().authority.pin(), ..hub.invite("vienna").await };
        assert!(refusal(way, &token).await.contains("UnknownIssuer"));
    }
}

#[tokio::test]
async fn what_is_no_join_request_is_turned_away() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let token = hub.invite("vienna").await;
        let config = || slomix_shared::identity::join_client(token.pin).unwrap();
        assert_eq!(config().alpn_protocols, [ALPN_JOIN]);
        let mut oversize = vec![JoinRequest::TYPE, 0];
        oversize.extend((JoinRequest::LIMIT as u32 + 1).to_be_bytes().repeat(2));
        let connection = connect(way, config(), hub.link.local_addr()).await.unwrap();
        assert_eq!(ask::<JoinReply>(&connection, &oversize).await, Err(Ended::Reset(ResetCode::TooLarge)));

        let agent = TestAgent::join(way, &token).await.unwrap();
        let batch = encode(&agent.batch(1, &[("a.txt", b"a")])).unwrap();
        let connection = connect(way, config(), hub.link.local_addr()).await.unwrap();
        assert_eq!(ask::<JoinReply>(&connection, &batch).await, Err(Ended::Reset(ResetCode::Unexpected)));
        assert!(batch.len() > FrameHeader::LEN && hub.memory.is_empty());
    }
}
