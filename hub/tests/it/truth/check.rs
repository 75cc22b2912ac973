//! Derived rounds beside the rounds that were played.

use std::collections::{BTreeMap, BTreeSet};

use slomix_hub::domain::map_result::MapResult;
use slomix_hub::domain::outcome::Outcome;
use slomix_hub::domain::revision::Fate;
use slomix_hub::domain::round::{CountsFor, Origin, PlayerRound, Round, Status};
use slomix_shared::artifact::RoundNumber;
use slomix_shared::game::{Side, clean_name};
use slomix_shared::sim::{Mode, Roster, RoundKind};

use super::archive::Archive;
use super::expected::{self, File};
use super::findings::Findings;

/// Compares everything that the files can tell of `rounds`.
pub(super) fn check(archive: &Archive, rounds: &[expected::Round], findings: &mut Findings) {
    for expected in rounds {
        check_file(archive, expected, findings);
        if let Some(found) = archive.round(&expected.name).filter(|_| expected.is_there()) {
            check_round(archive, found, expected, rounds, findings);
        }
    }
    check_teams(archive, rounds, findings);
}

fn check_file(archive: &Archive, expected: &expected::Round, findings: &mut Findings) {
    let fates = archive.fates(&expected.name);
    let stored = fates.iter().filter(|fate| ***fate == Fate::Stored).count();
    let cut = fates.iter().any(|fate| matches!(fate, Fate::Quarantined { code: "truncated", .. }));
    let right = match expected.file {
        File::Whole => stored == 1,
        File::Lost => fates.is_empty(),
        File::Cut => stored == 0 && cut,
    };
    findings.holds("files", right, || format!("{} {:?}: {fates:?}", expected.name, expected.file));
}

fn check_round(
    archive: &Archive,
    found: &Round,
    expected: &expected::Round,
    rounds: &[expected::Round],
    findings: &mut Findings,
) {
    let name = &expected.name;
    if expected.kind == RoundKind::Abort {
        let flat = (found.status, found.outcome, found.winner, found.match_id, found.valid);
        findings.same("cut-off rounds", name, &flat, &(Status::Aborted, Outcome::Unknown, None, None, false));
        check_label(found, expected, rounds, findings);
        return;
    }
    let outcome = if expected.winner == Some(expected.defender) { Outcome::Held } else { Outcome::Completed };
    findings.same("outcomes", name, &found.outcome, &outcome);
    findings.same("winners", name, &(found.defender, found.winner), &(Some(expected.defender), expected.winner));
    let (seconds, off) = expected.duration;
    let right = match found.duration {
        Some(found) => (found - seconds).abs() <= off,
        // An orphan's players show totals, so without a measured time nothing tells how long a hold took.
        None => found.status == Status::Orphan && outcome == Outcome::Held && off > 0,
    };
    findings.holds("durations", right, || format!("{name}: {:?} for {seconds}", found.duration));
    check_clocks(found, expected, findings);

    let other = rounds.iter().find(|other| {
        other.pairing == expected.pairing
            && other.number != expected.number
            && other.is_there()
            && other.kind != RoundKind::Abort
    });
    let partner = partner(archive, found);
    findings.same("pairs", name, &partner, &other.map(|other| other.name.as_str()));
    let right = match (expected.number, other) {
        (_, Some(_)) => found.status == Status::Complete,
        (RoundNumber::Two, None) => found.status == Status::Orphan,
        // Whether a lone first half was played again is not told by the pairing.
        (RoundNumber::One, None) => {
            matches!(found.status, Status::Abandoned | Status::Cancelled | Status::Substitution)
        }
    };
    findings.holds("states", right, || format!("{name}: {:?} beside {other:?}", found.status));
    if found.status == Status::Orphan {
        check_orphan(found, findings);
    }
    let fair = !expected.players.iter().any(|player| player.bot && player.line.is_some());
    findings.same("fair rounds", name, &found.valid, &fair);
    check_players(found, expected, findings);
}

/// The clock in force, the end, and whether a hold that was given up shows.
fn check_clocks(found: &Round, expected: &expected::Round, findings: &mut Findings) {
    let name = &expected.name;
    let right = found.clock.is_some_and(|clock| (clock..=clock + 1).contains(&expected.clock));
    findings.holds("clocks", right, || format!("{name}: {:?} for {}", found.clock, expected.clock));
    if let Some(end) = expected.end {
        // The file is written three seconds after the end.
        let late = found.end_ms / 1000 - end;
        findings.holds("ends", (2..=4).contains(&late), || format!("{name}: {late} s after the end"));
    }
    let (seconds, off) = expected.duration;
    let left = i64::from(expected.clock) - seconds;
    if found.duration.is_none() || (left - 30).abs() <= off + 1 {
        return findings.left_out("holds that may have been early");
    }
    let gave_up = expected.surrendered.is_some_and(|army| army != expected.defender) && left > 30;
    findings.same("holds given up", name, &found.flags.contains("held_early"), &gave_up);
}

/// An orphan's numbers are of both halves: each row says so, and none is in a total.
fn check_orphan(found: &Round, findings: &mut Findings) {
    let said = found.players.iter().all(|player| player.origin == Origin::Cumulative);
    let counts = found.counts_for.has(CountsFor::LIFETIME) || found.counts_for.has(CountsFor::RATING);
    findings.holds("orphans", said && !counts, || found.file_name.clone());
}

/// Whether a cut-off round is known for the half that it really was. Without its first half's file that may not show.
fn check_label(found: &Round, expected: &expected::Round, rounds: &[expected::Round], findings: &mut Findings) {
    let first = rounds.iter().find(|other| other.pairing == expected.pairing && other.number == RoundNumber::One);
    if first.is_some_and(|first| !first.is_there()) {
        findings.left_out("cut-off rounds without their first half");
        return;
    }
    let inverted = found.flags.contains("label_inverted");
    findings.same("labels", &expected.name, &inverted, &(found.number != expected.number));
}

fn partner<'a>(archive: &'a Archive, round: &Round) -> Option<&'a str> {
    let other = archive.rounds().find(|other| other.match_id == round.match_id && other.id != round.id);
    other.filter(|_| round.match_id.is_some()).map(|other| other.file_name.as_str())
}

fn check_players(found: &Round, expected: &expected::Round, findings: &mut Findings) {
    let listed = expected.players.iter().filter(|player| player.line.is_some()).count();
    findings.same("rosters", &expected.name, &found.players.len(), &listed);
    for player in &expected.players {
        let at = format!("{} {}", expected.name, player.guid);
        let rows = rows_of(found, player);
        let (Some(line), [row]) = (&player.line, &rows[..]) else {
            findings.holds("lines", rows.is_empty() && player.line.is_none(), || format!("{at}: {} rows", rows.len()));
            continue;
        };
        check_side(row, player, expected.number, &at, findings);
        match (found.status, line.mode) {
            (Status::Orphan, _) => findings.left_out("lines of orphans, which are totals"),
            (_, Mode::Reset) if !line.reset_shows => findings.left_out("resets that no file shows"),
            _ => check_line(row, line, &at, findings),
        }
    }
}

/// The rows that can be this player's: by GUID, and by name where that is not his own.
fn rows_of<'a>(found: &'a Round, player: &expected::Player) -> Vec<&'a PlayerRound> {
    let of_guid: Vec<_> = found.players.iter().filter(|row| row.key.guid().as_str() == player.guid).collect();
    if of_guid.len() < 2 && !player.bot {
        return of_guid;
    }
    of_guid.into_iter().filter(|row| row.name == clean_name(&player.name)).collect()
}

fn check_side(row: &PlayerRound, player: &expected::Player, number: RoundNumber, at: &str, findings: &mut Findings) {
    // Somebody who left to watch has no side in the file; in a second half his first one may tell it.
    let told = !player.spectator || (number == RoundNumber::Two && row.side.is_some());
    let side = told.then_some(player.side);
    findings.same("sides", at, &row.side, &side);
    findings.same("bots", at, &row.bot, &player.bot);
    findings.same("names", at, &row.raw_name, &player.name);
}

fn check_line(row: &PlayerRound, line: &expected::Line, at: &str, findings: &mut Findings) {
    findings.left_out("player lines");
    findings.same("resets", at, &(row.origin == Origin::Reset), &(line.mode == Mode::Reset));
    for &(field, value) in &line.fields {
        let found = row.fields.get(field);
        findings.holds("fields", found == Some(value), || format!("{at} {field:?}: {found:?} for {value}"));
    }
    let weapons: BTreeMap<u8, [i64; 5]> = row
        .weapons
        .iter()
        .map(|weapon| (weapon.weapon.bit(), [weapon.hits, weapon.shots, weapon.kills, weapon.deaths, weapon.headshots]))
        .collect();
    findings.same("weapon tables", at, &weapons, &line.weapons);
    let (seconds, off) = line.seconds;
    let near = row.seconds.is_some_and(|found| (found - seconds).abs() <= off);
    findings.holds("times", near, || format!("{at}: {:?} for {seconds}", row.seconds));
}

/// Our team A within one of our epochs, and the round that told it first.
type TeamA<'a> = BTreeMap<(i64, usize), (Roster, &'a str)>;

/// Team labels mean nothing across shuffles, so this is compared where one of our epochs saw one pair of real teams:
/// our team A is always the same one of the two, whichever side it is on, and every map is won by whom it was.
fn check_teams(archive: &Archive, rounds: &[expected::Round], findings: &mut Findings) {
    let mut pairs: BTreeMap<(i64, usize), BTreeSet<usize>> = BTreeMap::new();
    let there: Vec<(&expected::Round, &Round)> = rounds
        .iter()
        .filter(|round| round.is_there())
        .filter_map(|expected| Some((expected, archive.round(&expected.name)?)))
        .collect();
    for (expected, found) in &there {
        pairs.entry(archive.epoch(found)).or_default().insert(expected.teams);
    }
    let mut team_a = TeamA::new();
    for &(expected, found) in &there {
        let epoch = archive.epoch(found);
        if pairs[&epoch].len() > 1 {
            findings.left_out("rounds among shuffles that nobody saw");
            continue;
        }
        let Some(ours) = team_a_in(expected, found) else {
            findings.left_out("rounds whose teams are unclear");
            continue;
        };
        let (known, since) = *team_a.entry(epoch).or_insert((ours, &expected.name));
        findings.holds("teams", ours == known, || format!("{} against {since}", expected.name));
    }
    for &(expected, found) in &there {
        check_map(archive, expected, found, rounds, &team_a, findings);
    }
}

/// Which real team our team A is in this round.
fn team_a_in(expected: &expected::Round, found: &Round) -> Option<Roster> {
    let axis = if expected.side_of_a == Side::Axis { Roster::A } else { Roster::B };
    match found.axis_team {
        1 => Some(axis),
        -1 => Some(axis.other()),
        _ => None,
    }
}

/// The result of a map, looked at from its second half.
fn check_map(
    archive: &Archive,
    second: &expected::Round,
    found: &Round,
    rounds: &[expected::Round],
    team_a: &TeamA<'_>,
    findings: &mut Findings,
) {
    let first = rounds.iter().find(|other| other.pairing == second.pairing && other.number != second.number);
    let (Some(first), RoundNumber::Two) = (first, second.number) else { return };
    let play = archive.matches().find(|play| play.second == Some(found.id));
    let (Some(play), Some(winner)) = (play, second.winner) else {
        let cut_off = second.kind == RoundKind::Abort;
        findings.holds("maps", cut_off, || format!("{} has no map play", second.name));
        return;
    };
    let completed = |round: &expected::Round| round.winner != Some(round.defender);
    let result = match (completed(first), completed(second)) {
        (_, true) => MapResult::SecondAttackers,
        (true, false) => MapResult::FirstAttackers,
        (false, false) => MapResult::Tie,
    };
    if !first.is_there() {
        let right = play.result == MapResult::Incomplete || (play.result == result && play.inferred);
        findings.holds("maps told by the second half alone", right, || format!("{}: {:?}", second.name, play.result));
        return;
    }
    findings.same("maps", &second.name, &play.result, &result);
    let Some((a, _)) = team_a.get(&archive.epoch(found)).filter(|_| play.counted) else { return };
    let roster = if winner == second.side_of_a { Roster::A } else { Roster::B };
    // Whoever won the second half won the map: its attackers beat the clock, or its defenders had set it.
    let expected = match result {
        MapResult::Tie => 0,
        _ if roster == *a => 1,
        _ => -1,
    };
    findings.same("map winners", &second.name, &play.winner_team, &expected);
}
