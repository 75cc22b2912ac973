//! A game server's directory, an agent without clocks and network, and a hub.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use slomix_shared::artifact::{FileName, Kind};

use super::Action;
use super::hub::{Hub, Mood};
use crate::ship::{LoadError, load};
use crate::spool::copies::key_of;
use crate::spool::disk::memory::{BLOCK, MemoryDisk};
use crate::spool::{Disk, FileKey, Outcome, Packed, Pending, Places, Record, Spool};
use crate::validate::{Limits, Rules};
use crate::watch::{Cause, Look, Observed};

pub(super) const NAMES: [&str; 6] = [
    "2026-11-09-195037-supply-round-1.txt",
    "2026-11-09-200312-supply-round-2.txt",
    "2026-11-09-195035-supply-round-1_engagements.txt",
    "2026-11-09-200309-supply-round-2_engagements.txt",
    "2026-11-09-200310-supply-round-2-endstats.txt",
    "odd file",
];

/// Room for about seven blocks of copies.
const QUOTA: u64 = 7 * BLOCK;
/// A disk of so many blocks.
const DISK: u64 = 40;
const BALLAST: u64 = 4 * BLOCK;

/// One content that the game wrote.
struct Version {
    key: FileKey,
    content: Vec<u8>,
    acked: bool,
    /// The agent answers for it: it has a durable copy of it, or remembers durably that it has none.
    owed: bool,
}

pub(super) struct Rig {
    disk: MemoryDisk,
    spool: Option<Spool>,
    hub: Hub,
    versions: Vec<Version>,
    looked: bool,
    /// What is in the ledger's file is not what the agent that runs wrote there.
    flipped: bool,
    now: i64,
    uncopyable: HashSet<FileKey>,
}

impl Rig {
    pub(super) fn new() -> Self {
        let disk = MemoryDisk::with(&["/game", "/home"]);
        disk.limit(Some(DISK));
        Self {
            disk,
            spool: None,
            hub: Hub::new(),
            versions: Vec::new(),
            looked: false,
            flipped: false,
            now: 1_000,
            uncopyable: HashSet::new(),
        }
    }

    pub(super) fn happens(&mut self, action: Action) {
        self.now += 1;
        match action {
            Action::Written { name, blocks } => self.written(NAMES[name], blocks),
            Action::CleanedUp(name) => self.disk.take_away(&format!("/game/{}", NAMES[name])),
            Action::Turn => self.turn(),
            Action::Sync => self.sync(),
            Action::Crash { operations, power, seed } => {
                self.disk.stop_after(operations);
                self.turn();
                self.sync();
                self.spool = None;
                if power { self.disk.cut_power(seed) } else { self.disk.kill() }
            }
            Action::Restart => {
                self.sync();
                self.spool = None;
            }
            Action::HubGoesAway => self.hub.mood = Mood::Away,
            Action::HubComesBack => self.hub.mood = Mood::There,
            Action::HubRefuses => self.hub.mood = Mood::Refusing,
            Action::DiskFills => self.disk.fill(),
            Action::DiskFrees => self.disk.limit(Some(DISK)),
            Action::Flip { file, at } => self.flip(file, at),
            Action::Misbehaves(fault) => self.disk.fault(fault),
            Action::SpoolRemoved => {
                self.copies_are_touched();
                self.disk.take_away("/home/spool");
            }
            Action::LedgerRemoved => {
                self.ledger_is_touched();
                self.disk.take_away("/home/ledger");
            }
            Action::Rubbish { place, directory } => self.rubbish(place, directory),
        }
    }

    fn written(&mut self, name: &str, blocks: usize) {
        // No two contents are alike, and none can be packed.
        let mut content = vec![0_u8; blocks * 1_700];
        let mut state = self.now as u64 * 0x9e37_79b9 + 1;
        for byte in &mut content {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (state >> 33) as u8;
        }
        content.extend(self.now.to_string().bytes());
        let modified_ns = self.now * 1_000_000;
        self.disk.put(&format!("/game/{name}"), &content, modified_ns);
        let state = crate::watch::FileState { size: content.len() as u64, modified_ns };
        let key = FileKey { kind: FileName::kind_of(name), name: name.to_owned(), state };
        self.versions.push(Version { key, content, acked: false, owed: false });
    }

    /// Starts the agent, if it does not run. It has to, whatever lies there.
    fn started(&mut self) -> &mut Spool {
        let places = Places {
            ledger: "/home/ledger".into(),
            copies: "/home/spool".into(),
            ballast: "/home/ballast".into(),
            ballast_size: BALLAST,
        };
        let (disk, now) = (self.disk.clone(), self.now);
        let (looked, flipped) = (&mut self.looked, &mut self.flipped);
        self.spool.get_or_insert_with(|| {
            (*looked, *flipped) = (false, false);
            Spool::open(Arc::new(disk), &places, QUOTA, now)
        })
    }

    /// Everything that the agent has to do now, once.
    pub(super) fn turn(&mut self) {
        self.started();
        self.look();
        match self.hub.mood {
            Mood::Away => self.copy(),
            Mood::There | Mood::Refusing => self.ship(),
        }
        let now = self.now;
        let spool = self.started();
        spool.tend(now);
        spool.release_held(now);
        self.check();
    }

    fn look(&mut self) {
        let Ok(names) = self.disk.list(Path::new("/game")) else { return };
        let observed = names.iter().filter_map(|name| {
            let path = Path::new("/game").join(name);
            let name = name.to_str()?.to_owned();
            let state = self.disk.look_at(&path).ok()?.state;
            Some(Observed { path, kind: FileName::kind_of(&name), name, state })
        });
        let files: Vec<_> = observed.collect();
        if files.len() != names.len() {
            return;
        }
        let (now, fresh) = (self.now, self.looked);
        let spool = self.started();
        spool.looked(Path::new("/game"), &files, now);
        for file in &files {
            if !spool.is_known(file) {
                let (file, cause) = (file.clone(), Cause::Found(Look::Start));
                spool.push(Pending { file, cause, fresh, copy: None, alone: false, since_ms: now });
            }
        }
        if spool.misses() {
            spool.all_present(&files.iter().map(FileKey::from).collect(), now);
        }
        self.looked = true;
    }

    fn ship(&mut self) {
        let (disk, now) = (self.disk.clone(), self.now);
        let rules = Mutex::new(Rules::new(None, Limits::default()));
        self.uncopyable.clear();
        // What is put back is taken up by the next turn.
        let mut batches = Vec::new();
        loop {
            let taken = self.started().take(3, 1 << 20, |_| true);
            if taken.is_empty() {
                break;
            }
            batches.push(taken);
        }
        for pending in batches.into_iter().flatten() {
            let key = pending.key();
            let loaded = load(&disk, &pending, &rules, 0);
            if let Some(why) = loaded.bad_copy {
                self.started().bad_copy(&key, &why, now);
            }
            match loaded.file {
                Ok(file) if !disk.is_stopped() => {
                    let outcome = self.hub.receive(&key.name, &file.content);
                    self.note_ack(&file.content, &outcome);
                    self.started().settled(&key, Some(file.hash), outcome, now);
                }
                Ok(_) => self.started().put_back(pending, now),
                Err(LoadError::Gone) => self.started().gone(pending, now),
                Err(LoadError::Unreadable(_)) if pending.copy.is_some() => self.started().hold(pending, now),
                Err(LoadError::Changed | LoadError::Unreadable(_)) => self.started().let_go(&key),
            }
        }
        let gaps = self.started().untold(2);
        if !gaps.is_empty() && !disk.is_stopped() {
            let name = |gap: &Record| (gap.name.clone(), gap.size, gap.modified_ns);
            self.hub.gaps.extend(gaps.iter().map(name));
            self.started().told(&gaps);
        }
    }

    fn note_ack(&mut self, content: &[u8], outcome: &Outcome) {
        let version = self.versions.iter_mut().find(|version| version.content == content);
        let version = version.expect("what arrives is something that the game wrote");
        version.acked |= outcome.is_durable();
    }

    fn copy(&mut self) {
        let (disk, now) = (self.disk.clone(), self.now);
        loop {
            let skip = self.uncopyable.clone();
            if self.started().disk_problem().is_some() {
                self.uncopyable.clear();
                return;
            }
            let Some(file) = self.started().next_to_copy(|pending| !skip.contains(&pending.key())) else { return };
            let key = FileKey::from(&file);
            self.uncopyable.insert(key.clone());
            match Packed::make(&disk, file.clone()) {
                Err(problem) => self.started().not_copied(&file, &problem.to_string()),
                Ok(packed) => {
                    let spool = self.started();
                    if spool.make_room(&packed, now) {
                        match packed.write(&disk, &PathBuf::from("/home/spool")) {
                            Ok(()) => spool.copied(&packed, now),
                            Err(problem) => spool.not_copied(&file, &problem.to_string()),
                        }
                    } else {
                        assert!(key.kind != Kind::Stats || spool.disk_problem().is_some(), "no room for stats");
                    }
                }
            }
        }
    }

    fn sync(&mut self) {
        let Some(spool) = &mut self.spool else { return };
        if spool.sync().is_err() || self.disk.is_stopped() {
            return;
        }
        let copied = copies_on(&self.disk);
        for version in &mut self.versions {
            let remembered = spool.ledger.bare(&version.key).is_some() || spool.ledger.is_lost(&version.key);
            version.owed |= (remembered && !self.flipped) || copied.contains(&version.key);
        }
    }

    /// What holds after every turn.
    fn check(&mut self) {
        if self.disk.is_stopped() {
            return;
        }
        let Some(spool) = &self.spool else { return };
        let copied = copies_on(&self.disk);
        for version in &mut self.versions {
            version.owed |= spool.copies.contains(&version.key) && copied.contains(&version.key);
            let taken = self.hub.taken(&version.key.name, &version.content);
            assert_eq!(taken, usize::from(version.acked), "{:?}", version.key);
        }
        let dropped = spool.ledger.records(|outcome| matches!(outcome, Outcome::Bare(why) if why.contains("quota")));
        assert!(dropped.iter().all(|record| record.kind != Kind::Stats), "stats were dropped: {dropped:?}");
        let stats = spool.copies.iter().filter(|(key, _)| key.kind == Kind::Stats).count() as u64;
        // What somebody else has put there is not thrown away before room is needed.
        let rubbish = spool.copies.set_aside() as u64 * BLOCK;
        assert!(spool.copies.used() <= QUOTA + stats * 4 * BLOCK + rubbish, "{} bytes", spool.copies.used());
    }

    fn flip(&mut self, file: usize, at: usize) {
        let files = self.disk.files("/home");
        if files.is_empty() {
            return;
        }
        let path = &files[file % files.len()];
        if self.disk.flip(path, at) && !path.starts_with("/home/spool") {
            self.ledger_is_touched();
            self.flipped = true;
        }
    }

    fn rubbish(&mut self, place: usize, directory: bool) {
        let path = ["/home/ledger", "/home/spool", "/home/ballast", "/home/spool/what is this"][place];
        match place {
            0 => self.ledger_is_touched(),
            1 => self.copies_are_touched(),
            _ => {}
        }
        if place == 3 && self.disk.look_at(Path::new("/home/spool")).is_err() {
            return;
        }
        self.disk.take_away(path);
        let file = if directory { format!("{path}/x") } else { path.to_owned() };
        if directory {
            self.disk.plant(path);
        }
        self.disk.put(&file, b"rubbish", 0);
    }

    /// Copies are gone through no fault of the agent's: it answers for them again once it remembers that.
    fn copies_are_touched(&mut self) {
        let copied = copies_on(&self.disk);
        for version in self.versions.iter_mut().filter(|version| copied.contains(&version.key)) {
            version.owed = false;
        }
    }

    /// The same for what only the ledger knows.
    fn ledger_is_touched(&mut self) {
        let copied = copies_on(&self.disk);
        for version in self.versions.iter_mut().filter(|version| !copied.contains(&version.key)) {
            version.owed = false;
        }
    }

    /// Nothing misbehaves any more.
    pub(super) fn ends_well(&mut self) {
        self.disk.behave();
        self.disk.limit(Some(4 * DISK));
        self.hub.mood = Mood::There;
        // Bits that flip under a running agent are found at its next start.
        self.spool = None;
        for _ in 0..12 {
            self.turn();
        }
        let spool = self.started();
        assert_eq!(spool.unacked(), 0, "{:?}", spool.queue);
        assert_eq!((spool.disk_problem(), spool.holds_ballast()), (None, true));
        assert_eq!(spool.gaps().1, 0, "the hub knows of every gap");
        self.sync();
        self.nothing_is_missing();

        // What is known now is known for good.
        let arrivals = self.hub.arrivals;
        self.spool = None;
        self.disk.cut_power(7);
        self.turn();
        self.turn();
        assert_eq!(self.hub.arrivals, arrivals, "nothing is sent twice");
        self.nothing_is_missing();
    }

    fn nothing_is_missing(&mut self) {
        let present = self.disk.files("/game");
        let spool = self.spool.as_ref().unwrap();
        for Version { key, content, acked, owed } in &self.versions {
            let path = Path::new("/game").join(&key.name);
            let is_present = present.contains(&path) && self.disk.look_at(&path).unwrap().state == key.state;
            let refused = self.hub.refused.contains(&(key.name.clone(), content.clone()));
            let gap = self.hub.gaps.contains(&(key.name.clone(), key.state.size, key.state.modified_ns));
            assert_eq!(self.hub.taken(&key.name, content), usize::from(*acked));
            assert!(*acked || refused || !is_present, "{key:?} is there and did not arrive");
            assert!(*acked || refused || gap || !owed, "{key:?} is neither at the hub nor named");
            assert!(!spool.copies.contains(key) || refused, "{key:?} is still copied");
        }
    }
}

fn copies_on(disk: &MemoryDisk) -> Vec<FileKey> {
    disk.files("/home/spool").iter().filter_map(|path| key_of(path.file_name()?.to_str()?)).collect()
}
