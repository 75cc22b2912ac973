use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use proptest::prelude::*;
use slomix_shared::identity::BootId;

use super::super::disk::SystemDisk;
use super::super::disk::memory::{Fault, MemoryDisk};
use super::super::record::sample;
use super::*;

fn name(number: usize) -> String {
    format!("2026-11-09-{number:06}-supply-round-1.txt")
}

fn reopened(path: &Path) -> (Ledger, Vec<Damage>) {
    Ledger::open(Arc::new(SystemDisk), path)
}

#[test]
fn acknowledgements_outlive_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    let (mut ledger, damage) = reopened(&path);
    assert_eq!(damage, []);
    let refused = Outcome::Refused("8388609 bytes".to_owned());
    ledger.append(sample(&name(1), Outcome::Received)).unwrap();
    ledger.append(sample(&name(2), refused.clone())).unwrap();
    ledger.append(sample(&name(3), Outcome::Lost("gone".to_owned()))).unwrap();
    ledger.to_sync().unwrap().sync().unwrap();
    assert!(ledger.to_sync().is_none());
    drop(ledger);

    let (ledger, damage) = reopened(&path);
    assert_eq!(damage, []);
    assert_eq!(ledger.outcome(&sample(&name(1), Outcome::Received).key()), Some(&Outcome::Received));
    assert_eq!(ledger.outcome(&sample(&name(2), Outcome::Received).key()), Some(&refused));
    assert_eq!(ledger.outcome(&sample(&name(3), Outcome::Received).key()), None, "a lost file that comes back travels");
    assert_eq!(ledger.complaints().len(), 2);
    let mut other = sample(&name(1), Outcome::Received).key();
    other.state.modified_ns += 1;
    assert_eq!(ledger.outcome(&other), None);
    let hash = ContentHash::of(name(1).as_bytes());
    assert_eq!(ledger.outcome_of_content(&other, hash), Some(&Outcome::Received), "touched, not changed");
    assert_eq!(ledger.outcome_of_content(&other, ContentHash::of(b"new")), None);
}

#[test]
fn the_last_acknowledged_batch_outlives_all_that_is_forgotten_beside_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    let (mut ledger, _) = reopened(&path);
    assert_eq!(ledger.last_batch(), None);
    let batch = |boot: u8, sequence| BatchMark { boot: BootId::from_bytes([boot; 16]), sequence };
    ledger.append(Record::of_batch(batch(2, 9), 1)).unwrap();
    // Another run, whose acknowledgements overtake each other.
    for sequence in [1, 3, 2] {
        ledger.append(Record::of_batch(batch(1, sequence), 2)).unwrap();
    }
    ledger.append(sample(&name(1), Outcome::Received)).unwrap();
    assert_eq!((ledger.last_batch(), ledger.len()), (Some(batch(1, 3)), 1), "it is no file");
    drop(ledger);

    let (mut ledger, damage) = reopened(&path);
    assert_eq!((ledger.last_batch(), damage), (Some(batch(1, 3)), vec![]));
    ledger.compact(|_| false).unwrap();
    drop(ledger);
    let (ledger, _) = reopened(&path);
    assert_eq!((ledger.last_batch(), ledger.len()), (Some(batch(1, 3)), 0));
}

#[test]
fn what_the_hub_asks_for_again_is_forgotten_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    let (mut ledger, _) = reopened(&path);
    let at = |number: usize, ms: i64, outcome: Outcome| {
        // A name without a moment in it: its last change tells.
        let mut record = sample(&format!("odd {number}"), outcome);
        record.modified_ns = ms * 1_000_000;
        record
    };
    let records = [
        at(1, 1_000, Outcome::Received),
        at(2, 2_000, Outcome::Received),
        at(3, 3_000, Outcome::Duplicate),
        at(4, 4_000, Outcome::Refused("too large".to_owned())),
        at(5, 5_000, Outcome::Lost("gone".to_owned())),
    ];
    for record in &records {
        ledger.append(record.clone()).unwrap();
    }
    assert_eq!(ledger.forget_taken(2_000).unwrap(), 2);
    drop(ledger);
    let (mut ledger, damage) = reopened(&path);
    assert_eq!(damage, []);
    let known: Vec<bool> = records.iter().map(|record| ledger.outcome(&record.key()).is_some()).collect();
    assert_eq!((ledger.len(), known), (3, vec![true, false, false, true, false]));
    assert_eq!(ledger.complaints().len(), 2, "what was refused or lost stays on the list");
    assert_eq!(ledger.forget_taken(i64::MIN).unwrap(), 1);
}

#[test]
fn a_file_is_of_the_moment_in_its_name_whenever_it_was_copied() {
    let directory = tempfile::tempdir().unwrap();
    let (mut ledger, _) = reopened(&directory.path().join("ledger"));
    let names = [
        "2026-11-01-210000-supply-round-1.txt",
        "2026-11-09-210000-supply-round-1.txt",
        "gametime-supply-R1-1783630800.json",
    ];
    for name in names {
        let mut record = sample(name, Outcome::Received);
        // Copied long after.
        record.modified_ns = 1_900_000_000_000_000_000;
        ledger.append(record).unwrap();
    }
    // 2026-11-08, midnight by UTC.
    let since_ms = 1_794_096_000_000;
    assert_eq!(ledger.forget_taken(since_ms).unwrap(), 1, "the round of the ninth; the event's name says July");
    assert_eq!(ledger.len(), 2);
}

#[test]
fn a_damaged_entry_costs_only_itself() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    let (mut ledger, _) = reopened(&path);
    for number in 0..3 {
        ledger.append(sample(&name(number), Outcome::Received)).unwrap();
    }
    drop(ledger);
    let mut bytes = fs::read(&path).unwrap();
    let middle = HEADER.len() + (bytes.len() - HEADER.len()) / 2;
    bytes[middle] ^= 0x40;
    fs::write(&path, bytes).unwrap();

    let (ledger, damage) = reopened(&path);
    assert_eq!(damage, [Damage::LedgerEntries(1)]);
    assert_eq!(reopened(&path).1, [], "it was written anew");
    assert_eq!(ledger.len(), 2);
    assert!(ledger.outcome(&sample(&name(2), Outcome::Received).key()).is_some());
}

#[test]
fn what_is_no_ledger_is_set_aside() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    for round in 1..=2 {
        fs::write(&path, b"SLXLEDG\x02 of some later version").unwrap();
        let (mut ledger, damage) = reopened(&path);
        let aside = directory.path().join(format!("ledger.old-{round}"));
        let [Damage::LedgerSetAside { aside: told, .. }] = damage.as_slice() else { panic!("{damage:?}") };
        assert_eq!(told.as_ref(), Some(&aside));
        assert!(aside.exists());
        ledger.append(sample(&name(1), Outcome::Received)).unwrap();
        assert_eq!(reopened(&path).0.len(), 1);
    }
}

#[test]
fn a_header_that_was_torn_is_written_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    fs::write(&path, &HEADER[..3]).unwrap();
    let (mut ledger, damage) = reopened(&path);
    assert_eq!(damage, []);
    ledger.append(sample(&name(1), Outcome::Received)).unwrap();
    assert_eq!(reopened(&path).0.len(), 1);
}

#[test]
fn compaction_forgets_files_that_are_gone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    let (mut ledger, _) = reopened(&path);
    for number in 0..COMPACT_FROM {
        ledger.append(sample(&name(number), Outcome::Received)).unwrap();
    }
    ledger.append(sample(&name(COMPACT_FROM), Outcome::Refused("no".to_owned()))).unwrap();
    assert!(!ledger.is_mostly_stale(COMPACT_FROM));
    assert!(ledger.is_mostly_stale(1));
    let before = fs::metadata(&path).unwrap().len();
    ledger.compact(|key| key.name == name(7)).unwrap();
    assert!(fs::metadata(&path).unwrap().len() < before / 100);
    ledger.append(sample(&name(9), Outcome::Received)).unwrap();
    drop(ledger);

    let (ledger, damage) = reopened(&path);
    assert_eq!((damage.as_slice(), ledger.len()), ([].as_slice(), 3));
    assert!(ledger.outcome(&sample(&name(7), Outcome::Received).key()).is_some());
    assert!(ledger.outcome(&sample(&name(8), Outcome::Received).key()).is_none());
    assert_eq!(ledger.complaints().len(), 1);
}

#[test]
fn refusals_can_be_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    let (mut ledger, _) = reopened(&path);
    ledger.append(sample(&name(1), Outcome::Received)).unwrap();
    ledger.append(sample(&name(2), Outcome::Refused("no".to_owned()))).unwrap();
    ledger.forget_refusals().unwrap();
    for ledger in [ledger, reopened(&path).0] {
        assert_eq!(ledger.counts(), (1, 0));
        assert_eq!(ledger.outcome(&sample(&name(2), Outcome::Received).key()), None);
    }
    Ledger::set_aside(&SystemDisk, &path).unwrap();
    assert!(reopened(&path).0.is_empty());
}

#[test]
fn a_disk_that_takes_nothing_costs_no_acknowledgement() {
    let (disk, path) = (MemoryDisk::with(&["/d"]), Path::new("/d/ledger"));
    disk.fill();
    let (mut ledger, damage) = Ledger::open(Arc::new(disk.clone()), path);
    assert_eq!(damage, []);
    assert!(ledger.append(sample(&name(1), Outcome::Received)).is_err());
    assert!(ledger.outcome(&sample(&name(1), Outcome::Received).key()).is_some());
    assert!(ledger.is_behind());

    disk.limit(None);
    ledger.append(sample(&name(2), Outcome::Received)).unwrap();
    assert!(!ledger.is_behind());
    ledger.sync().unwrap();
    drop(ledger);
    disk.cut_power(1);
    assert_eq!(Ledger::open(Arc::new(disk), path).0.len(), 2);
}

/// What was written before a failed sync may be gone, even where the next one succeeds.
#[test]
fn after_a_failed_sync_all_is_written_anew() {
    let (disk, path) = (MemoryDisk::with(&["/d"]), Path::new("/d/ledger"));
    let (mut ledger, _) = Ledger::open(Arc::new(disk.clone()), path);
    ledger.append(sample(&name(1), Outcome::Received)).unwrap();
    disk.fault(Fault::Failing);
    ledger.sync().unwrap();
    drop(ledger);
    disk.cut_power(1);
    assert_eq!(Ledger::open(Arc::new(disk), path).0.len(), 1);
}

#[test]
fn a_ledger_that_is_removed_or_replaced_is_written_anew() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    let (mut ledger, _) = reopened(&path);
    ledger.append(sample(&name(1), Outcome::Received)).unwrap();
    assert_eq!(ledger.tend(), None);
    fs::remove_file(&path).unwrap();
    assert_eq!(ledger.tend(), Some(Damage::LedgerGone));
    assert_eq!(reopened(&path).0.len(), 1);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(ledger.tend(), Some(Damage::LedgerGone));
    ledger.append(sample(&name(2), Outcome::Received)).unwrap();
    assert_eq!(reopened(&path).0.len(), 2);
}

#[test]
fn what_lies_in_its_place_is_moved_away() {
    for place in ["directory", "link", "nothing that can be read"] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger");
        match place {
            "directory" => fs::create_dir(&path).unwrap(),
            "link" => std::os::unix::fs::symlink(directory.path().join("elsewhere"), &path).unwrap(),
            _ => fs::write(&path, vec![0xee; 100_000]).unwrap(),
        }
        let (mut ledger, damage) = reopened(&path);
        assert!(matches!(damage.as_slice(), [Damage::LedgerSetAside { .. }]), "{place}: {damage:?}");
        ledger.append(sample(&name(1), Outcome::Received)).unwrap();
        drop(ledger);
        let (ledger, damage) = reopened(&path);
        assert_eq!((ledger.len(), damage.as_slice()), (1, [].as_slice()), "{place}");
        assert!(!directory.path().join("elsewhere").exists());
        assert!(directory.path().join("ledger.old-1").symlink_metadata().is_ok());
    }
}

proptest! {
    /// Wherever a crash cuts the file, the records before the cut are known and the file takes new ones.
    #[test]
    fn a_torn_tail_is_cut_and_told(count in 1..20_usize, cut in 0.0..1.0_f64, junk in proptest::collection::vec(any::<u8>(), 0..40)) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger");
        let (mut ledger, _) = reopened(&path);
        let mut ends = vec![HEADER.len() as u64];
        for number in 0..count {
            ledger.append(sample(&name(number), Outcome::Received)).unwrap();
            ends.push(ledger.length);
        }
        drop(ledger);
        let full = fs::metadata(&path).unwrap().len();
        let at = HEADER.len() as u64 + ((full - HEADER.len() as u64) as f64 * cut) as u64;
        let mut file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(at).unwrap();
        std::io::Seek::seek(&mut file, io::SeekFrom::End(0)).unwrap();
        file.write_all(&junk).unwrap();
        drop(file);

        let (mut ledger, damage) = reopened(&path);
        let whole = ends.iter().filter(|end| **end <= at).count() - 1;
        prop_assert_eq!(ledger.len(), whole);
        prop_assert_eq!(damage.is_empty(), ends.contains(&at) && junk.is_empty());
        prop_assert!(damage.len() <= 1);
        ledger.append(sample(&name(99), Outcome::Received)).unwrap();
        drop(ledger);
        let (ledger, damage) = reopened(&path);
        prop_assert_eq!(ledger.len(), whole + 1);
        prop_assert_eq!(damage, []);
    }
}
