use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use slomix_line::Way;

use super::directory_doctor::watched;
use super::finding::{self, Finding, State, bad, good, odd};
use super::status::{STALE_MS, writer_lives};
use super::words::span;
use super::{clock, game_doctor, now_ms, runtime, spool_doctor};
use crate::config::Config;
use crate::home::{Home, HomeError, Identity};
use crate::run::{StatusFile, read_status};
use crate::ship::{Dialled, Roads};
use crate::validate::{Limits, Rules};

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
        findings.extend(running(home, status, now_ms()));
    } else if let Ok(identity) = identity {
        findings.push(runtime()?.block_on(hub(identity, config)));
        findings.push(odd(
            "no agent runs: start it with slomix-agent run, or where there is a unit systemctl start slomix-agent",
        ));
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(finding::print);
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
    match probe(&home.path().join("doctor.probe")) {
        Ok(()) if home.is_in_use() => good(format!("{path} is closed to others; an agent runs on it")),
        Ok(()) => good(format!("{path} is closed to others; no agent runs on it")),
        Err(problem) => bad(format!("{path} cannot be written to: {problem}")),
    }
}

/// Writes a little, for which a full disk has no room, and takes it away again.
fn probe(path: &Path) -> io::Result<()> {
    let written = File::create(path).and_then(|mut file| file.write_all(&[0; 4096]).and_then(|()| file.sync_all()));
    let _ = fs::remove_file(path);
    written
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
fn running(home: &Home, status: io::Result<StatusFile>, now_ms: i64) -> Vec<Finding> {
    let status = match status {
        Ok(status) => status,
        Err(problem) => return vec![odd(format!("{} cannot be read: {problem}", home.status().display()))],
    };
    let age_ms = now_ms - status.written_at_ms;
    if age_ms > STALE_MS || !writer_lives(&status) {
        return vec![bad(format!(
            "the agent that runs has not said how it is for {}: it cannot write into {}, whose disk may be full. Its log \
             tells more",
            span(age_ms),
            home.path().display()
        ))];
    }
    let hub = &status.hub;
    let mut findings = vec![match (status.connected, &status.certificate_problem, status.link_problem) {
        (true, Some(problem), _) => {
            odd(format!("the agent that runs is connected to {hub}, but its certificate is not renewed yet: {problem}"))
        }
        (true, None, _) if status.way.as_deref() == Some("tcp") => odd(by_tcp_alone(hub)),
        (true, None, _) => good(format!("the agent that runs is connected to {hub}")),
        (false, _, Some(problem)) => bad(format!("the agent that runs is not connected to {hub}: {problem}")),
        (false, _, None) => odd(format!("the agent that runs is calling {hub} and has had no answer yet")),
    }];
    findings.extend(status.delivery_problem.filter(|_| status.connected).map(|problem| {
        odd(format!(
            "what it sends is not taken so far ({problem}), and it goes on trying: slomix-hub doctor, on the hub's host"
        ))
    }));
    findings.extend(status.unreadable.iter().map(|(path, why)| {
        bad(format!(
            "{} cannot be read by the agent that runs: {why}. Give its user the right to, and it travels",
            path.display()
        ))
    }));
    findings
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
