//! The awards and versus lines of a round's endstats, in words.

use slomix_shared::formats::endstats::{Award, AwardScope, Category, Form};

use crate::store::read::{AwardRow, DuelRow};

use super::words::hundredths;

/// The awards of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The category.
    pub category: Category,
    /// Its awards, in the order of the file.
    pub awards: Vec<Shown>,
}

/// An award as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub holder: String,
    /// How much, with its unit.
    pub value: String,
    /// Whether a second half's award counts the first half, too.
    pub both_halves: bool,
}

/// Awards by category, those without any left out.
pub fn shelves(rows: &[AwardRow]) -> Vec<Shelf> {
    let of = |category: Category| Shelf {
        category,
        awards: rows.iter().filter(|row| category_of(row) == category).map(shown).collect(),
    };
    Category::ALL.into_iter().map(of).filter(|shelf| !shelf.awards.is_empty()).collect()
}

/// The category of an award.
pub fn category_of(row: &AwardRow) -> Category {
    Award::from_key(&row.award).map_or(Category::Other, |award| award.category)
}

fn shown(row: &AwardRow) -> Shown {
    let known = Award::from_key(&row.award);
    Shown {
        name: known.map_or(&*row.award, |award| award.name).to_owned(),
        holder: row.name.clone(),
        value: value(row, known),
        both_halves: row.scope == AwardScope::Match.as_str(),
    }
}

/// The value as written, but for a ratio in words or with all its digits.
fn value(row: &AwardRow, known: Option<&Award>) -> String {
    match (known.map(|award| award.form), row.amount) {
        (Some(Form::Decimal), Some(amount)) => hundredths(Some(amount / 10)),
        (Some(Form::Ratio), Some(amount)) => format!("{}x", hundredths(Some(amount / 10))),
        _ => row.value.clone(),
    }
}

/// What is rare enough to stand under a round's post: what no stats file tells.
pub fn rarities(rows: &[AwardRow]) -> Vec<String> {
    let of = |key: &str, least: i64| {
        rows.iter().find(|row| row.award == key && row.amount.is_some_and(|amount| amount >= least))
    };
    let multikill =
        of("quickest_multikill", 4_000).map(|row| format!("{} with light weapons: {}", row.value, row.name));
    let riflenade =
        of("farthest_riflenade", 50_000).map(|row| format!("riflenade kill over {}: {}", row.value, row.name));
    multikill.into_iter().chain(riflenade).collect()
}

/// What an award says in a line under a post: how much, of what, whose.
const WORTH_A_LINE: [(&str, &str, i64); 15] = [
    // From rare to common, each from so many on.
    ("knife_kills", "knife kills", 1),
    ("objectives_returned", "objectives returned", 1),
    ("objectives_stolen", "objectives stolen", 2),
    ("multi_kills", "multikills", 1),
    ("mine_kills", "kills with mines", 2),
    ("sniper_kills", "kills with a sniper rifle", 3),
    ("mortar_kills", "kills with the mortar", 3),
    ("panzer_kills", "kills with the panzerfaust", 3),
    ("riflenade_kills", "kills with rifle grenades", 3),
    ("air_support_kills", "kills from the air", 3),
    ("kill_steals", "killsteals", 4),
    ("death_spree", "deaths in a row", 8),
    ("kill_assists", "assists", 5),
    ("double_kills", "double kills", 3),
    ("useful_kills", "useful kills", 8),
];

/// What only endstats tell of one half, at most so many lines. `turn` makes that it is not always the same.
pub fn of_a_half(rows: &[AwardRow], half: i64, turn: i64, most: usize) -> Vec<String> {
    let own = |row: &&AwardRow| half == 1 || row.scope == AwardScope::Round.as_str();
    let mut lines: Vec<String> = WORTH_A_LINE
        .iter()
        .filter_map(|(key, what, least)| {
            let row = rows.iter().filter(own).find(|row| row.award == *key)?;
            row.amount.filter(|amount| *amount >= least * 1_000)?;
            Some(format!("{} {what}: {}", row.value, row.name))
        })
        .collect();
    // The rarest stays first; what follows takes turns.
    if let Some(rest) = lines.get_mut(1..).filter(|rest| !rest.is_empty()) {
        let places = rest.len();
        rest.rotate_left(usize::try_from(turn.rem_euclid(places as i64)).unwrap_or(0));
    }
    lines.truncate(most);
    lines
}

/// What a second half's endstats say of the whole map, at most so many lines that take turns.
pub fn of_a_map(rows: &[AwardRow], turn: i64, most: usize) -> Vec<String> {
    const HONOURS: [&str; 8] = [
        "damage_given",
        "kd_ratio",
        "headshots",
        "headshot_accuracy",
        "light_weapon_accuracy",
        "gibs",
        "tank",
        "kills_per_minute",
    ];
    let row = |key: &&str| rows.iter().find(|row| row.award == **key && row.scope == AwardScope::Match.as_str());
    let mut lines: Vec<String> = HONOURS.iter().filter_map(row).map(line).collect();
    if !lines.is_empty() {
        let places = lines.len() as i64;
        lines.rotate_left(usize::try_from(turn.rem_euclid(places)).unwrap_or(0));
    }
    lines.truncate(most);
    lines
}

/// An award as one line: `Most damage given: bob, 4321`.
pub fn line(row: &AwardRow) -> String {
    let shown = shown(row);
    format!("{}: {}, {}", short(&shown.name), shown.holder, shown.value)
}

/// An award's name without what stands in brackets behind it.
pub fn short(name: &str) -> &str {
    name.split_once(" (").map_or(name, |(name, _)| name)
}

/// Whether an award of a file of this half counts what no other award of the map counts: a first half's award of
/// everything is in that of the second half again, if there is one, and one that mixes the halves counts neither.
pub fn counts_once(row: &AwardRow, half: i64, map_has_second: bool) -> bool {
    match (half, row.scope.as_str()) {
        (1, scope) => scope != AwardScope::Match.as_str() || !map_has_second,
        (_, scope) => scope == AwardScope::Match.as_str() || scope == AwardScope::Round.as_str(),
    }
}

/// Whether an award is one to be proud of.
pub fn is_honour(row: &AwardRow) -> bool {
    const TEASES: [&str; 9] = [
        "damage_received",
        "team_damage_given",
        "team_damage_received",
        "team_kills",
        "kill_steals",
        "full_respawn",
        "useless_kills",
        "bullets_fired",
        "times_revived",
    ];
    let known = Award::from_key(&row.award);
    known.is_some_and(|award| award.category != Category::Deaths) && !TEASES.contains(&row.award.as_str())
}

/// Versus lines by their subject, in the order of the file: each opponent with kills and deaths. Older writers do not
/// name the subject. Two subjects may be written alike: then their players tell them apart.
pub fn duels(rows: &[DuelRow]) -> Vec<(Option<&str>, Vec<&DuelRow>)> {
    let same = |a: &DuelRow, b: &DuelRow| a.subject == b.subject && a.subject_player == b.subject_player;
    let blocks = rows.chunk_by(same).filter_map(<[DuelRow]>::split_first);
    blocks.map(|(first, rest)| (first.subject_name.as_deref(), [first].into_iter().chain(rest).collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(award: &str, value: &str, amount: i64) -> AwardRow {
        AwardRow {
            award: award.to_owned(),
            scope: "round".to_owned(),
            holder: "Alph".to_owned(),
            name: "Alpha".to_owned(),
            player: None,
            value: value.to_owned(),
            amount: Some(amount),
        }
    }

    #[test]
    fn awards_stand_under_their_category_with_readable_values() {
        let rows = [
            row("deaths", "14", 14_000),
            row("kd_ratio", "2.3333333333333", 2_333),
            row("tank", "Damage received vs death ratio: 3.45x", 3_450),
            row("Most barrels rolled", "12", 12_000),
        ];
        let shelves = shelves(&rows);
        let text: Vec<_> = shelves
            .iter()
            .flat_map(|shelf| shelf.awards.iter().map(|one| (shelf.category.as_str(), &*one.name, &*one.value)))
            .collect();
        let expected = [
            ("combat", "Best K/D ratio", "2.33"),
            ("combat", "Tank/Meatshield (Refuses to die)", "3.45x"),
            ("deaths", "Most deaths", "14"),
            ("other", "Most barrels rolled", "12"),
        ];
        assert_eq!(text, expected);
    }

    #[test]
    fn duels_stand_under_their_subject_by_the_names_of_the_round() {
        let row = |subject: Option<(&str, &str, i64)>, opponent: &str| DuelRow {
            subject: subject.map(|(written, ..)| written.to_owned()),
            subject_name: subject.map(|(_, name, _)| name.to_owned()),
            subject_player: subject.map(|(.., player)| player),
            opponent: "cut".to_owned(),
            opponent_name: opponent.to_owned(),
            opponent_player: None,
            kills: 2,
            deaths: 1,
        };
        // Endstats cut both names to the same letters.
        let (first, second) = (Some(("iga", "Žiga", 1)), Some(("iga", "Šiga", 2)));
        let rows = [row(first, "bob"), row(first, "jürgen"), row(second, "bob"), row(None, "cat"), row(None, "dan")];
        let blocks = duels(&rows);
        let told: Vec<(Option<&str>, Vec<&str>)> = blocks
            .iter()
            .map(|(subject, lines)| (*subject, lines.iter().map(|line| line.opponent_name.as_str()).collect()))
            .collect();
        let expected = [(Some("Žiga"), vec!["bob", "jürgen"]), (Some("Šiga"), vec!["bob"]), (None, vec!["cat", "dan"])];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_second_half_is_told_only_of_itself_and_the_map_of_both() {
        let of_both =
            |award: &str, value: &str, amount| AwardRow { scope: "match".to_owned(), ..row(award, value, amount) };
        let rows = [
            of_both("damage_given", "4321", 4_321_000),
            of_both("tank", "Damage received vs death ratio: 3.45x", 3_450),
            row("kill_assists", "7", 7_000),
            row("double_kills", "4", 4_000),
            row("knife_kills", "1", 1_000),
            row("mine_kills", "1", 1_000),
        ];
        assert_eq!(of_a_half(&rows, 2, 0, 2), ["1 knife kills: Alpha", "7 assists: Alpha"]);
        assert_eq!(of_a_half(&rows, 2, 1, 2), ["1 knife kills: Alpha", "4 double kills: Alpha"]);
        assert_eq!(of_a_map(&rows, 0, 1), ["Most damage given: Alpha, 4321"]);
        assert_eq!(of_a_map(&rows, -1, 1), ["Tank/Meatshield: Alpha, 3.45x"]);
        let once = |half, second| rows.iter().filter(|row| counts_once(row, half, second)).count();
        assert_eq!([once(1, true), once(1, false), once(2, true)], [4, 6, 6]);
        assert!(
            is_honour(&rows[0]) && !is_honour(&row("deaths", "9", 9_000)) && !is_honour(&row("barrels", "9", 9_000))
        );
    }

    #[test]
    fn only_what_is_rare_is_worth_a_line() {
        let common = [row("quickest_multikill", "3 kills in 2.1s", 3_000), row("farthest_riflenade", "12.0 m", 12_000)];
        assert_eq!(rarities(&common), Vec::<String>::new());
        let rare = [row("farthest_riflenade", "86.33 m", 86_330), row("quickest_multikill", "4 kills in 2.31s", 4_000)];
        assert_eq!(
            rarities(&rare),
            ["4 kills in 2.31s with light weapons: Alpha", "riflenade kill over 86.33 m: Alpha"]
        );
    }
}
