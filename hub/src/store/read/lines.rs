use std::collections::BTreeMap;

use slomix_shared::formats::stats::{Fields, WeaponLine};
use slomix_shared::game::{Side, Weapon};

use crate::domain::roster::PlayerKey;
use crate::domain::round::{Origin, PlayerRound};
use crate::store::sql::{Row, StoreError};
use crate::store::{Store, rows, tables};
use crate::values;

/// Somebody's whole line in a round, as it was derived.
#[derive(Debug, Clone, PartialEq)]
pub struct LineRow {
    /// The round.
    pub round: i64,
    /// +1 team A, −1 team B, 0 unknown.
    pub team: i64,
    /// Whether the numbers are this round's and his own.
    pub counted: bool,
    /// The numbers. Its flags are not read: what they say of counting stands in `counted`.
    pub numbers: PlayerRound,
}

impl Store {
    /// The whole lines of everybody in every round of a session, by round and player.
    pub async fn session_lines(&self, session: i64) -> Result<Vec<LineRow>, StoreError> {
        let mut weapons = self.session_weapons(session).await?;
        // The columns of the fields stand together, the first of them is the damage given.
        let columns = tables::ROUND_PLAYER.columns.iter().skip_while(|column| **column != "damage_given");
        let fields: Vec<String> =
            columns.take(rows::stored_fields().count()).map(|column| format!("p.{column}")).collect();
        let sql = format!(
            "select p.round, p.player, p.team, p.counted, p.name, p.raw_name, p.bot, p.side, p.participant, p.seconds, \
                    p.origin, p.rounds, w.key, {} \
             from round r join round_player p on p.round = r.id join player w on w.id = p.player \
             where r.session = $1 order by p.round, p.player",
            fields.join(", ")
        );
        let found = self.fetch("read the lines of a session", &sql, values![session]).await?;
        Ok(found
            .iter()
            .filter_map(|row| {
                let own = weapons.remove(&(row.int(0), row.int(1))).unwrap_or_default();
                Some(LineRow { round: row.int(0), team: row.int(2), counted: row.flag(3), numbers: numbers(row, own)? })
            })
            .collect())
    }

    /// The weapons of everybody in every round of a session, by round and player.
    async fn session_weapons(&self, session: i64) -> Result<BTreeMap<(i64, i64), Vec<WeaponLine>>, StoreError> {
        let sql = "select w.round, w.player, w.weapon, w.hits, w.shots, w.kills, w.deaths, w.headshots \
                   from round r join round_weapon w on w.round = r.id \
                   where r.session = $1 order by w.round, w.player, w.weapon";
        let mut weapons: BTreeMap<(i64, i64), Vec<WeaponLine>> = BTreeMap::new();
        for row in self.fetch("read the weapons of a session", sql, values![session]).await? {
            let Some(weapon) = u8::try_from(row.int(2)).ok().and_then(Weapon::from_bit) else { continue };
            weapons.entry((row.int(0), row.int(1))).or_default().push(WeaponLine {
                weapon,
                hits: row.int(3),
                shots: row.int(4),
                kills: row.int(5),
                deaths: row.int(6),
                headshots: row.int(7),
            });
        }
        Ok(weapons)
    }
}

/// None where there is no GUID in the key, which no writer makes.
fn numbers(row: &Row, weapons: Vec<WeaponLine>) -> Option<PlayerRound> {
    let mut fields = Fields::default();
    for (field, column) in rows::stored_fields().zip(13..) {
        fields.set(field, row.maybe_int(column));
    }
    Some(PlayerRound {
        key: PlayerKey::parse(row.text(12))?,
        player: row.int(1),
        name: row.text(4).to_owned(),
        raw_name: row.bytes(5).to_owned(),
        bot: row.flag(6),
        side: row.maybe_int(7).and_then(Side::from_number),
        participant: row.flag(8),
        seconds: row.maybe_int(9),
        fields,
        weapons,
        origin: Origin::from_name(row.text(10)),
        rounds: row.maybe_int(11),
        flags: std::collections::BTreeSet::new(),
    })
}
