//! What teams that people gave a name won and lost. A name is borne by a roster, in the session where it was given and
//! wherever at least half of it plays together; an evening of teams without names is nobody's record.

use std::collections::BTreeMap;

use crate::domain::decisions::{RoundKey, same_name};
use crate::store::read::EpochRow;
use crate::store::{Store, StoreError};

use super::answer::Answer;
use super::columns::{left, right};
use super::post::{Accent, Post, Table};
use super::words::plural;
use super::{ReportError, calendar, handle, which_session};

/// So many of the last matches are told.
const LAST: usize = 5;
/// Two teams are compared over so many days.
const HEAD_TO_HEAD_DAYS: i64 = 365;

/// A match that a team played: one pair of teams of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Match {
    session: i64,
    /// What it was called then; the spelling may differ.
    own: String,
    /// What the others were called, where they had a name.
    other: Option<String>,
    /// Maps won, lost, drawn.
    maps: (i64, i64, i64),
}

/// What some matches come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Record {
    won: i64,
    lost: i64,
    drawn: i64,
    maps: (i64, i64, i64),
}

impl Record {
    fn of<'a>(matches: impl IntoIterator<Item = &'a Match>) -> Self {
        let mut record = Self::default();
        for one in matches {
            let (won, lost, drawn) = one.maps;
            match won.cmp(&lost) {
                std::cmp::Ordering::Greater => record.won += 1,
                std::cmp::Ordering::Less => record.lost += 1,
                std::cmp::Ordering::Equal => record.drawn += 1,
            }
            let maps = &mut record.maps;
            *maps = (maps.0 + won, maps.1 + lost, maps.2 + drawn);
        }
        record
    }

    fn matches(self) -> i64 {
        self.won + self.lost + self.drawn
    }

    fn words(self) -> String {
        format!("{}-{}-{}", self.won, self.lost, self.drawn)
    }

    fn map_words(self) -> String {
        format!("{}-{}-{}", self.maps.0, self.maps.1, self.maps.2)
    }
}

/// What a team won and lost over some days.
pub(super) async fn record(store: &Store, team: &str, days: u16, now_ms: i64) -> Result<Answer, ReportError> {
    let matches = since(store, i64::from(days), now_ms).await?;
    let team = called(store, team).await?;
    let own: Vec<&Match> = matches.iter().filter(|one| same_name(&one.own, &team)).collect();
    let last = handles(store, &own).await?;
    Ok(record_post(&team, days, &own, &last).into())
}

/// What two teams played against each other.
pub(super) async fn head_to_head(store: &Store, one: &str, other: &str, now_ms: i64) -> Result<Answer, ReportError> {
    let matches = since(store, HEAD_TO_HEAD_DAYS, now_ms).await?;
    let (one, other) = (called(store, one).await?, called(store, other).await?);
    if same_name(&one, &other) {
        return Err(ReportError::Nothing(format!("{one} does not play against itself: name two teams.")));
    }
    let against = |one_match: &&Match| {
        same_name(&one_match.own, &one) && one_match.other.as_deref().is_some_and(|name| same_name(name, &other))
    };
    let common: Vec<&Match> = matches.iter().filter(against).collect();
    let last = handles(store, &common).await?;
    Ok(head_to_head_post(&one, &other, &common, &last).into())
}

/// All teams that had a name over some days.
pub(super) async fn history(store: &Store, days: u16, now_ms: i64) -> Result<Answer, ReportError> {
    Ok(history_post(days, &since(store, i64::from(days), now_ms).await?).into())
}

/// Every match of a team with a name that began in the last days, the oldest first; a match of two such teams stands
/// there once for each.
async fn since(store: &Store, days: i64, now_ms: i64) -> Result<Vec<Match>, StoreError> {
    let names = store.team_names().await?;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut given: BTreeMap<(i64, i64), Vec<RoundKey>> = BTreeMap::new();
    for key in names.rounds() {
        if let Some(round) = store.round_of_key(key).await? {
            given.entry((round.session, round.epoch)).or_default().push(key.clone());
        }
    }
    let first = calendar::days_before(which_session::today(store, now_ms).await?, days);
    let mut matches = Vec::new();
    for epoch in store.epochs_since(&first.to_string()).await? {
        let rounds = given.get(&(epoch.session, epoch.epoch)).map_or(&[][..], Vec::as_slice);
        matches.extend(played(&epoch, &names.of(rounds, &epoch.cores)));
    }
    Ok(matches)
}

/// A pair of teams as matches of those of them that have a name; none where no map counted.
fn played(epoch: &EpochRow, names: &[Option<String>; 2]) -> Vec<Match> {
    let (a, b, drawn) = (epoch.wins_a, epoch.wins_b, epoch.ties);
    if a + b + drawn == 0 {
        return Vec::new();
    }
    let of = |own: usize, maps| {
        let other = names[1 - own].clone();
        Some(Match { session: epoch.session, own: names[own].clone()?, other, maps })
    };
    [of(0, (a, b, drawn)), of(1, (b, a, drawn))].into_iter().flatten().collect()
}

/// The name that a text means: one that was given, as it was written last.
async fn called(store: &Store, text: &str) -> Result<String, ReportError> {
    let known = store.team_names().await?.known();
    if let Some(name) = known.iter().find(|name| same_name(name, text)) {
        return Ok(name.clone());
    }
    let part = text.trim().to_lowercase();
    let mut fits = known.iter().filter(|name| name.to_lowercase().contains(&part));
    match (fits.next(), fits.next()) {
        (Some(only), None) if !part.is_empty() => Ok(only.clone()),
        _ if known.is_empty() => {
            Err(ReportError::Nothing("No team has a name yet: a moderator gives them with !set_team_names.".to_owned()))
        }
        _ => Err(ReportError::Nothing(format!("Which team is {}? There are {}.", text.trim(), known.join(", ")))),
    }
}

/// The handles of the last matches, the newest first.
async fn handles(store: &Store, matches: &[&Match]) -> Result<Vec<String>, StoreError> {
    let mut handles = Vec::new();
    for one in matches.iter().rev().take(LAST) {
        if let Some(session) = store.session(one.session).await? {
            handles.push(handle::of_session(store, &session).await?);
        }
    }
    Ok(handles)
}

fn record_post(team: &str, days: u16, matches: &[&Match], last: &[String]) -> Post {
    let record = Record::of(matches.iter().copied());
    let title = match record.matches() {
        0 => format!("{team} played nothing in {}", plural(i64::from(days), "day", "days")),
        _ => format!("{team}: {} in {}", record.words(), plural(i64::from(days), "day", "days")),
    };
    let mut lines = Vec::new();
    if record.matches() > 0 {
        let share = crate::domain::metrics::efficiency::efficiency(record.won, record.matches() - record.won);
        let share = super::words::whole(share);
        lines.push(format!("Won {} of {} ({share} %), maps {}", record.won, record.matches(), record.map_words()));
    }
    post(title, lines, rows(matches, last), "Won, lost, drawn")
}

fn head_to_head_post(one: &str, other: &str, matches: &[&Match], last: &[String]) -> Post {
    let record = Record::of(matches.iter().copied());
    if record.matches() == 0 {
        let title = format!("{one} and {other} have not met in a year");
        return post(title, Vec::new(), Vec::new(), "Over 365 days");
    }
    let title = match record.won.cmp(&record.lost) {
        std::cmp::Ordering::Greater => format!("{one} leads {other} {}", record.words()),
        std::cmp::Ordering::Less => format!("{one} trails {other} {}", record.words()),
        std::cmp::Ordering::Equal => format!("{one} and {other} are even, {}", record.words()),
    };
    let lines = vec![format!("Maps {}", record.map_words())];
    post(title, lines, rows(matches, last), "Won, lost, drawn by the first, over 365 days")
}

fn rows(matches: &[&Match], handles: &[String]) -> Vec<String> {
    let row = |(handle, played): (&String, &&Match)| {
        let (won, lost, drawn) = played.maps;
        let sign = match won.cmp(&lost) {
            std::cmp::Ordering::Greater => 'W',
            std::cmp::Ordering::Less => 'L',
            std::cmp::Ordering::Equal => 'T',
        };
        let score = format!("{}-{}", won + drawn, lost + drawn);
        format!(
            "{sign} {} {} {}",
            left(handle, 11),
            left(played.other.as_deref().unwrap_or("no name"), 12),
            right(&score, 6)
        )
    };
    handles.iter().zip(matches.iter().rev()).map(row).collect()
}

fn post(title: String, lines: Vec<String>, rows: Vec<String>, footer: &str) -> Post {
    let tables = if rows.is_empty() { Vec::new() } else { vec![Table { heading: "Last".to_owned(), rows }] };
    let notes = Vec::new();
    Post { title, accent: Accent::Neutral, lines, tables, notes, footer: footer.to_owned(), timestamp_ms: None }
}

fn history_post(days: u16, matches: &[Match]) -> Post {
    let mut teams: Vec<(String, Vec<&Match>)> = Vec::new();
    for one in matches {
        match teams.iter_mut().find(|(name, _)| same_name(name, &one.own)) {
            Some((_, own)) => own.push(one),
            None => teams.push((one.own.clone(), vec![one])),
        }
    }
    let mut teams: Vec<(String, Record)> = teams.into_iter().map(|(name, own)| (name, Record::of(own))).collect();
    teams.sort_by_key(|(name, record)| (std::cmp::Reverse((record.won, record.matches())), name.clone()));
    let mut rows = vec![format!("{} {} {}", left("", 14), right("W-L-T", 8), right("MAPS", 10))];
    rows.extend(teams.iter().map(|(name, record)| {
        format!("{} {} {}", left(name, 14), right(&record.words(), 8), right(&record.map_words(), 10))
    }));
    let days = plural(i64::from(days), "day", "days");
    let (title, lines, rows) = match teams.first() {
        None => {
            let lines = vec!["A moderator names the teams of a session with !set_team_names DATE A B.".to_owned()];
            (format!("No team with a name played in {days}"), lines, Vec::new())
        }
        Some((name, record)) => (format!("Teams of {days}: {name} leads with {}", record.words()), Vec::new(), rows),
    };
    let tables =
        if rows.is_empty() { Vec::new() } else { vec![Table { heading: "Won, lost, drawn".to_owned(), rows }] };
    let notes = vec!["A name goes with the players: it holds wherever at least half of them play together.".to_owned()];
    Post { title, accent: Accent::Neutral, lines, tables, notes, footer: String::new(), timestamp_ms: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::shown;

    fn epoch(session: i64, wins_a: i64, wins_b: i64, ties: i64) -> EpochRow {
        EpochRow { session, epoch: 0, wins_a, wins_b, ties, cores: Default::default() }
    }

    fn names(a: &str, b: &str) -> [Option<String>; 2] {
        [a, b].map(|name| (!name.is_empty()).then(|| name.to_owned()))
    }

    fn matches() -> Vec<Match> {
        [
            (epoch(1, 3, 1, 1), names("Night", "Day")),
            (epoch(2, 0, 0, 0), names("Night", "Day")),
            (epoch(3, 2, 2, 0), names("day", "Night")),
            (epoch(4, 0, 4, 0), names("Night", "")),
            (epoch(5, 1, 5, 0), names("", "")),
        ]
        .iter()
        .flat_map(|(epoch, names)| played(epoch, names))
        .collect()
    }

    #[test]
    fn a_match_counts_for_both_and_only_with_a_map() {
        let matches = matches();
        assert_eq!(matches.iter().map(|one| one.session).collect::<Vec<_>>(), [1, 1, 3, 3, 4]);
        let of = |name: &str| Record::of(matches.iter().filter(|one| same_name(&one.own, name)));
        assert_eq!(of("night"), Record { won: 1, lost: 1, drawn: 1, maps: (5, 7, 1) });
        assert_eq!(of("Day"), Record { won: 0, lost: 1, drawn: 1, maps: (3, 5, 1) });
    }

    #[test]
    fn records_as_people_read_them() {
        let matches = matches();
        let night: Vec<&Match> = matches.iter().filter(|one| one.own == "Night").collect();
        let both: Vec<&Match> = night.iter().copied().filter(|one| one.other.is_some()).collect();
        let handles = |count: i64| (0..count).map(|day| format!("2026-11-{:02}a", 9 - day)).collect::<Vec<_>>();
        let posts = [
            record_post("Night", 90, &night, &handles(3)),
            record_post("Dusk", 90, &[], &[]),
            head_to_head_post("Night", "Day", &both, &handles(2)),
            head_to_head_post("Night", "Dusk", &[], &[]),
            history_post(30, &matches),
            history_post(30, &[]),
        ];
        insta::assert_snapshot!(posts.iter().map(shown).collect::<Vec<_>>().join("\n----\n"));
    }
}
