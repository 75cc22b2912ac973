//! What an admin types, as real programs: beside a hub that serves, and without one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use slomix_hub::pipeline::backup::check;
use slomix_hub::store::{Durability, Store};
use slomix_shared::sim::Accidents;
use tokio::process::Command;

use super::patience::eventually;
use super::program::{Program, command};
use super::programs;
use crate::pipeline::evenings;

/// A folder with a configuration, stats files and a data directory.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = "\"127.0.0.1:0\"";
        let config = format!(
            "[[server]]\nkey = \"main\"\nzone = \"Europe/Berlin\"\n\
             [link]\nlisten = {free}\n[http]\nlisten = {free}\n[admin]\nlisten = {free}\n"
        );
        std::fs::write(folder.path().join("hub.toml"), config).unwrap();
        std::fs::create_dir(folder.path().join("stats")).unwrap();
        for (name, content) in evenings(11, 2, Accidents::storm()) {
            std::fs::write(folder.path().join("stats").join(name), content).unwrap();
        }
        std::fs::write(folder.path().join("stats/2026-03-09-201500-supply-round-1.txt"), "\x1b[2Jno stats\n").unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, data: &str, arguments: &[&str]) -> Command {
        let mut command = command(&programs::hub());
        command.arg("--config").arg(self.path("hub.toml")).arg("--data").arg(self.path(data)).args(arguments);
        command
    }

    /// Runs a command on a data directory to its end.
    async fn run_on(&self, data: &str, arguments: &[&str]) -> Output {
        self.command(data, arguments).output().await.unwrap()
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        self.run_on("data", arguments).await
    }

    /// What a command that ends well prints as JSON.
    async fn ask(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat()).await;
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What a command that ends with 1 prints as JSON.
    async fn told_in_part(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat()).await;
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    async fn import(&self) {
        let stats = self.path("stats");
        self.ask(&["import", stats.to_str().unwrap()]).await;
    }

    async fn serve(&self) -> Program {
        let mut program = Program::start(self.command("data", &["serve"]), self.path("hub.log"));
        program.hears("status and metrics at http://").await;
        program
    }

    /// Writes into the database behind the hub's back.
    async fn write(&self, sql: &str) {
        let store = Store::open(&self.path("data/slomix.db")).await.unwrap();
        let mut tx = store.begin(Durability::Full).await.unwrap();
        tx.execute("write", sql, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await;
    }

    /// Text with what is another one on every machine taken out.
    fn plain(&self, text: &[u8]) -> String {
        let text = String::from_utf8_lossy(text).replace(&self.folder.path().display().to_string(), "DIR");
        let mut plain = String::new();
        for line in text.lines() {
            let line = match line.split_once("disk       ") {
                Some((_, _)) => "ok    disk       N GB are free",
                None => line,
            };
            let line = match line.split_once("sound, ") {
                Some((before, _)) => {
                    let before = before.split_once("SQLite ").map_or(before, |(before, _)| before);
                    format!("{before}SQLite N, opens and is sound, N MB")
                }
                None => line.to_owned(),
            };
            plain.push_str(&line);
            plain.push('\n');
        }
        plain
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_an_admin_does_works_beside_a_hub_that_serves() {
    let desk = Desk::new();
    desk.import().await;
    let before = desk.run(&["dump"]).await.stdout;
    let hub = desk.serve().await;
    for name in ["slomix.db", "slomix.db-wal", "slomix.db-shm"] {
        let mode = std::fs::metadata(desk.path("data").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let first = desk.path("first.backup");
    let first = first.to_str().unwrap();
    let to_first = ["backup", first];
    let (rebuilt, retried, deep, backed_up, invited) = tokio::join!(
        desk.ask(&["rebuild"]),
        desk.ask(&["quarantine", "retry"]),
        desk.ask(&["verify", "--deep"]),
        desk.ask(&to_first),
        desk.ask(&["agent", "invite", "vps", "--address", "stats.example.org"]),
    );
    assert!(rebuilt["blocks"].as_u64() > Some(0) && rebuilt["rows"] == 0, "{rebuilt}");
    assert_eq!(retried["tried"], retried["still_quarantined"], "{retried}");
    assert!(retried["tried"].as_u64() > Some(0) && deep["sound"] == true, "{retried} {deep}");
    assert_eq!(deep["deep"]["differing"], serde_json::json!([]));
    assert!(deep["signatures"]["batches"].as_u64() > Some(0), "{deep}");
    assert_eq!(backed_up["damaged"], serde_json::json!([]));
    assert!(invited["token"].as_str().unwrap().starts_with("slomix_join_"), "{invited}");
    assert_eq!(desk.run(&["dump"]).await.stdout, before, "all of it changes nothing");

    let wrong = desk.run(&["agent", "revoke", "nobody"]).await;
    assert!(!wrong.status.success() && said(&wrong).contains("no agent that may ship has the name `nobody`"));
    let over = desk.run(&["backup", first]).await;
    assert!(!over.status.success() && said(&over).contains("never written over"), "{}", said(&over));
    let busy = desk.run(&["restore", first, "--force"]).await;
    assert!(!busy.status.success() && said(&busy).contains("another slomix-hub"), "{}", said(&busy));
    let status = hub.stop().await;
    assert!(status.success() && !names(&desk.path("data")).contains(&"admin.sock".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_becomes_a_hub_again_and_an_altered_one_touches_nothing() {
    let desk = Desk::new();
    desk.import().await;
    let file = desk.path("hub.backup");
    desk.ask(&["backup", file.to_str().unwrap()]).await;
    let whole = std::fs::read(&file).unwrap();

    let mut altered = whole.clone();
    altered[whole.len() / 2] ^= 0x40;
    for (name, bytes) in [("altered", &altered[..]), ("cut", &whole[..whole.len() - 1])] {
        let bad = desk.path(name);
        std::fs::write(&bad, bytes).unwrap();
        let before = names(&desk.path("data"));
        for data in ["data", "new"] {
            let refused = desk.run_on(data, &["restore", bad.to_str().unwrap(), "--force"]).await;
            assert!(!refused.status.success() && said(&refused).contains("nothing was touched"), "{}", said(&refused));
        }
        assert_eq!(names(&desk.path("data")), before);
        assert!(!desk.path("new").exists());
    }

    let restored = desk.run_on("new", &["restore", file.to_str().unwrap(), "--json"]).await;
    assert!(restored.status.success(), "{}", said(&restored));
    let told: Value = serde_json::from_slice(&restored.stdout).unwrap();
    assert!(told["signatures"]["batches"].as_u64() > Some(0) && told["moved_aside"].is_null(), "{told}");
    assert_eq!(desk.run_on("new", &["dump"]).await.stdout, desk.run(&["dump"]).await.stdout);
    let sound = desk.run_on("new", &["verify", "--deep"]).await;
    assert!(sound.status.success(), "{}", said(&sound));
    let key = |data: &str| std::fs::read(desk.path(data).join("keys/authority.key")).unwrap();
    assert_eq!(key("new"), key("data"));

    let again = desk.run_on("new", &["restore", file.to_str().unwrap()]).await;
    assert!(!again.status.success() && said(&again).contains("--force"), "{}", said(&again));
    let forced = desk.run_on("new", &["restore", file.to_str().unwrap(), "--force"]).await;
    assert!(forced.status.success() && said(&forced).contains("the hub that was there is in"), "{}", said(&forced));
    let left = names(&desk.path("new"));
    assert!(left.iter().any(|name| name.starts_with("before-restore-")), "{left:?}");
    assert!(desk.run_on("new", &["verify"]).await.status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_backup_leaves_no_file_of_its_name() {
    let desk = Desk::new();
    desk.import().await;
    let (file, part) = (desk.path("hub.backup"), desk.path("hub.backup.part"));
    for _ in 0..3 {
        let program = Program::start(desk.command("data", &["backup", file.to_str().unwrap()]), desk.path("log"));
        eventually(
            "a backup under way",
            async || {
                if part.exists() || file.exists() { Ok(()) } else { Err("neither file") }
            },
        )
        .await;
        program.kill().await;
        if file.exists() {
            check(&file).unwrap();
            std::fs::remove_file(&file).unwrap();
        }
    }
    desk.ask(&["backup", file.to_str().unwrap()]).await;
    check(&file).unwrap();
    assert!(!part.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let desk = Desk::new();
    let fresh = desk.run(&["doctor"]).await;
    assert!(fresh.status.success());
    insta::assert_snapshot!("doctor_of_nothing", desk.plain(&fresh.stdout));
    desk.import().await;
    let healthy = desk.run(&["doctor"]).await;
    assert!(healthy.status.success(), "{}", said(&healthy));
    insta::assert_snapshot!("doctor_of_a_hub", desk.plain(&healthy.stdout));

    std::fs::remove_file(desk.path("data/keys/signing.key")).unwrap();
    let open = |path: &str, mode| std::fs::set_permissions(desk.path(path), Permissions::from_mode(mode)).unwrap();
    open("data", 0o755);
    open("data/slomix.db", 0o644);
    let sql = "insert into player_guid (session, player, guid, block) \
               select session, player, substr(guid, 1, 8) || 'FFFFFFFFFFFFFFFFFFFFFFFF', block \
               from player_guid where player = (select min(player) from player_guid)";
    desk.write(sql).await;
    std::fs::write(desk.path("hub.toml"), "[http]\nlissen = \"127.0.0.1:0\"\n").unwrap();
    let ill = desk.run(&["doctor", "--json"]).await;
    assert_eq!(ill.status.code(), Some(1));
    let findings: Vec<Value> = serde_json::from_slice(&ill.stdout).unwrap();
    let bad: Vec<String> = findings
        .iter()
        .filter(|finding| finding["state"] != "good" && finding["about"] != "disk" && finding["about"] != "ports")
        .map(|finding| format!("{}: {}", finding["about"].as_str().unwrap(), finding["what"].as_str().unwrap()))
        .collect();
    insta::assert_snapshot!("doctor_of_an_ill_hub", desk.plain(bad.join("\n").as_bytes()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_beside_a_hub_that_serves_is_the_same_import() {
    let desk = Desk::new();
    let hub = desk.serve().await;
    std::fs::write(desk.path("stats/2026-03-09-211500_engagements.txt"), vec![b'#'; 6 << 20]).unwrap();
    std::fs::write(desk.path("stats/too-large.txt"), vec![b'#'; (8 << 20) + 1]).unwrap();
    let stats = desk.path("stats");
    let import = ["import", stats.to_str().unwrap()];
    // The exit code is 1, for one is left out.
    let beside = desk.told_in_part(&import).await;
    let again = desk.told_in_part(&import).await;
    assert_eq!((&again["new"], &again["known"]), (&Value::from(0), &beside["new"]), "{beside} {again}");
    assert_eq!(beside["too_large"].as_array().unwrap().len(), 1);
    let sound = desk.run(&["verify", "--deep"]).await;
    assert!(sound.status.success(), "{}", said(&sound));
    assert!(hub.stop().await.success());

    let alone = desk.run_on("alone", &[&import[..], &["--json"]].concat()).await;
    let alone: Value = serde_json::from_slice(&alone.stdout).unwrap();
    for number in ["new", "known", "rounds", "maps", "sessions", "players", "dispositions"] {
        assert_eq!(beside[number], alone[number], "{number}");
    }
    assert_eq!(desk.run(&["dump"]).await.stdout, desk.run_on("alone", &["dump"]).await.stdout);
}

#[tokio::test]
async fn what_is_unsound_is_listed_and_ends_with_1() {
    let desk = Desk::new();
    desk.import().await;
    let damage = async |sql: &str| desk.write(sql).await;
    let verify = async |arguments: &[&str]| {
        let found = desk.run(&[&["verify", "--json"], arguments].concat()).await;
        let findings: Value = serde_json::from_slice(&found.stdout).unwrap();
        (found.status.code(), findings)
    };
    assert_eq!(verify(&["--deep"]).await.0, Some(0));

    damage("update session set wins_a = 99").await;
    assert_eq!(verify(&[]).await.0, Some(0), "sessions are only made again by a deep check");
    let (code, deep) = verify(&["--deep"]).await;
    assert_eq!((code, deep["deep"]["differing"][0]["server"].as_str()), (Some(1), Some("main")), "{deep}");
    desk.ask(&["rebuild"]).await;
    assert_eq!(verify(&["--deep"]).await.0, Some(0));

    damage("update batch set head = x'00' where id = 1").await;
    let paper = "(select max(artifact) from disposition where artifact not in (select artifact from round))";
    damage(&format!("delete from disposition where artifact = {paper}")).await;
    damage("delete from receipt where artifact = (select max(id) from artifact)").await;
    let (code, found) = verify(&[]).await;
    assert_eq!(code, Some(1));
    for list in [&found["signatures"]["broken"], &found["forgotten"], &found["unreceived"]] {
        assert_eq!(list.as_array().unwrap().len(), 1, "{found}");
    }
    let text = said(&desk.run(&["verify"]).await);
    assert!(text.contains("is not signed with this hub's key") && text.contains("nothing says how it came"), "{text}");
}

#[tokio::test]
async fn a_quarantined_file_is_shown_and_steers_nothing() {
    let desk = Desk::new();
    desk.import().await;
    let shown = desk.run(&["quarantine", "show", "2026-03-09-201500-supply-round-1.txt"]).await;
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.status.success() && text.contains("\\x1b[2Jno stats"), "{text}");
    assert!(!text.contains('\x1b'), "{text}");
    let told = desk.ask(&["quarantine", "show", "2026-03-09-201500-supply-round-1.txt"]).await;
    assert_eq!((told["line_count"].as_u64(), told["receipts"][0]["agent"].as_str()), (Some(1), Some("import")));
}
