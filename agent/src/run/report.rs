use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use slomix_line::Way;
use slomix_shared::artifact::Kind;
use slomix_shared::identity::BootId;
use slomix_shared::wire::{
    AgentStatus, BatchMark, CLOCKS_AGREE_MS, FileOutcome, FileState as HubState, LeftBehind, MOST_LEFT_BEHIND,
    WatchedDir,
};

use super::Moment;
use super::game::GameLine;
use super::line::Line;
use crate::ship::CertificateState;
use crate::spool::{Outcome, Record};

/// What `slomix-agent status` shows: written into the data directory whenever it changes, at most once a second.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatusFile {
    /// The agent program's version.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// This run of it.
    pub boot: String,
    /// When it began, Unix milliseconds.
    pub started_at_ms: i64,
    /// When this was written, Unix milliseconds.
    pub written_at_ms: i64,
    /// Where its hub answers.
    pub hub: String,
    /// What the hub's operator called this agent.
    pub name: String,
    /// When the hub made this agent's certificate, Unix milliseconds; none where it has none.
    pub certificate_issued_at_ms: Option<i64>,
    /// The certificate's last moment, Unix milliseconds.
    pub certificate_ends_at_ms: Option<i64>,
    /// Why it could not be renewed yet, while that is tried.
    pub certificate_problem: Option<String>,
    /// Since when the hub's operator has to let this agent in again, Unix milliseconds.
    pub awaits_approval_since_ms: Option<i64>,
    /// Whether there is a connection.
    pub connected: bool,
    /// Which way that goes: `udp`, or `tcp` where UDP gets no answer.
    pub way: Option<String>,
    /// Why not, in words.
    pub link_problem: Option<String>,
    /// How far this host's clock was ahead of the hub's when the hub last told what that shows, milliseconds; below 0
    /// where it is behind. What the way took is in it.
    pub clock_ahead_ms: Option<i64>,
    /// Why the last batch was not acknowledged, until one is.
    pub delivery_problem: Option<String>,
    /// Files that the hub has not acknowledged.
    pub unacked_files: u64,
    /// Their bytes.
    pub unacked_bytes: u64,
    /// How long the oldest of them has waited, milliseconds.
    pub oldest_unacked_age_ms: Option<u64>,
    /// Files that are not finished yet.
    pub settling_files: u64,
    /// Files that the ledger knows.
    pub known_files: u64,
    /// The last acknowledged file.
    pub last_ack: Option<String>,
    /// When it was acknowledged, Unix milliseconds.
    pub last_ack_at_ms: Option<i64>,
    /// Files that the hub refused or that were lost, the newest last, at most 20.
    pub complaints: Vec<Complaint>,
    /// How many there are in all.
    pub complaint_count: u64,
    /// Files that the hub keeps but could not read, as far as it told this run, at most 20.
    pub quarantined: Vec<Complaint>,
    /// Files over the limit, with their bytes.
    pub oversize: BTreeMap<PathBuf, u64>,
    /// Files that could not be read, with the reason.
    pub unreadable: BTreeMap<PathBuf, String>,
    /// Bytes of safe copies.
    pub spool_bytes: u64,
    /// How many safe copies there are.
    pub copies: u64,
    /// Most bytes that they may take.
    pub quota_bytes: u64,
    /// Things in the folder of copies that could not be used and were set aside.
    pub set_aside: u64,
    /// Safe copies dropped for the quota in this run.
    pub dropped_copies: u64,
    /// Whether the data directory cannot be written to.
    pub disk_full: bool,
    /// What the system says of that.
    pub disk_problem: Option<String>,
    /// Whether room for acknowledgements is held on the disk.
    pub ballast: bool,
    /// Files that are lost: neither in their directory nor in the spool, and never acknowledged.
    pub lost_files: u64,
    /// How many of them the hub does not know of yet.
    pub untold_files: u64,
    /// Files that were lost and have come after all, in this run.
    pub came_after_all: u64,
    /// What was damaged in the data directory and mended in this run, the newest last, at most 20.
    pub mended: Vec<Mended>,
    /// Finished files that no event told of, in this run. It should stay 0.
    pub scan_found_missed: u64,
    /// Looks through the directories in this run.
    pub rescans: u64,
    /// How often in this run file events were lost, because there were too many at once.
    pub overflows: u64,
    /// How often in this run the directories were looked through because the hub asked for files again.
    pub offered_again: u64,
    /// The watched directories.
    pub directories: Vec<Directory>,
    /// The game server, where one is configured.
    pub game_server: Option<GameLine>,
}

/// Something that was damaged and is mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// When that was noticed, Unix milliseconds.
    pub at_ms: i64,
    /// What it was, what became of it and what it costs.
    pub what: String,
}

/// A file that something is wrong with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// Its name.
    pub name: String,
    /// Told by the name.
    pub kind: Kind,
    /// In a word.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// A watched directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// Where.
    pub path: PathBuf,
    /// Files in it, as the last look and the file events since tell.
    pub files: Option<u64>,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// Reads what the agent last wrote.
pub fn read_status(path: &Path) -> io::Result<StatusFile> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

/// The unchanging part of a report, and what the hub told.
pub(super) struct Reporter {
    pub(super) path: PathBuf,
    pub(super) boot: BootId,
    /// The last batch that was known to be acknowledged when this run began.
    pub(super) began_after: Option<BatchMark>,
    /// How far this host's clock was ahead of the hub's when that last told, milliseconds.
    pub(super) clock_ahead_ms: Option<i64>,
    /// Why the last batch was not acknowledged.
    pub(super) delivery_problem: Option<String>,
    pub(super) hub: String,
    pub(super) started_at_ms: i64,
    pub(super) name: String,
    pub(super) certificate: CertificateState,
    pub(super) link_problem: Option<String>,
    pub(super) connected: bool,
    pub(super) way: Option<Way>,
    pub(super) quarantined: VecDeque<Complaint>,
    /// Looks through the directories because the hub asked for files again.
    pub(super) offered_again: u64,
}

const LISTED: usize = 20;

impl Reporter {
    /// Remembers files that the hub keeps but could not read.
    pub(super) fn told(&mut self, files: Vec<FileOutcome>) {
        for file in files.into_iter().filter(|file| file.state == HubState::Quarantined) {
            if self.quarantined.len() == LISTED {
                self.quarantined.pop_front();
            }
            let reason = file.reason.unwrap_or_default();
            tracing::warn!(file = file.name, reason, "the hub keeps the file but cannot read it");
            self.quarantined.push_back(Complaint {
                name: file.name,
                kind: file.kind,
                what: "quarantined".to_owned(),
                reason,
            });
        }
    }

    /// The hub told what its clock shows.
    pub(super) fn hub_clock(&mut self, clock_ms: i64, at: Moment) {
        let ahead_ms = at.ms().saturating_sub(clock_ms);
        let agreed = self.clock_ahead_ms.is_none_or(|ahead_ms| ahead_ms.abs() < CLOCKS_AGREE_MS);
        if agreed && ahead_ms.abs() >= CLOCKS_AGREE_MS {
            tracing::warn!(ahead_ms, "this host's clock and the hub's do not agree; `slomix-agent doctor` helps");
        }
        self.clock_ahead_ms = Some(ahead_ms);
    }

    pub(super) fn status(&self, line: &Line, directories: Vec<Directory>, at: Moment) -> StatusFile {
        let spool = &line.spool;
        let complaints = spool.ledger.complaints();
        let (lost_files, untold_files) = spool.gaps();
        StatusFile {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            boot: self.boot.to_string(),
            started_at_ms: self.started_at_ms,
            written_at_ms: at.ms(),
            hub: self.hub.clone(),
            name: self.name.clone(),
            certificate_issued_at_ms: self.certificate.issued_at_ms,
            certificate_ends_at_ms: self.certificate.ends_at_ms,
            certificate_problem: self.certificate.problem.clone(),
            awaits_approval_since_ms: self.certificate.awaits_approval_since_ms,
            connected: self.connected,
            way: self.way.map(|way| way.word().to_owned()),
            link_problem: self.link_problem.clone(),
            clock_ahead_ms: self.clock_ahead_ms,
            delivery_problem: self.delivery_problem.clone(),
            unacked_files: spool.unacked() as u64,
            unacked_bytes: spool.unacked_bytes(),
            oldest_unacked_age_ms: oldest_age(line, at),
            settling_files: line.settle.len() as u64,
            known_files: spool.ledger.len() as u64,
            last_ack: line.tally.last_ack.as_ref().map(|(name, _)| name.clone()),
            last_ack_at_ms: line.tally.last_ack.as_ref().map(|(_, at)| *at),
            complaint_count: complaints.len() as u64,
            complaints: complaints.into_iter().rev().take(LISTED).rev().map(complaint).collect(),
            quarantined: self.quarantined.iter().cloned().collect(),
            oversize: line.oversize.clone(),
            unreadable: line.unreadable.clone(),
            spool_bytes: spool.copies.used(),
            copies: spool.copies.len() as u64,
            quota_bytes: spool.copies.quota(),
            set_aside: spool.copies.set_aside() as u64,
            dropped_copies: spool.dropped(),
            disk_full: spool.disk_problem().is_some(),
            disk_problem: spool.disk_problem().map(str::to_owned),
            ballast: spool.holds_ballast(),
            lost_files,
            untold_files,
            came_after_all: spool.came_after_all(),
            mended: spool.mended().iter().map(|(at_ms, what)| Mended { at_ms: *at_ms, what: what.clone() }).collect(),
            scan_found_missed: line.tally.missed,
            rescans: line.tally.looks,
            offered_again: self.offered_again,
            // Known to the watchman alone.
            overflows: 0,
            directories,
            game_server: None,
        }
    }

    /// Replaces the status file; a reader sees the old one or the new one.
    pub(super) fn write(&self, status: &StatusFile) -> io::Result<()> {
        let new = self.path.with_extension("new");
        let written = fs::write(&new, serde_json::to_vec_pretty(status)?).and_then(|()| fs::rename(&new, &self.path));
        if written.is_err() {
            // Half a file takes room that others may need, and a directory would be in the way for ever.
            let _ = fs::remove_file(&new);
            for path in [&new, &self.path] {
                if path.is_dir() {
                    let _ = fs::rename(path, path.with_extension("old"));
                }
            }
        }
        written
    }
}

fn oldest_age(line: &Line, at: Moment) -> Option<u64> {
    let oldest = line.spool.oldest_since_ms()?;
    Some(u64::try_from(at.steady_ms - oldest).unwrap_or(0))
}

fn complaint(record: Record) -> Complaint {
    let what = record.outcome.word().to_owned();
    let reason = match record.outcome {
        Outcome::Refused(reason) | Outcome::Lost(reason) | Outcome::Told(reason) | Outcome::Bare(reason) => reason,
        Outcome::Received | Outcome::Duplicate | Outcome::Forgotten => String::new(),
    };
    Complaint { name: record.name, kind: record.kind, what, reason }
}

/// The same for the hub.
pub(super) fn for_hub(reporter: &Reporter, status: StatusFile, refused: u64, acked: u64, at: Moment) -> AgentStatus {
    AgentStatus {
        boot: Some(reporter.boot),
        began_after: reporter.began_after,
        version: status.version,
        clock_ms: Some(at.ms()),
        zone_offset_s: Some(jiff::ZonedDateTime::now().offset().seconds()),
        started_at_ms: Some(status.started_at_ms),
        unacked_files: Some(status.unacked_files),
        unacked_bytes: Some(status.unacked_bytes),
        oldest_unacked_age_ms: status.oldest_unacked_age_ms,
        acked_files: Some(acked),
        refused_files: Some(refused),
        dropped_files: Some(status.dropped_copies),
        scan_found_missed: Some(status.scan_found_missed),
        rescans: Some(status.rescans),
        offered_again: Some(status.offered_again),
        spool_bytes: Some(status.spool_bytes),
        watched: status.directories.into_iter().map(|directory| watched(directory, &status.unreadable)).collect(),
        left_behind: status.oversize.iter().take(MOST_LEFT_BEHIND).map(left_behind).collect(),
    }
}

fn left_behind((path, size): (&PathBuf, &u64)) -> LeftBehind {
    LeftBehind { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), size: *size }
}

fn watched(directory: Directory, unreadable: &BTreeMap<PathBuf, String>) -> WatchedDir {
    let mut within = unreadable.iter().filter(|(path, _)| path.starts_with(&directory.path));
    let unread = within.next().map(|(path, why)| {
        let (name, others) = (path.file_name().unwrap_or_default().to_string_lossy(), within.count());
        let more = if others == 0 { String::new() } else { format!(" (and {others} more)") };
        format!("{name}{more} cannot be read: {why}. slomix-agent status there lists them")
    });
    WatchedDir {
        path: directory.path.to_string_lossy().into_owned(),
        files: directory.files,
        problem: directory.problem.or(unread),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_a_problem_of_its_directory() {
        let directory = |path: &str| Directory { path: PathBuf::from(path), files: Some(3), problem: None };
        let denied = |path: &str| (PathBuf::from(path), "Permission denied".to_owned());
        let unreadable = BTreeMap::from([denied("/et/gamestats/a.txt"), denied("/et/gamestats/b.txt")]);
        let problem = |path: &str| watched(directory(path), &unreadable).problem;
        assert_eq!(problem("/et/proximity"), None);
        assert_eq!(
            problem("/et/gamestats").unwrap(),
            "a.txt (and 1 more) cannot be read: Permission denied. slomix-agent status there lists them"
        );
    }
}
