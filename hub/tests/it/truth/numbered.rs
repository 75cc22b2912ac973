//! Every numbered case of the specifications has a test that bears its number.

use std::collections::BTreeSet;
use std::path::Path;

/// The names of all tests in the sources of the hub and of what it shares with the agent.
fn tests() -> BTreeSet<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = BTreeSet::new();
    for folder in ["src", "tests", "../shared/src"] {
        collect(&here.join(folder), &mut names);
    }
    names
}

fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(tests_of(&std::fs::read_to_string(path).unwrap()));
        }
    }
}

/// The functions that follow a test attribute, perhaps after others.
fn tests_of(source: &str) -> Vec<String> {
    let mut lines = source.lines().map(str::trim);
    let mut names = Vec::new();
    while let Some(line) = lines.next() {
        if matches!(line, "#[test]" | "#[tokio::test]")
            && let Some(signature) = lines.find(|line| !line.starts_with("#["))
        {
            let name = signature.trim_start_matches("async ").strip_prefix("fn ");
            names.extend(name.and_then(|rest| rest.split('(').next()).map(str::to_owned));
        }
    }
    names
}

/// Those of `numbers` after which no test is named.
fn without_test(prefix: &str, numbers: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let tests = tests();
    let named = |number: &u32| tests.iter().any(|test| test.starts_with(&format!("{prefix}{number}_")));
    numbers.into_iter().filter(|number| !named(number)).collect()
}

const NONE: [u32; 0] = [];

#[test]
fn every_case_of_the_stats_file_has_a_test() {
    assert_eq!(without_test("case_", 1..=81), NONE);
    // Endstats, 82 to 90: all of them, once there is a reader of endstats.
    let without = without_test("case_", 82..=90);
    assert!(without.is_empty() || without.len() == 9, "{without:?}");
}

#[test]
fn every_golden_vector_has_a_test() {
    let tests = tests();
    let missing = |vector: &&str| !tests.iter().any(|test| test.starts_with(&format!("golden_{vector}_")));
    assert_eq!(["a", "b", "c", "d"].iter().filter(|vector| missing(vector)).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn every_case_of_sessions_and_teams_has_a_test() {
    assert_eq!(without_test("session_", 1..=12), NONE);
    assert_eq!(without_test("t", 1..=17), NONE);
}

#[test]
fn the_scan_finds_tests_and_nothing_else() {
    let tests = tests();
    assert!(tests.contains("the_scan_finds_tests_and_nothing_else") && tests.len() > 300, "{}", tests.len());
    assert!(!tests.contains("collect") && !tests.contains("tests_of"));
}
