//! A game server that is watched and told what to do: the two programs, and the simulated server over real UDP.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use serde_json::Value;
use slomix_shared::sim::{GameServer, SimPlayer};

use super::agent::Agent;
use super::hub::Hub;
use super::patience::eventually;
use super::road::Road;
use super::udp_game::UdpGame;
use crate::fake_discord::FakeDiscord;

const PASSWORD: &str = "kX9-tQ2_vB7.mN4-zR8";

struct Stage {
    hub: Hub,
    agent: Agent,
    game: UdpGame,
    folder: tempfile::TempDir,
    /// When the next request is not one too many.
    next: std::sync::Mutex<Instant>,
    _road: Road,
    _fake: FakeDiscord,
}

impl Stage {
    async fn begin(control: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (fake, road) = (FakeDiscord::start().await, Road::open().await);
        let mut server = GameServer::new(&["supply", "oasis"], PASSWORD);
        server.seat(2, SimPlayer::new("^1Alpha", 1));
        server.seat(5, SimPlayer::new("bravo", 2));
        let game = UdpGame::start(server).await;
        let mut hub = Hub::new(folder.path().join("hub"), &fake);
        hub.serve(&road).await;
        let address = road.address().to_string();
        let invite = hub.ask(&["agent", "invite", "vps", "--address", &address]).await;
        let mut agent = Agent::join(folder.path().join("game"), invite["token"].as_str().unwrap()).await;
        let secret = folder.path().join("rcon");
        std::fs::write(&secret, format!("{PASSWORD}\n")).unwrap();
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
        agent.configure(&format!(
            "[gameserver]\naddress = \"{}\"\nrcon_password_file = \"{}\"\nlog = \"{}\"\n{control}",
            game.address(),
            secret.display(),
            folder.path().join("games.log").display(),
        ));
        agent.start().await;
        let stage =
            Self { hub, agent, game, folder, next: std::sync::Mutex::new(Instant::now()), _road: road, _fake: fake };
        stage.seen("the game server", |server| server["answers"] == true).await;
        stage
    }

    /// Waits until the hub sees the game server so.
    async fn seen(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || {
            let status = self.hub.status().await;
            let server = status["servers"][0].clone();
            if holds(&server) { Ok(server) } else { Err(status) }
        })
        .await
    }

    /// Asks as an admin does, whatever comes of it; `is` and words of the answer.
    async fn ask(&self, arguments: &[&str]) -> (String, String) {
        // The agent carries out one a second.
        let turn = {
            let mut next = self.next.lock().unwrap();
            let turn = (*next).max(Instant::now());
            *next = turn + Duration::from_millis(1_100);
            turn
        };
        tokio::time::sleep_until(turn.into()).await;
        let takes_long = ["map", "restart"].contains(&arguments[0]);
        let arguments = [&["--json", "server"], arguments].concat();
        let done = self.hub.command(&arguments).output().await.unwrap();
        let beside = String::from_utf8_lossy(&done.stderr);
        let announced = beside.contains("Waiting for") && beside.contains("for up to 45 s");
        assert_eq!(announced, takes_long, "{arguments:?}: {beside}");
        let asked: Value = serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)));
        let answer = &asked["answer"];
        let words =
            answer["text"].as_str().or(answer["reason"].as_str()).map_or_else(|| answer.to_string(), str::to_owned);
        assert_eq!(done.status.success(), !["refused", "failed"].contains(&answer["is"].as_str().unwrap()), "{answer}");
        (answer["is"].as_str().unwrap().to_owned(), words)
    }

    fn log(&self, text: &str) {
        use std::io::Write;
        let path = self.folder.path().join("games.log");
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// The agent's own record.
    fn record(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("game/data/control.log")).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_has_things_done_at_a_game_server_and_everybody_sees_it_live() {
    let mut stage = Stage::begin("").await;
    let seen =
        stage.seen("players by team", |server| server["players"].as_array().is_some_and(|all| all.len() == 2)).await;
    let players: Vec<_> =
        ["name", "team"].map(|key| [0, 1].map(|at| seen["players"][at][key].as_str().unwrap().to_owned())).into();
    assert_eq!(players, [["Alpha", "bravo"], ["axis", "allies"]]);
    assert_eq!((&seen["map"], &seen["timelimit_ms"]), (&"supply".into(), &720_000.into()));
    let status = stage.hub.status().await;
    let url = format!("http://{}/api/v1/live", status["listening"]["http"].as_str().unwrap());
    let mut reading = reqwest::get(url).await.unwrap();

    let said = stage.ask(&["say", "five", "minutes"]).await;
    assert_eq!(said, ("done".to_owned(), "said".to_owned()));
    assert_eq!(stage.game.server().chat, ["five minutes"]);
    let (is, why) = stage.ask(&["say", "a; quit"]).await;
    assert!(is == "refused" && why.contains("`;`"), "{why}");
    let (is, why) = stage.ask(&["rcon", "sv_fps"]).await;
    assert!(is == "refused" && why.contains("control.allow"), "{why}");
    let (is, players) = stage.ask(&["players"]).await;
    assert!(is == "players" && players.contains("\"slot\":5"), "{players}");
    let (is, words) = stage.ask(&["kick", "5", "--for", "60"]).await;
    assert!(is == "done" && words == "kicked bravo from slot 5", "{words}");
    let (is, why) = stage.ask(&["map", "te_nowhere"]).await;
    assert!(is == "refused" && why.contains("has no map"), "{why}");
    let (is, words) = stage.ask(&["map", "oasis"]).await;
    assert!(is == "done" && words == "the map is oasis now", "{words}");
    stage
        .seen("the new map and who is left", |server| {
            server["map"] == "oasis" && server["players"].as_array().is_some_and(|all| all.len() == 1)
        })
        .await;
    stage.log("     0 InitGame: x\n     0 map: oasis\n  6050 InitGame: x\n  6050 map: oasis\n  7000 Kill: 1 2 8: x\n");
    stage.seen("a round", |server| server["round"]["phase"] == "playing" && server["round"]["since_ms"].is_i64()).await;
    stage.log("126050 Exit: Timelimit hit.\n");
    stage.seen("its end", |server| server["round"]["end_reason"] == "Timelimit hit.").await;

    let mut events = String::new();
    while !(events.contains("\"map\":\"oasis\"") && events.contains("Timelimit hit.")) {
        let chunk = tokio::time::timeout(Duration::from_mins(1), reading.chunk()).await.expect("events come");
        events.push_str(std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap());
    }
    assert!(events.contains("\"map\":\"supply\"") && !events.contains("127.0.0.1"), "{events}");

    let log = stage.hub.ask(&["server", "log"]).await;
    let outcomes: Vec<_> = log.as_array().unwrap().iter().rev().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["done", "refused", "refused", "done", "done", "refused", "done"]);
    let record = stage.record();
    assert_eq!(record.matches("\"outcome\":\"refused\"").count(), 3, "{record}");
    assert_eq!(record.matches("\"outcome\":\"accepted\"").count(), 5, "{record}");
    let game = stage.agent.status().await["game_server"].clone();
    assert_eq!((&game["map"], &game["answers"]), (&"oasis".into(), &true.into()));
    stage.hub.stop().await;
    eventually("word of the hub's end", async || {
        let said = stage.agent.said();
        if said.contains("the hub is shutting down; files wait here") { Ok(()) } else { Err(said) }
    })
    .await;
    stage.agent.stop().await;
    assert!(!stage.agent.said().contains("no connection to the hub"), "{}", stage.agent.said());
    let all = format!("{}{record}{events}", stage.agent.said());
    assert!(!all.contains(PASSWORD), "the password stays where it is");
}

/// What waits behind a map that takes too long is not done late, when nobody expects it any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_loads_is_silent_and_what_waits_too_long_is_not_done() {
    let mut stage = Stage::begin("[control]\nallow = [\"restart\", \"say\", \"rcon\"]\n").await;
    let (is, words) = stage.ask(&["rcon", "sv_fps"]).await;
    assert!(is == "done" && words.contains("\"sv_fps\" is: \"40^7\""), "{words}");
    let (is, why) = stage.ask(&["rcon", "quit"]).await;
    assert!(is == "refused" && why.contains("never") && stage.game.server().running, "{why}");
    stage.game.server().load_ms = 50_000;
    let begun = async {
        eventually("the restart", async || {
            let commands = stage.game.server().commands.clone();
            if commands.contains(&"map_restart".to_owned()) { Ok(()) } else { Err(commands.join(", ")) }
        })
        .await;
        let silent = stage.seen("silence", |server| server["answers"] == false);
        tokio::join!(stage.ask(&["say", "too late"]), silent)
    };
    let (restarted, (late, silent)) = tokio::join!(stage.ask(&["restart"]), begun);
    assert!(restarted.0 == "failed" && restarted.1.contains("has not answered since"), "{restarted:?}");
    assert!(late.0 == "refused" && late.1.contains("time was up"), "{late:?}");
    assert_eq!(silent["map"], "supply", "what was known stays, and says how old it is");
    stage.seen("the server again", |server| server["answers"] == true).await;
    assert!(stage.game.server().chat.is_empty());
    stage.agent.stop().await;
    stage.hub.stop().await;
}
