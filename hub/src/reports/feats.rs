//! What somebody did more of than anybody else in a session.

use std::collections::BTreeMap;

use crate::store::read::RoundPlayerRow;

/// Something worth telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feat {
    /// Whose.
    pub name: String,
    /// What, as in "longest spree".
    pub what: &'static str,
    /// How much, with its unit.
    pub value: String,
}

/// One kind of feat: what it is called, its unit, the number, and whether the best round counts and not the sum.
type Kind = (&'static str, &'static str, fn(&RoundPlayerRow) -> Option<i64>, bool);

const KINDS: [Kind; 6] = [
    ("longest spree", "kills", |row| row.killing_spree, true),
    ("most headshot kills", "", |row| row.headshot_kills, false),
    ("most play denied", "s", denied, false),
    ("most dynamites planted", "", |row| row.dynamites_planted, false),
    ("most gibs", "", |row| row.gibs, false),
    ("most self kills", "", |row| row.self_kills, false),
];

/// A writer of 2025 adds up more than all enemies together could wait; what exceeds that is not told.
fn denied(row: &RoundPlayerRow) -> Option<i64> {
    const MOST_ENEMIES: i64 = 6;
    let seconds = row.seconds?;
    row.denied_seconds.filter(|denied| *denied <= seconds * MOST_ENEMIES)
}

/// Everybody's numbers of every kind.
#[derive(Debug, Default)]
pub(super) struct Feats {
    names: BTreeMap<i64, String>,
    numbers: BTreeMap<i64, [i64; KINDS.len()]>,
}

impl Feats {
    /// Calls players by these names.
    pub(super) fn name<'a>(&mut self, names: impl Iterator<Item = (i64, &'a str)>) {
        self.names.extend(names.map(|(player, name)| (player, name.to_owned())));
    }

    pub(super) fn add(&mut self, row: &RoundPlayerRow) {
        self.names.insert(row.player, row.name.clone());
        let numbers = self.numbers.entry(row.player).or_default();
        for (number, (_, _, value, single)) in numbers.iter_mut().zip(KINDS) {
            let value = value(row).unwrap_or(0);
            *number = if single { value.max(*number) } else { *number + value };
        }
    }

    /// The best of each kind; who shares the first place is named together.
    pub(super) fn best(&self) -> Vec<Feat> {
        let mut feats = Vec::new();
        for (index, (what, unit, ..)) in KINDS.into_iter().enumerate() {
            let most = self.numbers.values().map(|numbers| numbers[index]).max().unwrap_or(0);
            if most == 0 {
                continue;
            }
            let holders: Vec<&str> = self
                .numbers
                .iter()
                .filter(|(_, numbers)| numbers[index] == most)
                .filter_map(|(player, _)| self.names.get(player).map(String::as_str))
                .collect();
            // Half the server is nobody in particular.
            if holders.len() <= 2 {
                let value = format!("{most} {unit}").trim().to_owned();
                feats.push(Feat { name: holders.join(" and "), what, value });
            }
        }
        feats
    }
}
