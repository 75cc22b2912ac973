//! What a real ET:Legacy 2.85 server said: shortened here, whole where the recordings lie.

use std::path::PathBuf;

use slomix_shared::wire::{GameTeam, RoundPhase};

use super::{InfoReply, Reply, RoundTeller, StatusReply, cvar_value, log_event, status_rows};

const STATUS: &[u8] =
    b"\xff\xff\xff\xffstatusResponse\n\\omnibot_playing\\6\\P\\-12\\gamename\\legacy\\mapname\\boxmap\
    \\protocol\\84\\timelimit\\2\\g_gametype\\3\\sv_maxclients\\16\\sv_hostname\\box test ^1red\\challenge\\12345abc\
    \\version\\ET Legacy v2.85.0-45-ga8e5f85 linux-x86_64 Nov 22 2026\n0 0 \"^1Alpha^7One\"\n8 0 \"Delta|x\"\n";

#[test]
fn getstatus_of_a_real_server() {
    let Reply::Status(body) = Reply::of(STATUS) else { panic!() };
    let reply = StatusReply::parse(body);
    assert!(reply.answers("12345abc"));
    let status = reply.status();
    assert_eq!((status.map.as_deref(), status.timelimit_thousandths), (Some("boxmap"), Some(2_000)));
    let players: Vec<_> =
        status.players.iter().map(|player| (player.name.as_str(), player.team, player.score)).collect();
    assert_eq!(players, [("^1Alpha^7One", Some(GameTeam::Axis), 0), ("Delta|x", Some(GameTeam::Allies), 8)]);
}

#[test]
fn rows_of_a_real_server_that_came_in_pieces() {
    let pieces = [
        "cpu server utilization: 0 %\nmap                   : boxmap\n\n",
        "num score ping name\n--- ----- ---- ----------------------------------- -------\n  1     0    0 ",
        "^1Alpha^7One^7                                  0 bot                       0 16384 25650\n  4     8    0 ",
        "Delta|x^7                                   0 bot                       0 16384 25650\n\n",
    ];
    let text = pieces.concat();
    let rows = status_rows(text.as_bytes()).unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.slot, row.score, row.name)).collect();
    assert_eq!(told, [(1, 0, &b"^1Alpha^7One"[..]), (4, 8, b"Delta|x")]);
}

/// Where the recordings lie, if they do; a test without them says so.
fn recordings() -> Option<PathBuf> {
    let folder = std::env::var_os("SLOMIX_TEST_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let found = folder.into_iter().chain([beside]).map(|data| data.join("real-server")).find(|data| data.is_dir());
    let required = std::env::var("SLOMIX_REQUIRE_DATA").is_ok_and(|value| value == "1");
    assert!(found.is_some() || !required, "the recordings of a real server are missing");
    if found.is_none() {
        eprintln!("SKIPPED: the recordings of a real server are not here");
    }
    found
}

/// Bytes as the recorder wrote them, `b'…'` or `b"…"` in the manner of Python.
fn unescaped(text: &str) -> Vec<u8> {
    let text = &text[2..text.len() - 1];
    let (mut bytes, mut chars) = (Vec::new(), text.chars());
    while let Some(c) = chars.next() {
        let escape = (c == '\\').then(|| chars.next().unwrap());
        match escape {
            None => bytes.extend(c.to_string().bytes()),
            Some('n') => bytes.push(b'\n'),
            Some('x') => {
                let hex: String = chars.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
            }
            Some(other) => bytes.extend(other.to_string().bytes()),
        }
    }
    bytes
}

/// Each question with its answers.
fn dialogues(text: &str) -> Vec<(Vec<u8>, Vec<Vec<u8>>)> {
    let mut dialogues: Vec<(Vec<u8>, Vec<Vec<u8>>)> = Vec::new();
    for line in text.lines() {
        if let Some(question) = line.strip_prefix("--> ") {
            dialogues.push((unescaped(question), Vec::new()));
        } else if let Some((_, answer)) = line.strip_prefix("<-- ").and_then(|line| line.split_once("ms: ")) {
            dialogues.last_mut().unwrap().1.push(unescaped(answer));
        }
    }
    dialogues
}

fn printed(answers: &[Vec<u8>]) -> Vec<u8> {
    let print = |answer: &Vec<u8>| match Reply::of(answer) {
        Reply::Print(text) => text.to_owned(),
        other => panic!("{other:?}"),
    };
    answers.iter().flat_map(print).collect()
}

#[test]
fn every_recorded_reply_is_read() {
    let Some(folder) = recordings() else { return };
    let (mut statuses, mut tables) = (0, 0);
    for file in ["probe.txt", "commands.txt"] {
        let text = std::fs::read_to_string(folder.join("udp").join(file)).unwrap();
        for (question, answers) in dialogues(&text) {
            let question = String::from_utf8_lossy(&question[4..]).trim().to_owned();
            match question.split(' ').collect::<Vec<_>>().as_slice() {
                ["getinfo", challenge] => {
                    let Reply::Info(body) = Reply::of(&answers[0]) else { panic!("{question}") };
                    let info = InfoReply::parse(body, challenge).unwrap();
                    assert_eq!((info.clients, info.humans, info.protocol), (Some(6), Some(0), Some(84)));
                    assert_eq!(InfoReply::parse(body, "other"), None);
                }
                ["getstatus", ..] => {
                    let Reply::Status(body) = Reply::of(&answers[0]) else { panic!("{question}") };
                    let reply = StatusReply::parse(body);
                    let teams = reply.teams().unwrap();
                    assert_eq!((teams.len(), reply.players[5].name), (6, &b"Fox trot"[..]));
                    assert_eq!(teams.iter().filter(|team| **team == GameTeam::Axis).count(), 3);
                    statuses += 1;
                }
                ["rcon", "recpass" | "\"recpass\"", "status"] => {
                    let text = printed(&answers);
                    let rows = status_rows(&text).unwrap();
                    let slots: Vec<_> = rows.iter().map(|row| row.slot).collect();
                    assert_eq!(slots, [1, 2, 3, 4, 5, 6]);
                    assert_eq!((rows[4].name, rows[5].name), (&b"echo'quote"[..], &b"Fox trot"[..]));
                    tables += 1;
                }
                ["rcon", "wrong", _] => assert_eq!(printed(&answers), b"Bad rconpassword\n"),
                ["rcon", "recpass", "sv_hostname"] => {
                    assert_eq!(cvar_value(&printed(&answers), "sv_hostname").as_deref(), Some("box test ^1red"));
                }
                _ => {}
            }
        }
    }
    assert_eq!((statuses, tables), (2, 3));
}

#[test]
fn rounds_of_the_recorded_evenings_are_followed() {
    let Some(folder) = recordings() else { return };
    let mut ends = Vec::new();
    for evening in ["evening-1", "evening-2"] {
        let log = std::fs::read(folder.join(evening).join("games.log")).unwrap();
        let mut teller = RoundTeller::default();
        let mut before = RoundPhase::Unknown;
        for line in log.split(|byte| *byte == b'\n') {
            let Some(event) = log_event(line) else { continue };
            teller.hear(event, None);
            let round = teller.round().unwrap();
            if round.phase != before && matches!(round.phase, RoundPhase::Playing | RoundPhase::Over) {
                ends.push(format!(
                    "{} {:?} {}",
                    teller.map().unwrap(),
                    round.phase,
                    round.end_reason.unwrap_or_default()
                ));
            }
            before = round.phase;
        }
    }
    insta::assert_snapshot!(ends.join("\n"));
}
