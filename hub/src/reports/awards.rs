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
