//! What a player's totals are made of, and what stays out of them.

use std::collections::BTreeMap;

use slomix_hub::domain::leaf::NUMBERS;

use super::archive::Archive;
use super::scripted::{BLUE, Half, RED, derive};

/// The sums of one player over all leaves, by name.
fn sums(archive: &Archive, guid: &str) -> BTreeMap<&'static str, i64> {
    let player = i64::from(u32::from_str_radix(guid, 16).unwrap());
    let mut sums = BTreeMap::new();
    let leaves = archive.blocks.iter().flat_map(|block| &block.leaves);
    for (_, leaf) in leaves.filter(|((_, of, _), _)| *of == player) {
        for (name, value) in NUMBERS.into_iter().zip(leaf) {
            *sums.entry(name).or_default() += value;
        }
    }
    sums
}

fn pair() -> (Half, Half) {
    let first = Half::first("supply", &BLUE, &RED).completed(300);
    let second = Half::second(&first);
    (first, second)
}

#[test]
fn both_halves_of_a_map_each_with_its_own_numbers() {
    let (first, second) = pair();
    let archive = derive(&[("200000", first), ("200700", second)]);
    let red = sums(&archive, RED[0]);
    for (name, value) in [
        ("rounds", 2),
        // Red attacked in the first half and held the second one as Axis.
        ("rounds_won", 2),
        ("seconds", 600),
        ("kills", 6),
        ("deaths", 4),
        ("damage_given", 1000),
        ("damage_received", 800),
        ("bullet_hits", 60),
        ("bullet_shots", 180),
        ("headshots", 2),
        ("revives_known_seconds", 600),
        ("denied_known_seconds", 600),
        ("gibs", 0),
    ] {
        assert_eq!(red[name], value, "{name}");
    }
    assert_eq!(sums(&archive, BLUE[0])["rounds_won"], 0);
    assert!(archive.blocks[0].leaves.keys().all(|(_, _, map)| map == "supply"));
}

#[test]
fn totals_of_two_halves_and_unfair_rounds_stay_out() {
    let (first, second) = pair();
    let nobody = |halves: &[(&str, Half)]| sums(&derive(halves), RED[0]).is_empty();
    assert!(nobody(&[("200700", second.clone())]), "an orphan's numbers are totals");
    let mut with_bot = first.clone();
    with_bot.axis.push("OMNIBOT0");
    assert!(nobody(&[("200000", with_bot)]), "a bot makes it unfair");
    let cut_off = Half { playtime: Some(-1_000), ..first.clone() };
    assert!(nobody(&[("200000", cut_off)]), "a cut-off round has no result");
    let alone = Half { axis: vec![RED[0]], allies: vec![], ..first.clone() };
    assert!(nobody(&[("200000", alone)]), "nobody plays alone");
    // Played to its end, though its second half never came; played again, only the last time counts.
    assert_eq!(sums(&derive(&[("200000", first.clone())]), RED[0])["rounds"], 1);
    let again = Half { clocks: (720, 310), ..first.clone() };
    assert_eq!(sums(&derive(&[("200000", first), ("201000", again)]), RED[0])["rounds"], 1);
}

#[test]
fn who_has_numbers_of_a_first_half_that_his_file_does_not_show_stays_out() {
    let (first, second) = pair();
    let [_, r2, r3] = RED;
    // He is in the second file alone, with ten minutes in a team of a half that lasted five.
    let without = Half { allies: vec![r2, r3], ..first };
    let archive = derive(&[("200000", without), ("200700", second)]);
    assert!(sums(&archive, RED[0]).is_empty());
    assert_eq!(sums(&archive, r2)["rounds"], 2);
    let row = archive.rounds().flat_map(|round| &round.players).find(|player| player.key.as_str() == RED[0]).unwrap();
    assert!(row.flags.contains("r1_part_missing"));
}
