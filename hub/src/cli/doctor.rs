//! Looks for what keeps the hub from working, and says what to do about it.

use serde::Serialize;

use crate::reports::columns::fold;
use crate::store::decisions::ZONE;

use super::Place;
use super::paint::{BAD, GOOD, QUIET, STRONG, painted, terminal};
use super::zones::missing_zone;

mod agents;
mod clocks;
mod database;
mod doors;
mod home;
mod settings;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    /// Works, but worth a look.
    Odd,
    /// Keeps the hub from working, or loses something.
    Bad,
}

/// One thing that was looked at, and what to do about it.
#[derive(Debug, Serialize)]
struct Finding {
    state: State,
    /// What was looked at, in a word.
    about: &'static str,
    what: String,
}

/// Findings about one thing.
struct About(&'static str);

impl About {
    fn good(&self, what: impl Into<String>) -> Finding {
        Finding { state: State::Good, about: self.0, what: what.into() }
    }

    fn odd(&self, what: impl Into<String>) -> Finding {
        Finding { state: State::Odd, about: self.0, what: what.into() }
    }

    fn bad(&self, what: impl Into<String>) -> Finding {
        Finding { state: State::Bad, about: self.0, what: what.into() }
    }
}

pub(super) const HELP: &str = "\
Looks at the configuration, the data directory and who owns it, the room on the disk, the keys, the database, what \
waits, the quarantine, the agents, the clocks and zones, and the ports; beside a hub that serves also at its \
status. Changes nothing, and asks nothing of the network but this hub itself.\n
ok: all is well.  note: works, but worth a look.  FAIL: needs mending, and the exit code is 1.";

/// The exit code is 1 if something is bad.
pub(super) async fn run(place: &Place) -> anyhow::Result<u8> {
    let now_ms = super::setup::clock()();
    let mut findings = vec![About("version").good(format!("slomix-hub {}", env!("CARGO_PKG_VERSION")))];
    let config = settings::look(place, &mut findings);
    let directory = home::look(&place.data, &mut findings);
    let status = doors::look(&config, directory.as_ref(), &mut findings).await;
    if let Some(directory) = &directory
        && let Some(store) = database::look(&config.location(directory), status.is_some(), now_ms, &mut findings).await
    {
        // A zone once told holds without the configuration.
        let told = store.decided(ZONE).await?;
        findings.retain(|one| !told.keys().any(|key| one.what.starts_with(&format!("the server `{key}` has no zone"))));
        home::keys(directory, &store, &mut findings).await?;
        agents::look(&config, &store, status.as_ref(), now_ms, &mut findings).await?;
        for server in &config.servers {
            findings.extend(missing_zone(&config, &store, &server.key).await?.map(|why| About("clocks").odd(why)));
        }
        clocks::look(&config, &store, status.as_ref(), &mut findings).await?;
        store.close().await;
    }
    let count = |state: State| findings.iter().filter(|finding| finding.state == state).count();
    let (bad, odd) = (count(State::Bad), count(State::Odd));
    if place.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        let width = terminal();
        for finding in &findings {
            print(finding, width);
        }
        anstream::println!("{}", closing(bad, odd));
        anstream::println!("{}", painted(QUIET, "What is kept was not read here: slomix-hub verify checks all of it"));
    }
    Ok(u8::from(bad > 0))
}

fn print(finding: &Finding, width: Option<usize>) {
    let mark = match finding.state {
        State::Good => painted(GOOD, "ok  "),
        State::Odd => painted(STRONG, "note"),
        State::Bad => painted(BAD, "FAIL"),
    };
    for (at, line) in laid_out(&finding.what, width).iter().enumerate() {
        match at {
            0 => anstream::println!("{mark}  {:<10} {line}", finding.about),
            _ => anstream::println!("{:INDENT$}{line}", ""),
        }
    }
}

/// Columns before what was found.
const INDENT: usize = 17;

/// What was found, in lines that stand below one another beside mark and subject.
fn laid_out(what: &str, width: Option<usize>) -> Vec<String> {
    width.map_or_else(|| vec![what.to_owned()], |width| fold(what, width.saturating_sub(INDENT)))
}

fn closing(bad: usize, odd: usize) -> String {
    match (bad, odd) {
        (0, 0) => "All is well".to_owned(),
        (0, _) => {
            format!("Nothing is broken; {} worth a look", if odd == 1 { "1 thing is" } else { "some things are" })
        }
        (1, _) => "1 thing needs mending".to_owned(),
        _ => format!("{bad} things need mending"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_stands_beside_its_subject_and_is_one_line_for_programs() {
        let what = "6 files, all of the last seven days (1 empty, 2 truncated): slomix-hub quarantine list";
        assert_eq!(laid_out(what, None), [what]);
        let lines = laid_out(what, Some(60));
        assert!(lines.len() == 3 && lines.iter().all(|line| line.len() <= 60 - INDENT), "{lines:?}");
        assert_eq!(lines.join(" "), what);
    }
}
