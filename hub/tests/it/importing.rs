//! The import command as a real program: what it reports, and that it can be ended at any moment and begun again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use slomix_shared::sim::Accidents;
use tokio::process::Command;

use crate::e2e::program::{command, output};
use crate::pipeline::evenings;

/// A place with files to import and a data directory.
pub(crate) struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    /// Files in a tree of several directories, by what they are.
    pub(crate) fn with(files: &[(String, Vec<u8>)]) -> Self {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        for (name, content) in files {
            let folder = place.files().join(if name.contains("endstats") { "late/endstats" } else { "stats" });
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name), content).unwrap();
        }
        place
    }

    fn files(&self) -> PathBuf {
        self.directory.path().join("files")
    }

    /// A file beside the others; its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn hub(&self, data: &str) -> Command {
        let mut hub = command(Path::new(env!("CARGO_BIN_EXE_slomix-hub")));
        hub.env("TMPDIR", self.directory.path()).arg("--data").arg(self.directory.path().join(data));
        hub
    }

    fn import(&self, data: &str) -> Command {
        let mut import = self.hub(data);
        import.arg("import").arg(self.files());
        import
    }

    pub(crate) async fn imported(&self, data: &str, options: &[&str]) -> Value {
        serde_json::from_str(&output(self.import(data).arg("--json").args(options)).await).unwrap()
    }

    pub(crate) async fn dump(&self, data: &str) -> String {
        output(self.hub(data).arg("dump")).await
    }

    /// Whether a try-out left anything behind.
    fn is_littered(&self) -> bool {
        let mut entries = std::fs::read_dir(self.directory.path()).unwrap();
        entries.any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("slomix-dry-run"))
    }
}

#[tokio::test]
async fn a_dry_run_tells_which_rounds_fail_to_pair_and_what_cannot_be_read() {
    let mut files = evenings(7, 2, Accidents::default());
    let rounds: Vec<usize> = (0..files.len()).filter(|&index| files[index].0.ends_with("-round-1.txt")).collect();
    let (lost, broken) = (files[rounds[0]].0.clone(), files[rounds[1]].0.clone());
    files[rounds[1]].1 = b"not a stats file\n".to_vec();
    files.remove(rounds[0]);
    files.push(("2026-03-02-210000_engagements.txt".to_owned(), b"# proximity\n".to_vec()));
    files.push(("notes.txt".to_owned(), b"hello".to_vec()));
    let place = Place::with(&files);

    let told = place.imported("hub", &["--dry-run"]).await;
    assert_eq!((told["files"].as_u64(), told["new"].as_u64()), (Some(files.len() as u64), Some(files.len() as u64)));
    let names = |list: &str| -> Vec<(String, String)> {
        let file = |one: &Value| one["file"].as_str().or(one["name"].as_str()).unwrap().to_owned();
        let code = |one: &Value| one["status"].as_str().or(one["code"].as_str()).unwrap().to_owned();
        told[list].as_array().unwrap().iter().map(|one| (file(one), code(one))).collect()
    };
    let second = |first: &str| {
        let map = first[17..].replace("round-1", "round-2");
        files.iter().map(|(name, _)| name).find(|name| name.as_str() > first && name.ends_with(&map)).unwrap().clone()
    };
    assert_eq!(names("unpaired"), [(second(&lost), "orphan".to_owned()), (second(&broken), "orphan".to_owned())]);
    let quarantined = names("quarantined");
    assert!(quarantined.iter().any(|(name, _)| *name == broken), "{quarantined:?}");
    assert!(!place.is_littered());
    assert!(!place.directory.path().join("hub").exists(), "a dry run makes no data directory");

    let done = place.imported("hub", &[]).await;
    for field in ["unpaired", "rounds", "sessions", "players", "kinds"] {
        assert_eq!(done[field], told[field], "what was told comes true: {field}");
    }
    let again = place.imported("hub", &["--dry-run"]).await;
    assert_eq!((again["new"].as_u64(), again["known"].as_u64()), (Some(0), Some(files.len() as u64)));
}

#[tokio::test]
async fn what_is_not_there_keeps_nothing_else_out_and_is_named() {
    let files = evenings(7, 1, Accidents::default());
    let place = Place::with(&files);
    let gone = place.directory.path().join("gone");
    // There, and nobody can read it, whoever runs the test.
    let endless = place.directory.path().join("endless");
    std::os::unix::fs::symlink("endless", &endless).unwrap();
    let mut import = place.import("hub");
    let done = import.arg(&gone).arg(&endless).arg("--json").output().await.unwrap();
    assert_eq!(done.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(told["new"].as_u64(), Some(files.len() as u64), "{told}");
    assert_eq!(told["missing"], serde_json::json!([gone.display().to_string()]));
    let unreadable = told["unreadable"][0].as_str().unwrap();
    assert!(unreadable.starts_with(&endless.display().to_string()), "{unreadable}");

    let again = place.import("hub").arg(&gone).output().await.unwrap();
    let text = String::from_utf8_lossy(&again.stdout).into_owned();
    assert_eq!(again.status.code(), Some(1), "{text}");
    assert!(text.contains("Not whole: 1 path was left out, all else was imported"), "{text}");
    let nothing = place.hub("other").arg("import").arg(&gone).output().await.unwrap();
    let text = String::from_utf8_lossy(&nothing.stderr).into_owned();
    assert!(nothing.status.code() == Some(1) && text.contains("nothing is imported"), "{text}");
    assert!(!place.directory.path().join("other").exists());
}

#[tokio::test]
async fn what_is_too_large_or_no_file_is_named_and_nothing_at_all_is_said() {
    let name = "2026-03-02-200000-supply-round-1.txt";
    let place = Place::with(&[(name.to_owned(), b"not a stats file\n".to_vec())]);
    let empty = place.directory.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let nothing = place.hub("hub").arg("import").arg(&empty).output().await.unwrap();
    let text = String::from_utf8_lossy(&nothing.stderr).into_owned();
    assert!(nothing.status.code() == Some(1) && text.contains("there are no files in "), "{text}");
    assert!(!place.directory.path().join("hub").exists());

    let large = std::fs::File::create(place.files().join("stats/large.txt")).unwrap();
    large.set_len(slomix_shared::artifact::MAX_FILE_BYTES as u64 + 1).unwrap();
    std::os::unix::fs::symlink(name, place.files().join("stats/linked.txt")).unwrap();
    for options in [&["--dry-run"][..], &[]] {
        let done = place.import("hub").args(options).output().await.unwrap();
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        assert_eq!(done.status.code(), Some(1), "{text}");
        assert!(text.contains("large.txt: over 8 MiB; left where it is"), "{text}");
        assert!(text.contains("linked.txt: not a regular file; left where it is"), "{text}");
        assert!(text.contains("Not whole: 2 paths were left out, all else w"), "{text}");
    }
    let again = place.import("hub").arg("--json").output().await.unwrap();
    let told: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((told["new"].as_u64(), told["known"].as_u64()), (Some(0), Some(1)), "{told}");
    let count = |list: &str| told[list].as_array().unwrap().len();
    assert_eq!((count("too_large"), count("irregular"), count("unreadable"), count("missing")), (1, 1, 0, 0));
}

#[tokio::test]
async fn a_mistyped_data_directory_makes_no_hub() {
    let place = Place::with(&[]);
    for words in [&["rebuild"][..], &["quarantine", "retry"], &["agent", "revoke", "kiel"], &["verify"]] {
        let refused = place.hub("mistyped").args(words).output().await.unwrap();
        let text = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(1) && text.contains("no hub has worked in "), "{words:?}: {text}");
        assert!(!place.directory.path().join("mistyped").exists(), "{words:?}");
    }
}

#[tokio::test]
async fn long_lists_are_cut_unless_all_is_asked_for() {
    let name = |second: usize| format!("2026-03-02-2000{second:02}-supply-round-1.txt");
    let broken = |count: usize| -> Vec<(String, Vec<u8>)> {
        (0..count).map(|second| (name(second), format!("not a stats file {second}\n").into_bytes())).collect()
    };
    for (count, options, named) in [(20, &[][..], 20), (21, &[], 15), (21, &["--all"], 21)] {
        let place = Place::with(&broken(count));
        let text = output(place.import("hub").arg("--dry-run").args(options)).await;
        assert_eq!(text.matches("-supply-round-1.txt").count(), named, "{text}");
        assert_eq!(text.contains("and 6 more; --all names them"), named < count, "{text}");
    }
}

/// Starts an import, ends it after a while in one of two ways, and waits until it is gone.
async fn interrupted(place: &Place, after: Duration, kindly: bool) {
    let mut import = place.import("broken-off").stderr(Stdio::null()).spawn().unwrap();
    if tokio::time::timeout(after, import.wait()).await.is_ok() {
        return;
    }
    if kindly {
        let pid = import.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    } else {
        import.start_kill().unwrap();
    }
    import.wait().await.unwrap();
}

#[tokio::test]
async fn an_import_that_is_ended_at_any_moment_goes_on_from_there() {
    let files = evenings(11, 24, Accidents::storm());
    let place = Place::with(&files);
    let at_once = place.imported("at-once", &[]).await;
    // Wherever these moments fall, the outcome is the same.
    for (round, millis) in [30, 90, 60, 150, 250, 400].into_iter().enumerate() {
        interrupted(&place, Duration::from_millis(millis), round % 2 == 0).await;
    }
    let last = place.imported("broken-off", &[]).await;
    let sum = |told: &Value| told["new"].as_u64().unwrap() + told["known"].as_u64().unwrap();
    assert_eq!(sum(&last), sum(&at_once));
    for field in ["unpaired", "quarantined", "rounds", "dispositions"] {
        assert_eq!(names_only(&last[field]), names_only(&at_once[field]), "{field}");
    }
    assert!(place.dump("broken-off").await == place.dump("at-once").await);
}

/// Without the instants of arrival, which differ.
fn names_only(value: &Value) -> Value {
    let mut value = value.clone();
    for one in value.as_array_mut().into_iter().flatten() {
        if let Some(fields) = one.as_object_mut() {
            fields.remove("received_ms");
        }
    }
    value
}

#[tokio::test]
async fn an_import_tells_of_its_own_files() {
    let place = Place::with(&evenings(7, 1, Accidents::default()));
    let first = place.imported("hub", &[]).await;
    let odd = place.file("no name.txt", "junk");
    let told: Value =
        serde_json::from_str(&output(place.hub("hub").arg("import").arg(&odd).arg("--json")).await).unwrap();
    assert_eq!(told["dispositions"], serde_json::json!([{ "state": "quarantined", "code": "name", "files": 1 }]));
    assert_eq!((told["quarantined"].as_array().unwrap().len(), &told["rounds"]), (1, &first["rounds"]));
    let again = place.imported("hub", &[]).await;
    assert_eq!((&again["dispositions"], &again["quarantined"]), (&first["dispositions"], &serde_json::json!([])));
}

#[tokio::test]
async fn what_an_import_supersedes_and_what_a_missing_zone_keeps_waiting_is_named() {
    let mut files = evenings(7, 1, Accidents::default());
    let at = files.iter().position(|(name, _)| name.ends_with("-round-1.txt")).unwrap();
    let (name, whole) = files[at].clone();
    let shorter = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    files[at].1.truncate(shorter);
    let place = Place::with(&files);
    let first = place.imported("hub", &[]).await;
    assert_eq!(first["superseded"], serde_json::json!([]));

    std::fs::write(place.files().join("stats").join(&name), &whole).unwrap();
    let event = "gametime-nowhere-R1-1772485200.json";
    place_event(&place, event);
    let text = output(&mut place.import("hub")).await;
    let at = text.find("1 content superseded").unwrap_or_else(|| panic!("{text}"));
    let told = text[at..].replace(&name, "FILE");
    insta::assert_snapshot!("what_an_import_supersedes", told.trim_end());
    let again = place.imported("hub", &[]).await;
    assert_eq!(again["superseded"], serde_json::json!([]), "told once");
    assert!(again["zone_missing"].as_str().unwrap().starts_with("1 round event waits"), "{again}");

    let round = output(place.hub("hub").args(["show", "round", "2026-03-02a.1"])).await;
    assert!(round.contains("slomix-hub correct zone main"), "{round}");
    let doctor = place.hub("hub").arg("doctor").output().await.unwrap();
    let doctor = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(doctor.contains("1 round event waits for its round, and nobody has told the time zone"), "{doctor}");
    let quiet = place.hub("hub").args(["correct", "zone", "main", "UTC", "--reason", "it is"]).output().await.unwrap();
    let quiet = String::from_utf8_lossy(&quiet.stderr).into_owned();
    assert!(!quiet.contains("has no zone"), "no word of it where it does not matter: {quiet}");
    assert_eq!(place.imported("hub", &[]).await["zone_missing"], Value::Null);
}

/// A round event whose round never comes.
fn place_event(place: &Place, name: &str) {
    std::fs::write(place.files().join("stats").join(name), br#"{"match_id":"x"}"#).unwrap();
}

#[tokio::test]
async fn a_round_points_at_its_other_half_in_quarantine() {
    let mut files = evenings(7, 1, Accidents::default());
    let at = files.iter().position(|(name, _)| name.ends_with("-round-1.txt")).unwrap();
    files[at].1 = b"not a stats file\n".to_vec();
    let place = Place::with(&files);
    place.imported("hub", &[]).await;
    let text = output(place.hub("hub").args(["show", "round", "2026-03-02a.1"])).await.replace('\n', " ");
    assert!(text.contains("R1 of this map may be ") && text.contains("quarantine show "), "{text}");
    let json: Value =
        serde_json::from_str(&output(place.hub("hub").args(["--json", "show", "round", "2026-03-02a.1"])).await)
            .unwrap();
    let lost = &json["other_half_in_quarantine"][0];
    assert_eq!((lost["file"].as_str(), lost["half"].as_i64()), (Some(files[at].0.as_str()), Some(1)));
    output(place.hub("hub").args(["quarantine", "show", lost["artifact"].as_str().unwrap()])).await;
    let whole: Value =
        serde_json::from_str(&output(place.hub("hub").args(["--json", "show", "round", "last"])).await).unwrap();
    assert_eq!(whole["other_half_in_quarantine"], serde_json::json!([]));
}
