//! Events recorded on a real server, played through the rules; skipped where the collection is not there.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, CreateKind, DataChange, EventKind, ModifyKind};
use slomix_shared::artifact::{FileName, Kind};

use super::settle::Settle;
use super::signal::{self, Signal};

fn kind_of(mask: &str) -> EventKind {
    match mask {
        "CREATE" => EventKind::Create(CreateKind::File),
        "CREATE,ISDIR" => EventKind::Create(CreateKind::Folder),
        "MODIFY" => EventKind::Modify(ModifyKind::Data(DataChange::Any)),
        "CLOSE_WRITE,CLOSE" => EventKind::Access(AccessKind::Close(AccessMode::Write)),
        other => panic!("the recording has no {other}"),
    }
}

#[test]
fn every_file_of_a_real_evening_is_ready_once_and_after_its_last_close() {
    let Some(server) = crate::testdata::folder("real-server") else { return };
    for evening in ["evening-1", "evening-2"] {
        let log = fs::read_to_string(server.join(evening).join("inotify.log")).unwrap();
        let start = Instant::now();
        let mut first = None;
        let mut settle = Settle::new(Duration::from_secs(2));
        let mut ready: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
        let mut last_close: BTreeMap<String, Duration> = BTreeMap::new();
        let mut now = Duration::ZERO;
        for line in log.lines() {
            let mut words = line.split(' ');
            let second: u64 = words.next().unwrap().parse().unwrap();
            let path = PathBuf::from(words.next().unwrap());
            let event = notify::Event::new(kind_of(words.next().unwrap())).add_path(path.clone());
            now = Duration::from_secs(second - *first.get_or_insert(second));
            while let Some(due) = settle.due(start + now) {
                ready.entry(name_of(&due.path)).or_default().push(now);
            }
            let name = name_of(&path);
            let Some(Signal::Closed { at, .. }) = signal::read(&event, SystemTime::UNIX_EPOCH) else { continue };
            if FileName::kind_of(&name) == Kind::Unrecognised {
                continue; // the recording covers the whole home directory
            }
            last_close.insert(name.clone(), now);
            if settle.closed(path, FileName::kind_of(&name), at, start + now).is_some() {
                ready.entry(name).or_default().push(now);
            }
        }
        while let Some(due) = settle.due(start + now + Duration::from_secs(10)) {
            ready.entry(name_of(&due.path)).or_default().push(now + Duration::from_secs(10));
        }
        assert!(ready.len() >= 8, "{evening}: {ready:?}");
        for (name, times) in &ready {
            assert_eq!(times.len(), 1, "{evening}: {name} was ready at {times:?}");
            assert!(times[0] >= last_close[name], "{evening}: {name}");
        }
    }
}

fn name_of(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
