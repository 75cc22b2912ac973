//! How a result was reached, in the words of somebody who was not there: what the files say, what was made of it, and what
//! it counts for.

use crate::domain::round::CountsFor;
use crate::store::read::{MapPlayRow, RoundRow};

use super::post::{Accent, Post};
use super::session::{EpochReport, SessionReport};
use super::uncounted::numberless;
use super::words::{army, clock, plural};

/// How a round came to what its post says.
pub(super) fn round(report: &SessionReport, round: &RoundRow, handle: &str) -> Post {
    let epoch = epoch_of(report, round.epoch);
    let mut lines = of_round(&epoch, round);
    let play = epoch.plays.iter().find(|play| Some(play.id) == round.map_play);
    match play {
        Some(play) => lines.extend(of_map(report, &epoch, play)),
        None if round.status == "aborted" => {}
        None => lines.push("It is part of no map, so it has no part in the score.".to_owned()),
    }
    lines.push(counts(round));
    post(format!("How {} R{} came about", round.map, round.half()), lines, report, handle)
}

/// How a map came to its result.
pub(super) fn map(report: &SessionReport, play: &MapPlayRow, handle: &str) -> Post {
    let epoch = epoch_of(report, play.epoch);
    let mut lines = Vec::new();
    for half in [play.first_half, play.second_half] {
        lines.extend(report.round(half).map(|half| of_round(&epoch, half)).into_iter().flatten());
    }
    lines.extend(of_map(report, &epoch, play));
    post(format!("How {} came about", play.map), lines, report, handle)
}

fn post(title: String, lines: Vec<String>, report: &SessionReport, handle: &str) -> Post {
    let session = &report.session;
    Post {
        title,
        accent: Accent::Neutral,
        lines,
        tables: Vec::new(),
        notes: vec![format!(
            "Teams are told by who plays with whom, whatever side they are on: {} % of the time fits, {} confidence. A \
             wrong result? A moderator can correct it, and the posts follow.",
            session.agreement / 10,
            session.confidence
        )],
        footer: handle.to_owned(),
        timestamp_ms: Some(session.end_ms),
    }
}

fn epoch_of(report: &SessionReport, number: i64) -> EpochReport {
    let of_number = |epoch: &&EpochReport| {
        epoch.plays.iter().any(|play| play.epoch == number) || epoch.members.iter().any(|member| member.epoch == number)
    };
    report.epochs.iter().find(of_number).or(report.epochs.last()).cloned().unwrap_or_default()
}

fn of_round(epoch: &EpochReport, round: &RoundRow) -> Vec<String> {
    let place = format!("R{}", round.half());
    let attackers = match round.attackers() {
        0 => "who attacked is not known".to_owned(),
        team => format!("{} attacked, {} defended", epoch.name(team), army(round.defender)),
    };
    let mut lines = vec![format!("{place}: {attackers}, on a clock of {}.", clock(round.clock))];
    lines.push(match (round.outcome.as_str(), round.half()) {
        ("completed", 1) => {
            format!("The file says {} won: made in {}, the time to beat.", army(round.winner), clock(round.made_in()))
        }
        ("completed", _) => {
            format!("The file says {} won: made in {}, before the clock.", army(round.winner), clock(round.made_in()))
        }
        ("held", _) => format!("The file says {} won: held.", army(round.winner)),
        _ => "The file does not tell how it ended.".to_owned(),
    });
    if !matches!(round.end_reason.as_str(), "" | "unknown") {
        lines.push(format!("The server's round event says: {}.", round.end_reason.replace('_', " ")));
    }
    if let Some(pauses) = round.pauses.filter(|pauses| *pauses > 0) {
        let time = round.pause_seconds.map_or(String::new(), |seconds| format!(", {} in all", clock(Some(seconds))));
        lines.push(format!("{}{time}; the clock stood still.", plural(pauses, "pause", "pauses")));
    }
    lines.extend(round.flags.split(',').filter(|flag| !flag.is_empty()).map(flag));
    lines
}

/// What an odd thing means.
fn flag(flag: &str) -> String {
    match flag {
        "held_early" => "Held long before the clock ran out: a surrender, or the server's doing.",
        "label_inverted" => "The file bears the other half's number, as files of rounds that were cut off do.",
        "counters_mismatch" => "Its counters do not fit those of the other half.",
        "limit_mismatch" => "Its clock is not the time that the first half set.",
        "r2_not_cumulative" => "Its numbers were of this half alone already, so nothing was taken off.",
        "no_swap" => "The sides did not change between the halves.",
        "sides_from_event" => "Who was on which side was taken from the server's round event.",
        "endstats_lines_dropped" => "Some lines of its endstats could not be read.",
        "pinned" => "A moderator said which version of the file is the right one.",
        "voided" => "A moderator declared it void.",
        other => return format!("Noted of it: {}.", other.replace('_', " ")),
    }
    .to_owned()
}

fn of_map(report: &SessionReport, epoch: &EpochReport, play: &MapPlayRow) -> Vec<String> {
    let mut lines = Vec::new();
    let name = |team: i64| if team == 0 { "one team, it is not known which" } else { epoch.name(team) };
    lines.push(match (play.result.as_str(), play.second_half) {
        ("first", _) => format!("The map: the second half did not beat the first, so {} won.", name(play.winner_team)),
        ("second", _) => {
            format!("The map: the second half made it within its clock, so {} won.", name(play.winner_team))
        }
        ("tie", _) => "The map: both halves were held, so it is 1-1.".to_owned(),
        (_, None) => "The map: its second half is missing, so it has no result yet.".to_owned(),
        _ => "The map: the files do not tell who won.".to_owned(),
    });
    if play.inferred {
        lines.push("The first half is missing; the second half's clock tells that a time was set.".to_owned());
    }
    match report.unscored(play) {
        Some(why) => lines.push(format!("It does not count for the score: {why}.")),
        None => lines.push("It counts for the score.".to_owned()),
    }
    lines
}

fn counts(round: &RoundRow) -> String {
    let purposes =
        [(CountsFor::SCORE, "the score"), (CountsFor::RATING, "ratings"), (CountsFor::LIFETIME, "everybody's totals")];
    let counted: Vec<&str> =
        purposes.iter().filter(|(purpose, _)| round.counts_for(*purpose)).map(|(_, name)| *name).collect();
    match (counted.as_slice(), numberless(round)) {
        ([], Some(why)) => format!("R{} counts for nothing: {why}.", round.half()),
        ([], None) => format!("R{} counts for nothing.", round.half()),
        (counted, _) => format!("R{} counts for {}.", round.half(), counted.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::{shown, two_maps};

    #[test]
    fn what_was_made_of_the_files_is_told() {
        let mut report = two_maps().report;
        let odd = &mut report.rounds[3];
        (odd.flags, odd.end_reason) = ("held_early,sides_from_event,brand_new".to_owned(), "surrender".to_owned());
        (odd.pauses, odd.pause_seconds) = (Some(2), Some(95));
        let cut = &mut report.rounds[2];
        (cut.status, cut.valid, cut.counts_for, cut.map_play) = ("aborted".to_owned(), false, 0, None);
        let play = report.epochs[0].plays[0].clone();
        let told = [
            round(&report, &report.rounds[0], "2026-11-09a.1"),
            round(&report, &report.rounds[3], "2026-11-09a.4"),
            round(&report, &report.rounds[2], "2026-11-09a.3"),
            map(&report, &play, "2026-11-09a"),
        ];
        insta::assert_snapshot!(told.iter().map(shown).collect::<Vec<_>>().join("\n====\n"));
    }
}
