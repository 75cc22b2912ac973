//! The weapon rows of a round, for whoever looks why a number is odd.

use slomix_shared::game::Weapon;

use crate::domain::metrics::weapon_accuracy::weapon_accuracy;
use crate::store::Store;
use crate::store::read::{RoundRow, WeaponTotals};

use super::ReportError;
use super::answer::Answer;
use super::columns::{left, right};
use super::handle;
use super::post::{Accent, Post, Table};
use super::words::{plural, tenths, thousands};

/// The weapon rows of the round that a text names.
pub(super) async fn answer(store: &Store, round: &str) -> Result<Answer, ReportError> {
    let Some(found) = handle::find_round(store, round).await? else {
        return Err(ReportError::Nothing(match round {
            "last" => "No round has been played yet.".to_owned(),
            round => format!("There is no round {round}: say a session and its place in it, as in 2026-11-09a.3."),
        }));
    };
    let weapons = store.weapons_of_round(found.id).await?;
    Ok(Answer::from(post(&found, &weapons)))
}

fn post(round: &RoundRow, weapons: &[(i64, WeaponTotals)]) -> Post {
    let mut rows = vec![format!(
        "{}{}{}{}{}{}",
        left("", 11),
        right("KIL", 4),
        right("HIT", 5),
        right("SHOT", 6),
        right("HEAD", 5),
        right("N", 3)
    )];
    rows.extend(weapons.iter().map(|(bit, totals)| {
        let weapon = u8::try_from(*bit).ok().and_then(Weapon::from_bit);
        let name = weapon.map_or_else(|| format!("weapon {bit}"), |weapon| weapon.name().replacen("WS_", "", 1));
        format!(
            "{}{}{}{}{}{}",
            left(&name, 11),
            right(&totals.kills.to_string(), 4),
            right(&thousands(totals.hits), 5),
            right(&thousands(totals.shots), 6),
            right(&thousands(totals.headshots), 5),
            right(&totals.rounds.to_string(), 3)
        )
    }));
    let sum = |of: fn(&WeaponTotals) -> i64| weapons.iter().map(|(_, totals)| of(totals)).sum::<i64>();
    let (hits, shots) = (sum(|one| one.hits), sum(|one| one.shots));
    let odd = weapons.iter().filter(|(_, one)| one.hits > one.shots || one.headshots > one.hits).count() as i64;
    let accuracy = weapon_accuracy(hits, shots).filter(|_| shots > 0);
    Post {
        title: format!("{} R{}: {}", round.map, round.half(), plural(weapons.len() as i64, "weapon", "weapons")),
        accent: if odd > 0 { Accent::Trouble } else { Accent::Neutral },
        lines: vec![
            format!("{hits} hits of {shots} shots ({} %), {} to the head.", tenths(accuracy), sum(|one| one.headshots)),
            match odd {
                0 => "No weapon has more hits than shots, or more head hits than hits.".to_owned(),
                odd => format!(
                    "{} with more hits than shots, or more head hits than hits.",
                    plural(odd, "weapon", "weapons")
                ),
            },
        ],
        tables: if weapons.is_empty() {
            Vec::new()
        } else {
            vec![Table { heading: "All players; N have the weapon".to_owned(), rows }]
        },
        notes: vec![format!("File {}", round.file)],
        footer: format!("round {}", round.id),
        timestamp_ms: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample;

    #[test]
    fn what_cannot_be_is_said() {
        let totals = |kills, hits, shots| WeaponTotals { rounds: 3, hits, shots, kills, deaths: 1, headshots: 2 };
        let post = post(&sample::round(3, "supply", 2), &[(4, totals(12, 300, 900)), (11, totals(2, 9, 5))]);
        insta::assert_debug_snapshot!(post);
    }
}
