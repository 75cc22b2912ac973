//! A session in the terminal, wide enough for a table that says more than a post.

use serde_json::{Value, json};

use crate::cli::paint::{QUIET, STRONG, accent, painted};
use crate::domain::metrics::kd::kd;
use crate::reports::columns::{left, right};
use crate::reports::numbers_table::Line;
use crate::reports::post::Accent;
use crate::reports::session::SessionReport;
use crate::reports::words::{clock, count, hundredths, plural, team, thousands, whole};

pub(super) fn print(report: &SessionReport) {
    let session = &report.session;
    let (a, b) = session.score();
    anstream::println!(
        "{}  {} {a} - {b} {}",
        painted(STRONG, &format!("Session {}", report.handle)),
        painted(accent(Accent::TeamA), "Team A"),
        painted(accent(Accent::TeamB), "Team B"),
    );
    let minutes = (session.end_ms - session.start_ms) / 60_000;
    let facts = format!(
        "{} · {} · {} · {} h {:02} min · W-L-T {}-{}-{}",
        session.server,
        plural(report.rounds.len() as i64, "round", "rounds"),
        plural(report.lines.len() as i64, "player", "players"),
        minutes / 60,
        minutes % 60,
        session.wins_a,
        session.wins_b,
        session.ties
    );
    anstream::println!("{}\n", painted(QUIET, &facts));
    print_maps(report);
    let teams: Vec<(i64, Vec<&Line>)> = [1, -1].into_iter().map(|one| (one, report.team(one))).collect();
    for (side, lines) in teams {
        print_team(side, &lines);
    }
    for feat in &report.feats {
        anstream::println!("{} {} {}", painted(QUIET, &left(feat.what, 24)), feat.name, feat.value);
    }
}

fn print_maps(report: &SessionReport) {
    let (mut a, mut b) = (0, 0);
    for play in &report.plays {
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
            "  {}  {}  {}  {}",
            left(&play.map, 18),
            left(&report.halves(play), 22),
            painted(style, &left(&report.verdict(play), 14)),
            painted(QUIET, &format!("{a}-{b}")),
        );
    }
    let loose: Vec<_> = report.rounds.iter().filter(|round| round.map_play.is_none()).collect();
    for round in &loose {
        let word = match round.status.as_str() {
            "aborted" => "cut off by a map change",
            "cancelled" => "played again right after",
            "substitution" => "played again with other players",
            other => other,
        };
        let shown = format!("{} R{}", round.map, round.number);
        anstream::println!("  {}  {}", left(&shown, 18), painted(QUIET, word));
    }
    anstream::println!();
}

fn print_team(side: i64, lines: &[&Line]) {
    if lines.is_empty() {
        return;
    }
    let style = accent(if side == 1 { Accent::TeamA } else { Accent::TeamB });
    anstream::println!(
        "{}  {}",
        painted(style, &left(team(side), 18)),
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

pub(super) fn as_json(report: &SessionReport) -> Value {
    let session = &report.session;
    let (a, b) = session.score();
    let line = |line: &Line| {
        json!({
            "name": line.name, "kills": line.kills, "deaths": line.deaths, "damage_given": line.damage,
            "seconds": line.seconds, "dpm_tenths": line.dpm(), "accuracy_permille": line.accuracy(),
            "revives_given": line.revives,
        })
    };
    let maps: Vec<Value> = report
        .plays
        .iter()
        .map(|play| {
            json!({
                "map": play.map, "result": play.result, "winner_team": play.winner_team, "counted": play.counted,
                "inferred": play.inferred, "halves": report.halves(play), "uncounted": play.uncounted,
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
            })
        })
        .collect();
    json!({
        "handle": report.handle, "id": session.id.to_string(), "server": session.server, "date": session.date,
        "score": { "a": a, "b": b, "wins_a": session.wins_a, "wins_b": session.wins_b, "ties": session.ties,
                   "uncounted": session.uncounted },
        "confidence": session.confidence, "maps": maps, "rounds": rounds,
        "team_a": report.team(1).into_iter().map(line).collect::<Vec<_>>(),
        "team_b": report.team(-1).into_iter().map(line).collect::<Vec<_>>(),
    })
}
