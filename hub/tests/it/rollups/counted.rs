//! Totals counted from `round_player` and `round_weapon`, one row at a time, in plain words.

use std::collections::BTreeMap;

use slomix_hub::domain::leaf::{NUMBERS, WEAPON_NUMBERS};
use slomix_hub::store::{Row, Store};
use slomix_hub::values;

/// Each number by name.
pub(super) type Numbers = BTreeMap<String, i64>;
/// By scope and player.
pub(super) type Totals = BTreeMap<(String, i64), Numbers>;
/// By scope, player and weapon.
pub(super) type WeaponTotals = BTreeMap<(String, i64, i64), Numbers>;

/// Rounds of the totals: bit 4 of what a round counts for.
const COUNTING: &str = "(r.counts_for / 4) % 2 = 1 and p.counted = 1";

fn scopes(date: &str) -> Vec<String> {
    let (year, month) = (&date[..4], &date[..7]);
    let quarter = match &date[5..7] {
        "01" | "02" | "03" => "Q1",
        "04" | "05" | "06" => "Q2",
        "07" | "08" | "09" => "Q3",
        _ => "Q4",
    };
    vec!["all".to_owned(), format!("season:{year}-{quarter}"), format!("month:{month}")]
}

/// Columns that only whole lines tell, all of them or none.
const WHOLE_LINE: [&str; 17] = [
    "dead_seconds",
    "damage_given",
    "damage_received",
    "team_damage_given",
    "team_damage_received",
    "gibs",
    "self_kills",
    "team_kills",
    "team_gibs",
    "xp",
    "kill_assists",
    "headshot_kills",
    "dynamites_planted",
    "dynamites_defused",
    "times_revived",
    "useful_kills",
    "seconds",
];

pub(super) async fn totals(store: &Store) -> Totals {
    let own = [
        "kills",
        "deaths",
        "side",
        "objectives_stolen",
        "objectives_returned",
        "multikill_2",
        "multikill_3",
        "multikill_4",
        "multikill_5",
        "multikill_6",
        "denied_seconds",
        "useless_kills",
        "revives_given",
    ];
    let names = [WHOLE_LINE.as_slice(), own.as_slice()].concat();
    // Slots whose bullets can hit a head: pistols, submachine guns, rifles.
    let bullets = ["hits", "shots", "headshots"].map(|number| {
        format!(
            "(select cast(coalesce(sum(w.{number}), 0) as bigint) from round_weapon w where w.round = p.round \
             and w.player = p.player and w.weapon in (2, 3, 4, 5, 6, 7, 22, 23, 24, 25, 26))"
        )
    });
    let columns: Vec<String> = names.iter().map(|name| format!("p.{name}")).chain(bullets).collect();
    let sql = format!(
        "select s.date, r.map, r.winner, p.player, {} from round_player p join round r on r.id = p.round \
         join session s on s.id = r.session where {COUNTING}",
        columns.join(", ")
    );
    let mut totals = Totals::new();
    for row in store.fetch("count", &sql, values![]).await.unwrap() {
        let get = |name: &str| {
            let at = names.iter().position(|known| *known == name).unwrap_or_else(|| panic!("{name}"));
            row.maybe_int(4 + at)
        };
        let mut numbers: BTreeMap<&str, i64> = NUMBERS.iter().map(|name| (*name, 0)).collect();
        let mut set = |name: &'static str, value: i64| assert!(numbers.insert(name, value).is_some(), "{name}");
        let kills = get("kills").unwrap();
        set("rounds", 1);
        let won = row.maybe_int(2).is_some() && row.maybe_int(2) == get("side");
        set("rounds_won", i64::from(won));
        set("kills", kills);
        set("deaths", get("deaths").unwrap());
        for (name, column) in ["bullet_hits", "bullet_shots", "headshots"].into_iter().zip(4 + names.len()..) {
            set(name, row.int(column));
        }
        if let Some(useless) = get("useless_kills") {
            set("useless_kills", useless);
            set("useless_known_kills", kills);
        }
        if let Some(seconds) = get("seconds") {
            if let Some(denied) = get("denied_seconds") {
                set("denied_seconds", denied);
                set("denied_known_seconds", seconds);
            }
            if let Some(revives) = get("revives_given") {
                set("revives_given", revives);
                set("revives_known_seconds", seconds);
            }
            let chains = [2, 3, 4, 5, 6].map(|size| get(&format!("multikill_{size}")));
            if chains.iter().all(Option::is_some) {
                set("multikills", chains.into_iter().flatten().sum());
                set("multikills_known_seconds", seconds);
            }
        }
        let objectives = get("objectives_stolen").zip(get("objectives_returned"));
        if let (Some((stolen, returned)), true) = (objectives, WHOLE_LINE.iter().all(|name| get(name).is_some())) {
            for name in WHOLE_LINE {
                set(name, get(name).unwrap());
            }
            set("objectives", stolen + returned);
            set("known_rounds", 1);
            set("known_kills", kills);
            let (damage, seconds) = (get("damage_given").unwrap(), get("seconds").unwrap());
            if seconds > 0 {
                set("damage_spread", ((damage * damage) as f64 / seconds as f64).round() as i64);
            }
        }
        let map = format!("map:{}", row.text(1));
        for scope in scopes(row.text(0)).into_iter().chain([map]) {
            let total = totals.entry((scope, row.int(3))).or_default();
            for (name, value) in &numbers {
                *total.entry((*name).to_owned()).or_default() += value;
            }
        }
    }
    totals
}

pub(super) async fn weapon_totals(store: &Store) -> WeaponTotals {
    let sql = format!(
        "select s.date, w.player, w.weapon, w.hits, w.shots, w.kills, w.deaths, w.headshots from round_weapon w \
         join round_player p on p.round = w.round and p.player = w.player join round r on r.id = w.round \
         join session s on s.id = r.session where {COUNTING}"
    );
    let mut totals = WeaponTotals::new();
    for row in store.fetch("count", &sql, values![]).await.unwrap() {
        for scope in scopes(row.text(0)) {
            let total = totals.entry((scope, row.int(1), row.int(2))).or_default();
            *total.entry("rounds".to_owned()).or_default() += 1;
            for (name, column) in ["hits", "shots", "kills", "deaths", "headshots"].into_iter().zip(3..) {
                *total.entry(name.to_owned()).or_default() += row.int(column);
            }
        }
    }
    totals
}

fn named(names: &[&str], row: &Row, from: usize) -> Numbers {
    names.iter().zip(from..).map(|(name, column)| ((*name).to_owned(), row.int(column))).collect()
}

pub(super) async fn stored_totals(store: &Store) -> Totals {
    let sql = format!("select scope, player, {} from total", NUMBERS.join(", "));
    let rows = store.fetch("read", &sql, values![]).await.unwrap();
    rows.iter().map(|row| ((row.text(0).to_owned(), row.int(1)), named(&NUMBERS, row, 2))).collect()
}

pub(super) async fn stored_weapon_totals(store: &Store) -> WeaponTotals {
    let sql = format!("select scope, player, weapon, {} from weapon_total", WEAPON_NUMBERS.join(", "));
    let rows = store.fetch("read", &sql, values![]).await.unwrap();
    let key = |row: &Row| (row.text(0).to_owned(), row.int(1), row.int(2));
    rows.iter().map(|row| (key(row), named(&WEAPON_NUMBERS, row, 3))).collect()
}
