//! What is told of players: who is found under which name, careers, and who leads.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;

use slomix_hub::domain::leaf::Number;
use slomix_hub::domain::metrics;
use slomix_hub::reports::leaderboard::{Leaderboard, category, scope};
use slomix_hub::reports::player::{PlayerReport, date, remark};
use slomix_hub::store::Store;
use slomix_hub::values;
use slomix_shared::game::Weapon;
use slomix_shared::sim::Accidents;

use super::pipeline::{Bench, evenings};

/// A first half of a map with these players, half of them on either side: (GUID, name, kills with the MP 40). Everybody
/// throws one grenade that kills one, and plays for ten minutes.
fn half(stamp: &str, map: &str, players: &[(&str, &str, i64)]) -> (String, Vec<u8>) {
    let mut text = format!("host\\{map}\\legacy3\\1\\1\\1\\12:00\\12:00\n");
    for (index, (guid, name, kills)) in players.iter().enumerate() {
        let damage = (kills * 120).to_string();
        let mut fields = ["0"; 38];
        // The score makes every half another file.
        (fields[0], fields[9], fields[22], fields[37]) = (&damage, &stamp[11..], "10.0", "2");
        let (hits, shots) = (kills * 10, kills * 30);
        // Bits 4 and 11: MP 40, grenade.
        let (side, fields) = (index % 2 + 1, fields.join("\t"));
        let mp40 = format!("{hits} {shots} {kills} 3 {kills}");
        writeln!(text, "{guid}\\{name}\\0\\{side}\\2064 {mp40} 1 1 1 0 0 \t{fields}").unwrap();
    }
    (format!("{stamp}-{map}-round-1.txt"), text.into_bytes())
}

async fn bench(files: &[(String, Vec<u8>)]) -> Bench {
    let bench = Bench::new().await;
    bench.keep(files).await;
    bench.derive().await;
    bench
}

async fn found(store: &Store, text: &str) -> Vec<String> {
    store.find_players(text).await.unwrap().into_iter().map(|one| one.key).collect()
}

#[tokio::test]
async fn players_are_found_by_guid_by_name_and_by_parts_of_one() {
    let bench = bench(&[
        half("2026-02-03-200000", "supply", &[("A1000000", "^1Žiga", 5), ("B2000000", "bob", 4)]),
        half("2026-02-04-200000", "supply", &[("A1000000", "captain", 5), ("B2000000", "Bob", 4)]),
        half("2026-02-05-200000", "supply", &[("C3000000", "BOB", 5), ("D4000000", "100%_real", 4)]),
    ])
    .await;
    let store = &bench.store;
    for (text, keys) in [
        ("A1000000", vec!["A1000000"]),
        ("a1000000", vec!["A1000000"]),
        ("A1000000FFFFFFFFFFFFFFFFFFFFFFFF", vec!["A1000000"]),
        // As written before any folding, then folded, then parts; who played last comes first.
        ("bob", vec!["B2000000"]),
        ("BOB", vec!["C3000000"]),
        ("bOb", vec!["C3000000", "B2000000"]),
        ("bo", vec!["C3000000", "B2000000"]),
        ("ziga", vec!["A1000000"]),
        ("ŽIGA", vec!["A1000000"]),
        ("apt", vec!["A1000000"]),
        ("%", vec!["D4000000"]),
        ("0%_r", vec!["D4000000"]),
        ("nobody", vec![]),
        ("", vec![]),
        ("\u{301}", vec![]),
    ] {
        assert_eq!(found(store, text).await, keys, "{text}");
    }
}

#[tokio::test]
async fn a_career_tells_names_times_maps_and_weapons() {
    let mates = [("B2000000", "bob", 4), ("C3000000", "cat", 3)];
    let with = |name, kills| [&[("A1000000", name, kills)], mates.as_slice()].concat();
    let bench = bench(&[
        half("2026-02-03-200000", "supply", &with("ann", 5)),
        half("2026-02-03-202000", "radar", &with("ann", 7)),
        half("2026-02-10-200000", "supply", &with("anna", 9)),
        // Alone: no fair round, and it counts for nothing.
        half("2026-02-11-200000", "supply", &[("A1000000", "anna", 50)]),
    ])
    .await;
    let store = &bench.store;
    let player = store.find_players("A1000000").await.unwrap().remove(0);
    assert_eq!(player.name, "anna");
    let report = PlayerReport::read(store, player).await.unwrap();

    let names: Vec<_> = report
        .names
        .iter()
        .map(|one| (one.name.as_str(), one.rounds, date(one.first_session), date(one.last_round)))
        .collect();
    let day = |text: &str| text.to_owned();
    assert_eq!(
        names,
        [("anna", 2, day("2026-02-10"), day("2026-02-11")), ("ann", 2, day("2026-02-03"), day("2026-02-03"))]
    );
    let (first, last) = report.seen.unwrap();
    assert_eq!((date(first), date(last), report.sessions), (day("2026-02-03"), day("2026-02-11"), 2));

    let totals = report.totals.unwrap();
    assert_eq!((Number::Rounds.of(&totals), Number::Kills.of(&totals)), (3, 5 + 7 + 9 + 3));
    assert_eq!(metrics::dpm::METRIC.of(&totals), Some(21 * 1200 / 30));
    assert_eq!(metrics::revive_rate::METRIC.of(&totals), Some(200));
    let maps: Vec<(&str, i64)> = report.maps.iter().map(|(map, sums)| (map.as_str(), Number::Kills.of(sums))).collect();
    assert_eq!(maps, [("supply", 16), ("radar", 8)]);
    let weapons: Vec<(&str, i64, i64)> =
        report.weapons.iter().map(|(weapon, sums)| (weapon.name(), sums.rounds, sums.kills)).collect();
    assert_eq!(weapons, [("WS_MP40", 3, 21), ("WS_GRENADE", 3, 3)]);
    let evenings: Vec<&str> = report.evenings.iter().map(|one| one.handle.as_str()).collect();
    assert_eq!(evenings, ["2026-02-10a", "2026-02-03a"], "an evening without a fair round has no sums");
    let remarks: Vec<_> = report.rounds.iter().map(|(round, numbers)| remark(round, numbers)).collect();
    assert_eq!(remarks, [Some("one player alone"), None, None, None]);
}

/// The numbers of a board are those of the player's own report: joining weapons to players and summing would multiply
/// them by the number of weapons.
#[tokio::test]
async fn boards_and_careers_tell_the_same_numbers() {
    let bench = bench(&evenings(21, 4, Accidents::real())).await;
    let store = &bench.store;
    let mut seen = 0;
    for scope in store.scopes().await.unwrap() {
        for category in category::ALL.iter().filter(|category| category.is_counted_in(&scope)) {
            let board = Leaderboard::read(store, category, &scope, 1).await.unwrap();
            for entry in board.entries {
                let sums = match category.order {
                    category::Order::Weapon(weapon) => {
                        let weapons = store.weapon_totals(&scope, entry.player.player).await.unwrap();
                        let bit = i64::from(weapon.bit());
                        weapons.into_iter().find(|(one, _)| *one == bit).unwrap().1.sums()
                    }
                    _ => store.totals(&scope, entry.player.player).await.unwrap().unwrap(),
                };
                assert_eq!(Some(entry.ranked.value), category.metric.of(&sums), "{} in {scope}", category.key);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");

    // And each player's kills are those of his weapons, whatever the rows of which they are made.
    let sql = "select t.player, t.kills, (select cast(sum(w.kills) as bigint) from weapon_total w \
               where w.scope = t.scope and w.player = t.player) from total t where t.scope not like 'map:%'";
    for row in store.fetch("compare", sql, values![]).await.unwrap() {
        assert_eq!(row.int(1), row.int(2), "{}", row.int(0));
    }
}

#[tokio::test]
async fn boards_have_pages_scopes_and_nobody_without_a_guid() {
    let guids: Vec<String> = (0..23).map(|i| format!("AB0000{i:02}")).collect();
    let mut files = Vec::new();
    for minute in 0..12 {
        let players: Vec<(&str, &str, i64)> = guids.iter().map(|guid| (guid.as_str(), "one", 2)).collect();
        let players = [players.as_slice(), &[("ETKEY", "ghost", 90)]].concat();
        // Maps of their own, or the later one would be the earlier one played again.
        let map = if minute == 0 { "supply".to_owned() } else { format!("radar{minute}") };
        files.push(half(&format!("2026-02-03-20{:02}00", minute * 4), &map, &players));
    }
    let bench = bench(&files).await;
    let store = &bench.store;
    let read = |key: &str, scope: &'static str, page: usize| {
        let category = category::find(key).unwrap();
        async move { Leaderboard::read(store, category, scope, page).await.unwrap() }
    };
    let third = read("games", "all", 3).await;
    assert_eq!((third.players, third.pages, third.entries.len()), (23, 3, 3));
    assert!(third.entries.iter().all(|entry| entry.ranked.rank == 1 && entry.ranked.tied));
    assert!(read("games", "all", 4).await.entries.is_empty());
    assert_eq!(read("kills", "map:supply", 1).await.left_out, 23, "one round is too few");
    let grenades = read("grenades", "month:2026-02", 1).await;
    assert!(matches!(grenades.category.order, category::Order::Weapon(Weapon::GRENADE)));
    assert_eq!(grenades.entries[0].ranked.value, Number::Rounds.of(&grenades.entries[0].ranked.sums));
    let everyone: Vec<String> = store.find_players("ghost").await.unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(everyone, ["ghost"], "who has no GUID can be looked at, though never ranked");

    assert_eq!(scope::find(store, "month").await.unwrap().as_deref(), Some("month:2026-02"));
    assert_eq!(scope::find(store, "season").await.unwrap().as_deref(), Some("season:2026-Q1"));
    assert_eq!(scope::find(store, "RADAR3").await.unwrap().as_deref(), Some("map:radar3"));
    assert_eq!(scope::find(store, "2026-03").await.unwrap(), None);
}
