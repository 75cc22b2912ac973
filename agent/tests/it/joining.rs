//! From a token to an agent that can talk.

use slomix_agent::home::HomeError;
use slomix_agent::join::{JoinError, join};

use crate::agent::{Host, R1};
use crate::hub::{Hub, now_ms};

#[tokio::test]
async fn a_token_is_good_for_one_agent() {
    let hub = Hub::start(1);
    let (first, second) = (Host::new(&hub), Host::new(&hub));
    let token = hub.token().to_string();
    let joined = join(&first.home(), &token, false, now_ms()).await.unwrap();
    let identity = first.home().identity().unwrap();
    assert_eq!((identity.enrolment.name.as_str(), identity.enrolment.agent), ("vps1", joined.agent));
    assert_eq!(identity.enrolment.hub, hub.address());

    let used = join(&second.home(), &token, false, now_ms()).await.unwrap_err();
    assert_eq!(used.to_string(), "the hub refused: the token has been used: make a new one");
    assert!(matches!(second.home().identity(), Err(HomeError::NotJoined(_))));
}

#[tokio::test]
async fn joining_twice_needs_force() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    let before = host.home().identity().unwrap();
    hub.manners(|manners| manners.token_used = false);
    let token = hub.token().to_string();
    let twice = join(&host.home(), &token, false, now_ms()).await.unwrap_err();
    assert!(matches!(twice, JoinError::Home(HomeError::AlreadyJoined { .. })), "{twice}");
    assert_eq!(host.home().identity().unwrap().enrolment, before.enrolment);

    join(&host.home(), &token, true, now_ms()).await.unwrap();
    let after = host.home().identity().unwrap();
    assert_ne!(after.enrolment.agent, before.enrolment.agent);
    assert_ne!(after.signing_key.verifying_key(), before.signing_key.verifying_key());
    host.start();
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
}

#[tokio::test]
async fn tokens_that_cannot_be_used_say_why() {
    let mut hub = Hub::start(1);
    let host = Host::new(&hub);
    let problem = async |token: String| join(&host.home(), &token, false, now_ms()).await.unwrap_err().to_string();

    let mut token = hub.token();
    token.expires_at = now_ms() / 1000 - 1;
    assert!(problem(token.to_string()).await.contains("has run out"));

    let mistyped = hub.token().to_string();
    assert!(problem(mistyped[..mistyped.len() - 1].to_owned()).await.contains("mistyped"));
    assert!(problem("hello".to_owned()).await.contains("not a join token"));

    let mut token = hub.token();
    token.pin = Hub::start(2).token().pin;
    let wrong = problem(token.to_string()).await;
    assert!(wrong.contains("is not that of the hub that made the token"), "{wrong}");

    let token = hub.token();
    hub.go_away().await;
    let silent = problem(token.to_string()).await;
    assert!(silent.contains("nothing answers at"), "{silent}");
    assert!(!host.home().path().join("signing.key").exists());
}
