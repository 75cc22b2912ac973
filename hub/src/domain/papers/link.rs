use std::cmp::Ordering;
use std::collections::BTreeMap;

use slomix_shared::artifact::ContentHash;
use slomix_shared::formats::endstats::EndstatsFile;
use slomix_shared::formats::gametime::Gametime;

use super::roster::Roster;
use super::{Paper, Parsed, Place, awards, distance, event, local_stamp};
use crate::domain::input::Rules;
use crate::domain::revision::{DAMAGED, Fate};
use crate::domain::round::{Round, Status};

/// Gives every paper to its round and tells what became of it. Neither the order of `papers` nor repetitions matter.
pub(in crate::domain) fn link(papers: &[Paper], rounds: &mut [Round], rules: &Rules) -> Vec<(i64, Fate)> {
    let mut papers: Vec<&Paper> = papers.iter().collect();
    papers.sort_by_key(|paper| (local_stamp(&paper.name, &rules.zone), &paper.file_name, paper.hash));
    papers.dedup_by_key(|paper| paper.artifact);
    let mut fates: Vec<Fate> = papers.iter().map(|paper| fate_alone(paper)).collect();
    supersede(&papers, &mut fates);
    mark_copies(&papers, &mut fates);

    let mut endstats: BTreeMap<usize, Vec<&EndstatsFile>> = BTreeMap::new();
    let mut events: BTreeMap<usize, Vec<(i64, usize, &Gametime)>> = BTreeMap::new();
    for (index, paper) in papers.iter().enumerate() {
        if fates[index] != Fate::Stored {
            continue;
        }
        let Some((round, distance)) = nearest(paper, rounds, rules) else {
            fates[index] = waiting("the stats file of its round cannot be read, or is a copy of another one");
            continue;
        };
        match &paper.parsed {
            Parsed::Endstats(parsed) => {
                let Ok(file) = &**parsed else { continue };
                endstats.entry(round).or_default().push(file);
                fates[index] = fate_of_endstats(rounds[round].status);
            }
            Parsed::Event(parsed) => {
                let Ok(event) = &**parsed else { continue };
                events.entry(round).or_default().push((distance, index, event));
            }
        }
    }
    for (round, told) in events {
        let nearest = told.iter().min_by_key(|(distance, index, _)| (*distance, *index));
        let Some((_, first, event)) = nearest else { continue };
        for (_, other, _) in told.iter().filter(|(_, other, _)| other != first) {
            let reason = format!("{} tells of the same round and is nearer to it", papers[*first].file_name);
            fates[*other] = Fate::Kept { code: "other_event", reason };
        }
        event::apply(&mut rounds[round], event);
        let guids = event.players.iter().map(|(guid, name)| (guid, name.as_bytes()));
        note_guids(&mut rounds[round], guids);
    }
    for (round, files) in endstats {
        let round = &mut rounds[round];
        let guids = awards::guids(&files);
        note_guids(round, guids.iter().copied());
        if fate_of_endstats(round.status) != Fate::Stored {
            continue;
        }
        let mut roster = Roster::of(round);
        for (guid, name) in guids {
            roster.tell(name, Some(guid));
        }
        let (awards, duels) = (awards::awards(&files, &roster), awards::duels(&files, &roster));
        (round.papers.awards, round.papers.duels) = (awards, duels);
        if files.iter().any(|file| !file.remarks.is_empty()) {
            round.flags.insert("endstats_lines_dropped");
        }
    }
    papers.iter().map(|paper| paper.artifact).zip(fates).collect()
}

/// What becomes of a paper whatever else there is.
fn fate_alone(paper: &Paper) -> Fate {
    if paper.damaged {
        let reason = DAMAGED.to_owned();
        return Fate::Quarantined { code: "damaged", reason };
    }
    let fault = match &paper.parsed {
        Parsed::Endstats(parsed) => parsed.as_ref().as_ref().err().map(|error| (error.code(), error.to_string())),
        Parsed::Event(parsed) => parsed.as_ref().as_ref().err().map(|error| (error.code(), error.to_string())),
    };
    match (fault, &paper.refused) {
        (Some((code, reason)), _) => Fate::Quarantined { code, reason },
        (None, Some(rules)) => {
            Fate::Quarantined { code: "rejected", reason: format!("the agent's rules refuse it: {rules}") }
        }
        (None, None) => Fate::Stored,
    }
}

/// Of several contents of one name one counts: the readable one, the longer where one is the beginning of the other,
/// else the richer, else the one with more bytes, else the higher hash.
fn supersede(papers: &[&Paper], fates: &mut [Fate]) {
    let mut best: BTreeMap<&str, usize> = BTreeMap::new();
    for index in 0..papers.len() {
        let standing = best.entry(&papers[index].file_name).or_insert(index);
        if *standing != index {
            let usable = |at: usize| fates[at] == Fate::Stored;
            let order = usable(index).cmp(&usable(*standing)).then_with(|| richer(papers[index], papers[*standing]));
            let loser = if order == Ordering::Greater { std::mem::replace(standing, index) } else { index };
            fates[loser] = Fate::Superseded;
        }
    }
}

fn richer(a: &Paper, b: &Paper) -> Ordering {
    let lines = |paper: &Paper| match &paper.parsed {
        Parsed::Endstats(parsed) => {
            parsed.as_ref().as_ref().map_or((0, 0), |file| (file.awards.len(), file.versus.len()))
        }
        Parsed::Event(_) => (0, 0),
    };
    let starts = (a.content.starts_with(&b.content), b.content.starts_with(&a.content));
    match starts {
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        _ => lines(a).cmp(&lines(b)).then(a.content.len().cmp(&b.content.len())).then(a.hash.cmp(&b.hash)),
    }
}

/// The same content under two names is one paper: the one with the lowest stamp counts.
fn mark_copies(papers: &[&Paper], fates: &mut [Fate]) {
    let mut first: BTreeMap<ContentHash, usize> = BTreeMap::new();
    for index in 0..papers.len() {
        if fates[index] == Fate::Stored {
            let original = *first.entry(papers[index].hash).or_insert(index);
            if original != index {
                fates[index] = Fate::Duplicate(papers[original].file_name.clone());
            }
        }
    }
}

/// The nearest round of the paper's map and half, and how far it is.
fn nearest(paper: &Paper, rounds: &[Round], rules: &Rules) -> Option<(usize, i64)> {
    let near = rounds.iter().enumerate().filter_map(|(index, round)| {
        let place = Place { stamp: round.stamp, map_key: &round.map, number: round.number };
        Some((distance(&paper.name, place, &rules.zone)?, round.stamp, index))
    });
    near.min().map(|(distance, _, index)| (index, distance))
}

/// Awards of a round whose numbers are not its own are kept, and shown once they are.
fn fate_of_endstats(status: Status) -> Fate {
    let kept = |code, reason: &str| Fate::Kept { code, reason: reason.to_owned() };
    match status {
        Status::Orphan => kept("orphan_round", "the first half of its map is missing"),
        Status::Aborted => kept("aborted_round", "its round was cut off by a map change"),
        _ => Fate::Stored,
    }
}

/// What becomes of a paper without a round.
fn waiting(reason: &str) -> Fate {
    Fate::Kept { code: "waiting", reason: reason.to_owned() }
}

fn note_guids<'a>(round: &mut Round, told: impl Iterator<Item = (&'a slomix_shared::game::FullGuid, &'a [u8])>) {
    let roster = Roster::of(round);
    let found: Vec<_> = told.filter_map(|(guid, name)| Some((roster.by_guid(guid, name)?, guid.clone()))).collect();
    round.papers.guids.extend(found);
}
