//! A session in the terminal, wide enough for a table that says more than a post.

use serde_json::{Value, json};

use crate::cli::paint::{QUIET, STRONG, accent, painted};
use crate::domain::metrics::kd::kd;
use crate::reports::columns::{left, right};
use crate::reports::numbers_table::Line;
use crate::reports::post::Accent;
use crate::reports::session::{EpochReport, SessionReport, verdict};
use crate::reports::words::{clock, count, hundredths, plural, thousands, whole};

pub(super) fn print(report: &SessionReport, decided: &[String]) {
    let session = &report.session;
    anstream::println!("{}", painted(STRONG, &format!("Session {}", report.handle)));
    let minutes = (session.end_ms - session.start_ms) / 60_000;
    let facts = format!(
        "{} · {} · {} · {} h {:02} min",
        session.server,
        plural(report.rounds.len() as i64, "round", "rounds"),
        plural(report.player_count(), "player", "players"),
        minutes / 60,
        minutes % 60,
    );
    anstream::println!("{}", painted(QUIET, &facts));
    for (number, epoch) in report.epochs.iter().enumerate() {
        if number > 0 {
            anstream::println!("{}", painted(STRONG, "After a shuffle: new teams, a score of their own"));
        }
        print_epoch(report, epoch);
    }
    print_loose_rounds(report);
    let more = format!(
        "A round: slomix-hub show round {}.1. K kills, D deaths, DPM damage per minute, ACC accuracy of \
                        bullets, REV revives given, DMG damage given",
        report.handle
    );
    for feat in &report.feats {
        anstream::println!("{} {} {}", painted(QUIET, &left(feat.what, 24)), feat.name, feat.value);
    }
    super::decided::print(decided);
    anstream::println!("\n{}", painted(QUIET, &more));
}

fn print_epoch(report: &SessionReport, epoch: &EpochReport) {
    let (a, b) = epoch.score();
    let (wins_a, wins_b, ties) = epoch.wins;
    anstream::println!(
        "\n{} {a} - {b} {}  {}\n",
        painted(accent(Accent::TeamA), epoch.name(1)),
        painted(accent(Accent::TeamB), epoch.name(-1)),
        painted(QUIET, &format!("W-L-T {wins_a}-{wins_b}-{ties}")),
    );
    let (mut a, mut b) = (0, 0);
    for play in &epoch.plays {
        if play.counted {
            match play.winner_team {
                1 => a += 1,
                -1 => b += 1,
                _ => (a, b) = (a + 1, b + 1),
            }
        }
        let style = match play.winner_team {
            1 => accent(Accent::TeamA),
            -1 => accent(Accent::TeamB),
            _ => QUIET,
        };
        anstream::println!(
            "  {}  {}  {}  {}  {}",
            painted(QUIET, &left(&places(report, &[play.first_half, play.second_half]), 7)),
            left(&play.map, 18),
            left(&report.halves(play), 22),
            painted(style, &left(&verdict(play), 14)),
            painted(QUIET, &format!("{a}-{b}")),
        );
    }
    anstream::println!();
    for side in [1, -1] {
        print_team(side, epoch.name(side), &epoch.team(side));
    }
}

/// The places of rounds in the session, as `show round HANDLE.PLACE` takes them.
fn places(report: &SessionReport, rounds: &[Option<i64>]) -> String {
    let place = |id: &i64| report.rounds.iter().position(|round| round.id == *id);
    let places: Vec<String> =
        rounds.iter().flatten().filter_map(place).map(|index| format!(".{}", index + 1)).collect();
    places.join(" ")
}

/// Rounds that belong to no map play.
fn print_loose_rounds(report: &SessionReport) {
    let loose: Vec<_> = report.rounds.iter().filter(|round| round.map_play.is_none()).collect();
    for round in &loose {
        let word = match round.status.as_str() {
            "aborted" => "cut off by a map change",
            "cancelled" => "played again right after",
            "substitution" => "played again with other players",
            other => other,
        };
        let shown = format!("{} R{}", round.map, round.number);
        let place = left(&places(report, &[Some(round.id)]), 7);
        anstream::println!("  {}  {}  {}", painted(QUIET, &place), left(&shown, 18), painted(QUIET, word));
    }
    if !loose.is_empty() {
        anstream::println!();
    }
}

fn print_team(side: i64, name: &str, lines: &[&Line]) {
    if lines.is_empty() {
        return;
    }
    let style = accent(if side == 1 { Accent::TeamA } else { Accent::TeamB });
    anstream::println!(
        "{}  {}",
        painted(style, &left(name, 18)),
        painted(QUIET, "  K    D   K/D   DPM  ACC%  REV    DMG   TIME")
    );
    for line in lines {
        anstream::println!(
            "{}  {} {} {} {} {} {} {} {}",
            left(&line.name, 18),
            right(&line.kills.to_string(), 3),
            right(&line.deaths.to_string(), 4),
            right(&hundredths(kd(line.kills, line.deaths)), 5),
            right(&whole(line.dpm()), 5),
            right(&whole(line.accuracy()), 5),
            right(&count(line.revives), 4),
            right(&line.damage.map_or_else(|| "–".to_owned(), thousands), 6),
            right(&clock(line.seconds), 6),
        );
    }
    anstream::println!();
}

pub(super) fn as_json(report: &SessionReport, decided: &[String]) -> Value {
    let session = &report.session;
    let line = |line: &Line| {
        json!({
            "name": line.name, "kills": line.kills, "deaths": line.deaths, "damage_given": line.damage,
            "seconds": line.seconds, "dpm_tenths": line.dpm(), "accuracy_permille": line.accuracy(),
            "revives_given": line.revives,
        })
    };
    let epochs: Vec<Value> = report
        .epochs
        .iter()
        .map(|epoch| {
            let (a, b) = epoch.score();
            let maps: Vec<Value> = epoch
                .plays
                .iter()
                .map(|play| {
                    json!({
                        "map": play.map, "result": play.result, "winner_team": play.winner_team,
                        "counted": play.counted, "inferred": play.inferred, "halves": report.halves(play),
                        "uncounted": play.uncounted,
                    })
                })
                .collect();
            json!({
                "score": { "a": a, "b": b, "wins_a": epoch.wins.0, "wins_b": epoch.wins.1, "ties": epoch.wins.2 },
                "maps": maps, "names": { "a": epoch.names[0], "b": epoch.names[1] },
                "team_a": epoch.team(1).into_iter().map(line).collect::<Vec<_>>(),
                "team_b": epoch.team(-1).into_iter().map(line).collect::<Vec<_>>(),
            })
        })
        .collect();
    let rounds: Vec<Value> = report
        .rounds
        .iter()
        .map(|round| {
            json!({
                "id": round.id.to_string(), "file": round.file, "map": round.map, "number": round.number,
                "status": round.status, "outcome": round.outcome, "valid": round.valid, "winner": round.winner,
                "defender": round.defender, "duration_s": round.duration, "axis_team": round.axis_team,
                "flags": round.flags,
            })
        })
        .collect();
    json!({
        "handle": report.handle, "id": session.id.to_string(), "server": session.server, "date": session.date,
        "confidence": session.confidence, "epochs": epochs, "rounds": rounds, "decided": decided,
    })
}
