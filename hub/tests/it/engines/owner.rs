//! A server's database belongs to one data directory.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use slomix_hub::data_dir::DataDir;
use slomix_hub::link::HubKeys;
use slomix_hub::pipeline::verify::signatures::check_signatures;
use slomix_hub::serve::{ServeError, check_keys, hub_keys, take_over};
use slomix_shared::sim::Accidents;

use super::OnServer;
use crate::e2e::programs;
use crate::pipeline::evenings;

const NOW_MS: i64 = 1_794_253_837_000;

/// What a command says to a data directory that is pointed at the database, in both streams, and its exit code.
pub(super) fn told(place: &OnServer, home: &Path, data: &str, arguments: &[&str]) -> (String, Option<i32>) {
    let out = command(place, home, data, arguments).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    let name = place.url().to_string();
    (said.replace(&name, "DATABASE").replace(&home.display().to_string(), "DIR"), out.status.code())
}

pub(super) fn command(place: &OnServer, home: &Path, data: &str, arguments: &[&str]) -> Command {
    let socket = place.server.directory().display().to_string().replace('/', "%2F");
    let mut command = Command::new(programs::hub());
    command.args(arguments).arg("--data").arg(home.join(data)).env_clear().env("USER", "ann");
    command.env("SLOMIX_DATABASE_URL", format!("postgres://postgres@{socket}/{}", place.database));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn a_second_data_directory_is_refused_until_it_takes_the_database_over() {
    let Some(place) = OnServer::new().await else { return };
    let home = tempfile::tempdir().unwrap();
    let gamestats = home.path().join("gamestats");
    std::fs::create_dir(&gamestats).unwrap();
    for (name, content) in evenings(3, 1, Accidents::default()).iter().take(4) {
        std::fs::write(gamestats.join(name), content).unwrap();
    }
    let files = gamestats.display().to_string();
    let first = told(&place, home.path(), "first", &["import", &files]);
    assert_eq!(first.1, Some(0), "{}", first.0);

    let (refused, code) = told(&place, home.path(), "second", &["import", &files]);
    assert_eq!(code, Some(1), "{refused}");
    insta::assert_snapshot!("a_second_data_directory_is_refused", refused);
    let (served, code) = told(&place, home.path(), "second", &["serve"]);
    assert!(code == Some(1) && served.contains("belongs to the hub of another data directory"), "{served}");
    let (ill, code) = told(&place, home.path(), "second", &["doctor"]);
    let keys: Vec<&str> = ill.lines().filter(|line| line.contains(" keys ")).collect();
    assert!(code == Some(1) && keys.len() == 1 && keys[0].starts_with("FAIL"), "{ill}");
    assert!(!home.path().join("second/keys").exists(), "nothing was made");

    // Whoever looks only, may.
    let (shown, code) = told(&place, home.path(), "second", &["show", "session", "list"]);
    assert_eq!(code, Some(0), "{shown}");
    let (list, _) = told(&place, home.path(), "first", &["correct", "list", "--all"]);
    assert!(list.starts_with("Nothing was decided"), "{list}");
    let (undone, code) = told(&place, home.path(), "first", &["correct", "undo", "1", "--reason", "no"]);
    assert!(code == Some(1) && undone.contains("--take-over"), "{undone}");

    let store = place.store().await;
    let [old, new] = ["first", "second"].map(|name| DataDir::open(&home.path().join(name)).unwrap());
    let ports = home.path().join("hub.toml");
    let anywhere = ["link", "http", "admin"].map(|section| format!("[{section}]\nlisten = \"127.0.0.1:0\"\n"));
    std::fs::write(&ports, anywhere.concat()).unwrap();
    let config = ports.display().to_string();
    let mut taking =
        command(&place, home.path(), "second", &["--config", &config, "serve", "--take-over"]).spawn().unwrap();
    for _ in 0..1_500 {
        if store.owners().await.unwrap().len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    taking.kill().unwrap();
    taking.wait().unwrap();
    assert_eq!(store.owners().await.unwrap().len(), 2);
    assert_eq!(store.decisions().await.unwrap().last().unwrap().author, "ann");
    assert!(!take_over(&new, &store, "ann", NOW_MS).await.unwrap(), "it is already");
    hub_keys(&new, &store, NOW_MS).await.unwrap();
    assert!(matches!(check_keys(&old, &store).await, Err(ServeError::ForeignDatabase { .. })));
    let key = HubKeys::public_signing_key(new.path()).unwrap();
    let signed = check_signatures(&store, key.as_ref(), |_| {}).await.unwrap();
    assert!(signed.is_sound() && signed.batches == 1, "what the first imported is still verified: {signed:?}");

    // A directory that moves with its keys is the same one.
    std::fs::rename(home.path().join("second"), home.path().join("moved")).unwrap();
    let (again, code) = told(&place, home.path(), "moved", &["import", &files]);
    assert_eq!(code, Some(0), "{again}");
}

/// A database of a version that kept no owner shows by its imports whose it is.
#[tokio::test]
async fn imports_tell_whose_a_database_is() {
    let Some(place) = OnServer::new().await else { return };
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("2026-03-02-200500-oasis-round-1.txt");
    std::fs::write(&file, "late").unwrap();
    assert_eq!(told(&place, home.path(), "first", &["import", &file.display().to_string()]).1, Some(0));
    let store = place.store().await;
    let mut tx = store.begin(slomix_hub::store::Durability::Full).await.unwrap();
    tx.disown().await.unwrap();
    tx.commit().await.unwrap();

    let [first, second] = ["first", "second"].map(|name| DataDir::open(&home.path().join(name)).unwrap());
    second.keys(NOW_MS).unwrap();
    assert!(matches!(hub_keys(&second, &store, NOW_MS).await, Err(ServeError::ForeignDatabase { .. })));
    hub_keys(&first, &store, NOW_MS).await.unwrap();
    assert_eq!(store.owners().await.unwrap().len(), 1);
}
