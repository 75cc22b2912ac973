//! Law: derived = f(artifacts, decisions). In whatever order files come, however often, the rows are the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use slomix_hub::domain::derive::{Derived, derive, derive_with_papers};
use slomix_hub::domain::input::BlockFile;
use slomix_hub::domain::papers::Paper;
use slomix_shared::sim::{Accidents, Plan};

use super::archive::{cut, mark_copies, read, read_papers, rules};
use super::papers_of_evenings::all_files;
use super::played::{evenings, plan, stats_files};

/// The artifacts of a stormy evening; the last content of each name, and what it held before.
fn artifacts(seed: u64) -> Vec<BlockFile> {
    let plan = Plan { accidents: Accidents::storm(), players_per_side: 3, maps_per_evening: 4, ..plan(seed) };
    let files = stats_files(&evenings(&plan));
    read(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))).0
}

/// Everything derived.
fn rows(blocks: &[Vec<BlockFile>]) -> Vec<Derived> {
    blocks.iter().map(|block| derive(block, &rules())).collect()
}

/// Some of the files in any order, some of them more than once; and the same ones, each once, in the order of names.
fn arrived_and_once(seed: u64, arrivals: &[Index]) -> (Vec<BlockFile>, Vec<BlockFile>) {
    let files = artifacts(seed);
    let mut arrived: Vec<BlockFile> = arrivals.iter().map(|index| index.get(&files).clone()).collect();
    mark_copies(&mut arrived);
    let once: BTreeMap<i64, BlockFile> = arrived.iter().map(|file| (file.artifact, file.clone())).collect();
    (arrived, once.into_values().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_do_not_depend_on_order_or_repetition(
        seed in 0_u64..40,
        arrivals in prop::collection::vec(any::<Index>(), 1..50),
    ) {
        let (arrived, once) = arrived_and_once(seed, &arrivals);
        prop_assert!(rows(&cut(&arrived)) == rows(&cut(&once)));
    }

    #[test]
    fn a_block_may_be_given_in_any_order_and_with_repetitions(
        seed in 0_u64..40,
        arrivals in prop::collection::vec(any::<Index>(), 1..50),
    ) {
        let (arrived, once) = arrived_and_once(seed, &arrivals);
        prop_assert!(rows(&[arrived]) == rows(&[once]));
    }

    #[test]
    fn papers_may_be_given_in_any_order_and_with_repetitions(
        seed in 0_u64..40,
        arrivals in prop::collection::vec(any::<Index>(), 1..80),
    ) {
        let plan = Plan { accidents: Accidents::storm(), players_per_side: 3, maps_per_evening: 4, ..plan(seed) };
        let evening = &evenings(&plan)[0];
        let files = all_files(evening);
        let all = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        let (stats, papers) = (read(all.clone()).0, read_papers(all));
        let arrived: Vec<Paper> = arrivals.iter().map(|index| index.get(&papers).clone()).collect();
        let once: BTreeMap<i64, Paper> = arrived.iter().map(|paper| (paper.artifact, paper.clone())).collect();
        let once: Vec<Paper> = once.into_values().collect();
        prop_assert!(derive_with_papers(&stats, &arrived, &rules()) == derive_with_papers(&stats, &once, &rules()));
    }
}
