use slomix_shared::wire::{GameTeam, RoundPhase};

use super::*;
use crate::reports::alert::Alert;
use crate::serve::{
    Addresses, Database, DiscordCounts, DiscordLine, Disposition, Kept, LiveLine, LivePlayer, LiveRoundLine, Posts,
    ReadmissionLine, ServerProblem,
};
use crate::store::counts::Quarantined;
use crate::store::gaps::Gap;
use crate::store::read::GuidCollision;

const NOW_MS: i64 = 1_794_253_837_000;

/// One that is played on, one that is silent, and one of which nothing is known.
fn game_servers() -> Vec<LiveLine> {
    let line =
        |key: &str| LiveLine { server: key.to_owned(), name: key.to_owned(), now_ms: NOW_MS, ..LiveLine::default() };
    let person = |team, name: &str| LivePlayer { team, name: name.to_owned(), score: 7 };
    let played = LiveLine {
        heard_ms: Some(NOW_MS - 1_000),
        answered_ms: Some(NOW_MS - 3_000),
        answers: Some(true),
        map: Some("supply".to_owned()),
        timelimit_ms: Some(600_000),
        most_players: Some(24),
        players: Some(vec![
            person(Some(GameTeam::Axis), "Alpha"),
            person(Some(GameTeam::Allies), "bravo"),
            person(Some(GameTeam::Allies), "Charlie"),
            person(Some(GameTeam::Spectator), "Delta"),
        ]),
        round: Some(LiveRoundLine { phase: RoundPhase::Playing, since_ms: Some(NOW_MS - 65_000), end_reason: None }),
        ..line("main")
    };
    let silent = LiveLine { answers: Some(false), round: None, ..played.clone() };
    vec![played, LiveLine { server: "duel".to_owned(), name: "duel".to_owned(), ..silent }, line("spare")]
}

fn gap(closed: bool) -> Gap {
    Gap {
        server: "main".to_owned(),
        kind: "proximity".to_owned(),
        name: "2026-03-06-201458-supply-round-1_engagements.txt".to_owned(),
        size: 1_200_000,
        modified_ms: NOW_MS - 7_200_000,
        why: "its safe copy was dropped for the quota, and it is gone from its directory".to_owned(),
        noticed_ms: NOW_MS - 3_600_000,
        closed,
    }
}

/// A hub with a bit of everything.
fn busy() -> Status {
    let at = |port| ([127, 0, 0, 1], port).into();
    let agent = |name: &str| AgentLine { name: name.to_owned(), server: "main".to_owned(), ..AgentLine::default() };
    let kept = |kind: &str, files| Kept { server: "main".to_owned(), kind: kind.to_owned(), files };
    let fate = |state: &str, code: &str, files| Disposition { state: state.to_owned(), code: code.to_owned(), files };
    Status {
        version: "0.1.0",
        now_ms: NOW_MS,
        started_ms: NOW_MS - 90_061_000,
        uptime_s: 90_061,
        turned_away: 0,
        listening: Addresses { link: at(27_999), link_tcp: Some(at(27_999)), http: at(8_080), admin: at(8_081) },
        agents: vec![
            AgentLine {
                connected: true,
                joined_ms: Some(NOW_MS - 90_000_000),
                address: Some("192.0.2.7:40000".to_owned()),
                since_ms: Some(NOW_MS - 3_600_000),
                last_batch_ms: Some(NOW_MS - 61_000),
                unacked_files: Some(2),
                oldest_unacked_ms: Some(65_000),
                sequence_resets: 1,
                certificate_ends_ms: Some(NOW_MS + 500_000_000),
                way: Some("tcp"),
                scan_found_missed: Some(4),
                clock_ahead_ms: Some(-65_000),
                dropped_files: Some(7),
                lost_files: Some(2),
                came_after_all: Some(1),
                problems: vec!["/et/gamestats: this user may not read it".to_owned()],
                ..agent("vienna")
            },
            AgentLine {
                certificate_ends_ms: Some(NOW_MS - 86_400_000),
                readmission: Some(ReadmissionLine {
                    since_ms: NOW_MS - 600_000,
                    last_ms: NOW_MS - 30_000,
                    address: "192.0.2.8".to_owned(),
                    approved_ms: None,
                }),
                ..agent("linz")
            },
            AgentLine { revoked_ms: Some(NOW_MS - 86_400_000), ..agent("graz") },
        ],
        servers: game_servers(),
        server_problems: vec![ServerProblem {
            server: "duel".to_owned(),
            kind: "silent",
            what: "has not answered its agent for 4 min 0 s. On the game server's host: slomix-agent doctor".to_owned(),
        }],
        alerts: vec![Alert {
            rule: "unacked",
            subject: "vienna".to_owned(),
            title: "Files of vienna do not arrive".to_owned(),
            lines: vec!["2 files wait for the hub, the oldest for 6 min.".to_owned()],
            since_ms: NOW_MS - 90_000,
            over_ms: None,
        }],
        waiting: Some(3),
        obstacles: vec!["the database did not answer within 2 s".to_owned()],
        archive: Some(vec![kept("proximity", 12), kept("stats", 40)]),
        dispositions: Some(vec![fate("quarantined", "truncated", 1), fate("stored", "", 39)]),
        quarantine: Some(vec![Quarantined {
            artifact: 1,
            server: "main".to_owned(),
            kind: "stats".to_owned(),
            name: "2026-03-06-201500-supply-round-1.txt".to_owned(),
            size: 100,
            code: "truncated".to_owned(),
            reason: "the last line is cut off".to_owned(),
            received_ms: NOW_MS - 7_200_000,
        }]),
        gaps: Some(vec![gap(false), gap(true)]),
        guid_collisions: Some(vec![GuidCollision {
            guid: "A1000000".to_owned(),
            full: vec!["A1000000".repeat(4), "A1000000B2000000C3000000D4000000".to_owned()],
        }]),
        database: Database {
            path: "slomix-data/hub/slomix.db".to_owned(),
            engine: Some("SQLite 3.46.0".to_owned()),
            bytes: Some(3_145_728),
            unreachable_since_ms: None,
        },
        discord: DiscordLine {
            state: "disabled",
            fix: Some("give the bot Send Messages".to_owned()),
            closed_channels: [("7", "give the bot Send Messages"), ("8", "invite the bot")]
                .map(|(channel, fix)| (channel.to_owned(), fix.to_owned()))
                .into(),
            counts: DiscordCounts::default(),
        },
        posts: Some(Posts { open: 2, sent: 5, dead: 1 }),
    }
}

#[test]
fn all_that_needs_attention_is_on_one_screen() {
    insta::assert_snapshot!(status_text(&busy()));
}

#[test]
fn what_is_not_listed_of_the_quarantine_is_counted() {
    let busy = busy();
    let mut fates = busy.dispositions.clone().unwrap();
    fates[0].files = 12;
    let text = status_text(&Status { dispositions: Some(fates), ..busy.clone() });
    assert!(text.contains("\n  and 11 more: slomix-hub quarantine list\n"), "{text}");
    assert!(!status_text(&busy).contains("more: slomix-hub quarantine list"));
}

/// The same hub while its database is away.
fn cut_off() -> Status {
    let busy = busy();
    let unreachable_since_ms = Some(NOW_MS - 61_000);
    Status {
        agents: busy.agents.into_iter().take(1).map(|agent| AgentLine { joined_ms: None, ..agent }).collect(),
        waiting: None,
        obstacles: vec!["the database postgres://u@h:5432/d cannot be used: nothing listens there".to_owned()],
        archive: None,
        dispositions: None,
        quarantine: None,
        gaps: None,
        guid_collisions: None,
        database: Database {
            path: "postgres://u@h:5432/d".to_owned(),
            engine: None,
            bytes: None,
            unreachable_since_ms,
        },
        posts: None,
        ..busy
    }
}

#[test]
fn what_only_the_database_knows_is_unknown_without_it() {
    insta::assert_snapshot!(status_text(&cut_off()));
    insta::assert_snapshot!(serde_json::to_string_pretty(&cut_off()).unwrap());
}

#[test]
fn the_json_is_what_programs_rely_on() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&busy()).unwrap());
}

#[test]
fn spans_show_their_two_largest_units() {
    let spans = [0, 59_999, 61_000, 3_600_000, 90_061_000, -5].map(span);
    assert_eq!(spans, ["0 s", "59 s", "1 min 1 s", "1 h 0 min", "1 d 1 h", "0 s"]);
    assert_eq!(instant(NOW_MS), "2026-11-09 19:50:37Z");
}
