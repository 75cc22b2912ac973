use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::verify::verify;
use slomix_hub::store::{Store, Value, tables};
use slomix_shared::artifact::LocalStamp;
use slomix_shared::sim::Accidents;

use super::damaged::alter;
use crate::pipeline::{Bench, evenings};

type File = (String, Vec<u8>);

/// Seconds behind a file at which its copy is stamped: in the same block, and in one of its own.
const LATER: [i64; 2] = [7, 30 * 3600];

/// An evening but for its last file, with copies of its first file and of its endstats; that file; and what comes late.
fn files(seconds: i64) -> (Vec<File>, File, Vec<File>) {
    let mut files = evenings(5, 1, Accidents::default());
    let later = |(name, content): &File| {
        let stamp = LocalStamp::parse(&name[..17]).unwrap().seconds() + seconds;
        (format!("{}{}", LocalStamp::from_seconds(stamp), &name[17..]), content.clone())
    };
    let at = files.iter().rposition(|(name, _)| name.ends_with("-round-2.txt")).unwrap();
    let late = files.remove(at);
    let first = files.iter().find(|(name, _)| name.ends_with("-round-1.txt")).unwrap().clone();
    files.push(later(&first));
    (files, first, vec![late])
}

async fn artifact(store: &Store, file: &str) -> i64 {
    let sql = "select id from artifact where name = $1";
    store.fetch("look for a file", sql, vec![file.into()]).await.unwrap()[0].int(0)
}

pub(in crate::engines) async fn a_damaged_content_is_read_from_its_copy(bench: Bench) {
    let store = &bench.store;
    for seconds in LATER {
        let (files, (first, _), late) = files(seconds);
        let whole = Bench::new().await;
        whole.keep(&files).await;
        whole.keep(&late).await;
        whole.derive().await;
        let wanted = whole.dump().await;

        let on_file = Bench::announcing().await;
        let bench = if seconds == LATER[0] { &bench } else { &on_file };
        bench.keep(&files).await;
        bench.derive().await;
        alter(&bench.store, artifact(&bench.store, &first).await, "content", Value::Bytes(vec![1, 2]), false).await;
        assert_eq!(verify(&bench.store, |_| {}).await.unwrap().damaged, std::slice::from_ref(&first));
        bench.keep(&late).await;
        bench.derive().await;
        assert!(bench.dump().await == wanted, "{seconds}: the round stands, and nothing shows");

        let rebuilt = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
        assert_eq!((rebuilt.healed, rebuilt.left_alone), (1, 0), "{seconds}");
        let verified = verify(&bench.store, |_| {}).await.unwrap();
        assert!(verified.is_sound(), "{seconds}: {verified:?}");
        assert!(bench.dump().await == wanted, "{seconds}");
    }
    assert!(store.heal_contents().await.unwrap().is_empty());
}

/// What the first file is called cannot be found out, so it makes no round, and its copy does.
pub(in crate::engines) async fn a_copy_of_a_damaged_row_counts(bench: Bench) {
    let (files, (first, content), late) = files(LATER[0]);
    let store = &bench.store;
    bench.keep(&files).await;
    bench.derive().await;
    alter(store, artifact(store, &first).await, "name", Value::from("no name that there is"), false).await;
    bench.keep(&late).await;
    bench.derive().await;
    assert_eq!(store.count(tables::ROUND).await.unwrap(), 6, "the first file's round is its copy's now");
    bench.keep(&[(first, content)]).await;
    bench.derive().await;
    let whole = Bench::new().await;
    whole.keep(&[files, late].concat()).await;
    whole.derive().await;
    assert!(bench.dump().await == whole.dump().await);
}

/// Servers write files with nothing in them, again and again: they are no copies of a round.
pub(in crate::engines) async fn files_of_nothing_are_no_copies(bench: Bench) {
    let (files, (first, content), _) = files(LATER[1]);
    let nothing = |hour: usize| (format!("2026-05-01-{hour:02}0000-supply-round-1.txt"), Vec::new());
    let copy = ("2026-05-02-200000-supply-round-1.txt".to_owned(), content);
    bench.keep(&[files, (0..5).map(nothing).collect(), vec![copy]].concat()).await;
    let stamps = async |file: &str| {
        let artifact = artifact(&bench.store, file).await;
        bench.store.stamps_of_copies("main", &[artifact]).await.unwrap()
    };
    assert_eq!(stamps("2026-05-01-030000-supply-round-1.txt").await.len(), 1);
    assert_eq!(stamps(&first).await.len(), 3, "itself and its two copies");
}
