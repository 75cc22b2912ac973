use crate::artifact::RoundNumber;
use crate::game::Side;

/// Line 1 of a stats file.
pub(in crate::sim) struct Header<'a> {
    pub(in crate::sim) hostname: &'a str,
    pub(in crate::sim) map: &'a str,
    pub(in crate::sim) config: &'a str,
    pub(in crate::sim) round: RoundNumber,
    pub(in crate::sim) defender: Side,
    pub(in crate::sim) winner: Side,
    pub(in crate::sim) limit: &'a str,
    pub(in crate::sim) next: &'a str,
    /// Measured play time in ms, negative where the writer never saw the round end.
    pub(in crate::sim) playtime: Option<i64>,
}

impl Header<'_> {
    /// The line with its line feed.
    pub(in crate::sim) fn line(&self) -> String {
        let Self { hostname, map, config, round, defender, winner, limit, next, playtime } = self;
        let (round, defender, winner) = (round.number(), defender.number(), winner.number());
        let mut line = format!("{hostname}\\{map}\\{config}\\{round}\\{defender}\\{winner}\\{limit}\\{next}");
        if let Some(playtime) = playtime {
            line.push('\\');
            line.push_str(&playtime.to_string());
        }
        line.push('\n');
        line
    }
}
