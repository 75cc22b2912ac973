//! A restore into a server's database: killed, failed, run again, and in the place of a hub that is there.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use slomix_shared::sim::Accidents;

use super::OnServer;
use super::owner::{command, told};
use crate::e2e::programs;
use crate::pipeline::evenings;

/// A hub in a file, its dump, and a backup of it under this name.
fn backed_up(home: &Path, seed: u64, name: &str) -> String {
    let gamestats = home.join(format!("gamestats-{seed}"));
    std::fs::create_dir(&gamestats).unwrap();
    for (name, content) in evenings(seed, 1, Accidents::default()) {
        std::fs::write(gamestats.join(name), content).unwrap();
    }
    let run = |arguments: &[&str]| {
        let mut hub = Command::new(programs::hub());
        let out = hub.args(arguments).arg("--data").arg(home.join(format!("old-{seed}"))).env_clear().output().unwrap();
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    run(&["import", &gamestats.display().to_string()]);
    run(&["backup", &home.join(name).display().to_string()]);
    run(&["dump"])
}

impl OnServer {
    /// Has every round that is written do this first; none where it is empty.
    async fn at_each_round(&self, what: &str) {
        drop(self.store().await);
        let make = format!(
            "create or replace function slomix.first() returns trigger language plpgsql as \
               $$ begin {what}; return new; end $$; \
             create or replace trigger first before insert on slomix.round for each row execute function slomix.first()"
        );
        let undo = "drop trigger first on slomix.round";
        self.run(&self.database, if what.is_empty() { undo } else { &make }).await;
    }

    async fn schemas(&self) -> Vec<String> {
        let sql = "select cast(nspname as text) from pg_namespace where nspname like 'slomix%' order by 1";
        let rows = self.store().await.fetch("list schemas", sql, vec![]).await.unwrap();
        rows.iter().map(|row| row.text(0).to_owned()).collect()
    }
}

#[tokio::test]
async fn a_restore_that_is_killed_starts_over_by_itself() {
    let Some(place) = OnServer::new().await else { return };
    let home = tempfile::tempdir().unwrap();
    let (wanted, _) = (backed_up(home.path(), 3, "hub.backup"), backed_up(home.path(), 4, "other.backup"));
    let [file, other] = ["hub.backup", "other.backup"].map(|name| home.path().join(name).display().to_string());

    place.at_each_round("perform pg_sleep(3600)").await;
    let mut restoring = command(&place, home.path(), "new", &["restore", &file]).spawn().unwrap();
    let store = place.store().await;
    for _ in 0..3_000 {
        if store.artifact_count().await.unwrap() > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    restoring.kill().unwrap();
    restoring.wait().unwrap();
    place.cut().await;
    place.at_each_round("").await;
    assert!(store.artifact_count().await.unwrap() > 0 && store.restoring().await.unwrap().is_some(), "half a hub");

    // Nobody works on it, and nobody is told to give the keys up.
    std::fs::create_dir_all(home.path().join("elsewhere")).unwrap();
    for (data, arguments) in [("elsewhere", &["import", &file][..]), ("elsewhere", &["doctor"]), ("new", &["serve"])] {
        let (said, code) = told(&place, home.path(), data, arguments);
        assert!(code == Some(1) && said.contains("was broken off"), "{arguments:?}: {said}");
        assert!(said.contains("restore again") && !said.contains("take-over"), "{arguments:?}: {said}");
    }
    let (said, code) = told(&place, home.path(), "new", &["restore", &other]);
    assert!(code == Some(1) && said.contains("a restore of another backup into DATABASE was broken off"), "{said}");

    let (said, code) = told(&place, home.path(), "new", &["restore", &file]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("import the gamestats directories"), "{said}");
    let dump = || told(&place, home.path(), "new", &["dump"]).0;
    assert!(dump() == wanted && home.path().join("new/keys").is_dir());
    assert_eq!((store.restoring().await.unwrap(), place.schemas().await.len()), (None, 1));

    // It is whole now.
    for data in ["new", "elsewhere"] {
        let (said, code) = told(&place, home.path(), data, &["restore", &file]);
        assert!(code == Some(1) && said.contains("holds a hub already") && said.contains("--force"), "{said}");
    }
    assert!(dump() == wanted);
}

#[tokio::test]
async fn a_forced_restore_moves_the_hub_aside_and_one_that_fails_puts_it_back() {
    let Some(place) = OnServer::new().await else { return };
    let home = tempfile::tempdir().unwrap();
    let (old, new) = (backed_up(home.path(), 3, "old.backup"), backed_up(home.path(), 4, "new.backup"));
    let [first, second] = ["old.backup", "new.backup"].map(|name| home.path().join(name).display().to_string());
    let dump = || told(&place, home.path(), "hub", &["dump"]).0;

    place.at_each_round("raise 'no room'").await;
    let (said, code) = told(&place, home.path(), "hub", &["restore", &first]);
    assert!(code == Some(1) && said.contains("the database is empty again"), "{said}");
    place.at_each_round("").await;
    let store = place.store().await;
    assert!(store.is_unused().await.unwrap() && store.restoring().await.unwrap().is_none());
    let (said, code) = told(&place, home.path(), "hub", &["restore", &first]);
    assert_eq!(code, Some(0), "{said}");
    assert!(dump() == old);

    // A restore whose schema cannot be made whole.
    let sql = "create or replace function no_room() returns event_trigger language plpgsql as \
                 $$ begin raise 'no room'; end $$; \
               create event trigger no_room on ddl_command_end when tag in ('CREATE INDEX') execute function no_room()";
    place.run(&place.database, sql).await;
    let (said, code) = told(&place, home.path(), "hub", &["restore", &second, "--force"]);
    assert!(code == Some(1) && said.contains("the hub that was there is in its place"), "{said}");
    place.run(&place.database, "drop event trigger no_room").await;
    assert!(dump() == old && place.schemas().await.len() == 1);

    let (said, code) = told(&place, home.path(), "hub", &["restore", &second, "--force"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(dump() == new);
    let schemas = place.schemas().await;
    assert!(schemas.len() == 2 && said.contains(&schemas[1]), "{schemas:?}: {said}");
    let aside = format!("select count(*) from {}.round", schemas[1]);
    assert!(place.store().await.fetch("count", &aside, vec![]).await.unwrap()[0].int(0) > 0, "never removed");
}
