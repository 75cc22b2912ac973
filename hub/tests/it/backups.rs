//! Backups: whole whatever the hub does meanwhile, refused when a byte is another one, and a hub again when restored.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use slomix_hub::domain::DERIVATION;
use slomix_hub::domain::input::Rules;
use slomix_hub::pipeline::backup::{BackedUp, BackupError, backup, check};
use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::restore::{RestoreError, fill};
use slomix_hub::pipeline::verify::verify;
use slomix_hub::pipeline::{Announcer, Deriver};
use slomix_hub::store::Store;
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

const MADE_MS: i64 = 1_794_253_837_000;

fn keys() -> Vec<(String, String)> {
    vec![("signing.key".to_owned(), "secret\n".to_owned())]
}

async fn back_up(store: &Store, path: &Path) -> Result<BackedUp, BackupError> {
    backup(store, keys(), path, MADE_MS, |_| {}).await
}

/// A restored database, derived.
struct Copy {
    store: Store,
    keys: Vec<(String, String)>,
}

async fn restore(path: &Path, folder: &Path) -> Copy {
    let store = Store::open(&folder.join("copy.db")).await.unwrap();
    store.expect_derivation(DERIVATION).await.unwrap();
    let filled = fill(&store, path, |_| {}).await.unwrap();
    assert_eq!(filled.contents, check(path).unwrap());
    let rules = std::sync::Arc::new(|server: &str| Rules::new(server, TimeZone::get("Europe/Berlin").unwrap()));
    let deriver = Deriver::new(store.clone(), rules, Announcer::silent(), std::sync::Arc::new(|| 0));
    rebuild(&deriver, |_, _| {}).await.unwrap();
    Copy { store, keys: filled.keys }
}

async fn dump(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    for table in Store::dump_tables() {
        lines.extend(store.dump_table(table).await.unwrap());
    }
    lines
}

/// What is left in a directory, by name.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

async fn played(accidents: Accidents) -> (Bench, tempfile::TempDir, PathBuf) {
    let bench = Bench::announcing().await;
    bench.keep(&evenings(11, 2, accidents)).await;
    bench.derive().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.backup");
    (bench, folder, path)
}

#[tokio::test]
async fn a_restored_hub_holds_and_shows_the_same() {
    let (bench, folder, path) = played(Accidents::storm()).await;
    let made = back_up(&bench.store, &path).await.unwrap();
    assert_eq!(names(folder.path()), ["hub.backup"]);
    let bits = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!((bits & 0o777, made.bytes), (0o600, std::fs::metadata(&path).unwrap().len()));
    assert!(made.parts.iter().any(|part| part.name == "post" && part.count > 0), "{made:?}");

    let copy = restore(&path, folder.path()).await;
    assert_eq!(copy.keys, keys());
    assert_eq!(dump(&copy.store).await, bench.dump().await);
    let verified = verify(&copy.store, |_| {}).await.unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    // A backup of the copy is the same, part by part.
    let again = back_up(&copy.store, &folder.path().join("again")).await.unwrap();
    assert_eq!(again.parts, made.parts);
    let twice = fill(&copy.store, &path, |_| {}).await.unwrap_err();
    assert!(matches!(twice, RestoreError::NotEmpty), "{twice}");
}

#[tokio::test]
async fn nothing_is_written_over_and_no_half_file_has_the_name() {
    let (bench, folder, path) = played(Accidents::default()).await;
    std::fs::write(&path, "mine").unwrap();
    assert!(matches!(back_up(&bench.store, &path).await, Err(BackupError::Exists(_))));
    assert_eq!(
        (std::fs::read(&path).unwrap(), names(folder.path())),
        (b"mine".to_vec(), vec!["hub.backup".to_owned()])
    );
    std::fs::remove_file(&path).unwrap();

    // As a killed one leaves it.
    std::fs::write(folder.path().join("hub.backup.part"), vec![7; 1 << 20]).unwrap();
    back_up(&bench.store, &path).await.unwrap();
    assert_eq!(names(folder.path()), ["hub.backup"]);
    check(&path).unwrap();

    let other = folder.path().join("other");
    bench.store.close().await;
    assert!(matches!(back_up(&bench.store, &other).await, Err(BackupError::Store(_))));
    assert_eq!(names(folder.path()), ["hub.backup"], "a backup that fails leaves nothing");
}

#[tokio::test]
async fn a_backup_ends_with_one_batch_whatever_comes_meanwhile() {
    let (bench, folder, path) = played(Accidents::default()).await;
    let before = bench.store.artifact_count().await.unwrap();
    let more = evenings(12, 3, Accidents::default());
    let batches = bench.store.newest_batch().await.unwrap();
    let (made, ()) = tokio::join!(back_up(&bench.store, &path), async {
        for chunk in more.chunks(3) {
            bench.keep(chunk).await;
            bench.derive().await;
        }
    });
    let made = made.unwrap();
    assert!(made.head.up_to_batch >= batches);
    let copy = restore(&path, folder.path()).await;
    let verified = verify(&copy.store, |_| {}).await.unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    assert!(copy.store.artifact_count().await.unwrap() >= before);
    assert_eq!(copy.store.newest_batch().await.unwrap(), made.head.up_to_batch);
}

#[tokio::test]
async fn a_backup_with_another_byte_or_end_is_refused() {
    let (bench, folder, path) = played(Accidents::default()).await;
    back_up(&bench.store, &path).await.unwrap();
    let whole = std::fs::read(&path).unwrap();
    let bad = folder.path().join("bad");
    let refusal = |bytes: &[u8]| {
        std::fs::write(&bad, bytes).unwrap();
        check(&bad).unwrap_err()
    };
    for cut in [0, 5, 16, 40, whole.len() / 2, whole.len() - 33, whole.len() - 1] {
        let error = refusal(&whole[..cut]);
        assert!(matches!(error, BackupError::Unsound { .. } | BackupError::NotOne(_)), "{cut}: {error}");
    }
    for at in [16, 17, 40, whole.len() / 3, whole.len() - 40, whole.len() - 1] {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        let error = refusal(&altered);
        assert!(matches!(error, BackupError::Unsound { .. }), "{at}: {error}");
    }
    // Altered by somebody who knows the format: the hash fits, what is in it does not end as it should.
    let mut forged = whole[..whole.len() - 132].to_vec();
    forged.extend_from_slice(blake3::hash(&forged).as_bytes());
    assert!(matches!(refusal(&forged), BackupError::Unsound { .. }));
    let mut newer = whole.clone();
    newer[14] = b'2';
    let error = refusal(&newer);
    assert!(matches!(&error, BackupError::Newer { what, .. } if what == "format 2"), "{error}");
    assert!(matches!(refusal(b"PRAGMA foreign_keys=OFF;"), BackupError::NotOne(_)));
}

#[tokio::test]
async fn damage_in_the_archive_is_told_by_the_backup() {
    let (bench, _folder, path) = played(Accidents::default()).await;
    let mut tx = bench.store.begin(slomix_hub::store::Durability::Full).await.unwrap();
    let sql = "update artifact set content = substr(content, 1, 20) where id = (select min(artifact) from round)";
    tx.execute("damage", sql, vec![]).await.unwrap();
    tx.commit().await.unwrap();
    let made = back_up(&bench.store, &path).await.unwrap();
    assert_eq!(made.damaged, verify(&bench.store, |_| {}).await.unwrap().damaged);
    assert_eq!(made.damaged.len(), 1);
}
