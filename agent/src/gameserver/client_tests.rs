//! The client over a road that loses, delays and changes the order, against the simulated server.

use std::time::{Duration, Instant};

use slomix_shared::sim::{GameServer, SimPlayer};
use slomix_shared::wire::{ControlAnswer, Intent};
use tokio::sync::watch;

use super::sim_road::SimRoad;
use super::{GameClient, GameError, GamePace, Password, Seen, Watcher};
use crate::control::perform;

fn server() -> GameServer {
    let mut server = GameServer::new(&["supply", "oasis", "te_escape2"], "recpass");
    server.seat(1, SimPlayer::new("^1Alpha", 1));
    server.seat(4, SimPlayer { bot: true, ..SimPlayer::new("b 1 2 3", 2) });
    server
}

fn client(server: GameServer) -> GameClient<SimRoad> {
    GameClient::new(SimRoad::to(server), Some(Password::parse("recpass").unwrap()), GamePace::default(), 7)
}

fn watcher(server: GameServer) -> (Watcher<SimRoad>, watch::Receiver<Seen>) {
    let (told, seen) = watch::channel(Seen::default());
    (Watcher::new(client(server), None, GamePace::default(), told), seen)
}

/// More than fits into one datagram, in prints of their own.
fn long(server: &mut GameServer) -> String {
    let prints: Vec<Vec<u8>> = (0..40).map(|number| format!("line {number} of a long answer\n").into_bytes()).collect();
    server.scripts.insert("long".to_owned(), prints.clone());
    String::from_utf8(prints.concat()).unwrap()
}

#[tokio::test]
async fn an_answer_of_many_datagrams_is_whole_whether_its_end_is_told_or_not() {
    for echoes in [true, false] {
        let mut server = server();
        let wanted = long(&mut server);
        server.echoes = echoes;
        let mut client = client(server);
        let text = client.rcon("long").await.unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), wanted, "echoes: {echoes}");
        assert!(client.rcon("say gg").await.unwrap().is_empty());
        assert_eq!(client.rcon("sv_fps").await.unwrap(), b"\"sv_fps\" is: \"40^7\" default:\"20^7\"\n");
    }
}

#[tokio::test]
async fn a_server_that_prints_the_password_prints_stars() {
    let text = client(server()).rcon("rconPassword").await.unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with("\"rconPassword\" is: \"***"), "{text}");
}

#[tokio::test]
async fn a_lost_end_and_a_changed_order_end_nothing_early() {
    let mut server = server();
    server.scripts.insert("two".to_owned(), vec![vec![b'a'; 200], vec![b'b'; 200]]);
    server.swap = true;
    let mut first = client(server.clone());
    assert_eq!(first.rcon("two").await.unwrap().len(), 400);

    server.swap = false;
    let mut silent = client(server.clone());
    silent.road_mut().server.lose = 4;
    assert!(matches!(silent.rcon("two").await, Err(GameError::Silent)));
    assert_eq!(silent.rcon("two").await.unwrap().len(), 400, "what comes later is not mixed up");
    let mut cut = client(server);
    cut.road_mut().server.lose = 1;
    assert!(cut.rcon("two").await.unwrap().starts_with(b"b"), "what is lost is lost");
}

#[tokio::test]
async fn questions_are_asked_again_and_commands_are_not() {
    let mut client = client(server());
    client.road_mut().server.lose = 2;
    assert_eq!(client.status().await.unwrap().map.as_deref(), Some("supply"));
    assert_eq!(client.road_mut().sent.len(), 3);
    client.road_mut().server.lose = 9;
    assert!(client.rcon("say once").await.is_err());
    assert_eq!(client.road_mut().server.chat, ["once"], "it was said, only the answer is lost");
}

#[tokio::test]
async fn all_that_is_sent_fits_through_the_servers_bucket() {
    let mut client = client(server());
    for _ in 0..20 {
        client.status().await.unwrap();
        client.rcon("sv_fps").await.unwrap();
        assert_eq!(client.info().await.unwrap().humans, Some(1));
    }
    let sent = client.road_mut().sent.clone();
    assert_eq!(sent.len(), 80, "nothing had to be asked twice");
    let within = |from: Instant, span: Duration| sent.iter().filter(|at| **at >= from && **at < from + span).count();
    assert!(sent.iter().all(|at| within(*at, Duration::from_secs(1)) <= 6));
    assert!(sent.iter().all(|at| within(*at, Duration::from_secs(12)) <= 16));
}

#[tokio::test]
async fn an_answer_that_is_late_is_no_answer_to_the_next_question() {
    let mut client = client(server());
    let (now, load) = (1_000_000, 3_450);
    client.road_mut().server.load_ms = load;
    client.road_mut().server.load("oasis", now);
    assert!(matches!(client.info().await, Err(GameError::Silent)));
    // Three late answers come first; each has a challenge of its own.
    assert_eq!(client.status().await.unwrap().map.as_deref(), Some("oasis"));
}

#[tokio::test]
async fn nobody_there_and_a_wrong_password_are_told_apart() {
    let mut client = client(server());
    client.road_mut().refuses = true;
    assert!(matches!(client.status().await, Err(GameError::Refused)));
    let wrong = Password::parse("wrong").unwrap();
    let mut client = GameClient::new(SimRoad::to(server()), Some(wrong), GamePace::default(), 7);
    assert!(matches!(client.rcon("status").await, Err(GameError::BadPassword)));
    let mut without = GameClient::new(SimRoad::to(server()), None, GamePace::default(), 7);
    assert!(matches!(without.rcon("status").await, Err(GameError::NoPasswordHere)));
    assert!(without.road_mut().sent.is_empty());
}

#[tokio::test]
async fn the_list_of_players_holds_their_slots() {
    let (mut game, _seen) = watcher(server());
    let ControlAnswer::Players { players } = perform(&mut game, &Intent::Players).await else { panic!() };
    let told: Vec<_> = players.iter().map(|seat| (seat.slot, seat.name.as_str(), seat.bot)).collect();
    assert_eq!(told, [(1, "^1Alpha", false), (4, "b 1 2 3", true)]);
}

#[tokio::test]
async fn a_kick_says_who_it_was() {
    let (mut game, _seen) = watcher(server());
    let kick = |slot| Intent::Kick { slot, seconds: Some(60) };
    assert_eq!(perform(&mut game, &kick(1)).await, ControlAnswer::done("kicked ^1Alpha from slot 1"));
    let road = game.client.road_mut();
    assert!(road.server.seated(1).is_none());
    assert!(road.server.commands.contains(&"clientkick 1 60".to_owned()));
    assert_eq!(perform(&mut game, &kick(1)).await, ControlAnswer::failed("nobody is in slot 1"));
}

#[tokio::test]
async fn a_kick_that_fails_says_so_where_the_server_is_silent_too() {
    let mut server = server();
    server.scripts.insert("clientkick 1".to_owned(), vec![]);
    let (mut game, _seen) = watcher(server);
    let kick = Intent::Kick { slot: 1, seconds: None };
    assert_eq!(
        perform(&mut game, &kick).await,
        ControlAnswer::failed("^1Alpha is still in slot 1: the game server did not say why")
    );
    game.client.road_mut().server.scripts.insert("clientkick 1".to_owned(), vec![b"not that one\n".to_vec()]);
    assert_eq!(perform(&mut game, &kick).await, ControlAnswer::failed("^1Alpha is still in slot 1: not that one"));
}

#[tokio::test]
async fn a_password_that_is_not_the_servers_is_known_without_anybody_asking_for_something() {
    let mut other = server();
    other.set_cvar("rconPassword", "another");
    let (mut game, seen) = watcher(other);
    let closed = |seen: &watch::Receiver<Seen>| seen.borrow().console_problem.clone();
    game.look_around().await;
    assert!(closed(&seen).is_some_and(|problem| problem.contains("refuses the password")), "{:?}", closed(&seen));
    assert_eq!(seen.borrow().live(game.client.now()).console, closed(&seen), "and the hub hears of it");
    game.client.road_mut().server.set_cvar("rconPassword", "");
    assert!(matches!(perform(&mut game, &Intent::Players).await, ControlAnswer::Failed { .. }));
    assert!(closed(&seen).is_some_and(|problem| problem.contains("has no rconPassword")), "{:?}", closed(&seen));

    game.client.road_mut().server.set_cvar("rconPassword", "recpass");
    let later = game.client.now() + std::time::Duration::from_mins(6);
    game.client.rest(later).await.unwrap();
    game.look_around().await;
    assert_eq!(closed(&seen), None);

    let none = GameClient::new(SimRoad::to(server()), None, GamePace::default(), 7);
    let (told, seen) = watch::channel(Seen::default());
    let mut only_looks = Watcher::new(none, None, GamePace::default(), told);
    only_looks.look_around().await;
    assert_eq!((seen.borrow().answers, closed(&seen)), (Some(true), None));
    assert!(only_looks.client.road_mut().server.commands.is_empty());
}

#[tokio::test]
async fn a_map_is_changed_to_one_that_the_server_has_and_its_silence_is_waited_out() {
    let (mut game, seen) = watcher(server());
    let to = |map: &str| Intent::ChangeMap { map: map.to_owned() };
    let refused = perform(&mut game, &to("te_nowhere")).await;
    assert!(matches!(&refused, ControlAnswer::Refused { reason } if reason.contains("te_nowhere")), "{refused:?}");
    assert_eq!(perform(&mut game, &to("OASIS")).await, ControlAnswer::done("the map is oasis now"));
    assert!(game.client.road_mut().server.commands.contains(&"map oasis".to_owned()), "as the server spells it");
    assert_eq!(seen.borrow().map(), Some("oasis"));
    let ControlAnswer::Players { players } = perform(&mut game, &Intent::Players).await else {
        panic!("what the map printed is out of the way")
    };
    assert_eq!(players.len(), 2);
    assert_eq!(perform(&mut game, &Intent::Restart).await, ControlAnswer::done("oasis began anew"));
}

#[tokio::test]
async fn a_server_that_does_not_come_back_is_told_of() {
    let (mut game, seen) = watcher(server());
    game.client.road_mut().server.load_ms = 10 * 60_000;
    let answer = perform(&mut game, &Intent::Restart).await;
    assert!(matches!(&answer, ControlAnswer::Failed { reason } if reason.contains("not answered since")), "{answer:?}");
    assert_eq!(seen.borrow().answers, Some(false));
}

#[tokio::test]
async fn what_is_said_and_asked_comes_back_as_lines() {
    let (mut game, _seen) = watcher(server());
    let say = Intent::Say { text: "five minutes".to_owned() };
    assert_eq!(perform(&mut game, &say).await, ControlAnswer::done("said"));
    assert_eq!(game.client.road_mut().server.chat, ["five minutes"]);
    // A real server repeats what it sends to everybody.
    let echo = |text: &str| format!("broadcast: chat \"console: {text}\"\n").into_bytes();
    game.client.road_mut().server.scripts.insert("say gg".to_owned(), vec![echo("gg")]);
    assert_eq!(perform(&mut game, &Intent::Say { text: "gg".to_owned() }).await, ControlAnswer::done("said"));
    let raw = Intent::Rcon { command: "sv_fps".to_owned() };
    assert_eq!(perform(&mut game, &raw).await, ControlAnswer::done("\"sv_fps\" is: \"40^7\" default:\"20^7\""));
    let ControlAnswer::Maps { maps } = perform(&mut game, &Intent::ListMaps).await else { panic!() };
    assert_eq!(maps, ["oasis", "supply", "te_escape2"]);
    let ControlAnswer::Status(status) = perform(&mut game, &Intent::Status).await else { panic!() };
    assert_eq!((status.gametype, status.players.len()), (Some(3), 2));
}
