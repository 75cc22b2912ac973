//! A round's stats file, and all that the parsed file answers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_shared::formats::stats::{self, Field, LineFlag, Remark, StatsFile};

/// A line of one weapon is twenty bytes and becomes a player of some four hundred.
const TIMES: usize = 16;

fuzz_target!(|bytes: &[u8]| {
    match bounded(bytes.len(), TIMES, || stats::parse(bytes)) {
        Ok(file) => look_at(&file),
        Err(error) => assert!(!error.code().is_empty() && !error.to_string().is_empty()),
    }
});

fn look_at(file: &StatsFile) {
    let header = &file.header;
    assert!(header.playtime.seconds().is_none_or(|seconds| seconds > 0));
    for clock in [header.limit, header.next].into_iter().flatten() {
        assert_eq!(stats::parse_time(stats::clock_text(clock).as_bytes()), (clock / 60 < 1_000_000).then_some(clock));
    }
    for Remark { line, fault } in &file.remarks {
        assert!(*line > 1 && !fault.to_string().is_empty());
    }
    assert!(!file.players.is_empty());
    for player in &file.players {
        assert!(!player.name().is_empty());
        let _ = (player.side(), player.is_bot(), player.guid.value());
        assert!(player.weapon_sum(|weapon| weapon.hits).abs() <= 28_000_000);
        assert!(player.weapons.is_sorted_by(|a, b| a.weapon < b.weapon));
        assert!(Field::all().filter_map(|field| player.fields.get(field)).all(|value| value.abs() <= 10_000_000));
        assert!(player.flags.iter().copied().map(LineFlag::as_str).all(|flag| !flag.is_empty()));
    }
}
