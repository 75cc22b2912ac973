use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use super::super::disk::SystemDisk;
use super::super::disk::memory::{BLOCK, MemoryDisk};
use super::*;
use crate::watch::observe;

struct Place {
    top: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir(top.path().join("gamestats")).unwrap();
        Self { top }
    }

    fn file(&self, name: &str, blocks: u64, second: u64) -> Observed {
        let path = self.top.path().join("gamestats").join(name);
        // Nothing that can be packed, and some room for the head.
        let mut content = vec![0; (blocks * BLOCK) as usize - 500];
        let mut state = second + 1;
        for byte in &mut content {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (state >> 33) as u8;
        }
        fs::write(&path, content).unwrap();
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
        observe(&path).unwrap().unwrap()
    }

    fn spool(&self) -> PathBuf {
        self.top.path().join("copies")
    }

    /// With room for so many blocks.
    fn copies(&self, blocks: u64) -> Copies {
        let (copies, bad) = Copies::open(Arc::new(SystemDisk), &self.spool(), blocks * BLOCK);
        assert!(bad.is_empty(), "{bad:?}");
        copies
    }
}

/// Copies a file; the answer are the names of those that have to go for it, and whether it was copied.
fn keep(copies: &mut Copies, file: &Observed) -> (Vec<String>, bool) {
    let packed = Packed::make(&SystemDisk, file.clone()).unwrap();
    let Some(victims) = copies.victims(&packed) else { return (vec![], false) };
    for victim in &victims {
        copies.remove(victim).unwrap();
    }
    packed.write(&SystemDisk, copies.directory()).unwrap();
    copies.add(&packed);
    (victims.into_iter().map(|key| key.name).collect(), true)
}

const STATS: &str = "2026-11-09-195037-supply-round-1.txt";
const STATS_2: &str = "2026-11-09-200312-supply-round-2.txt";
const ENDSTATS: &str = "2026-11-09-200310-supply-round-2-endstats.txt";
const GAMETIME: &str = "gametime-supply-R2-1794250724.json";
const TRACK: &str = "2026-11-09-195035-supply-round-1_engagements.txt";
const TRACK_2: &str = "2026-11-09-200309-supply-round-2_engagements.txt";

#[test]
fn a_copy_outlives_its_original_and_the_process() {
    let place = Place::new();
    let mut copies = place.copies(10);
    let file = place.file(STATS, 2, 50);
    let content = fs::read(&file.path).unwrap();
    assert_eq!(keep(&mut copies, &file), (vec![], true));
    fs::remove_file(&file.path).unwrap();

    let mut copies = place.copies(10);
    let (key, path) = copies.iter().map(|(key, path)| (key.clone(), path.to_owned())).next().unwrap();
    assert_eq!(key, FileKey::from(&file));
    assert_eq!(Copies::read(&SystemDisk, &path, &key).unwrap(), content);
    assert_eq!((copies.used(), copies.hash(&key)), (2 * BLOCK, Some(ContentHash::of(&content))));

    copies.remove(&key).unwrap();
    assert_eq!((copies.used(), copies.iter().count()), (0, 0));
    assert_eq!(place.copies(10).iter().count(), 0);
}

#[test]
fn the_quota_drops_telemetry_first_then_events_and_never_stats() {
    let place = Place::new();
    let mut copies = place.copies(10);
    for (name, second) in [(TRACK, 1), (GAMETIME, 2), (TRACK_2, 4), (ENDSTATS, 3)] {
        assert_eq!(keep(&mut copies, &place.file(name, 2, second)), (vec![], true));
    }
    assert_eq!(keep(&mut copies, &place.file(STATS, 3, 5)), (vec![TRACK.to_owned()], true));
    let gone = vec![TRACK_2.to_owned(), GAMETIME.to_owned()];
    assert_eq!(keep(&mut copies, &place.file(STATS_2, 4, 6)), (gone, true), "of two events the older");
    assert_eq!(copies.used(), 9 * BLOCK);
    assert_eq!(keep(&mut copies, &place.file(TRACK, 2, 7)), (vec![], false), "telemetry displaces nothing of worth");
    let third = "2026-11-09-201112-supply-round-1.txt";
    assert_eq!(keep(&mut copies, &place.file(third, 9, 8)), (vec![ENDSTATS.to_owned()], true), "stats over any quota");
    assert_eq!(copies.used(), 16 * BLOCK);
}

#[test]
fn newer_telemetry_takes_the_place_of_older_and_none_goes_in_vain() {
    let place = Place::new();
    let mut copies = place.copies(5);
    assert_eq!(keep(&mut copies, &place.file(TRACK, 4, 2)), (vec![], true));
    assert_eq!(keep(&mut copies, &place.file(TRACK_2, 4, 1)), (vec![], false), "an older one is the one to do without");
    assert_eq!(keep(&mut copies, &place.file(TRACK_2, 6, 3)), (vec![], false), "it would not fit anyway");
    assert_eq!(keep(&mut copies, &place.file(TRACK_2, 4, 3)), (vec![TRACK.to_owned()], true));
}

#[test]
fn what_was_not_finished_is_removed_and_what_is_no_copy_is_set_aside() {
    let place = Place::new();
    let file = place.file(STATS, 1, 50);
    keep(&mut place.copies(10), &file);
    let folder = place.spool();
    let copy = folder.join(entry::file_name(&FileKey::from(&file)));
    let whole = fs::read(&copy).unwrap();
    for name in ["unfinished-1-1-aa", "strange", "0000000000000005-7-short.txt"] {
        fs::write(folder.join(name), &whole[..whole.len() / 2]).unwrap();
    }
    std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).unwrap();
    fs::create_dir(folder.join("5-10-aa")).unwrap();
    let (mut copies, bad) = Copies::open(Arc::new(SystemDisk), &folder, 10 * BLOCK);
    assert_eq!((copies.len(), bad.len()), (1, 4));
    let told: Vec<_> =
        bad.iter().filter_map(|bad| bad.key.as_ref()).map(|key| (key.name.as_str(), key.state.size)).collect();
    assert_eq!(told, [("short.txt", 7)]);
    for bad in &bad {
        copies.set_path_aside(&bad.path, &bad.why);
    }
    let (mut copies, bad) = Copies::open(Arc::new(SystemDisk), &folder, 10 * BLOCK);
    assert_eq!((copies.len(), copies.set_aside(), bad.len()), (1, 4, 0));
    // They are the first to go.
    assert_eq!(keep(&mut copies, &place.file(TRACK, 9, 60)), (vec![], true));
    assert_eq!((copies.len(), copies.set_aside()), (2, 0));
}

#[test]
fn a_file_that_changes_under_the_copy_is_not_kept() {
    let place = Place::new();
    let file = place.file(STATS, 1, 1);
    place.file(STATS, 2, 2);
    assert!(matches!(Packed::make(&SystemDisk, file), Err(CopyError::Changed(_))));
}

#[test]
fn copies_of_an_earlier_agent_are_read() {
    let place = Place::new();
    let folder = place.spool().join("50-7-aabbccdd");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(STATS), "content").unwrap();
    let mut copies = place.copies(10);
    let (key, path) = copies.iter().map(|(key, path)| (key.clone(), path.to_owned())).next().unwrap();
    assert_eq!((key.name.as_str(), key.state.size, key.state.modified_ns), (STATS, 7, 50));
    assert_eq!(Copies::read(&SystemDisk, &path, &key).unwrap(), b"content");
    assert_eq!(copies.check().len(), 0);
    copies.remove(&key).unwrap();
    assert!(!folder.exists());
}

#[test]
fn copies_that_somebody_removed_are_noticed() {
    let place = Place::new();
    let mut copies = place.copies(10);
    keep(&mut copies, &place.file(STATS, 1, 1));
    keep(&mut copies, &place.file(TRACK, 1, 2));
    assert_eq!(copies.check().len(), 0);
    fs::remove_file(copies.iter().next().unwrap().1).unwrap();
    assert_eq!((copies.check().len(), copies.len(), copies.used()), (1, 1, BLOCK));
    fs::remove_dir_all(place.spool()).unwrap();
    assert_eq!((copies.check().len(), copies.used()), (1, 0));
    assert_eq!(keep(&mut copies, &place.file(STATS, 1, 3)), (vec![], true), "the folder is made again");
}

#[test]
fn a_full_disk_is_told_apart() {
    let place = Place::new();
    let packed = Packed::make(&SystemDisk, place.file(STATS, 1, 1)).unwrap();
    let disk = MemoryDisk::with(&["/d"]);
    disk.fill();
    assert!(matches!(packed.write(&disk, Path::new("/d/spool")), Err(CopyError::DiskFull(_))));
    assert_eq!(disk.files("/d"), [] as [PathBuf; 0]);
}
