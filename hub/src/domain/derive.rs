//! One block's files and the decisions to all derived rows of that block.

use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::artifact::RoundNumber;
use slomix_shared::game::clean_name;

use super::aborted::{cut_off, was_second_half};
use super::clock;
use super::decisions::RoundKey;
use super::differential::{as_written, difference, fill_seconds, flag_leftovers};
use super::ids::{match_id, round_id};
use super::input::{BlockFile, Rules};
use super::leaf::{LeafKey, Sums, leaves};
use super::next_clock::known_next;
use super::outcome::{self, Outcome, trusted_side};
use super::pairing::{Partner, partners};
use super::papers::{Paper, RoundPapers, link};
use super::plausibility::{RoundFacts, of_player, of_round};
use super::play::Play;
use super::replay::status_of_lone_first;
use super::revision::{Fate, fates};
use super::round::{Match, Origin, PlayerRound, Round, Session, Status};
use super::validity::{counts_for, is_valid};

mod copies;
mod evenings;
mod matches;
mod night;
mod score;

/// Everything that one block's files say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Derived {
    /// What became of each artifact, by artifact id.
    pub fates: Vec<(i64, Fate)>,
    /// The rounds, by id.
    pub rounds: Vec<Round>,
    /// The map plays, by id.
    pub matches: Vec<Match>,
    /// The sessions, by id.
    pub sessions: Vec<Session>,
    /// The players' sums.
    pub leaves: BTreeMap<LeafKey, Sums>,
}

/// Derives a block of stats files alone.
pub fn derive(files: &[BlockFile], rules: &Rules) -> Derived {
    derive_with_papers(files, &[], rules)
}

/// Derives a block. Neither the order of `files` and `papers` matters nor whether one of them is given twice.
pub fn derive_with_papers(files: &[BlockFile], papers: &[Paper], rules: &Rules) -> Derived {
    let mut files: Vec<BlockFile> = files.to_vec();
    files.sort_by(|a, b| (&a.file_name, a.hash).cmp(&(&b.file_name, b.hash)));
    files.dedup_by(|later, earlier| (&later.file_name, later.hash) == (&earlier.file_name, earlier.hash));
    let mut fates = fates(&files, &rules.decisions);
    let plays = plays(&files, &mut fates);
    let followed = copies::follow(&files, &fates, rules);
    let rules = followed.as_ref().unwrap_or(rules);
    let window = rules.match_window_minutes * 60;
    let cut_off = cut_off(&plays, window);
    let partners = partners(&plays, &cut_off, window, |stamp| clock::instants_ms(&rules.zone, stamp));

    let mut rounds: Vec<Round> =
        (0..plays.len()).map(|index| round(index, &plays, &cut_off, &partners, rules)).collect();
    matches::place(&mut rounds, &plays, &partners, rules);
    night::place(&mut rounds, &partners, &night::told(papers, &plays, rules), rules);
    let paper_fates = link(papers, &mut rounds, rules);
    rounds.sort_by_key(|round| (round.start_ms, round.id));
    let mut matches = matches::results(&rounds, rules.surrender_scope);
    let sessions = evenings::sessions(&mut rounds, &mut matches, rules);

    let leaves = leaves(&rounds);
    rounds.sort_by_key(|round| round.id);
    matches.sort_by_key(|one| one.id);
    let fates = files.iter().map(|file| file.artifact).zip(fates).chain(paper_fates).collect();
    Derived { fates, rounds, matches, sessions, leaves }
}

/// The files that are rounds, by stamp. Two that claim the same round (names that differ by case) are copies.
fn plays<'a>(files: &'a [BlockFile], fates: &mut [Fate]) -> Vec<Play<'a>> {
    let mut plays: Vec<Play<'a>> = Vec::new();
    let mut claimed: BTreeMap<(i64, String, u8), &str> = BTreeMap::new();
    for (file, fate) in files.iter().zip(fates) {
        let (Fate::Stored, Ok(stats)) = (&*fate, &*file.parsed) else { continue };
        let map_key = file.name.map.key();
        let key = (file.name.stamp.seconds(), map_key.clone(), file.name.round.number());
        if let Some(first) = claimed.get(&key) {
            *fate = Fate::Duplicate((*first).to_owned());
            continue;
        }
        claimed.insert(key, &file.file_name);
        plays.push(Play {
            artifact: file.artifact,
            file_name: &file.file_name,
            stamp: file.name.stamp,
            map: &file.name.map,
            map_key,
            number: file.name.round,
            stats,
        });
    }
    plays.sort_by(|a, b| (a.stamp, a.number, &a.map_key).cmp(&(b.stamp, b.number, &b.map_key)));
    plays
}

fn round(index: usize, plays: &[Play<'_>], cut_off: &[bool], partners: &[Option<Partner>], rules: &Rules) -> Round {
    let play = &plays[index];
    let key =
        RoundKey { server: rules.server.clone(), stamp: play.stamp, map: play.map_key.clone(), number: play.number };
    let decided = rules.decisions.of_round(&key);
    let told = decided.map(|decided| decided.header(&play.stats.header));
    let header = told.as_ref().unwrap_or(&play.stats.header);
    let mut flags: BTreeSet<&'static str> = BTreeSet::new();
    let status = status(index, plays, cut_off, partners);
    if let Some(Partner::Missing { mismatch: Some(other) }) = partners[index].filter(|_| status == Status::Orphan) {
        let clocks_fit = known_next(RoundNumber::One, &plays[other].stats.header) == header.limit;
        flags.insert(if clocks_fit { "counters_mismatch" } else { "limit_mismatch" });
    }
    let was_second = match status {
        Status::Aborted => was_second_half(play, &plays[..index], rules.match_window_minutes * 60),
        _ => play.number == RoundNumber::Two,
    };
    if was_second != (play.number == RoundNumber::Two) {
        flags.insert("label_inverted");
    }
    let mut players = match (status, partners[index]) {
        (_, Some(Partner::First(first))) => {
            let difference = difference(plays[first].stats, play.stats);
            if difference.not_cumulative {
                flags.insert("r2_not_cumulative");
            }
            difference.players
        }
        (Status::Orphan | Status::Aborted, _) if was_second => as_written(play.stats, Origin::Cumulative),
        _ => as_written(play.stats, Origin::AsWritten),
    };
    if let Some(decided) = decided {
        decided.place(&mut players);
        decided.flag(&mut flags);
    }
    if rules.decisions.pin(play.file_name).is_some() {
        flags.insert("pinned");
    }
    rules.decisions.identities().apply(play.stamp, &mut players);
    let (outcome, duration) = if status == Status::Aborted {
        (Outcome::Unknown, None)
    } else {
        let longest = longest_in_team(&players);
        (outcome::outcome(play.number, header), outcome::duration(play.number, header, longest))
    };
    if status == Status::Complete && play.number == RoundNumber::Two {
        flag_leftovers(&mut players, duration);
    }
    fill_seconds(&mut players, duration);
    for player in &mut players {
        let odd = of_player(player, duration);
        player.flags.extend(odd);
    }
    let first = partners[index].and_then(|partner| match partner {
        Partner::First(first) => Some(plays[first].stats),
        Partner::Missing { .. } => None,
    });
    flags.extend(of_round(&RoundFacts { play, header, first, outcome, duration, players: &players }));

    let count = |bot: bool| players.iter().filter(|one| one.participant && one.bot == bot).count() as i64;
    let (humans, bots) = (count(false), count(true));
    // A header of garbage, and nobody whose time in a team is known: that is no record of a round.
    let timeless = flags.contains("garbage_next") && duration.is_none();
    let valid = is_valid(status, &play.map_key, humans, bots, rules) && !timeless;
    let sides_known = status != Status::Aborted;
    let end_ms = clock::instant_ms(&rules.zone, play.stamp);
    let length = duration.or_else(|| longest_in_team(&players)).unwrap_or(0);
    Round {
        id: round_id(&rules.server, play.stamp, play.map, play.number),
        match_id: None,
        session: 0,
        artifact: play.artifact,
        file_name: play.file_name.to_owned(),
        stamp: play.stamp,
        map: play.map_key.clone(),
        number: play.number,
        config: header.config.clone(),
        host: clean_name(&header.server),
        status,
        valid,
        counts_for: counts_for(status, valid, decided.is_some_and(|decided| decided.voided)),
        clock: header.limit,
        defender: trusted_side(header.defender),
        winner: trusted_side(header.winner).filter(|_| sides_known),
        outcome,
        set_time: known_next(play.number, header).filter(|_| outcome == Outcome::Completed),
        duration,
        start_ms: end_ms - length * 1000,
        end_ms,
        humans,
        bots,
        axis_team: 0,
        players,
        papers: RoundPapers::default(),
        flags,
    }
}

/// What became of a round among the others of its block.
fn status(index: usize, plays: &[Play<'_>], cut_off: &[bool], partners: &[Option<Partner>]) -> Status {
    match partners[index] {
        _ if cut_off[index] => Status::Aborted,
        Some(Partner::First(_)) => Status::Complete,
        Some(Partner::Missing { .. }) => Status::Orphan,
        None if partners.contains(&Some(Partner::First(index))) => Status::Complete,
        None => {
            let later = plays.iter().zip(cut_off).skip(index + 1).filter(|(_, cut_off)| !**cut_off);
            status_of_lone_first(&plays[index], later.map(|(play, _)| play))
        }
    }
}

/// The longest time that anybody was in a team in this round, told by those who were in both halves, if there are
/// any: who is in the second file alone may carry first-half time.
fn longest_in_team(players: &[PlayerRound]) -> Option<i64> {
    let longest = |of: fn(Origin) -> bool| {
        players.iter().filter(|player| of(player.origin)).filter_map(|player| player.seconds).max()
    };
    longest(|origin| origin == Origin::Difference).or_else(|| longest(|origin| origin != Origin::Cumulative))
}
