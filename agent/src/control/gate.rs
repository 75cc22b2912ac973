use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use slomix_shared::identity::Nonce;
use slomix_shared::wire::{ControlRequest, Intent, LONGEST_DEADLINE_MS};

use super::check::checked;
use crate::gameserver::Bucket;

/// Requests at once, and then one each second.
const BURST: u32 = 2;
const EVERY: Duration = Duration::from_secs(1);

/// Which requests may pass.
#[derive(Debug)]
pub struct Gate {
    allow: BTreeSet<String>,
    /// Raw commands that may be sent, by their first words.
    commands: BTreeSet<String>,
    /// Nonces that came, with their deadlines, until those have passed.
    came: BTreeMap<Nonce, i64>,
    rate: Bucket,
}

impl Gate {
    /// One that lets intents with these words pass, of raw commands these, and none of these nonces, which came before.
    pub fn new(allow: BTreeSet<String>, commands: BTreeSet<String>, came: BTreeMap<Nonce, i64>) -> Self {
        Self { allow, commands, came, rate: Bucket::new(BURST, EVERY) }
    }

    /// Whether a request may be carried out; `Err` says why not. `now_ms` is the agent's clock, Unix milliseconds.
    pub fn pass(&mut self, request: &ControlRequest, now_ms: i64, now: Instant) -> Result<(), String> {
        self.came.retain(|_, deadline_ms| *deadline_ms + LONGEST_DEADLINE_MS >= now_ms);
        let left_ms = request.deadline_ms.saturating_sub(now_ms);
        if left_ms > LONGEST_DEADLINE_MS {
            return Err(format!(
                "its deadline lies {} s ahead, more than {} s: did this host's clock jump?",
                left_ms / 1_000,
                LONGEST_DEADLINE_MS / 1_000
            ));
        }
        if self.came.insert(request.nonce, request.deadline_ms).is_some() {
            return Err("it came before, and nothing is done twice".to_owned());
        }
        if left_ms < 0 {
            return Err(format!(
                "its deadline passed {} s ago by this host's clock",
                left_ms.unsigned_abs().div_ceil(1_000)
            ));
        }
        let word = request.intent.word();
        if request.intent != Intent::Unrecognised && !self.allow.contains(word) {
            return Err(format!("this agent's configuration does not allow `{word}` (control.allow)"));
        }
        checked(&request.intent, &self.commands)?;
        self.rate.take(now).map_err(|_| "too many requests: one a second is carried out".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_794_253_837_000;

    fn gate(words: &[&str]) -> Gate {
        Gate::new(words.iter().map(|word| (*word).to_owned()).collect(), BTreeSet::new(), BTreeMap::new())
    }

    fn request(nonce: u8, deadline_ms: i64, intent: Intent) -> ControlRequest {
        ControlRequest::new(Nonce::from_bytes([nonce; 16]), deadline_ms, "root", intent)
    }

    #[test]
    fn a_request_passes_once_and_on_time() {
        let mut gate = gate(&["status"]);
        let now = Instant::now();
        let later = |seconds: u64| now + Duration::from_secs(seconds);
        let first = request(1, NOW_MS + 30_000, Intent::Status);
        assert_eq!(gate.pass(&first, NOW_MS, now), Ok(()));
        assert!(gate.pass(&first, NOW_MS, later(9)).unwrap_err().contains("came before"));
        assert!(gate.pass(&first, NOW_MS + 29_000, later(9)).unwrap_err().contains("came before"));
        let late = request(2, NOW_MS - 1, Intent::Status);
        assert!(gate.pass(&late, NOW_MS, later(9)).unwrap_err().contains("passed 1 s ago"));
        assert!(gate.pass(&late, NOW_MS - 10_000, later(9)).unwrap_err().contains("came before"), "a clock set back");
        let early = request(3, NOW_MS + LONGEST_DEADLINE_MS + 1_000, Intent::Status);
        assert!(gate.pass(&early, NOW_MS, later(9)).unwrap_err().contains("clock"));
        assert_eq!(gate.pass(&early, NOW_MS + 1_000, later(9)), Ok(()), "what was too early is not used up");
    }

    #[test]
    fn what_came_before_a_restart_stays_refused() {
        let came = BTreeMap::from([(Nonce::from_bytes([7; 16]), NOW_MS + 1_000)]);
        let mut gate = Gate::new(BTreeSet::from(["status".to_owned()]), BTreeSet::new(), came);
        assert!(gate.pass(&request(7, NOW_MS + 1_000, Intent::Status), NOW_MS, Instant::now()).is_err());
    }

    #[test]
    fn only_what_is_allowed_and_plain_passes() {
        let mut gate = gate(&["say", "rcon"]);
        let mut nonce = 0;
        let mut pass = |intent: Intent| {
            nonce += 1;
            let now = Instant::now() + Duration::from_mins(nonce.into());
            gate.pass(&request(nonce, NOW_MS, intent), NOW_MS, now)
        };
        let refused = pass(Intent::Kick { slot: 1, seconds: None }).unwrap_err();
        assert!(refused.contains("does not allow `kick`"), "{refused}");
        assert!(pass(Intent::Say { text: "a; quit".to_owned() }).unwrap_err().contains("`;`"));
        assert!(pass(Intent::Rcon { command: "quit".to_owned() }).unwrap_err().contains("never"));
        assert!(pass(Intent::Unrecognised).unwrap_err().contains("older"));
        assert_eq!(pass(Intent::Say { text: "gg".to_owned() }), Ok(()));
    }

    #[test]
    fn one_a_second_passes() {
        let mut gate = gate(&["status"]);
        let now = Instant::now();
        let passed = (0..10).filter(|n| gate.pass(&request(*n, NOW_MS, Intent::Status), NOW_MS, now).is_ok()).count();
        assert_eq!(passed, 2);
        assert_eq!(gate.pass(&request(99, NOW_MS, Intent::Status), NOW_MS, now + EVERY), Ok(()));
        assert!(gate.pass(&request(98, NOW_MS, Intent::Status), NOW_MS, now + EVERY).unwrap_err().contains("too many"));
    }
}
