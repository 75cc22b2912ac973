use std::sync::atomic::Ordering;
use std::time::Duration;

use slomix_line::Connection;
use slomix_shared::identity::{SigningKey, TlsKey, agent_of, join_client, not_after_ms};
use slomix_shared::wire::{
    ALPN_JOIN, ALPN_LINK, AckOutcome, CertificateReply, CertificateRequest, CloseCode, PROTOCOL_VERSION, encode,
};

use super::agent::{Ended, TestAgent, ask, binding, closed, connect, ship};
use super::{TestHub, WAYS, eventually};
use crate::link::Registry;

const DAY_MS: i64 = 24 * 3_600_000;

fn refused(reply: Result<CertificateReply, Ended>) -> String {
    match reply {
        Ok(CertificateReply::Refused { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

/// A connection on which agents ask without a certificate.
async fn knock(agent: &TestAgent) -> Connection {
    connect(agent.way, join_client(agent.pin).unwrap(), agent.address).await.unwrap()
}

/// Asks without a certificate.
async fn ask_again(agent: &TestAgent) -> Result<CertificateReply, Ended> {
    agent.ask_certificate(&knock(agent).await, ALPN_JOIN).await
}

#[tokio::test]
async fn a_renewed_certificate_lets_in_beside_the_old_connection_which_may_finish() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let before = agent.connect().await.unwrap();
        ship(&before, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        hub.ahead_ms.store(1_800_000, Ordering::Relaxed);
        let renewed = agent.renewed(&before).await;
        assert_eq!(agent_of(&renewed.chain[0]).unwrap(), agent.id);
        let end = not_after_ms(&renewed.chain[0]).unwrap();
        assert!((end - (hub.clock)() - 7 * DAY_MS).abs() < 60_000, "a week from now on");
        assert!(end > not_after_ms(&agent.chain[0]).unwrap());

        // A batch is on its way on the old connection while the new one comes up and takes the next.
        hub.ahead_ms.store(0, Ordering::Relaxed);
        hub.memory.commits.forget_permits(usize::MAX);
        let second = agent.batch(2, &[("b.txt", b"b")]);
        let on_the_way = ship(&before, &second);
        let moving = async {
            hub.memory.wait_for_commits(2).await;
            let after = renewed.connect().await.unwrap();
            hub.memory.commits.add_permits(2);
            let ack = ship(&after, &renewed.batch(3, &[("c.txt", b"c")])).await.unwrap();
            assert_eq!((&ack.items[0].outcome, ack.sequence_reset), (&AckOutcome::Received, false));
            after
        };
        let (ack, after) = tokio::join!(on_the_way, moving);
        let ack = ack.expect("the older connection is not cut off");
        assert_eq!((&ack.items[0].outcome, ack.sequence_reset), (&AckOutcome::Received, false));
        let listed = hub.link.connections().list();
        assert_eq!((listed.len(), listed[0].certificate_ends_at_ms), (1, end));
        assert_eq!(hub.memory.agents().await.unwrap()[0].certificate_ends_at_ms, Some(end));

        // Revoking cuts both off.
        assert!(hub.link.connections().close(agent.id, CloseCode::Revoked));
        assert_eq!(closed(&before).await, Ended::Closed(CloseCode::Revoked));
        assert_eq!(closed(&after).await, Ended::Closed(CloseCode::Revoked));
    }
}

#[tokio::test]
async fn the_same_certificate_twice_is_two_agents_and_a_third_one_ends_the_first() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let first = agent.connect().await.unwrap();
        ship(&first, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        let second = agent.connect().await.unwrap();
        assert_eq!(closed(&first).await, Ended::Closed(CloseCode::Replaced));
        ship(&second, &agent.batch(2, &[("b.txt", b"b")])).await.unwrap();
        hub.ahead_ms.store(1_000, Ordering::Relaxed);
        let renewed = agent.renewed(&second).await;
        let third = renewed.connect().await.unwrap();
        ship(&third, &renewed.batch(3, &[("c.txt", b"c")])).await.unwrap();
        let again = renewed.renewed(&third).await;
        let fourth = again.connect().await.unwrap();
        ship(&fourth, &again.batch(4, &[("d.txt", b"d")])).await.unwrap();
        assert_eq!(closed(&second).await, Ended::Closed(CloseCode::Replaced), "one older connection is enough");
        ship(&third, &renewed.batch(5, &[("e.txt", b"e")])).await.unwrap();
    }
}

#[tokio::test]
async fn a_certificate_that_runs_out_cuts_nothing_off_and_lets_nobody_in() {
    for way in WAYS {
        let hub = TestHub::with_certificates_for(way, Duration::from_secs(2));
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        let end = not_after_ms(&agent.chain[0]).unwrap();
        eventually("the end of the certificate", || (hub.clock)() > end + 1_000).await;
        let content = vec![7; 3_000_000];
        let ack = ship(&connection, &agent.batch(2, &[("large.txt", &content)])).await.unwrap();
        assert_eq!(ack.items[0].outcome, AckOutcome::Received);
        let refused = match agent.connect().await {
            Err(error) => error.into(),
            Ok(connection) => closed(&connection).await,
        };
        assert!(matches!(&refused, Ended::Alert(0x2d)), "{refused:?}");
        // The open connection can still be used to get a new one.
        let renewed = agent.renewed(&connection).await;
        let connection = renewed.connect().await.unwrap();
        ship(&connection, &renewed.batch(3, &[("b.txt", b"b")])).await.unwrap();
    }
}

#[tokio::test]
async fn a_certificate_is_renewed_for_the_agent_of_the_connection_with_its_own_key_alone() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let (vienna, linz) = (hub.agent("vienna").await, hub.agent("linz").await);
        let connection = vienna.connect().await.unwrap();
        assert!(refused(linz.ask_certificate(&connection, ALPN_LINK).await).contains("another agent"));
        let thief = TestAgent { signing_key: SigningKey::from_seed(&[9; 32]), chain: vienna.chain.clone(), ..linz };
        let thief = TestAgent { id: vienna.id, ..thief };
        assert!(refused(thief.ask_certificate(&connection, ALPN_LINK).await).contains("proof"));
        assert!(refused(vienna.ask_certificate(&connection, ALPN_JOIN).await).contains("proof"), "bound otherwise");

        let csr = TlsKey::from_seed(&[5; 32]).signing_request().unwrap();
        let mut request =
            CertificateRequest::new(vienna.id, &csr, &binding(&connection, ALPN_LINK), &vienna.signing_key);
        let other = vienna.connect().await.unwrap();
        let replayed = ask(&other, &encode(&request).unwrap()).await;
        assert!(refused(replayed).contains("proof"), "what was sent on one connection is of no use on another");
        request.version = PROTOCOL_VERSION + 1;
        assert!(refused(ask(&other, &encode(&request).unwrap()).await).contains("update the older"));
        let odd = CertificateRequest::new(vienna.id, b"none", &binding(&other, ALPN_LINK), &vienna.signing_key);
        assert!(refused(ask(&other, &encode(&odd).unwrap()).await).contains("signing request"));

        hub.memory.registry_is_down.store(true, Ordering::Relaxed);
        assert!(refused(vienna.ask_certificate(&other, ALPN_LINK).await).contains("cannot reach"));
        hub.memory.registry_is_down.store(false, Ordering::Relaxed);
        hub.memory.revoke("vienna", (hub.clock)()).await.unwrap().unwrap();
        assert_eq!(vienna.ask_certificate(&other, ALPN_LINK).await, Err(Ended::Closed(CloseCode::Revoked)));
    }
}

#[tokio::test]
async fn an_agent_without_a_certificate_waits_for_the_operator_and_keeps_its_id() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let first = ask_again(&agent).await.unwrap();
        let CertificateReply::Pending { since_ms: Some(since_ms) } = first else { panic!("{first:?}") };
        let asked = hub.memory.agent(agent.id).await.unwrap().unwrap().readmission.unwrap();
        assert_eq!((asked.since_ms, asked.address.as_str(), asked.approved_at_ms), (since_ms, "127.0.0.1", None));
        hub.ahead_ms.store(60_000, Ordering::Relaxed);
        assert_eq!(ask_again(&agent).await.unwrap(), CertificateReply::Pending { since_ms: Some(since_ms) });

        hub.memory.approve("vienna", (hub.clock)()).await.unwrap().unwrap();
        // The first answer is lost, so it asks once more.
        assert!(matches!(ask_again(&agent).await.unwrap(), CertificateReply::Certified(_)));
        let connection = knock(&agent).await;
        let tls_key = TlsKey::from_seed(&[8; 32]);
        let csr = tls_key.signing_request().unwrap();
        let request = CertificateRequest::new(agent.id, &csr, &binding(&connection, ALPN_JOIN), &agent.signing_key);
        let reply = ask(&connection, &encode(&request).unwrap()).await.unwrap();
        let CertificateReply::Certified(certified) = reply else { panic!("{reply:?}") };
        let chain = certified.certificates.into_iter().map(|der| der.into_vec().into()).collect();
        let agent = TestAgent { tls_key, chain, ..agent };
        let link = agent.connect().await.unwrap();
        ship(&link, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        assert_eq!(hub.memory.agent(agent.id).await.unwrap().unwrap().readmission, None, "it need not ask any more");
        assert!(
            matches!(ask_again(&agent).await.unwrap(), CertificateReply::Pending { .. }),
            "an approval is for once"
        );
    }
}

#[tokio::test]
async fn nobody_else_gets_onto_the_operators_list() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let (agent, other) = (hub.agent("vienna").await, hub.agent("linz").await);
        let unasked = async || hub.memory.agents().await.unwrap().iter().all(|agent| agent.readmission.is_none());
        // A stranger with a key of his own, in another's name or in nobody's.
        let stranger = TestAgent { signing_key: SigningKey::from_seed(&[9; 32]), ..other };
        assert!(refused(ask_again(&stranger).await).contains("proof"));
        let nobody = TestAgent { id: slomix_shared::identity::AgentId::from_bytes([1; 16]), ..stranger };
        assert!(refused(ask_again(&nobody).await).contains("does not know"));

        // Whoever has listened to a request has nothing.
        let connection = knock(&agent).await;
        let csr = TlsKey::from_seed(&[5; 32]).signing_request().unwrap();
        let request = CertificateRequest::new(agent.id, &csr, &binding(&connection, ALPN_JOIN), &agent.signing_key);
        assert!(refused(ask(&knock(&agent).await, &encode(&request).unwrap()).await).contains("proof"));
        assert!(unasked().await);

        hub.memory.revoke("vienna", (hub.clock)()).await.unwrap().unwrap();
        assert!(refused(ask_again(&agent).await).contains("revoked"));
        assert!(unasked().await);
    }
}

/// The batch is before the archive's commit when its agent is revoked.
#[tokio::test]
async fn an_agent_that_is_revoked_in_the_middle_of_a_batch_leaves_nothing_of_it() {
    for way in WAYS {
        let (hub, connection, batch) = TestHub::that_ends_no_commit(way).await;
        let revoking = async {
            hub.memory.wait_for_commits(1).await;
            hub.memory.revoke("vienna", (hub.clock)()).await.unwrap().unwrap();
            hub.memory.commits.add_permits(1);
        };
        let (ended, ()) = tokio::join!(ship(&connection, &batch), revoking);
        assert_eq!(ended, Err(Ended::Closed(CloseCode::Revoked)));
        assert!(hub.memory.is_empty());
    }
}
