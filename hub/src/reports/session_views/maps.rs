//! A page for each map play, or for each of its halves as well.

use crate::domain::leaf::Number;
use crate::domain::metrics::{headshot_accuracy, time_dead_ratio};
use crate::domain::round::CountsFor;
use crate::reports::answer::{Answer, Sheet, Shown};
use crate::reports::grid::grid;
use crate::reports::numbers_table::{Best, Line, table};
use crate::reports::post::{Accent, Post, Table};
use crate::reports::session::EpochReport;
use crate::reports::session_numbers::{SessionNumbers, Somebody};
use crate::reports::uncounted::numberless;
use crate::reports::words::{clock, count, whole};
use crate::store::read::RoundRow;

/// How all went, then a page for each map play in order; with `halves` each is followed by one for either half.
pub(super) fn pages(numbers: &SessionNumbers, halves: bool) -> Answer {
    let mut pages: Vec<Post> = of_plays(numbers, halves).into_iter().flat_map(|(_, pages)| pages).collect();
    if pages.is_empty() {
        pages.push(super::of_everybody(numbers, None, "Maps", Vec::new()));
    }
    let timeline = super::timeline::sheets(&numbers.report).into_iter();
    let sheets = timeline.chain(pages.into_iter().map(Sheet::from)).collect();
    Answer { sheets, shown: Shown::BySheet, ..Answer::default() }
}

/// The pages of each map play, by its id.
pub(in crate::reports) fn of_plays(numbers: &SessionNumbers, halves: bool) -> Vec<(i64, Vec<Post>)> {
    let report = &numbers.report;
    let total: usize = report.epochs.iter().map(|epoch| epoch.plays.len()).sum();
    let mut plays = Vec::new();
    let mut place = 0;
    let mut played: Vec<&str> = Vec::new();
    for epoch in &report.epochs {
        let mut score = (0, 0);
        for play in &epoch.plays {
            place += 1;
            played.push(&play.map);
            score = super::score::after(score, play);
            let times = played.iter().filter(|map| **map == play.map).count();
            let name = if times > 1 { format!("{} (#{times})", play.map) } else { play.map.clone() };
            let result = super::score::result(epoch, play);
            let mut page = page(numbers, epoch, &numbers.in_play(play));
            page.title = format!("{name}: {result}");
            page.accent = match (play.counted, play.winner_team) {
                (true, 1) => Accent::TeamA,
                (true, -1) => Accent::TeamB,
                _ => Accent::Neutral,
            };
            page.lines.push(report.halves(play));
            page.lines.extend(report.unscored(play).map(|why| format!("Not counted: {why}")));
            let own = [play.first_half, play.second_half].map(|half| report.round(half));
            page.lines.extend(own.iter().flatten().filter_map(|round| without_numbers(round)));
            let (a, b) = score;
            page.lines.push(format!("Then it stood {} {a} - {b} {}", epoch.name(1), epoch.name(-1)));
            page.footer = format!("{} · map {place} of {total}", report.handle);
            let mut pages = vec![page];
            if halves {
                pages.extend(own.into_iter().flatten().map(|round| half(numbers, epoch, round, &name)));
            }
            plays.push((play.id, pages));
        }
    }
    plays
}

/// The page of a half of the map `name`.
pub(in crate::reports) fn half(numbers: &SessionNumbers, epoch: &EpochReport, round: &RoundRow, name: &str) -> Post {
    let mut post = page(numbers, epoch, &numbers.over(|other| other.id == round.id));
    let (did, gained) = match round.outcome.as_str() {
        "completed" => (format!("made it in {}", clock(round.made_in())), round.attackers()),
        "held" => (format!("held {}", clock(round.duration.or(round.clock))), -round.attackers()),
        _ => ("it is not known how it ended".to_owned(), 0),
    };
    let who = if gained == 0 { String::new() } else { format!("{} ", epoch.name(gained)) };
    post.title = format!("{name} R{}: {who}{did}", round.half());
    post.accent = match gained {
        1 => Accent::TeamA,
        -1 => Accent::TeamB,
        _ => Accent::Neutral,
    };
    post.lines.extend(without_numbers(round));
    post.footer = format!("{} · {name} R{}", numbers.report.handle, round.half());
    post
}

/// What must be said of a half whose numbers count for nobody.
fn without_numbers(round: &RoundRow) -> Option<String> {
    let why = numberless(round).or_else(|| (!counts(round)).then_some("not counted"))?;
    Some(format!("R{}'s numbers count for nobody's totals: {why}", round.half()))
}

/// Whether a round counts for totals.
pub(super) fn counts(round: &RoundRow) -> bool {
    round.counts_for(CountsFor::LIFETIME)
}

/// The tables of some rounds: both teams, then what else there is to tell.
fn page(numbers: &SessionNumbers, epoch: &EpochReport, everybody: &[Somebody<'_>]) -> Post {
    let of_team = |team: i64| {
        let mut lines: Vec<Line> = everybody.iter().filter(|one| one.team == team).map(line).collect();
        lines.sort_by_key(|line| (std::cmp::Reverse(line.dpm()), std::cmp::Reverse(line.kills)));
        lines
    };
    let teams = [(1, epoch.name(1)), (-1, epoch.name(-1)), (0, "Team not known")];
    let teams = teams.map(|(team, name)| (name.to_owned(), of_team(team)));
    let best = Best::of(&teams.iter().flat_map(|(_, lines)| lines));
    let mut tables: Vec<Table> = teams
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(name, lines)| table(name, &lines, best, true))
        .collect();
    if !everybody.is_empty() {
        tables.push(more(everybody));
    }
    Post { tables, timestamp_ms: Some(numbers.report.session.end_ms), ..Post::titled(String::new()) }
}

fn line(one: &Somebody<'_>) -> Line {
    let known = |number: Number| one.known(number, Number::KnownRounds);
    Line {
        name: one.name.to_owned(),
        kills: one.number(Number::Kills),
        deaths: one.number(Number::Deaths),
        damage: known(Number::DamageGiven),
        seconds: known(Number::Seconds),
        bullet_hits: one.number(Number::BulletHits),
        bullet_shots: one.number(Number::BulletShots),
        revives: one.known(Number::RevivesGiven, Number::RevivesKnownSeconds).filter(|_| !one.is_of_both_halves()),
    }
}

fn more(everybody: &[Somebody<'_>]) -> Table {
    let known = |one: &Somebody<'_>, number: Number| one.known(number, Number::KnownRounds);
    let column = |text: &dyn Fn(&Somebody<'_>) -> String| everybody.iter().map(text).collect::<Vec<_>>();
    let alone = |one: &Somebody<'_>, value: Option<i64>| value.filter(|_| !one.is_of_both_halves());
    grid(
        "Head %, gibs, team damage, dead %, denied",
        everybody.iter().map(|one| one.name),
        &[
            ("HS", column(&|one| whole(headshot_accuracy::METRIC.of(&one.sums)))),
            ("GIB", column(&|one| count(known(one, Number::Gibs)))),
            ("TD", column(&|one| count(known(one, Number::TeamDamageGiven)))),
            ("DEAD", column(&|one| whole(alone(one, time_dead_ratio::METRIC.of(&one.sums))))),
            ("DENY", column(&|one| clock(alone(one, one.known(Number::DeniedSeconds, Number::DeniedKnownSeconds))))),
        ],
    )
}
