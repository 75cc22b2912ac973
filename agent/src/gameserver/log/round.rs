use std::time::Instant;

use slomix_shared::wire::RoundPhase;

use super::LogEvent;
use crate::gameserver::RoundSeen;

/// Tells from the log's lines where a round is.
///
/// The game begins anew twice for each round, for the warmup and for play, and does not say which it is. What it says
/// only in play (a kill, an end) settles it, and then play began with the last beginning. Behind an end, and with
/// another map, the next beginning is the warmup; otherwise it is unknown until something settles it.
#[derive(Debug, Clone, Default)]
pub struct RoundTeller {
    map: Option<String>,
    phase: RoundPhase,
    since: Option<Instant>,
    end_reason: Option<String>,
    /// Whether any line told of a round.
    told: bool,
    /// The last beginning, if it was seen when it happened.
    began: Option<Instant>,
    /// Whether what went before the last beginning came to an end.
    ended_before: bool,
}

impl RoundTeller {
    /// Takes what a line tells. `now` is none for lines that were written some time ago.
    pub fn hear(&mut self, event: LogEvent, now: Option<Instant>) {
        match event {
            LogEvent::Init => {
                self.ended_before = self.phase == RoundPhase::Over || !self.told;
                self.began = now;
                let phase = if self.ended_before { RoundPhase::Warmup } else { RoundPhase::Unknown };
                self.enter(phase, now);
            }
            LogEvent::Map(map) => {
                if self.map.as_ref().is_some_and(|before| *before != map) {
                    self.enter(RoundPhase::Warmup, self.began);
                }
                self.map = Some(map);
            }
            LogEvent::Kill => {
                if self.phase != RoundPhase::Playing {
                    self.enter(RoundPhase::Playing, self.began);
                }
            }
            LogEvent::Exit(reason) => {
                if self.phase != RoundPhase::Over {
                    self.enter(RoundPhase::Over, now);
                    self.end_reason = Some(reason);
                }
            }
        }
    }

    fn enter(&mut self, phase: RoundPhase, since: Option<Instant>) {
        self.told = true;
        self.phase = phase;
        self.since = since;
        self.end_reason = None;
    }

    /// The map that the log named last.
    pub fn map(&self) -> Option<&str> {
        self.map.as_deref()
    }

    /// The round; none before any line told of one.
    pub fn round(&self) -> Option<RoundSeen> {
        self.told.then(|| RoundSeen { phase: self.phase, since: self.since, end_reason: self.end_reason.clone() })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::gameserver::log_event;

    fn hear(teller: &mut RoundTeller, lines: &[&str], now: Instant) {
        for line in lines {
            if let Some(event) = log_event(line.as_bytes()) {
                teller.hear(event, Some(now));
            }
        }
    }

    #[test]
    fn a_round_is_warmup_then_played_then_over() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut teller = RoundTeller::default();
        assert_eq!(teller.round(), None);
        let told = |teller: &RoundTeller| teller.round().map(|round| (round.phase, round.since, round.end_reason));

        hear(&mut teller, &["     0 InitGame: \\c0\\-1", "     0 map: supply"], at(0));
        assert_eq!(told(&teller), Some((RoundPhase::Warmup, Some(at(0)), None)));
        hear(&mut teller, &["  6050 ShutdownGame:", "  6050 InitGame: x", "  6050 map: supply"], at(6));
        assert_eq!(told(&teller), Some((RoundPhase::Unknown, Some(at(6)), None)));
        hear(&mut teller, &["  9000 Kill: 1 2 8: ^7a^7 killed ^7b^7 by MOD_MP40"], at(9));
        assert_eq!(told(&teller), Some((RoundPhase::Playing, Some(at(6)), None)), "since the game began anew");
        hear(&mut teller, &["126050 Exit: Timelimit hit.", "126050 Exit: x (already triggered)"], at(126));
        assert_eq!(told(&teller), Some((RoundPhase::Over, Some(at(126)), Some("Timelimit hit.".to_owned()))));
        hear(&mut teller, &["140000 InitGame: x", "140000 map: supply"], at(140));
        assert_eq!(told(&teller), Some((RoundPhase::Warmup, Some(at(140)), None)));
        hear(&mut teller, &["150000 InitGame: x", "150000 map: oasis"], at(150));
        assert_eq!(told(&teller), Some((RoundPhase::Warmup, Some(at(150)), None)), "another map");
        assert_eq!(teller.map(), Some("oasis"));
    }
}
