//! Clocks: whether a server's zone fits its file names, and whether the hosts' clocks agree with this one.

use jiff::tz::TimeZone;
use serde_json::Value;
use slomix_shared::artifact::LocalStamp;

use crate::config::Config;
use crate::domain::clock::instant_ms;
use crate::store::decisions::{CONFIGURATION, ZONE};
use crate::store::{Store, StoreError};

use super::{About, Finding};

/// How many of the newest files and batches are compared.
const NEWEST: i64 = 200;
/// Fewer tell nothing.
const FEWEST: usize = 3;
const MINUTE_MS: i64 = 60_000;
/// The widest that two zones are apart (UTC-12 and UTC+14). Files further off were copied and got the time of that.
const WIDEST_MS: i64 = 26 * 60 * MINUTE_MS;
/// The name is made when the file is; zones are at least a quarter of an hour apart.
const MOST_OFF_MS: i64 = 10 * MINUTE_MS;

pub(super) async fn look(
    config: &Config,
    store: &Store,
    status: Option<&Value>,
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let standing = store.standing_decisions().await?;
    for server in &config.servers {
        let known = standing.iter().rfind(|row| row.kind == ZONE && row.target == server.key);
        // A configuration tells anew at the next start; what people decided holds over it.
        let known = known.filter(|row| !server.zone_told || row.author != CONFIGURATION);
        let zone = known.and_then(|row| TimeZone::get(&row.value).ok()).unwrap_or_else(|| server.zone.clone());
        let times = store.stamps_and_times(&server.key, NEWEST).await?;
        let off = times.iter().map(|(stamp, modified)| instant_ms(&zone, LocalStamp::from_seconds(*stamp)) - modified);
        findings.extend(zone_finding(&server.key, zone.iana_name().unwrap_or("UTC"), steady(off.collect())));
    }
    for agent in store.agents().await?.into_iter().filter(|agent| agent.revoked_ms.is_none()) {
        let lines = status.and_then(|status| status["agents"].as_array());
        let line = lines.and_then(|lines| lines.iter().find(|line| line["id"] == agent.id.as_str()));
        // An agent that is connected says what time it is; else its batches may tell.
        if let Some(ahead_ms) = line.and_then(|line| line["clock_ahead_ms"].as_i64()) {
            findings.push(told_finding(&agent.name, ahead_ms));
        } else {
            let delays = store.batch_delays(&agent.id, NEWEST).await?;
            findings.extend(host_finding(&agent.name, &delays));
        }
    }
    Ok(())
}

/// The middle of some differences, where four of five lie close to it; files that were copied about tell nothing.
fn steady(mut off: Vec<i64>) -> Option<i64> {
    off.sort_unstable();
    let middle = *off.get(off.len() / 2).filter(|_| off.len() >= FEWEST)?;
    let close = off.iter().filter(|one| (**one - middle).abs() <= 5 * MINUTE_MS).count();
    (close * 5 >= off.len() * 4).then_some(middle)
}

fn zone_finding(server: &str, zone: &str, off: Option<i64>) -> Option<Finding> {
    let about = About("clocks");
    let off = off.filter(|off| off.abs() <= WIDEST_MS + MOST_OFF_MS)?;
    if off.abs() < MOST_OFF_MS {
        return Some(about.good(format!("file names of {server} fit the zone {zone}")));
    }
    let way = if off > 0 { "ahead of" } else { "behind" };
    let minutes = off.abs() / MINUTE_MS;
    Some(about.odd(format!(
        "file names of {server} are {}:{:02} h {way} their files' times, taken in the zone {zone}: that zone is \
         probably wrong. `timedatectl` on the game server tells it; set `zone` in its [[server]], then run slomix-hub \
         rebuild",
        minutes / 60,
        minutes % 60
    )))
}

/// What an agent says of its clock, on its way for a moment.
fn told_finding(agent: &str, ahead_ms: i64) -> Finding {
    let about = About("clocks");
    let seconds = ahead_ms.abs() / 1_000;
    if seconds < 5 {
        return about.good(format!("the clock of {agent}'s host agrees with this one"));
    }
    let way = if ahead_ms > 0 { "ahead of" } else { "behind" };
    let advice = "switch time synchronisation on, on both";
    about.odd(format!("the clock of {agent}'s host is {seconds} s {way} this one: {advice}"))
}

/// A batch is kept after it is made; the quickest of many took nearly no time.
fn host_finding(agent: &str, delays: &[i64]) -> Option<Finding> {
    let least = *delays.iter().min().filter(|_| delays.len() >= FEWEST)?;
    let about = About("clocks");
    let seconds = least.abs() / 1_000;
    match least {
        ..-5_000 => Some(about.odd(format!(
            "the clock of {agent}'s host is {seconds} s ahead of this one: switch time synchronisation on, on both"
        ))),
        // A backlog, or a slow clock: only the first passes by itself.
        120_000.. => Some(about.odd(format!(
            "batches of {agent} are {seconds} s old when they come: it has a backlog, or its host's clock is behind"
        ))),
        _ => Some(about.good(format!("the clock of {agent}'s host agrees with this one"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;

    fn state(finding: Option<Finding>) -> Option<State> {
        finding.map(|finding| finding.state)
    }

    #[test]
    fn a_wrong_zone_shows_in_the_names() {
        let zone = |off: &[i64]| zone_finding("main", "UTC", steady(off.to_vec()));
        assert_eq!(state(zone(&[0, -1_000, 500, 2_000])), Some(State::Good));
        let wrong = zone(&[2 * HOUR_MS, 2 * HOUR_MS - 900, 2 * HOUR_MS + 20, 2 * HOUR_MS, 7]).unwrap();
        assert_eq!(wrong.state, State::Odd);
        assert!(wrong.what.starts_with("file names of main are 2:00 h ahead of"), "{}", wrong.what);
        let behind = zone(&[-90 * MINUTE_MS; 4]).unwrap();
        assert!(behind.what.contains("1:30 h behind"), "{}", behind.what);
        // Copied long after: every difference is another one.
        assert_eq!(state(zone(&[-HOUR_MS, -30 * HOUR_MS, -77 * HOUR_MS, -101 * HOUR_MS])), None);
        assert_eq!(state(zone(&[-146 * HOUR_MS; 4])), None, "copied all at once, days later: no zone is so far off");
        assert_eq!(state(zone(&[0, 0])), None, "two files tell nothing");
    }

    #[test]
    fn a_clock_that_is_told_shows_both_ways() {
        let told = |ahead_ms| told_finding("vps", ahead_ms);
        assert_eq!(
            [4_999, -4_999, 5_000, -3_600_000].map(|ms| told(ms).state == State::Odd),
            [false, false, true, true]
        );
        assert!(told(7_000).what.contains("7 s ahead of") && told(-7_000).what.contains("7 s behind"));
    }

    #[test]
    fn a_hosts_clock_shows_in_its_quickest_batch() {
        assert_eq!(state(host_finding("vps", &[30, 5_000_000, 12])), Some(State::Good));
        assert_eq!(state(host_finding("vps", &[-60_000, -59_000, 400_000])), Some(State::Odd));
        assert_eq!(state(host_finding("vps", &[200_000, 300_000, 999_000])), Some(State::Odd));
        assert_eq!(state(host_finding("vps", &[-60_000])), None);
    }
}
