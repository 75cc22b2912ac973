//! What a player kills with.

use slomix_shared::game::Weapon;

use crate::domain::leaf::Number;
use crate::domain::metrics::headshot_accuracy::headshot_accuracy;
use crate::reports::ReportError;
use crate::reports::answer::{Answer, Sheet};
use crate::reports::grid::grid;
use crate::reports::plot::{self, Plot, Split};
use crate::reports::post::Post;
use crate::reports::words::{plural, thousands, whole};
use crate::store::Store;
use crate::store::read::{NamedPlayer, WeaponTotals};
use crate::store::totals::ALL_TIME;

/// Weapons that are told.
const MOST: usize = 12;

/// The answer about a player's weapons.
pub(super) async fn answer(store: &Store, player: &NamedPlayer) -> Result<Answer, ReportError> {
    let weapons: Vec<(Weapon, WeaponTotals)> = store
        .weapon_totals(ALL_TIME, player.player)
        .await?
        .into_iter()
        .filter(|(_, totals)| totals.kills > 0)
        .filter_map(|(bit, totals)| Some((Weapon::from_bit(u8::try_from(bit).ok()?)?, totals)))
        .collect();
    let rounds = store.totals(ALL_TIME, player.player).await?.map_or(0, |sums| Number::Rounds.of(&sums));
    let sheet = sheet(player, &weapons, rounds);
    sheet
        .map(|sheet| Answer::from(vec![sheet]))
        .ok_or_else(|| ReportError::Nothing(format!("{} has killed nobody yet in a round that counts.", player.name)))
}

/// `weapons` with the most kills first; none without any.
fn sheet(player: &NamedPlayer, weapons: &[(Weapon, WeaponTotals)], rounds: i64) -> Option<Sheet> {
    let (first, most) = weapons.first()?;
    let kills: i64 = weapons.iter().map(|(_, totals)| totals.kills).sum();
    let share = (most.kills * 1_000 + kills / 2) / kills;
    let title = format!("{}: {} % of kills with the {}", player.name, whole(Some(share)), first.label());
    let sample = format!("{} kills in {}", thousands(kills), plural(rounds, "round", "rounds"));
    let weapon = |(weapon, totals): &(Weapon, WeaponTotals)| plot::Weapon {
        name: weapon.label().to_owned(),
        kills: u32::try_from(totals.kills).ok(),
        accuracy: aim(*weapon, totals).map(|tenths| tenths as f64 / 1_000.0),
    };
    let plot = Plot::Split(Split {
        title: title.clone(),
        subtitle: format!("Share of his kills; hits per shot of bullets, weapon_accuracy@1. {sample}"),
        weapons: weapons.iter().map(weapon).collect(),
    });
    let told = &weapons[..weapons.len().min(MOST)];
    let head = |(weapon, totals): &(Weapon, WeaponTotals)| {
        if weapon.has_headshots() { whole(headshot_accuracy(totals.headshots, totals.hits)) } else { String::new() }
    };
    let accuracy =
        |(_, totals): &(Weapon, WeaponTotals)| totals.accuracy().map_or(String::new(), |all| whole(Some(all)));
    let table = grid(
        "",
        told.iter().map(|(weapon, _)| weapon.label()),
        &[
            ("KILLS", told.iter().map(|(_, totals)| thousands(totals.kills)).collect()),
            ("AC", told.iter().map(accuracy).collect()),
            ("HS", told.iter().map(head).collect()),
        ],
    );
    let post = Post {
        tables: vec![table],
        notes: vec!["AC: hits per shot or throw in percent; HS: hits to the head per hit".to_owned()],
        footer: format!("{} · {sample}", player.key),
        ..Post::titled(title)
    };
    Some(Sheet::with_picture(post, "weapons", plot))
}

/// Hits per shot in tenths of a percent, of what has bullets.
fn aim(weapon: Weapon, totals: &WeaponTotals) -> Option<i64> {
    totals.accuracy().filter(|_| weapon.has_headshots())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> NamedPlayer {
        NamedPlayer { player: 1, key: "A1000000".to_owned(), name: "anna".to_owned(), last_round: 0 }
    }

    #[test]
    fn the_favourite_is_in_the_title() {
        let totals =
            |kills: i64, hits, shots| WeaponTotals { rounds: 40, hits, shots, kills, deaths: 9, headshots: hits / 8 };
        let weapon = |bit| Weapon::from_bit(bit).unwrap();
        let weapons = [
            (weapon(4), totals(12_040, 120_000, 390_000)),
            (weapon(11), totals(310, 0, 900)),
            // Never fired by a writer that counts: nobody knows how well.
            (weapon(3), totals(25, 0, 0)),
        ];
        let sheet = sheet(&anna(), &weapons, 388).unwrap();
        insta::assert_snapshot!(crate::reports::sample::shown(&sheet.post));
        let Plot::Split(split) = &sheet.picture.as_ref().unwrap().plot else { panic!("no split") };
        assert_eq!((split.weapons[1].accuracy, split.weapons[2].accuracy), (None, None));
        crate::charts::tests::look("player-weapons", &sheet.picture.as_ref().unwrap().plot);
        assert!(super::sheet(&anna(), &[], 0).is_none());
    }
}
