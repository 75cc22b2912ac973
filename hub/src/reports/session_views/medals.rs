//! The awards of a session's endstats, a page for each round that has some.

use std::collections::BTreeMap;

use slomix_shared::formats::endstats::AwardScope;
use unicode_width::UnicodeWidthStr;

use crate::reports::answer::Answer;
use crate::reports::awards::{Shelf, Shown, shelves, short};
use crate::reports::columns::{cut, left, right};
use crate::reports::post::{Post, TABLE_COLUMNS, Table};
use crate::reports::session::SessionReport;
use crate::store::read::{AwardRow, RoundRow};

/// So many awards of a kind are told.
const MOST: usize = 15;
/// The widest that a holder's name is shown.
const HOLDER: usize = 10;
/// The widest that a value is shown.
const VALUE: usize = 11;

/// What an award of a second half's file is of.
/// Those that put one half against both mean nothing, and are left out.
const SCOPES: [(AwardScope, &str); 3] =
    [(AwardScope::Match, ", both halves"), (AwardScope::Round, ", R2 alone"), (AwardScope::Unknown, "")];

/// The pages, in order of the rounds.
pub(in crate::reports) fn pages(report: &SessionReport, awards: &BTreeMap<i64, Vec<AwardRow>>) -> Answer {
    let told = report.rounds.iter().enumerate();
    let pages: Vec<Post> = told
        .filter_map(|(place, round)| {
            let rows = awards.get(&round.id)?;
            Some(page(round, rows, &format!("{}.{}", report.handle, place + 1)))
        })
        .collect();
    if pages.is_empty() {
        return nothing(&report.handle, report.session.end_ms, COME).into();
    }
    Answer::pages(pages)
}

/// Awards come with the endstats files.
const COME: &str = "Awards come with the endstats files, some seconds after each round.";
/// Of a second half without its first nobody knows whether they are of the map.
const WAIT: &str = "Those of a second half alone are kept and shown once its first half comes.";

fn nothing(handle: &str, end_ms: i64, why: &str) -> Post {
    Post {
        lines: vec![why.to_owned()],
        footer: handle.to_owned(),
        timestamp_ms: Some(end_ms),
        ..Post::titled(format!("{handle}: no endstats yet"))
    }
}

/// The awards of one round; a second half's file tells of the whole map as well, and each table says which.
pub(in crate::reports) fn page(round: &RoundRow, rows: &[AwardRow], handle: &str) -> Post {
    if rows.is_empty() {
        return nothing(handle, round.end_ms, if round.is_cumulative() { WAIT } else { COME });
    }
    let (second, mut tables) = (round.half() == 2, Vec::new());
    if second {
        for (scope, of) in SCOPES {
            let own: Vec<AwardRow> = rows.iter().filter(|row| row.scope == scope.as_str()).cloned().collect();
            tables.extend(shelves(&own).iter().filter_map(|shelf| table(shelf, of)));
        }
    } else {
        tables.extend(shelves(rows).iter().filter_map(|shelf| table(shelf, "")));
    }
    let what = if second { "awards of the map" } else { "awards of R1" };
    Post {
        tables,
        footer: handle.to_owned(),
        timestamp_ms: Some(round.end_ms),
        ..Post::titled(format!("{}: {what}", round.map))
    }
}

fn table(shelf: &Shelf, of: &str) -> Option<Table> {
    let awards = &shelf.awards;
    // `4 kills in 2.31s` and `45.2% (3.2 mins)` say what matters in fewer letters.
    let value = |one: &Shown| cut(short(&one.value.replace(" kills", "").replace(" percent", "%")), VALUE);
    let values: Vec<String> = awards.iter().map(value).collect();
    let widest = values.iter().map(|value| value.width()).max()?;
    let label = TABLE_COLUMNS - HOLDER - widest - 2;
    let row = |(one, value): (&Shown, &String)| {
        let name = short(&one.name);
        let name = capital(name.strip_prefix("Most ").unwrap_or(name));
        format!("{} {} {}", left(&name, label), left(&one.holder, HOLDER), right(value, widest))
    };
    let mut rows: Vec<String> = awards.iter().zip(&values).take(MOST).map(row).collect();
    if awards.len() > MOST {
        rows.push(format!("… and {} more", awards.len() - MOST));
    }
    Some(Table { heading: format!("{}{of}", capital(shelf.category.as_str())), rows })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::{award, shown, two_maps};

    #[test]
    fn a_page_for_each_round_says_what_is_of_both_halves() {
        let rows = vec![
            award("damage_given", "match", "bob", "12345", 3_450),
            award("tank", "match", "日本語の名前です", "Damage received vs death ratio: 3.45x", 3_450),
            award("quickest_multikill", "round", "ann", "4 kills in 2.31s", 3_450),
            award("headshots", "match", "a name of thirty-two characters", "41", 3_450),
            award("full_respawn", "mixed", "cat", "45.2% (3.2 mins)", 3_450),
            award("Most barrels rolled", "unknown", "dan", "12", 3_450),
        ];
        let report = two_maps().report;
        let answer = pages(&report, &BTreeMap::from([(1, rows[..3].to_vec()), (2, rows)]));
        let told: Vec<String> = answer.sheets.iter().map(|sheet| shown(&sheet.post)).collect();
        insta::assert_snapshot!(told.join("\n====\n"));
    }

    #[test]
    fn without_endstats_it_says_so() {
        let answer = pages(&two_maps().report, &BTreeMap::new());
        assert_eq!(answer.sheets[0].post.title, "2026-11-09a: no endstats yet");
    }
}
