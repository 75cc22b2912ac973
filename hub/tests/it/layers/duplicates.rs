//! Layer 2, duplicates: however often and under whatever name or header a round comes, it is one round.

use slomix_hub::store::tables;

use super::healthy::{FIRST, SECOND, derived, fates, file, first, pair, second};

/// A later name of the first half.
const LATER: &str = "2026-03-02-200004-supply-round-1.txt";

#[tokio::test]
async fn the_same_file_again_is_known() {
    let bench = derived(&pair()).await;
    let before = bench.dump().await;
    assert_eq!(bench.keep(&pair()).await, [false, false]);
    bench.derive().await;
    assert_eq!(bench.dump().await, before);
}

#[tokio::test]
async fn the_same_content_under_another_name_is_a_copy() {
    let copy = file(LATER, first(66));
    for files in [[pair(), vec![copy.clone()]].concat(), [vec![copy], pair()].concat()] {
        let bench = derived(&files).await;
        assert_eq!(
            fates(&bench).await.into_iter().map(|(_, fate)| fate).collect::<Vec<_>>(),
            ["stored", "duplicate", "stored"]
        );
        assert_eq!(bench.store.count(tables::ROUND).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn the_same_lines_after_another_header_are_a_copy() {
    let renamed = file(LATER, first(66).replacen("host", "^1another ^7host", 1));
    for files in [[pair(), vec![renamed.clone()]].concat(), [vec![renamed], pair()].concat()] {
        let bench = derived(&files).await;
        let found = fates(&bench).await;
        assert_eq!(found[1], (LATER.to_owned(), "duplicate".to_owned()), "{found:?}");
        assert_eq!(bench.store.count(tables::ROUND).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn a_copy_of_a_copy_that_comes_first_gives_way_to_its_original() {
    let bench = derived(&[file(LATER, first(66).replacen("host", "^1host", 1))]).await;
    assert_eq!(fates(&bench).await, [(LATER.to_owned(), "stored".to_owned())]);
    bench.keep(&pair()).await;
    bench.derive().await;
    let found: Vec<String> = fates(&bench).await.into_iter().map(|(_, fate)| fate).collect();
    assert_eq!(found, ["stored", "duplicate", "stored"]);
    assert_eq!(bench.store.count(tables::ROUND).await.unwrap(), 2);
}

#[tokio::test]
async fn of_two_contents_of_one_name_one_counts_whichever_came_first() {
    let fewer: String = first(66).split_inclusive('\n').take(6).collect();
    let orders = [[fewer.clone(), first(66)], [first(66), fewer]];
    for order in orders {
        let [one, other] = order.map(|text| file(FIRST, text));
        let bench = derived(&[one]).await;
        bench.keep(&[other, file(SECOND, second(31))]).await;
        bench.derive().await;
        let found: Vec<String> = fates(&bench).await.into_iter().map(|(_, fate)| fate).collect();
        assert_eq!(found, ["stored", "superseded", "stored"]);
        let rounds = bench.store.fetch("count", "select count(*) from round_player", vec![]).await.unwrap();
        assert_eq!(rounds[0].int(0), 12, "six players in each half");
    }
}
