//! Simulated evenings, plain and with every accident there is, against their truth.

use slomix_hub::domain::revision::Fate;
use slomix_shared::sim::{Accidents, Evening, Layout, Plan, Rhythm, StrayKind};

use super::archive::{Archive, rules};
use super::books::balance;
use super::check::check;
use super::findings::Findings;
use super::played::{evenings, expected, plan, stats_files};

fn compare(plan: &Plan, findings: &mut Findings) {
    let evenings = evenings(plan);
    let files = stats_files(&evenings);
    let archive = Archive::new(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())), &rules());
    let rounds = expected(&evenings, plan.layout);
    check(&archive, &rounds, findings);
    balance(&archive, findings);
    let whole = rounds.iter().filter(|round| round.is_there()).count();
    findings.same("stored rounds", format!("seed {}", plan.seed), &archive.rounds().count(), &whole);
    for evening in &evenings {
        check_strays(&archive, evening, findings);
        check_cut_then_whole(&archive, evening, findings);
    }
}

fn check_strays(archive: &Archive, evening: &Evening, findings: &mut Findings) {
    for stray in &evening.strays {
        let name = &stray.file.name;
        let fates = archive.fates(name);
        let quarantined = |wanted: &str| matches!(fates[..], [Fate::Quarantined { code, .. }] if **code == *wanted);
        let right = match &stray.what {
            StrayKind::Empty => quarantined("empty"),
            // Which reason depends on whether backslashes and line feeds are among the bytes.
            StrayKind::RandomBytes => matches!(fates[..], [Fate::Quarantined { .. }]),
            StrayKind::HeaderOnly => quarantined("header_only"),
            StrayKind::Copy { of } | StrayKind::CopyWithOtherHeader { of } => {
                matches!(fates[..], [Fate::Duplicate(original)] if original == of)
            }
            StrayKind::MalformedName { .. } => archive.others.iter().any(|(other, _)| other == name),
        };
        findings.holds("strays", right, || format!("{name} ({:?}): {fates:?}", stray.what));
    }
}

fn check_cut_then_whole(archive: &Archive, evening: &Evening, findings: &mut Findings) {
    let replaced = evening.rounds().filter(|round| round.truth.fate == slomix_shared::sim::Fate::CutThenWhole);
    for file in replaced.filter_map(|round| round.stats.as_ref()) {
        let fates = archive.fates(&file.name);
        let right = matches!(fates[..], [Fate::Superseded, Fate::Stored]);
        findings.holds("revisions", right, || format!("{}: {fates:?}", file.name));
    }
}

#[test]
fn plain_evenings() {
    let mut findings = Findings::default();
    for seed in 0..12 {
        compare(&plan(seed), &mut findings);
        compare(&Plan { alternate_sides: true, players_per_side: 3, ..plan(seed + 100) }, &mut findings);
    }
    assert_eq!(findings.count("rounds whose teams are unclear"), 0);
    findings.conclude("plain evenings");
}

#[test]
fn evenings_of_a_lively_server() {
    let mut findings = Findings::default();
    for seed in 0..12 {
        compare(&Plan { evenings: 4, accidents: Accidents::real(), ..plan(seed) }, &mut findings);
    }
    findings.conclude("lively evenings");
}

#[test]
fn evenings_in_a_storm() {
    let mut findings = Findings::default();
    for seed in 0..24 {
        compare(&Plan { evenings: 2, accidents: Accidents::storm(), ..plan(seed) }, &mut findings);
    }
    for what in ["cut-off rounds", "revisions", "strays", "lines of orphans, which are totals"] {
        assert!(findings.count(what) > 0, "the storm brought no {what}");
    }
    findings.conclude("evenings in a storm");
}

#[test]
fn a_server_that_never_pauses() {
    let mut findings = Findings::default();
    // Files of nothing bear names of first rounds; one of them at 06:00 would cut the run in the middle of a match.
    // A late copy under another header may fall into another block, where nobody looks for its original.
    let accidents = Accidents {
        empty_file: 0.0,
        random_bytes: 0.0,
        header_only: 0.0,
        copy_with_other_header: 0.0,
        ..Accidents::storm()
    };
    for seed in 0..4 {
        let plan = Plan { evenings: 8, rhythm: Rhythm::Pauseless, accidents, ..plan(seed) };
        compare(&plan, &mut findings);
    }
    findings.conclude("days without a pause");
}

#[test]
fn older_writers() {
    let mut findings = Findings::default();
    for layout in [Layout::Fields33, Layout::Fields36, Layout::Fields37] {
        for seed in 0..8 {
            let plan = Plan { layout, playtime_field: false, accidents: Accidents::storm(), ..plan(seed) };
            compare(&plan, &mut findings);
        }
    }
    assert!(findings.count("cut-off rounds") > 0, "nothing was cut off");
    findings.conclude("older writers");
}
