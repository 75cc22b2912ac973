//! Where teams are dealt anew, a new epoch begins; nowhere else.

use std::collections::BTreeSet;

use slomix_shared::artifact::LocalStamp;
use slomix_shared::sim::{Accidents, Evening, Plan};

use super::archive::{Archive, rules};
use super::played::{evenings, plan, stats_files};

/// Stamps of the first rounds of every epoch but the session's first: what really was, and what is found.
fn shuffles(evenings: &[Evening]) -> (BTreeSet<LocalStamp>, BTreeSet<LocalStamp>) {
    let files = stats_files(evenings);
    let archive = Archive::new(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())), &rules());
    let of_evening = |evening: &Evening| -> Vec<LocalStamp> {
        let later = evening.teams.iter().skip(1);
        later.map(|pair| evening.maps[pair.first_map].rounds[0].truth.stamp).collect()
    };
    let found = archive.sessions().flat_map(|session| session.epochs.iter().skip(1)).map(|epoch| {
        let first = epoch.rounds[0];
        archive.rounds().find(|round| round.id == first).unwrap().stamp
    });
    (evenings.iter().flat_map(of_evening).collect(), found.collect())
}

#[test]
fn an_evening_of_one_pair_of_teams_is_one_epoch() {
    for seed in 0..40 {
        let accidents = Accidents { shuffle: 0.0, ..Accidents::real() };
        let evenings = evenings(&Plan { evenings: 2, accidents, ..plan(seed) });
        assert_eq!(shuffles(&evenings).1, BTreeSet::new(), "seed {seed}");
    }
}

#[test]
fn most_shuffles_are_seen_where_they_were() {
    let (mut all, mut seen, mut elsewhere) = (0, 0, Vec::new());
    for seed in 0..80 {
        let accidents = Accidents { shuffle: 1.0, ..Accidents::default() };
        let players_per_side = 3 + (seed % 4) as u8;
        let plan = Plan { accidents, players_per_side, maps_per_evening: 8, ..plan(seed) };
        let (real, found) = shuffles(&evenings(&plan));
        all += real.len();
        seen += real.intersection(&found).count();
        elsewhere.extend(found.difference(&real).copied());
    }
    eprintln!("shuffles: {seen} of {all} seen, {} elsewhere", elsewhere.len());
    // A deal that leaves the teams nearly as they were cannot be seen, and need not be.
    assert!(seen * 10 >= all * 8, "{seen} of {all} shuffles were seen");
    assert_eq!(elsewhere, []);
}
