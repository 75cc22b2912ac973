//! The maps of an evening as one picture: who set which time, who held, and how it stood after each.

use crate::reports::answer::Sheet;
use crate::reports::plot::{Half, Outcome, Played, Plot, Team, Timeline};
use crate::reports::post::{Accent, Post};
use crate::reports::session::{EpochReport, SessionReport};
use crate::reports::words::plural;
use crate::store::read::{MapPlayRow, RoundRow};

/// A picture for each pair of teams.
pub(super) fn sheets(report: &SessionReport) -> Vec<Sheet> {
    let played = || report.epochs.iter().filter(|epoch| !epoch.plays.is_empty());
    let several = played().count() > 1;
    let sheet = |(at, epoch): (usize, &EpochReport)| {
        let title = title(epoch);
        let maps = plural(epoch.plays.len() as i64, "map", "maps");
        let part = if several { format!(", teams {}", at + 1) } else { String::new() };
        let plot = Plot::Timeline(Timeline {
            title: title.clone(),
            subtitle: format!("How long each attack took. {maps} of {} in order{part}", report.handle),
            teams: [1, -1].map(|team| epoch.name(team).to_owned()),
            maps: maps_of(report, epoch),
        });
        let (a, b) = epoch.score();
        let post = Post {
            title,
            accent: match a.cmp(&b) {
                std::cmp::Ordering::Greater => Accent::TeamA,
                std::cmp::Ordering::Less => Accent::TeamB,
                std::cmp::Ordering::Equal => Accent::Neutral,
            },
            lines: vec!["A page for each map follows.".to_owned()],
            tables: Vec::new(),
            notes: Vec::new(),
            footer: format!("{} · {maps}{part}", report.handle),
            timestamp_ms: Some(report.session.end_ms),
        };
        Sheet::with_picture(post, "maps", plot)
    };
    played().enumerate().map(sheet).collect()
}

/// How it stood after each map play of a pair of teams: who gained, and the score where the map counts.
pub(super) fn scores(epoch: &EpochReport) -> Vec<(Option<Team>, Option<[u32; 2]>)> {
    let mut score = (0, 0);
    let after = |play: &MapPlayRow| {
        score = super::score::after(score, play);
        let gained = team(if play.counted { play.winner_team } else { 0 });
        let whole = |maps: i64| u32::try_from(maps).unwrap_or(0);
        (gained, play.counted.then(|| [whole(score.0), whole(score.1)]))
    };
    epoch.plays.iter().map(after).collect()
}

fn title(epoch: &EpochReport) -> String {
    let (a, b) = epoch.score();
    if (a, b) == (0, 0) {
        return "No map counts yet".to_owned();
    }
    format!("{} {a} – {b} {}", epoch.name(1), epoch.name(-1))
}

fn maps_of(report: &SessionReport, epoch: &EpochReport) -> Vec<Played> {
    let played = |(play, (gained, score)): (&MapPlayRow, (Option<Team>, Option<[u32; 2]>))| Played {
        map: play.map.clone(),
        halves: [play.first_half, play.second_half].map(|id| report.round(id).map(half)),
        gained,
        score,
    };
    epoch.plays.iter().zip(scores(epoch)).map(played).collect()
}

fn half(round: &RoundRow) -> Half {
    let whole = |seconds: Option<i64>| seconds.and_then(|seconds| u32::try_from(seconds).ok());
    let (outcome, seconds) = match round.outcome.as_str() {
        "completed" => (Outcome::Set, round.made_in()),
        "held" => (Outcome::Held, round.duration.or(round.clock)),
        _ => (Outcome::Unknown, round.duration),
    };
    Half { attacker: team(round.attackers()), outcome, seconds: whole(seconds), limit: whole(round.clock) }
}

fn team(number: i64) -> Option<Team> {
    match number {
        1 => Some(Team::A),
        -1 => Some(Team::B),
        _ => None,
    }
}
