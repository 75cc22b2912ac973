use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

use super::paint::Paint;
use super::words::{files, span};
use super::{clock, now_ms};
use crate::home::Home;
use crate::run::{GameLine, StatusFile, read_status};

#[derive(Serialize)]
struct Shown {
    running: bool,
    #[serde(flatten)]
    status: Option<StatusFile>,
}

/// Says how the agent is doing. The exit code is 1 if none runs.
pub(super) fn status(home: &Home, json: bool) -> anyhow::Result<ExitCode> {
    let running = home.is_in_use();
    let status = match read_status(&home.status()) {
        Ok(status) => Some(status),
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => None,
        Err(problem) => return Err(problem).with_context(|| format!("cannot read {}", home.status().display())),
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&Shown { running, status })?);
    } else {
        print(home, running, status.as_ref());
    }
    Ok(if running { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(home: &Home, running: bool, status: Option<&StatusFile>) {
    let paint = Paint::for_stdout();
    let Some(status) = status else {
        println!("{} and never has in {}", paint.odd("No agent runs"), home.path().display());
        return;
    };
    if running && !writer_lives(status) {
        let text =
            "stale      an earlier run wrote what follows; the one that runs has just begun, or cannot write here";
        println!("{}", paint.bad(text));
    }
    for line in describe(running, status, now_ms(), paint) {
        println!("{line}");
    }
}

/// Whether the process that wrote a status is there.
pub(super) fn writer_lives(status: &StatusFile) -> bool {
    Path::new("/proc").join(status.pid.to_string()).exists()
}

/// A running agent writes its status far more often.
pub(super) const STALE_MS: i64 = 120_000;

fn describe(running: bool, status: &StatusFile, now_ms: i64, paint: Paint) -> Vec<String> {
    let ago = |ms: i64| span(now_ms - ms);
    let mut lines = Vec::new();
    lines.push(if running {
        format!("{} for {}, process {}", paint.good("running"), ago(status.started_at_ms), status.pid)
    } else {
        format!("{}; the last run ended or broke off {} ago", paint.odd("not running"), ago(status.written_at_ms))
    });
    if running && now_ms - status.written_at_ms > STALE_MS {
        lines.push(paint.bad(format!(
            "stale      written {} ago; the agent cannot write here, what follows is old",
            ago(status.written_at_ms)
        )));
    }
    lines.push(match (status.connected && running, &status.link_problem) {
        (true, _) if status.way.as_deref() == Some("tcp") => format!(
            "hub        {} to {} over {}: UDP gets no answer, so let its UDP port through",
            paint.good("connected"),
            status.hub,
            paint.odd("TCP")
        ),
        (true, _) => format!("hub        {} at {}", paint.good("connected"), status.hub),
        (false, Some(problem)) => format!("hub        {} {}: {problem}", paint.bad("no connection to"), status.hub),
        (false, None) => format!("hub        {} {}", paint.odd("no connection to"), status.hub),
    });
    let clock = status.clock_ahead_ms.and_then(clock::apart);
    lines.extend(clock.map(|apart| paint.odd(format!("clock      {apart}"))));
    lines.extend(certificate(status, now_ms, paint));
    let waiting = format!("waiting    {}, {} bytes", files(status.unacked_files), status.unacked_bytes);
    lines.push(match status.oldest_unacked_age_ms {
        Some(age) => format!("{waiting}, the oldest for {}", span(age as i64)),
        None => waiting,
    });
    let stuck = status.delivery_problem.as_ref().filter(|_| status.connected && running);
    lines.extend(stuck.map(|why| paint.odd(format!("           not taken so far: {}; it is tried again", shown(why)))));
    let last = status.last_ack.as_ref().zip(status.last_ack_at_ms);
    lines.push(match last {
        Some((name, at)) => format!("last ack   {name}, {} ago", ago(at)),
        None => "last ack   none in this run".to_owned(),
    });
    lines.push(format!("remembers  {}, sent, refused or lost", files(status.known_files)));
    lines.extend(spool(status, now_ms, paint));
    if status.scan_found_missed > 0 {
        let text = format!("missed     {} files that no event told of", status.scan_found_missed);
        lines.push(paint.odd(text));
    }
    for directory in &status.directories {
        let problem = directory.problem.as_ref().map_or_else(String::new, |problem| paint.bad(format!(": {problem}")));
        let there = directory.files.map_or_else(String::new, |there| format!(", {}", files(there)));
        lines.push(format!("watching   {}{there}{problem}", directory.path.display()));
    }
    lines.extend(status.game_server.as_ref().map(|game| game_server(game, status.written_at_ms, now_ms, paint)));
    for complaint in status.complaints.iter().chain(&status.quarantined) {
        let what = paint.bad(format!("{:<11}", complaint.what));
        lines.push(format!("{what} {}: {}", shown(&complaint.name), shown(&complaint.reason)));
    }
    for (path, bytes) in &status.oversize {
        lines.push(format!("{} {}: {bytes} bytes", paint.bad("too large  "), path.display()));
    }
    for (path, reason) in &status.unreadable {
        lines.push(format!("{} {}: {reason}", paint.bad("unreadable "), path.display()));
    }
    lines
}

/// Safe copies, what is lost, and what was mended.
fn spool(status: &StatusFile, now_ms: i64, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if status.spool_bytes > 0 || status.dropped_copies > 0 {
        let (copies, dropped) = (files(status.copies), status.dropped_copies);
        let (used, most) = (status.spool_bytes, status.quota_bytes >> 20);
        lines.push(format!("copies     {copies}, {used} bytes of {most} MiB, {dropped} dropped for the quota"));
    }
    if status.lost_files > 0 {
        let told = match status.untold_files {
            0 => "the hub knows".to_owned(),
            untold => format!("the hub does not know of {untold} yet"),
        };
        lines.push(paint.bad(format!("lost       {}, {told}", files(status.lost_files))));
    }
    if status.came_after_all > 0 {
        lines
            .push(paint.good(format!("found      {} that had been lost came after all", files(status.came_after_all))));
    }
    if status.disk_full {
        let problem = status.disk_problem.as_deref().unwrap_or("it does not say why");
        lines.push(paint.bad(format!("disk       does not take what the agent writes: {problem}")));
    }
    lines.extend(status.mended.iter().map(|mended| {
        let ago = span(now_ms - mended.at_ms);
        paint.odd(format!("mended     {ago} ago: {}", shown(&mended.what)))
    }));
    if status.set_aside > 0 {
        lines.push(
            paint.odd(format!("set aside  {} in the spool; `slomix-agent doctor` says more", files(status.set_aside))),
        );
    }
    lines
}

fn game_server(game: &GameLine, written_at_ms: i64, now_ms: i64, paint: Paint) -> String {
    let state = match game.answers {
        Some(true) => {
            let map = game.map.as_deref().unwrap_or("no map that it tells of");
            let players = match game.players {
                Some(1) => ", 1 player".to_owned(),
                Some(players) => format!(", {players} players"),
                None => String::new(),
            };
            format!("{}{players}", shown(map))
        }
        Some(false) => {
            let since = game.answered_age_ms.map(|age| span(age as i64 + now_ms - written_at_ms));
            let since = since.map_or_else(String::new, |since| format!("; it last did {since} ago"));
            paint.odd(format!("does not answer{since}"))
        }
        None => paint.odd("not asked yet"),
    };
    let problem = game.problem.as_ref().filter(|_| game.answers != Some(true));
    let problem = problem.map_or_else(String::new, |problem| format!(": {}", shown(problem)));
    let console = game.console_problem.as_ref();
    let console = console.map_or_else(String::new, |problem| format!("\n           {}", paint.bad(shown(problem))));
    format!("game       {} {state}{problem}{console}", game.address)
}

/// What lets the agent in, and what its operator has to do where that does not.
fn certificate(status: &StatusFile, now_ms: i64, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((ends, issued)) = status.certificate_ends_at_ms.zip(status.certificate_issued_at_ms) {
        let made = span(now_ms - issued);
        lines.push(match ends - now_ms {
            left @ 0.. => format!("identity   certificate ends in {}, was made {made} ago", span(left)),
            over => paint.bad(format!("identity   certificate ran out {} ago, was made {made} ago", span(-over))),
        });
    }
    if let Some(problem) = &status.certificate_problem {
        lines.push(paint.odd(format!("renewal    not yet: {problem}")));
    }
    if let Some(since) = status.awaits_approval_since_ms {
        let awaited = paint.bad(format!("awaited for {}", span(now_ms - since)));
        lines.push(format!("approval   {awaited}; on the hub: slomix-hub agent approve {}", status.name));
    }
    lines
}

/// A file's name without what steers a terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use slomix_shared::artifact::Kind;

    use super::*;
    use crate::run::{Complaint, Directory, Mended};

    #[test]
    fn what_an_operator_reads() {
        let now = 1_800_000_000_000;
        let status = StatusFile {
            pid: 4711,
            started_at_ms: now - 3 * 3_600_000,
            written_at_ms: now - 1_000,
            hub: "hub.example.org:27999".to_owned(),
            link_problem: Some("nothing answers".to_owned()),
            name: "vps1".to_owned(),
            certificate_issued_at_ms: Some(now - 9 * 86_400_000),
            certificate_ends_at_ms: Some(now - 2 * 86_400_000),
            certificate_problem: Some("the hub refused: not today".to_owned()),
            awaits_approval_since_ms: Some(now - 200_000),
            unacked_files: 2,
            unacked_bytes: 9_000,
            oldest_unacked_age_ms: Some(61_000),
            known_files: 118,
            last_ack: Some("2026-11-09-195037-supply-round-1.txt".to_owned()),
            last_ack_at_ms: Some(now - 300_000),
            copies: 2,
            spool_bytes: 9_000,
            quota_bytes: 512 << 20,
            dropped_copies: 1,
            lost_files: 3,
            untold_files: 2,
            came_after_all: 1,
            disk_full: true,
            disk_problem: Some("No space left on device: free some space, the agent goes on by itself".to_owned()),
            set_aside: 1,
            mended: vec![Mended { at_ms: now - 60_000, what: "the ledger was removed".to_owned() }],
            complaints: vec![Complaint {
                name: "odd.txt".to_owned(),
                kind: Kind::Unrecognised,
                what: "refused".to_owned(),
                reason: "not here".to_owned(),
            }],
            directories: vec![Directory {
                path: "/srv/et/gamestats".into(),
                files: None,
                problem: Some("not there yet".to_owned()),
            }],
            ..StatusFile::default()
        };
        insta::assert_snapshot!(describe(true, &status, now, Paint::for_stdout()).join("\n"));
    }

    #[test]
    fn the_game_server_in_a_line() {
        let now = 1_800_000_000_000;
        let line = GameLine {
            address: "127.0.0.1:27960".to_owned(),
            answers: Some(true),
            answered_age_ms: Some(2_000),
            map: Some("supply".to_owned()),
            players: Some(1),
            problem: None,
            console_problem: None,
        };
        let closed = GameLine { console_problem: Some("the password is refused".to_owned()), ..line.clone() };
        let silent = GameLine { answers: Some(false), problem: Some("nothing listens".to_owned()), ..line.clone() };
        let never = GameLine { answers: None, answered_age_ms: None, ..silent.clone() };
        let lines = [line, closed, silent, never].map(|line| game_server(&line, now - 1_000, now, Paint::for_stdout()));
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn an_agent_that_came_by_tcp_says_so_with_what_to_do() {
        let status = StatusFile {
            hub: "hub.example.org:27999".to_owned(),
            connected: true,
            way: Some("tcp".to_owned()),
            ..StatusFile::default()
        };
        let lines = describe(true, &status, 1_000, Paint::for_stdout());
        assert_eq!(
            lines[1],
            "hub        connected to hub.example.org:27999 over TCP: UDP gets no answer, so let its UDP port through"
        );
        let by_udp = StatusFile { way: Some("udp".to_owned()), ..status };
        assert_eq!(
            describe(true, &by_udp, 1_000, Paint::for_stdout())[1],
            "hub        connected at hub.example.org:27999"
        );
    }
}
