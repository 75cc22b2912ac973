//! The whole spool over a disk that misbehaves: whatever happens in whatever order,
//! - what was acknowledged is at the hub, once,
//! - what was not is in its directory, in the spool, or named as a gap,
//! - no stats file is dropped for the quota,
//! - every start works, whatever lies in the data directory,
//! - and once nothing misbehaves any more, everything that still exists arrives, and the hub knows of what does not.
//!
//! `SLOMIX_SPOOL_CASES` says how many histories are tried.

mod hub;
mod rig;

use proptest::prelude::*;
use rig::{NAMES, Rig};

use super::disk::memory::Fault;

/// What happens.
#[derive(Debug, Clone, Copy)]
enum Action {
    /// The game writes one of the files, or writes it again.
    Written {
        name: usize,
        blocks: usize,
    },
    /// The game server's clean-up removes one.
    CleanedUp(usize),
    /// The agent does what there is to do.
    Turn,
    /// The agent makes durable what it remembers.
    Sync,
    /// The machine stops after so many operations of the disk; the process alone, or with everything that was not synced.
    Crash {
        operations: u32,
        power: bool,
        seed: u64,
    },
    /// The agent is restarted in order.
    Restart,
    HubGoesAway,
    HubComesBack,
    /// The hub refuses every second file.
    HubRefuses,
    DiskFills,
    DiskFrees,
    /// A bit of one of the agent's own files flips.
    Flip {
        file: usize,
        at: usize,
    },
    /// An operation of the disk goes wrong.
    Misbehaves(Fault),
    /// Somebody removes the folder of copies.
    SpoolRemoved,
    /// Somebody removes the ledger.
    LedgerRemoved,
    /// Somebody puts a directory or rubbish into a place of the agent's.
    Rubbish {
        place: usize,
        directory: bool,
    },
}

fn action() -> impl Strategy<Value = Action> {
    let fault = prop_oneof![Just(Fault::Interrupted), Just(Fault::Short), Just(Fault::Failing), Just(Fault::Full)];
    prop_oneof![
        8 => (0..NAMES.len(), 0..5_usize).prop_map(|(name, blocks)| Action::Written { name, blocks }),
        4 => (0..NAMES.len()).prop_map(Action::CleanedUp),
        10 => Just(Action::Turn),
        3 => Just(Action::Sync),
        4 => (0..60_u32, any::<bool>(), any::<u64>())
            .prop_map(|(operations, power, seed)| Action::Crash { operations, power, seed }),
        2 => Just(Action::Restart),
        4 => Just(Action::HubGoesAway),
        2 => Just(Action::HubComesBack),
        1 => Just(Action::HubRefuses),
        1 => Just(Action::DiskFills),
        2 => Just(Action::DiskFrees),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(file, at)| Action::Flip { file, at }),
        3 => fault.prop_map(Action::Misbehaves),
        1 => Just(Action::SpoolRemoved),
        1 => Just(Action::LedgerRemoved),
        1 => (0..4_usize, any::<bool>()).prop_map(|(place, directory)| Action::Rubbish { place, directory }),
    ]
}

/// How many histories are tried.
fn cases() -> u32 {
    std::env::var("SLOMIX_SPOOL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(), max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_happens_nothing_is_lost_unseen(history in proptest::collection::vec(action(), 1..60)) {
        let mut rig = Rig::new();
        for action in history {
            rig.happens(action);
        }
        rig.ends_well();
    }
}
