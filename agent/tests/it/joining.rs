//! From a token to an agent that can talk.

use slomix_agent::home::HomeError;
use slomix_agent::join::{JoinError, join};

use crate::agent::{Host, R1, R2, manner};
use crate::hub::{Hub, Manners, now_ms};

#[tokio::test]
async fn a_token_is_good_for_one_agent() {
    let hub = Hub::start(1);
    let (first, second) = (Host::new(&hub), Host::new(&hub));
    let token = hub.token().to_string();
    let joined = join(&first.home(), &token, manner(false)).await.unwrap();
    let identity = first.home().identity().unwrap();
    assert_eq!((identity.enrolment.name.as_str(), identity.enrolment.agent), ("vps1", joined.agent));
    assert_eq!(identity.enrolment.hub, hub.address());

    let used = join(&second.home(), &token, manner(false)).await.unwrap_err();
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
    let twice = join(&host.home(), &token, manner(false)).await.unwrap_err();
    assert!(matches!(twice, JoinError::Home(HomeError::AlreadyJoined { .. })), "{twice}");
    assert_eq!(host.home().identity().unwrap().enrolment, before.enrolment);

    join(&host.home(), &token, manner(true)).await.unwrap();
    let after = host.home().identity().unwrap();
    assert_ne!(after.enrolment.agent, before.enrolment.agent);
    assert_ne!(after.signing_key.verifying_key(), before.signing_key.verifying_key());
    host.start();
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
}

#[tokio::test]
async fn another_hub_gets_all_files_and_the_same_hub_what_it_refused() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.refuse = [R2.to_owned()].into());
    let mut host = Host::running(&hub).await;
    host.write(R1, b"one");
    host.write(R2, b"two");
    host.wait_for_status("both", |status| status.known_files == 2 && status.complaint_count == 1).await;
    host.stop().await;
    hub.manners(|manners| *manners = Manners::default());
    join(&host.home(), &hub.token().to_string(), manner(true)).await.unwrap();
    host.start();
    hub.wait_for_files(2).await;
    hub.wait_for_looks(2).await;
    assert_eq!(hub.names(), [R1, R2]);
    host.stop().await;

    let other = Hub::start(2);
    join(&host.home(), &other.token().to_string(), manner(true)).await.unwrap();
    host.move_to(&other);
    host.start();
    other.wait_for_files(2).await;
}

#[tokio::test]
async fn tokens_that_cannot_be_used_say_why() {
    let hub = Hub::start(1);
    let host = Host::new(&hub);
    let problem = async |token: String| join(&host.home(), &token, manner(false)).await.unwrap_err().to_string();

    let mut token = hub.token();
    token.expires_at = now_ms() / 1000 - 1;
    assert!(problem(token.to_string()).await.contains("has run out"));

    let mistyped = hub.token().to_string();
    assert!(problem(mistyped[..mistyped.len() - 1].to_owned()).await.contains("mistyped"));
    assert!(problem("hello".to_owned()).await.contains("not a join token"));

    let mut token = hub.token();
    let stranger = Hub::start(2);
    token.pin = stranger.token().pin;
    let wrong = problem(token.to_string()).await;
    assert!(wrong.contains("is not that of the hub that made the token"), "{wrong}");

    let token = hub.token();
    hub.go_away();
    let silent = problem(token.to_string()).await;
    assert!(silent.contains("nothing answers at"), "{silent}");
    assert!(!host.home().path().join("signing.key").exists());
}
