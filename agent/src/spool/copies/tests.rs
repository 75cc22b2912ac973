use super::*;

struct Place {
    top: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir(top.path().join("gamestats")).unwrap();
        Self { top }
    }

    fn file(&self, name: &str, size: usize, second: u64) -> Observed {
        let path = self.top.path().join("gamestats").join(name);
        fs::write(&path, vec![b'x'; size]).unwrap();
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
        observe(&path).unwrap().unwrap()
    }

    fn copies(&self, quota: u64) -> Copies {
        Copies::open(&self.top.path().join("copies"), quota).unwrap()
    }
}

/// Copies a file; the answer are the names of those dropped for it and whether it was copied.
fn keep(copies: &mut Copies, file: &Observed) -> (Vec<String>, bool) {
    let (plan, dropped) = copies.plan(file).unwrap();
    if let Some(plan) = &plan {
        plan.make().unwrap();
        copies.add(plan);
    }
    (dropped.into_iter().map(|key| key.name).collect(), plan.is_some())
}

const STATS: &str = "2026-11-09-195037-supply-round-1.txt";
const STATS_2: &str = "2026-11-09-200312-supply-round-2.txt";
const GAMETIME: &str = "gametime-supply-R2-1794250724.json";
const TRACK: &str = "2026-11-09-195035-supply-round-1_engagements.txt";
const TRACK_2: &str = "2026-11-09-200309-supply-round-2_engagements.txt";

#[test]
fn a_copy_outlives_its_original_and_the_process() {
    let place = Place::new();
    let mut copies = place.copies(1000);
    let file = place.file(STATS, 10, 50);
    assert_eq!(keep(&mut copies, &file), (vec![], true));
    fs::remove_file(&file.path).unwrap();

    let mut copies = place.copies(1000);
    let (key, path) = copies.iter().map(|(key, path)| (key.clone(), path.to_owned())).next().unwrap();
    assert_eq!(key, FileKey::from(&file));
    assert_eq!(fs::read(&path).unwrap(), [b'x'; 10]);
    assert_eq!(observe(&path).unwrap().unwrap().state, file.state, "the copy has its original's time");
    assert_eq!(copies.used(), 10);

    copies.remove(&key).unwrap();
    assert_eq!((copies.used(), copies.iter().count()), (0, 0));
    assert_eq!(place.copies(1000).iter().count(), 0);
}

#[test]
fn the_quota_drops_telemetry_first_then_events_and_never_stats() {
    let place = Place::new();
    let mut copies = place.copies(100);
    for (name, second) in [(TRACK, 1), (GAMETIME, 2), (TRACK_2, 3)] {
        assert_eq!(keep(&mut copies, &place.file(name, 30, second)), (vec![], true));
    }
    assert_eq!(keep(&mut copies, &place.file(STATS, 40, 4)), (vec![TRACK.to_owned()], true));
    assert_eq!(keep(&mut copies, &place.file(STATS_2, 60, 5)), (vec![TRACK_2.to_owned(), GAMETIME.to_owned()], true));
    assert_eq!(copies.used(), 100);
    assert_eq!(keep(&mut copies, &place.file(TRACK, 1, 6)), (vec![], false), "telemetry displaces nothing of worth");
    let third = "2026-11-09-201112-supply-round-1.txt";
    assert_eq!(keep(&mut copies, &place.file(third, 30, 7)), (vec![], true), "stats are kept over any quota");
    assert_eq!(copies.used(), 130);
}

#[test]
fn newer_telemetry_takes_the_place_of_older() {
    let place = Place::new();
    let mut copies = place.copies(50);
    assert_eq!(keep(&mut copies, &place.file(TRACK, 40, 1)), (vec![], true));
    assert_eq!(keep(&mut copies, &place.file(TRACK_2, 40, 2)), (vec![TRACK.to_owned()], true));
}

#[test]
fn what_was_not_finished_is_removed() {
    let place = Place::new();
    let folder = place.top.path().join("copies");
    for (name, content) in [("unfinished-1-1-aa", "x"), ("5-10-aa", "short"), ("strange", "x")] {
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::write(folder.join(name).join(STATS), content).unwrap();
    }
    let copies = place.copies(100);
    assert_eq!((copies.iter().count(), fs::read_dir(&folder).unwrap().count()), (0, 0));
}

#[test]
fn a_file_that_changes_under_the_copy_is_not_kept() {
    let place = Place::new();
    let mut copies = place.copies(100);
    let file = place.file(STATS, 10, 1);
    place.file(STATS, 20, 2);
    let (plan, _) = copies.plan(&file).unwrap();
    assert!(matches!(plan.unwrap().make(), Err(CopyError::Changed(_))));
    assert_eq!(fs::read_dir(place.top.path().join("copies")).unwrap().count(), 0);
}

/// `/dev/full` answers every write as a full disk does.
#[test]
fn a_full_disk_is_told_apart() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let problem = io::Write::write_all(&mut &full, b"x").unwrap_err();
    assert!(matches!(io_error("copy", Path::new("/d/f"))(problem), CopyError::DiskFull(_)));
}
