use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;
use slomix_line::Way;

use super::paint::Paint;
use super::status::span;
use super::{clock, game_doctor, now_ms, runtime, spool_doctor};
use crate::config::Config;
use crate::home::{Home, HomeError, Identity};
use crate::run::{StatusFile, read_status};
use crate::ship::{Dialled, Roads};
use crate::validate::{Limits, Rules};
use crate::watch::scan;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Good,
    /// Works, but worth a look.
    Odd,
    /// Keeps the agent from working.
    Bad,
}

/// One thing that was looked at, and what to do about it.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) state: State,
    pub(super) what: String,
}

pub(super) fn good(what: impl Into<String>) -> Finding {
    Finding { state: State::Good, what: what.into() }
}

pub(super) fn odd(what: impl Into<String>) -> Finding {
    Finding { state: State::Odd, what: what.into() }
}

pub(super) fn bad(what: impl Into<String>) -> Finding {
    Finding { state: State::Bad, what: what.into() }
}

/// Looks for what keeps the agent from working. The exit code is 1 if something does.
pub(super) fn doctor(home: &Home, config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let mut findings = vec![data_directory(home)];
    findings.extend(spool_doctor::spool(home));
    let identity = home.identity();
    findings.extend(keys(home, &identity));
    if config.directories.is_empty() && !home.is_in_use() {
        findings.push(odd(
            "no directory is configured: set watch.gamestats in the configuration file, or give `run` --stats-dir",
        ));
    }
    findings.extend(config.directories.iter().map(|directory| watched(directory)));
    findings.push(inotify(Path::new("/proc/sys/fs/inotify"), config.directories.len() as u64));
    findings.extend(config.rules.as_deref().map(rules));
    findings.extend(runtime()?.block_on(game_doctor::game_server(config)));
    if home.is_in_use() {
        let status = read_status(&home.status());
        findings.extend(status.as_ref().ok().and_then(|told| clock::apart(told.clock_ahead_ms?)).map(odd));
        findings.push(running(home, status));
    } else if let Ok(identity) = identity {
        findings.push(runtime()?.block_on(hub(identity, config)));
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(print);
    }
    let ill = findings.iter().any(|finding| finding.state == State::Bad);
    Ok(if ill { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn data_directory(home: &Home) -> Finding {
    let path = home.path().display();
    let Ok(meta) = fs::metadata(home.path()) else {
        return odd(format!("{path} is not there yet; `slomix-agent join TOKEN` makes it"));
    };
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return bad(format!("{path} is open to others (mode {mode:03o}): chmod 700 {path}"));
    }
    let probe = home.path().join("doctor.probe");
    match File::create(&probe).and_then(|_| fs::remove_file(&probe)) {
        Ok(()) if home.is_in_use() => good(format!("{path} is closed to others; an agent runs on it")),
        Ok(()) => good(format!("{path} is closed to others; no agent runs on it")),
        Err(problem) => bad(format!("{path} cannot be written to: {problem}")),
    }
}

fn keys(home: &Home, identity: &Result<Identity, HomeError>) -> Vec<Finding> {
    let identity = match identity {
        Ok(identity) => identity,
        Err(problem) => return vec![bad(problem.to_string())],
    };
    let enrolment = &identity.enrolment;
    let mut findings = vec![good(format!(
        "joined {} as `{}` for the game server `{}`; {} keys are closed to others",
        enrolment.hub,
        enrolment.name,
        enrolment.server,
        home.secrets().len()
    ))];
    findings.push(certificate(identity, now_ms()));
    findings
}

/// What lets the agent in. It is renewed at two thirds of its life; well behind that something keeps it from being so.
fn certificate(identity: &Identity, now_ms: i64) -> Finding {
    let pair = match &identity.tls {
        Ok(pair) => pair,
        Err(problem) => {
            return bad(format!(
                "the certificate is damaged or gone ({problem}). The agent asks for another by itself when it runs: \
                 slomix-hub agent approve {} on the hub",
                identity.enrolment.name
            ));
        }
    };
    let (left, life) = (pair.ends_at_ms() - now_ms, pair.ends_at_ms() - pair.issued_at_ms());
    let (ends, made) = (span(left), span(now_ms - pair.issued_at_ms()));
    match left {
        ..0 => bad(format!(
            "the certificate ran out {} ago, or this host's clock is wrong. The agent asks for another by itself when it \
             runs: slomix-hub agent approve {} on the hub",
            span(-left),
            identity.enrolment.name
        )),
        left if left < life / 6 => odd(format!(
            "the certificate ends in {ends} and was made {made} ago: it should have been renewed. Is the hub reached, \
             and as new as this agent?"
        )),
        _ => good(format!("the certificate ends in {ends} and was made {made} ago; it is renewed by itself")),
    }
}

fn watched(directory: &Path) -> Finding {
    let path = directory.display();
    match scan(directory) {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => {
            odd(format!("{path} is not there yet; the game server makes it when it first writes, then it is watched"))
        }
        Err(problem) if problem.kind() == io::ErrorKind::PermissionDenied => {
            bad(closed(directory, |path| fs::metadata(path).map(drop)))
        }
        Err(problem) => bad(format!("{path} cannot be looked through: {problem}")),
        Ok(files) => match files.first().map(|file| File::open(&file.path)) {
            Some(Err(problem)) => bad(format!("files in {path} cannot be read: {problem}")),
            Some(Ok(_)) | None => good(format!("{path} can be read, {} files", files.len())),
        },
    }
}

/// Why this user cannot look through a directory, and what to do. `look` tells whether a path can be looked at, which
/// takes that each directory on the way to it lets this user through.
fn closed(directory: &Path, look: impl Fn(&Path) -> io::Result<()>) -> String {
    let path = directory.display();
    let full = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let mut way: Vec<&Path> = full.ancestors().collect();
    way.reverse();
    let barred = |step: &&[&Path]| look(step[1]).is_err_and(|why| why.kind() == io::ErrorKind::PermissionDenied);
    match way.windows(2).find(barred).map(|step| step[0].display()) {
        Some(parent) => format!(
            "{path} cannot be reached: {parent} lets this agent's user not through. Open it to its group, and have this \
             user in that: sudo chmod g+x {parent}, then start the agent anew"
        ),
        None => format!(
            "{path} cannot be looked through: this agent's user may not read it. The game makes its directories readable \
             for its own group only: add this agent's user to that group, and start the agent anew"
        ),
    }
}

/// One instance and one watch for each directory are needed; the queue only decides how often a flood costs a look.
fn inotify(limits: &Path, directories: u64) -> Finding {
    let limit = |name: &str| fs::read_to_string(limits.join(name)).ok()?.trim().parse::<u64>().ok();
    let (Some(instances), Some(watches)) = (limit("max_user_instances"), limit("max_user_watches")) else {
        return odd("the limits of inotify cannot be read; without it files are found by looking every few seconds");
    };
    if instances < 8 || watches < directories + 8 {
        return bad(format!(
            "inotify allows {instances} instances and {watches} watches: raise fs.inotify.max_user_instances to 128 \
             and fs.inotify.max_user_watches to 8192 with sysctl"
        ));
    }
    good(format!("inotify allows {instances} instances and {watches} watches"))
}

fn rules(directory: &Path) -> Finding {
    let script = directory.join("gametime.lua");
    if !script.exists() {
        return odd(format!("{} is not there: the rules that come with the agent are used", script.display()));
    }
    let mut rules = Rules::new(Some(directory.to_owned()), Limits::default());
    let name = "gametime-supply-R1-1768421295.json";
    let kind = slomix_shared::artifact::Kind::Gametime;
    match rules.try_judge(&crate::validate::Subject { kind, name, content: b"{}", now: now_ms() / 1000 }) {
        Some(Err(problem)) => {
            let cause = std::error::Error::source(&problem).map(|cause| format!(": {cause}")).unwrap_or_default();
            bad(format!("{}: {problem}{cause}", script.display()))
        }
        _ => good(format!("{} answers", script.display())),
    }
}

/// A call of our own would end the connection of the agent that runs.
fn running(home: &Home, status: std::io::Result<StatusFile>) -> Finding {
    match status {
        Ok(status) if status.connected && status.certificate_problem.is_some() => odd(format!(
            "the agent that runs is connected to {}, but its certificate is not renewed yet: {}",
            status.hub,
            status.certificate_problem.unwrap_or_default()
        )),
        Ok(status) if status.connected && status.way.as_deref() == Some("tcp") => odd(by_tcp_alone(&status.hub)),
        Ok(status) if status.connected => good(format!("the agent that runs is connected to {}", status.hub)),
        Ok(status) => {
            let problem = status.link_problem.unwrap_or_else(|| "not yet".to_owned());
            bad(format!("the agent that runs is not connected to {}: {problem}", status.hub))
        }
        Err(problem) => odd(format!("{} cannot be read: {problem}", home.status().display())),
    }
}

fn by_tcp_alone(address: &str) -> String {
    let port = address.rsplit_once(':').map_or("27999", |(_, port)| port);
    format!(
        "the hub at {address} is unreachable by UDP, reachable by TCP: let UDP {port} through, out of this host and into \
         the hub's. Until then files travel over TCP"
    )
}

async fn hub(identity: Identity, config: &Config) -> Finding {
    let address = config.hub_address.clone().unwrap_or_else(|| identity.enrolment.hub.clone());
    let Ok(pair) = &identity.tls else {
        return odd(format!("the hub at {address} is not called: there is no certificate to show"));
    };
    let tls = slomix_shared::identity::link_client(identity.pin, pair.chain().to_vec(), pair.key());
    let tls = match tls {
        Ok(tls) => tls,
        Err(problem) => return bad(problem.to_string()),
    };
    let mut roads = Roads::for_one_call(&config.fallback);
    match roads.travel(&address, tls, Duration::from_secs(5)).await {
        Err(problem) => bad(problem.to_string()),
        Ok(dialled) => {
            let Dialled { connection, .. } = &dialled;
            // A hub that does not want this agent lets it in and closes at once.
            if let Ok(reason) = tokio::time::timeout(Duration::from_millis(500), connection.closed()).await {
                return bad(format!("{address}: {}", crate::ship::explain_close(&reason)));
            }
            let (way, rtt) = (connection.way(), connection.rtt().as_millis().max(1));
            dialled.farewell(Duration::from_millis(200)).await;
            match way {
                Way::Udp => good(format!("the hub at {address} answers in {rtt} ms")),
                Way::Tcp => odd(by_tcp_alone(&address)),
            }
        }
    }
}

fn print(finding: &Finding) {
    let paint = Paint::for_stdout();
    let mark = match finding.state {
        State::Good => paint.good("ok   "),
        State::Odd => paint.odd("note "),
        State::Bad => paint.bad("FAIL "),
    };
    println!("{mark}{}", finding.what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_limits_of_inotify_say_what_to_raise() {
        let limits = tempfile::tempdir().unwrap();
        assert_eq!(inotify(limits.path(), 3).state, State::Odd);
        for (instances, watches, state) in
            [("128", "8192", State::Good), ("128", "10", State::Bad), ("2", "8192", State::Bad)]
        {
            fs::write(limits.path().join("max_user_instances"), format!("{instances}\n")).unwrap();
            fs::write(limits.path().join("max_user_watches"), format!("{watches}\n")).unwrap();
            assert_eq!(inotify(limits.path(), 3).state, state, "{instances} {watches}");
        }
    }

    #[test]
    fn a_hub_that_only_tcp_reaches_names_the_port_to_open() {
        let said = by_tcp_alone("hub.example.org:28001");
        assert!(
            said.starts_with(
                "the hub at hub.example.org:28001 is unreachable by UDP, reachable by TCP: let UDP 28001 through"
            ),
            "{said}"
        );
    }

    #[test]
    fn directories_are_told_apart() {
        let top = tempfile::tempdir().unwrap();
        assert_eq!(watched(&top.path().join("missing")).state, State::Odd);
        fs::write(top.path().join("file"), "x").unwrap();
        let finding = watched(top.path());
        assert_eq!(finding.state, State::Good);
        assert!(finding.what.ends_with("1 files"));
        assert_eq!(watched(&top.path().join("file")).state, State::Bad);
    }

    #[test]
    fn a_closed_directory_on_the_way_is_named() {
        let game = Path::new("/home/et/.etlegacy/legacy/gamestats");
        let denied = || Err(io::Error::from(io::ErrorKind::PermissionDenied));
        let below_home = closed(game, |path| if path.starts_with("/home/et/.etlegacy") { denied() } else { Ok(()) });
        assert!(
            below_home.contains("/home/et lets") && below_home.contains("sudo chmod g+x /home/et,"),
            "{below_home}"
        );
        let itself = closed(game, |_| Ok(()));
        assert!(itself.contains("may not read it") && itself.contains("to that group"), "{itself}");
    }

    #[test]
    fn a_broken_rule_script_is_found() {
        let top = tempfile::tempdir().unwrap();
        assert_eq!(rules(top.path()).state, State::Odd);
        fs::write(top.path().join("gametime.lua"), "return function() return { verdict = 'accept' } end").unwrap();
        assert_eq!(rules(top.path()).state, State::Good);
        fs::write(top.path().join("gametime.lua"), "return function(").unwrap();
        let finding = rules(top.path());
        assert_eq!(finding.state, State::Bad);
        assert!(finding.what.contains("gametime.lua"), "{}", finding.what);
    }
}
