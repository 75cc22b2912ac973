//! A month without the hub, on a server that plays sixty rounds a day and cleans its directories every day: at the sizes
//! that the game's scripts write, it fits into the quota that operators get. One day in thirty is played, into a
//! thirtieth of the room.

use std::fs;
use std::sync::Arc;

use slomix_shared::artifact::{ContentHash, Kind};
use slomix_shared::sim::{Plan, play};

use super::disk::memory::MemoryDisk;
use super::{FileKey, Packed, Pending, Places, Spool};
use crate::config::Config;
use crate::testdata;
use crate::watch::{Cause, FileState, Look, Observed};

const DAYS: u64 = 30;
const ROUNDS: usize = 60;

/// What a day's scripts write, in order: the simulated game's stats and endstats, and the round events and telemetry of
/// evenings in which the real scripts ran under a mock engine. None where those are not there.
fn day() -> Option<Vec<(String, Vec<u8>)>> {
    let read = |folder: &str| {
        let mut paths: Vec<_> =
            fs::read_dir(testdata::folder(folder)?).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        Some(paths.into_iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>())
    };
    let tracks =
        read("sim-evenings/proximity")?.into_iter().map(|packed| zstd::stream::decode_all(&packed[..]).unwrap());
    let tracks: Vec<_> = tracks.collect();
    let events = read("sim-evenings/gametimes")?;
    let plan = Plan { evenings: 6, ..Plan::new(30, jiff::civil::date(2026, 11, 9).at(20, 0, 0, 0)) };
    let evenings: Vec<_> = play(&plan).unwrap().collect();
    let rounds: Vec<_> = evenings.iter().flat_map(slomix_shared::sim::Evening::rounds).collect();
    let mut files = Vec::new();
    for number in 0..ROUNDS {
        let round = rounds[number % rounds.len()];
        let stamp = format!("2026-11-09-{:02}{:02}00-supply-round-{}", number / 4, number % 4 * 15, number % 2 + 1);
        let of =
            |file: &Option<slomix_shared::sim::SimFile>| file.as_ref().map_or(Vec::new(), |file| file.bytes.clone());
        files.push((format!("{stamp}_engagements.txt"), tracks[number % tracks.len()].clone()));
        files.push((format!("{stamp}.txt"), of(&round.stats)));
        files.push((format!("{stamp}-endstats.txt"), of(&round.endstats)));
        let event = format!("gametime-supply-R{}-{}.json", number % 2 + 1, 1_794_200_000 + number * 900);
        files.push((event, events[number % events.len()].clone()));
    }
    Some(files)
}

#[test]
fn a_month_without_the_hub_fits_and_loses_nothing() {
    let Some(files) = day() else { return };
    let quota = Config::default().quota;
    assert_eq!(quota, 512 << 20);
    let disk = MemoryDisk::with(&["/game", "/home"]);
    let places = Places {
        ledger: "/home/ledger".into(),
        copies: "/home/spool".into(),
        ballast: "/home/ballast".into(),
        ballast_size: 4096,
    };
    let open = || Spool::open(Arc::new(disk.clone()), &places, quota / DAYS, 1);
    let mut spool = open();
    let mut sums = [(Kind::Proximity, 0, 0), (Kind::Stats, 0, 0), (Kind::Endstats, 0, 0), (Kind::Gametime, 0, 0)];
    for (second, (name, content)) in files.iter().enumerate() {
        let (path, modified_ns) = (format!("/game/{name}"), second as i64 + 1);
        disk.put(&path, content, modified_ns);
        let state = FileState { size: content.len() as u64, modified_ns };
        let kind = slomix_shared::artifact::FileName::kind_of(name);
        let file = Observed { path: path.clone().into(), name: name.clone(), kind, state };
        let cause = Cause::Found(Look::Renewed);
        spool.push(Pending { file: file.clone(), cause, fresh: true, copy: None, alone: false, since_ms: 1 });
        let before = spool.copies.used();
        let packed = Packed::make(&disk, file).unwrap();
        assert!(spool.make_room(&packed, 1), "{name}");
        packed.write(&disk, spool.copies_lie_in()).unwrap();
        spool.copied(&packed, 1);
        disk.take_away(&path);
        let sum = sums.iter_mut().find(|sum| sum.0 == kind).expect("one of the four kinds");
        sum.1 += content.len() as u64;
        sum.2 += spool.copies.used() - before;
    }
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    for (kind, plain, on_disk) in sums {
        let (plain, on_disk) = (mib(plain * DAYS), mib(on_disk * DAYS));
        eprintln!("{kind:<12} {plain:7.1} MiB in {DAYS} days of {ROUNDS} rounds, {on_disk:6.1} MiB in the spool");
    }
    eprintln!("together {:.1} MiB of {:.0}", mib(spool.copies.used() * DAYS), mib(quota));
    assert!(spool.copies.used() * DAYS <= quota && disk.used() * DAYS <= quota + (DAYS << 20));
    assert_eq!((spool.dropped(), spool.gaps(), spool.copies.len()), (0, (0, 0), files.len()));

    // The host restarts, and the hub is back.
    spool.sync().unwrap();
    drop(spool);
    disk.cut_power(3);
    let mut spool = open();
    let taken = spool.take(usize::MAX, u64::MAX, |_| true);
    assert_eq!(taken.len(), ROUNDS, "the stats go first, in a batch of their own");
    assert_eq!((spool.unacked(), spool.mended().len()), (files.len(), 0));
    for (key, path) in
        spool.copies.iter().map(|(key, path)| (key.clone(), path.to_owned())).collect::<Vec<(FileKey, _)>>()
    {
        let content = super::Copies::read(&disk, &path, &key).unwrap();
        let (_, original) = files.iter().find(|(name, _)| *name == key.name).unwrap();
        assert!(ContentHash::of(&content) == ContentHash::of(original), "{}", key.name);
    }
}
