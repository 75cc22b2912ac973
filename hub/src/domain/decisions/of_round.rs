use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::formats::stats::{Header, SideField};
use slomix_shared::game::Side;

use crate::domain::round::PlayerRound;

/// What was decided about one round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfRound {
    /// It counts for nothing.
    pub voided: bool,
    /// The army that won.
    pub winner: Option<Side>,
    /// The army that defended.
    pub defender: Option<Side>,
    /// The armies of players, by the key of their line; none for one who only watched.
    pub sides: BTreeMap<String, Option<Side>>,
}

impl OfRound {
    /// The header as it should have been.
    pub fn header(&self, header: &Header) -> Header {
        let told = |side: Side| SideField { value: i64::from(side.number()), fault: None };
        Header {
            winner: self.winner.map_or(header.winner, told),
            defender: self.defender.map_or(header.defender, told),
            ..header.clone()
        }
    }

    /// Puts the players where they were.
    pub fn place(&self, players: &mut [PlayerRound]) {
        for player in players {
            if let Some(side) = self.sides.get(player.key.as_str()) {
                player.side = *side;
                player.participant = side.is_some();
                player.flags.remove("side_inferred");
                player.flags.insert("manual_side");
            }
        }
    }

    /// Says so on the round.
    pub fn flag(&self, flags: &mut BTreeSet<&'static str>) {
        let decided = [
            (self.voided, "voided"),
            (self.winner.is_some(), "manual_winner"),
            (self.defender.is_some(), "manual_defender"),
            (!self.sides.is_empty(), "manual_side"),
        ];
        flags.extend(decided.iter().filter(|(holds, _)| *holds).map(|(_, flag)| *flag));
    }
}
