//! What the specification of the protocol says of the server, row by row of its table.

use super::*;

const PASSWORD: &str = "recpass";

fn server() -> GameServer {
    GameServer::new(&["supply", "oasis"], PASSWORD)
}

fn asker() -> SocketAddr {
    ([127, 0, 0, 1], 40_000).into()
}

/// The bodies of what a packet of our own gets.
fn ask_at(server: &mut GameServer, now_ms: i64, body: &[u8]) -> Vec<Vec<u8>> {
    let answers = server.handle(now_ms, asker(), &[&HEADER[..], body].concat());
    answers.into_iter().map(|answer| answer.bytes[4..].to_owned()).collect()
}

fn ask(server: &mut GameServer, body: &[u8]) -> Vec<Vec<u8>> {
    ask_at(server, 1_000, body)
}

fn text(bodies: &[Vec<u8>]) -> String {
    bodies.iter().map(|body| String::from_utf8_lossy(body.strip_prefix(b"print\n").unwrap_or(body))).collect()
}

#[test]
fn getstatus_without_a_line_feed_is_answered() {
    let answer = ask(&mut server(), b"getstatus");
    assert!(answer[0].starts_with(b"statusResponse\n\\mod_version\\"), "{}", text(&answer));
}

#[test]
fn getstatus_in_capitals_with_a_challenge_and_more_is_answered() {
    let answer = ask(&mut server(), b"GETSTATUS x\nrest");
    assert!(text(&answer).contains("\\challenge\\x\\"), "{}", text(&answer));
}

#[test]
fn a_header_that_was_encoded_as_text_is_ignored() {
    let packet = [&[0xC3, 0xBF].repeat(4)[..], b"getstatus"].concat();
    assert!(server().handle(1_000, asker(), &packet).is_empty());
}

#[test]
fn a_challenge_of_129_characters_gets_silence() {
    assert_eq!(ask(&mut server(), format!("getstatus {}", "x".repeat(128)).as_bytes()).len(), 1);
    assert!(ask(&mut server(), format!("getstatus {}", "x".repeat(129)).as_bytes()).is_empty());
}

#[test]
fn getstatus_without_players_ends_behind_the_infostring() {
    let answer = ask(&mut server(), b"getstatus");
    assert_eq!(answer[0].iter().filter(|byte| **byte == b'\n').count(), 2);
    assert_eq!(answer[0].last(), Some(&b'\n'));
}

#[test]
fn a_wrong_password_gets_one_datagram() {
    assert_eq!(ask(&mut server(), b"rcon wrong status"), [b"print\nBad rconpassword\n"]);
}

#[test]
fn an_empty_password_gets_another() {
    let mut server = server();
    server.set_cvar("rconPassword", "");
    assert_eq!(ask(&mut server, b"rcon \"\" status"), [b"print\nNo rconpassword set on the server\n"]);
}

#[test]
fn echo_comes_back_in_one_datagram() {
    let mut server = server();
    assert_eq!(ask(&mut server, b"rcon recpass echo x"), [b"print\nx\n"]);
    server.echoes = false;
    assert_eq!(ask(&mut server, b"rcon recpass echo x"), [b"print\n"]);
}

#[test]
fn of_eleven_in_a_burst_the_last_is_not_answered() {
    let mut server = server();
    let answered = |server: &mut GameServer, now_ms| ask_at(server, now_ms, b"rcon recpass sv_fps").len();
    assert_eq!((0..11).map(|_| answered(&mut server, 5_000)).sum::<usize>(), 10);
    assert_eq!(answered(&mut server, 5_999), 0, "less than a second later");
    assert_eq!((answered(&mut server, 6_000), answered(&mut server, 6_000)), (1, 0), "one a second");
    assert!(ask_at(&mut server, 6_000, b"getstatus").is_empty(), "the bucket is one for all");
    server.set_cvar("sv_protect", "0");
    assert_eq!((0..30).map(|_| answered(&mut server, 6_000)).sum::<usize>(), 30);
}

#[test]
fn three_prints_of_100_bytes_are_two_datagrams() {
    let mut server = server();
    server.scripts.insert("three".to_owned(), vec![vec![b'x'; 100]; 3]);
    let answer = ask(&mut server, b"rcon recpass three");
    assert_eq!(answer.iter().map(|body| body.len() - 6).collect::<Vec<_>>(), [200, 100]);
}

#[test]
fn one_print_of_500_bytes_is_an_empty_datagram_and_a_cut_one() {
    let mut server = server();
    server.scripts.insert("long".to_owned(), vec![vec![b'x'; 500]]);
    let answer = ask(&mut server, b"rcon recpass long");
    assert_eq!(answer.iter().map(|body| body.len() - 6).collect::<Vec<_>>(), [0, 239]);
}

#[test]
fn a_semicolon_in_the_chat_ends_no_command() {
    let mut server = server();
    assert_eq!(ask(&mut server, b"rcon recpass say a; quit"), [b"print\n"]);
    assert_eq!((server.chat.join("|"), server.running), ("a; quit".to_owned(), true));
}

#[test]
fn percent_signs_never_arrive_and_comments_end_a_line() {
    let mut server = server();
    ask(&mut server, b"rcon recpass say 100% // of what");
    ask(&mut server, b"rcon recpass say see http://x.org/* not */ now");
    assert_eq!(server.chat, ["100.", "see http://x.org now"]);
}

#[test]
fn a_setting_is_shown_as_recorded_and_the_unknown_passed_over() {
    let mut server = server();
    assert_eq!(
        text(&ask(&mut server, b"rcon recpass SV_HOSTNAME")),
        "\"sv_hostname\" is: \"^1Simulated ^7server^7\" default:\"ETLHost^7\"\n"
    );
    assert_eq!(ask(&mut server, b"rcon recpass nosuchcommand"), [b"print\n"]);
}

#[test]
fn rows_of_status_stand_as_recorded_and_break_between_prints() {
    let mut server = server();
    for slot in 1..7 {
        let name = if slot == 1 { "^1Alpha^7One" } else { "bravo" };
        server.seat(slot, SimPlayer { bot: true, ping: Some(0), ..SimPlayer::new(name, 1) });
    }
    let answer = ask(&mut server, b"rcon recpass status");
    assert!(answer.len() >= 4 && answer.iter().all(|body| body.len() <= 245));
    assert!(answer.iter().any(|body| body.ends_with(b"  1     0    0 ")), "{answer:?}");
    let column =
        |name: &str| text(&answer).lines().find_map(|line| line.contains(name).then(|| line.find(" 25 bot"))).flatten();
    let codes = 4;
    assert_eq!(column("^1Alpha").map(|at| at - codes), column("bravo"));
}

#[test]
fn what_comes_while_a_map_loads_is_answered_behind_it() {
    let mut server = server();
    let changing = ask_at(&mut server, 10_000, b"rcon recpass map oasis");
    assert!(changing.len() > 5 && server.loading_until() == Some(14_000));
    assert!(ask_at(&mut server, 11_000, b"getstatus a").is_empty());
    assert!(server.wake(13_999).is_empty());
    let late: Vec<_> = server.wake(14_000).into_iter().map(|datagram| datagram.bytes[4..].to_owned()).collect();
    assert!(late.len() > 10 && text(&late).contains("\\mapname\\oasis\\"), "{}", text(&late));
    assert!(text(&ask_at(&mut server, 20_000, b"rcon recpass map nowhere")).contains("Can't find map"));
    assert_eq!(server.cvar("mapname"), "oasis");
}

#[test]
fn datagrams_are_lost_and_swapped_on_demand() {
    let mut server = server();
    server.scripts.insert("two".to_owned(), vec![vec![b'a'; 200], vec![b'b'; 200]]);
    server.lose = 1;
    assert!(text(&ask(&mut server, b"rcon recpass two")).starts_with('b'));
    server.swap = true;
    assert!(text(&ask(&mut server, b"rcon recpass two")).starts_with('b'));
    assert!(text(&ask(&mut server, b"rcon recpass two")).starts_with('a'));
}

#[test]
fn keys_that_do_not_fit_are_left_out_without_a_word() {
    let mut server = server();
    server.set_cvar("sv_protect", "0");
    let mut told = |filler: usize| {
        server.set_cvar("filler", &"x".repeat(filler));
        let answer = text(&ask(&mut server, b"getstatus abc"));
        (answer.contains("\\filler\\"), answer.contains("\\version\\"))
    };
    assert_eq!((told(10), told(1_100)), ((true, true), (false, true)));
    assert!((600..900).any(|filler| told(filler) == (true, false)));
}
