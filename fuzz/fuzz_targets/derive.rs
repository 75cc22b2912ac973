//! A small block out of files that nobody would write: stats files, endstats and round events.
//!
//! Whatever they say, the rows follow, and in whatever order they come, the same rows.
#![no_main]

mod written;

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use slomix_hub::domain::derive::derive_with_papers;
use slomix_hub::domain::input::Rules;

use written::Written;

fuzz_target!(|written: Vec<Written>| {
    let (mut files, mut papers) = written::archived(&written);
    let rules = Rules::new(written::SERVER, TimeZone::get("Europe/Berlin").expect("a zone"));
    let derived = derive_with_papers(&files, &papers, &rules);
    assert!(derived.rounds.is_sorted_by(|a, b| a.id < b.id), "no two rounds share an id");

    files.reverse();
    papers.reverse();
    files.extend_from_within(..files.len() / 2);
    papers.extend_from_within(..papers.len() / 2);
    assert_eq!(derive_with_papers(&files, &papers, &rules), derived, "in the other order, some of them twice");
});
