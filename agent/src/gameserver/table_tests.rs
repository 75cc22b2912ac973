//! The table of cases at the end of the protocol's specification, the rows on the agent's side; those on the server's
//! side stand with the simulated one.

use slomix_shared::wire::GameTeam;

use super::log::{LogEvent, log_event};
use super::{Infostring, Reply, StatusReply, status_rows};

#[test]
fn getstatus_with_no_players_is_an_infostring_and_nothing() {
    let reply = StatusReply::parse(b"\\mapname\\supply\\challenge\\a1b2\n");
    assert_eq!((reply.info.get("MAPNAME"), reply.players.len(), reply.odd_lines), (Some(&b"supply"[..]), 0, 0));
    assert!(reply.answers("a1b2") && !reply.answers("a1b3"));
    assert_eq!(reply.teams(), Some(vec![]));
}

#[test]
fn a_player_line_with_a_negative_score_keeps_its_raw_name() {
    let reply = StatusReply::parse(b"\\mapname\\supply\n-12 0 \"a b \xE9^\"\n");
    let player = reply.players[0];
    assert_eq!((player.score, player.ping, player.name), (-12, 0, &b"a b \xE9^"[..]));
    assert_eq!(reply.status().players[0].name, "a b \u{e9}^");
}

#[test]
fn an_infostring_with_odd_fields_empty_values_and_doubles_is_read_and_the_first_wins() {
    let info = Infostring::parse(b"a\\1\\A\\2\\b\\\\c\\3\\last");
    assert_eq!(
        [info.get("a"), info.get("b"), info.get("c"), info.get("last")],
        [Some(&b"1"[..]), None, Some(b"3"), None]
    );
    for odd in [&b""[..], b"\\", b"\\\\", b"\\\\\\", b"\\a", b"\\a\\1\\", b"a"] {
        let _ = Infostring::parse(odd);
    }
    assert_eq!(Infostring::parse(b"\\a\\1\\").get("a"), Some(&b"1"[..]));
}

#[test]
fn p_that_is_shorter_or_longer_than_the_players_leaves_the_teams_unknown() {
    let teams = |p: &str| {
        let body = format!("\\P\\{p}\n1 1 \"a\"\n2 2 \"b\"\n3 3 \"c\"\n");
        StatusReply::parse(body.as_bytes()).teams()
    };
    let three = vec![GameTeam::Axis, GameTeam::Spectator, GameTeam::Allies];
    assert_eq!(teams("-1-3--2"), Some(three));
    assert_eq!([teams("12"), teams("1212"), teams("1x2"), teams("---")], [None, None, None, None]);
    let odd = StatusReply::parse(b"\\P\\12\n1 1 \"a\"\nno player\n2 2 \"b\"\n");
    assert_eq!((odd.players.len(), odd.odd_lines, odd.teams()), (2, 1, None));
    assert!(odd.status().players.iter().all(|player| player.team.is_none()));
}

#[test]
fn a_reply_without_its_challenge_counts_only_where_it_may_have_been_cut() {
    let body = |filler: usize| [b"\\filler\\", &vec![b'x'; filler][..], b"\n"].concat();
    assert!(!StatusReply::parse(&body(900)).answers("a"));
    assert!(StatusReply::parse(&body(1_000)).answers("a"));
}

#[test]
fn a_status_row_is_read_from_both_ends() {
    let text = b"map                   : supply\n\nnum score\n--- ----- ---- ---\n\
        \x20 0    17   48 ^1Alpha^7                                 25 203.0.113.7:27960      4242 90000 125000\n\
        \x20 1     0    0 a 1 2 3^7                                  0 bot                       0 99999 125000\n\
        \x20 2     0 CNCT   two  ^7^7                                0 [2001:db8::7]:27960      42 99999 125000\n\n";
    let rows = status_rows(text).unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.slot, row.score, row.ping, row.name)).collect();
    assert_eq!(told, [(0, 17, Some(48), &b"^1Alpha"[..]), (1, 0, Some(0), b"a 1 2 3"), (2, 0, None, b"  two  ^7")]);
    assert!(rows[1].seat().bot && !rows[0].seat().bot);
    assert!(status_rows(b"Server is not running.\n").unwrap_err().to_string().contains("no map"));
    for torn in [&b""[..], b"Bad rconpassword\n", b"--- ----- ----\n  0    17   48 ^1Al"] {
        assert!(status_rows(torn).is_err(), "{torn:?}");
    }
    assert!(status_rows(b"--- ----- ----\n300 0 0 a 0 bot 0 1 2\n").is_err(), "no such slot");
}

#[test]
fn the_four_kinds_of_a_logs_clock_are_read() {
    for clock in ["   126050 ", "  2:06 ", "1000:05", "1234:05 ", "20:15.59 ", ""] {
        let line = format!("{clock}Exit: Timelimit hit.");
        assert_eq!(log_event(line.as_bytes()), Some(LogEvent::Exit("Timelimit hit.".to_owned())), "{line}");
    }
    assert_eq!(log_event(b"     0 map: supply\r"), Some(LogEvent::Map("supply".to_owned())));
    assert_eq!(log_event(b"     0 InitGame: \\c0\\-1"), Some(LogEvent::Init));
    assert_eq!(log_event(b"  9000 Kill: 1022 2 32: <world> killed b by MOD_FALLING"), Some(LogEvent::Kill));
}

#[test]
fn chat_that_imitates_a_line_of_the_game_is_chat_only() {
    for line in [
        "  9000 say: ^7a^7: ^2Kill: 1 2 8: x",
        "  9000 say: ^7Exit: x^7: ^2Exit: Timelimit hit.",
        "  9000 ClientUserinfoChanged: 1 n\\Exit: x\\t\\1",
        "  9000 9000 Exit: x",
        "  9000  Exit: x",
        "Kill: a b",
        "  9000 map: no/map",
    ] {
        assert_eq!(log_event(line.as_bytes()), None, "{line}");
    }
}

#[test]
fn a_header_that_is_text_or_short_is_no_reply() {
    for odd in [
        &b"\xC3\xBF\xC3\xBF\xC3\xBF\xC3\xBFprint\nx"[..],
        b"",
        b"\xFF\xFF\xFF",
        b"print\nx",
        b"\xFF\xFF\xFF\xFFdisconnect",
    ] {
        assert_eq!(Reply::of(odd), Reply::Other);
    }
    assert_eq!(Reply::of(b"\xFF\xFF\xFF\xFFprint\n"), Reply::Print(b""));
    assert_eq!(Reply::of(b"\xFF\xFF\xFF\xFFprint"), Reply::Print(b""));
}
