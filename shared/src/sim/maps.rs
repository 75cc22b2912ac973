//! The maps of the simulated evenings, under their real names.

use super::clock::Clock;
use crate::game::Side;

/// A map in stopwatch mode.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Map {
    pub(crate) name: &'static str,
    /// Round 1's clock in minutes.
    pub(crate) minutes: u8,
    /// The army that defends, in both rounds: the map script says so once.
    pub(crate) defender: Side,
    /// Seconds between two reinforcement waves of Axis and Allies.
    pub(crate) waves: [u8; 2],
    /// Share of the clock that an even attack takes, in hundredths: from and to.
    pub(crate) attack: [u16; 2],
}

impl Map {
    pub(crate) fn limit(&self) -> Clock {
        Clock::minutes(u64::from(self.minutes))
    }
}

const fn map(name: &'static str, minutes: u8, defender: Side, waves: [u8; 2], attack: [u16; 2]) -> Map {
    Map { name, minutes, defender, waves, attack }
}

/// In the order in which evenings like to play them.
pub(crate) const MAPS: [Map; 10] = [
    map("supply", 12, Side::Axis, [30, 20], [25, 130]),
    map("radar", 12, Side::Axis, [30, 20], [30, 135]),
    map("te_escape2", 10, Side::Axis, [30, 20], [22, 110]),
    map("sw_goldrush_te", 12, Side::Axis, [30, 20], [45, 140]),
    map("etl_adlernest", 10, Side::Axis, [30, 20], [25, 105]),
    map("braundorf_b4", 10, Side::Axis, [30, 20], [30, 120]),
    map("frostbite", 10, Side::Axis, [30, 20], [30, 115]),
    map("et_brewdog", 10, Side::Allies, [20, 30], [30, 125]),
    map("sp-delivery-te", 10, Side::Axis, [30, 20], [25, 110]),
    map("goldrush", 20, Side::Axis, [30, 20], [35, 130]),
];
