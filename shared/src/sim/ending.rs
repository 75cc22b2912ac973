//! How a round ends: by objective, clock, surrender or cut-off.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::clock::Clock;
use super::maps::Map;
use super::truth::RoundKind;
use crate::game::Side;

/// The server steps in frames of this many ms.
const FRAME_MS: u32 = 50;

/// No attack is over sooner.
const SHORTEST_MS: u32 = 75_000;

/// What ends a round before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CutShort {
    /// The attackers (or else the defenders) give up.
    Surrender { attackers: bool },
    /// Another map is loaded.
    MapChange,
    /// The server stops.
    ServerStop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) kind: RoundKind,
    pub(super) duration_ms: u32,
    pub(super) winner: Option<Side>,
    pub(super) surrendered: Option<Side>,
    /// The clock that the engine would set for the next round.
    pub(super) next: Clock,
}

/// Strengths of the attacking and the defending side, in any unit.
pub(super) struct Balance {
    pub(super) attack: u32,
    pub(super) defence: u32,
}

pub(super) fn decide(
    map: &Map,
    limit: Clock,
    balance: &Balance,
    cut_short: Option<CutShort>,
    dice: &mut ChaCha8Rng,
) -> Ending {
    let attackers = map.defender.other();
    let share = u32::from(dice.random_range(map.attack[0]..=map.attack[1]));
    let even = map.limit().ms() / 100 * share;
    let attack = u64::from(even) * u64::from(balance.defence.max(1)) / u64::from(balance.attack.max(1));
    let attack = to_frame((attack.min(u64::from(u32::MAX / 2)) as u32).max(SHORTEST_MS));
    let held = to_frame(limit.ms());
    // an objective in the very frame in which the clock runs out still counts
    let natural = if attack <= held {
        (RoundKind::Complete, attack, Some(attackers), None)
    } else {
        (RoundKind::Fullhold, held, Some(map.defender), None)
    };
    let (kind, duration_ms, winner, surrendered) = match cut_short {
        None => natural,
        Some(cut) => {
            let when = to_frame(natural.1 / 100 * dice.random_range(30..=80));
            match cut {
                CutShort::Surrender { attackers: true } => {
                    (RoundKind::Surrender, when, Some(map.defender), Some(attackers))
                }
                CutShort::Surrender { attackers: false } => {
                    (RoundKind::Surrender, when, Some(attackers), Some(map.defender))
                }
                CutShort::MapChange | CutShort::ServerStop => (RoundKind::Abort, when, None, None),
            }
        }
    };
    // who held, for whatever reason, passes the clock on as it was
    let next = if winner == Some(attackers) { Clock::from_ms(duration_ms) } else { limit };
    Ending { kind, duration_ms, winner, surrendered, next }
}

fn to_frame(ms: u32) -> u32 {
    ms.div_ceil(FRAME_MS) * FRAME_MS
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::sim::maps::MAPS;

    #[test]
    fn who_held_passes_the_clock_on_and_who_did_not_leaves_his_time() {
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let balance = Balance { attack: 1, defence: 1 };
        let map = &MAPS[0];
        let mut decide = |cut| decide(map, map.limit(), &balance, cut, &mut dice);
        let mut seen = [false; 2];
        for _ in 0..50 {
            let natural = decide(None);
            seen[usize::from(natural.kind == RoundKind::Complete)] = true;
            if natural.kind == RoundKind::Complete {
                assert_eq!(natural.next, Clock::from_ms(natural.duration_ms));
            } else {
                assert_eq!((natural.next, natural.duration_ms), (map.limit(), 720_000));
            }
            let conceded = decide(Some(CutShort::Surrender { attackers: true }));
            assert_eq!((conceded.winner, conceded.next), (Some(Side::Axis), map.limit()));
            let lost = decide(Some(CutShort::Surrender { attackers: false }));
            assert_eq!((lost.winner, lost.next), (Some(Side::Allies), Clock::from_ms(lost.duration_ms)));
            assert_eq!(decide(Some(CutShort::MapChange)).winner, None);
        }
        assert_eq!(seen, [true, true]);
    }
}
