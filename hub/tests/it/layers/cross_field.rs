//! Layer 4, across the fields: what contradicts itself is flagged, and no number is changed for it.

use super::healthy::{FIRST, SECOND, derived, file, first, flags, numbers, pair, round_flags, second};

/// The first half with one field of its first player replaced, by position.
fn with_field(position: usize, value: &str) -> String {
    let text = first(66);
    let (before, rest) = text.split_once('\n').unwrap();
    let (line, rest) = rest.split_once('\n').unwrap();
    let mut parts: Vec<&str> = line.split('\t').collect();
    parts[position + 1] = value;
    format!("{before}\n{}\n{rest}", parts.join("\t"))
}

#[tokio::test]
async fn a_healthy_pair_has_no_flag() {
    let bench = derived(&pair()).await;
    for file in [FIRST, SECOND] {
        assert_eq!((flags(&bench, file).await.len(), round_flags(&bench, file).await.as_str()), (0, ""), "{file}");
    }
}

#[tokio::test]
async fn each_contradiction_is_a_flag_beside_the_number_that_it_is_about() {
    for (position, value, flag, column, stored) in [
        (0, "30001", "damage_rate", "damage_given", 30_001),
        (1, "30001", "damage_rate", "damage_received", 30_001),
        (4, "151", "gib_rate", "gibs", 151),
        (8, "105.1", "alive_share_odd", "alive_permille", 1051),
        (9, "451", "xp_rate", "xp", 451),
        (10, "2", "spree_below_three", "killing_spree", 2),
        (14, "4", "headshot_kills_over_kills", "headshot_kills", 4),
        (17, "13", "dynamite_rate", "dynamites_planted", 13),
        (19, "3", "revived_without_dying", "times_revived", 3),
        (20, "91", "bullets_mismatch", "shots", 90),
        (22, "6.1", "longer_than_round", "seconds", 366),
        (24, "90.0", "dead_ratio_mismatch", "dead_tenths", 0),
        (26, "2.5", "kill_without_weapon", "kills", 3),
        (28, "302", "denied_over_played", "denied_seconds", 302),
        (37, "38", "revive_rate", "revives_given", 38),
    ] {
        let bench = derived(&[file(FIRST, with_field(position, value)), file(SECOND, second(31))]).await;
        let found = flags(&bench, FIRST).await;
        assert!(found["p1"].split(',').any(|one| one == flag), "{flag}: {found:?}");
        assert_eq!(found.len(), 1, "nobody else is flagged: {found:?}");
        assert_eq!(numbers(&bench, FIRST, column).await["p1"], Some(stored), "{column} stays what the file says");
    }
}

#[tokio::test]
async fn a_better_value_stands_beside_the_raw_one() {
    // Dead for longer than he played: an old writer counted every look.
    let bench = derived(&[file(FIRST, with_field(25, "220.7"))]).await;
    let of = |column| numbers(&bench, FIRST, column);
    assert_eq!((of("dead_tenths").await["p1"], of("dead_seconds").await["p1"]), (Some(2207), Some(300)));
    assert!(flags(&bench, FIRST).await["p1"].contains("dead_longer_than_played"));
    // What he withstands is told from the half's own numbers: 1,500 damage in two deaths.
    let bench = derived(&[file(FIRST, with_field(1, "1500"))]).await;
    assert_eq!(numbers(&bench, FIRST, "tank_tenths").await["p1"], Some(58));
    assert_eq!(numbers(&bench, FIRST, "tank_tenths").await["p2"], Some(0));
}

#[tokio::test]
async fn a_header_that_contradicts_the_name_is_flagged_and_the_name_counts() {
    let other = first(66).replacen("\\supply\\legacy3\\1\\", "\\radar\\legacy3\\2\\", 1);
    let bench = derived(&[file(FIRST, other), file(SECOND, second(31))]).await;
    assert_eq!(round_flags(&bench, FIRST).await, "label_differs,map_differs");
    let sql = "select map, number, status from round order by stamp";
    let rows = bench.store.fetch("read rounds", sql, vec![]).await.unwrap();
    let read: Vec<(&str, i64, &str)> = rows.iter().map(|row| (row.text(0), row.int(1), row.text(2))).collect();
    assert_eq!(read, [("supply", 1, "complete"), ("supply", 2, "complete")]);
}

#[tokio::test]
async fn a_second_half_that_may_hold_its_first_one_is_flagged() {
    // Everybody has three times the first half's numbers after two halves: his own are twice the first one's.
    let text = second(31).replace(" 180 6 4 2 \t1000\t", " 180 9 4 2 \t1500\t");
    let bench = derived(&[file(FIRST, first(66)), file(SECOND, text)]).await;
    assert!(round_flags(&bench, SECOND).await.contains("all_beat_first_half"));
    assert_eq!(numbers(&bench, SECOND, "kills").await["p1"], Some(6), "and stays what the subtraction says");
}
