use slomix_hub::store::gaps::{GapCount, GapRow};

use crate::pipeline::Bench;

const NOW_MS: i64 = 1_790_000_000_000;
const NAME: &str = "2026-11-09-195037-supply-round-1.txt";

fn gap(server: &str, name: &str, content: &[u8], known: bool) -> GapRow {
    GapRow {
        server: server.to_owned(),
        kind: "stats".to_owned(),
        name: name.to_owned(),
        size: content.len() as i64,
        modified_ms: NOW_MS - 5,
        hash: known.then(|| *blake3::hash(content).as_bytes()),
        why: "dropped for the quota".to_owned(),
        agent: server.repeat(8),
        noticed_ms: NOW_MS - 1,
        told_ms: NOW_MS,
    }
}

pub(in crate::engines) async fn what_agents_lost_is_kept_once_and_closed_when_it_comes(bench: Bench) {
    let store = &bench.store;
    let content = b"server\\supply\\legacy3\\1\\1\\2\\12:00\\8:10\n";
    let other = [content.as_slice(), b"x"].concat();
    let gaps = [
        gap("main", NAME, content, true),
        // Another content under the name, one of another server, and two of which only the size is known.
        gap("main", NAME, &other, true),
        gap("duel", NAME, content, true),
        GapRow { modified_ms: 7, ..gap("main", NAME, content, false) },
        gap("main", "2026-11-09-200312-supply-round-2.txt", content, false),
    ];
    store.keep_gaps(&gaps).await.unwrap();
    // Told again, in other words and later: it is as it was.
    let again = GapRow { told_ms: NOW_MS + 9, why: "otherwise".to_owned(), ..gaps[0].clone() };
    store.keep_gaps(&[again]).await.unwrap();
    let listed = store.gaps(10).await.unwrap();
    assert_eq!(listed.len(), 5);
    assert!(listed.iter().all(|gap| !gap.closed && gap.why == "dropped for the quota"), "{listed:?}");
    assert_eq!(store.gaps(2).await.unwrap().len(), 2);

    bench.keep(&[(NAME.to_owned(), content.to_vec())]).await;
    let counts = store.gap_counts().await.unwrap();
    let count = |server: &str| counts[&server.repeat(8)];
    assert_eq!(count("main"), GapCount { open: 2, closed: 2 });
    assert_eq!(count("duel"), GapCount { open: 1, closed: 0 });
    let closed: Vec<_> = store.gaps(10).await.unwrap().into_iter().filter(|gap| gap.closed).collect();
    assert_eq!(closed.iter().map(|gap| gap.modified_ms).collect::<Vec<_>>(), [7, NOW_MS - 5]);
}
