//! What the hub asks for at the game server: decided by the agent, and recorded. Nothing listens at the game server's
//! port here.

use std::collections::BTreeSet;
use std::time::Duration;

use slomix_agent::control::AuditLine;
use slomix_agent::gameserver::{GamePace, GameSettings, Password};
use slomix_shared::identity::Nonce;
use slomix_shared::wire::{ControlAnswer, ControlRequest, Intent};

use crate::agent::Host;
use crate::hub::{Hub, now_ms};

const PASSWORD: &str = "kX9-tQ2_vB7.mN4-zR8";

fn game() -> GameSettings {
    // A port that was free a moment ago: nobody listens there.
    let free = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let millis = Duration::from_millis;
    GameSettings {
        address: free,
        password: Some(Password::parse(PASSWORD).unwrap()),
        log: None,
        allow: BTreeSet::from(["say".to_owned()]),
        commands: BTreeSet::new(),
        pace: GamePace { answer: millis(30), again: millis(31), every: millis(5), ..GamePace::default() },
    }
}

fn say(nonce: u8, deadline_ms: i64) -> ControlRequest {
    let intent = Intent::Say { text: "five minutes".to_owned() };
    ControlRequest::new(Nonce::from_bytes([nonce; 16]), deadline_ms, "root (console)", intent)
}

fn why(answer: &ControlAnswer) -> &str {
    match answer {
        ControlAnswer::Refused { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_late_came_before_or_is_not_allowed_is_refused_and_all_is_recorded() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    host.game = Some(game());
    host.start();
    hub.wait_for_status("a first look", |status| status.rescans >= Some(1)).await;

    let soon = now_ms() + 60_000;
    let tried = hub.ask(&say(1, soon)).await;
    assert!(matches!(&tried.answer, ControlAnswer::Failed { .. }), "{tried:?}");
    assert_eq!(tried.nonce, Nonce::from_bytes([1; 16]));
    assert!(why(&hub.ask(&say(1, soon)).await.answer).contains("came before"));
    assert!(why(&hub.ask(&say(2, now_ms() - 5_000)).await.answer).contains("deadline passed"));
    let kick = ControlRequest { intent: Intent::Kick { slot: 1, seconds: None }, ..say(3, soon) };
    assert!(why(&hub.ask(&kick).await.answer).contains("does not allow `kick`"));

    // Another run of the agent remembers what came.
    host.stop().await;
    let stopped = now_ms();
    host.start();
    hub.wait_for_status("another run", |status| status.started_at_ms >= Some(stopped)).await;
    let again = hub.ask(&say(1, soon)).await;
    assert!(why(&again.answer).contains("came before"), "{again:?}");

    let text = std::fs::read_to_string(host.home().control_log()).unwrap();
    let lines: Vec<AuditLine> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<_> = lines.iter().map(|line| line.outcome.as_str()).collect();
    assert_eq!(outcomes, ["accepted", "failed", "refused", "refused", "refused", "refused"]);
    assert!(lines.iter().all(|line| line.by == "root (console)") && !text.contains(PASSWORD));
}

#[tokio::test]
async fn an_agent_without_a_game_server_says_so() {
    let hub = Hub::start(2);
    let host = Host::running(&hub).await;
    let refused = hub.ask(&say(1, now_ms() + 60_000)).await;
    assert!(why(&refused.answer).contains("gameserver.address"), "{refused:?}");
    assert!(host.home().control_log().exists(), "recorded all the same");
}
