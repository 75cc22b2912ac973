use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use slomix_shared::identity::Nonce;
use slomix_shared::wire::{ControlAnswer, ControlRequest};

/// From this size on a new file is begun. Two are kept.
const FULL: u64 = 1024 * 1024;
/// Bytes of what came of a request that are kept.
const WORDS: usize = 300;

/// The record of what the hub asked for: a file of JSON lines that is only appended to, one line when a request comes and
/// one when it is done. When it is full it becomes `control.log.1`, in place of the one before.
#[derive(Debug)]
pub struct Audit {
    path: PathBuf,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// When it was written, Unix milliseconds.
    pub at_ms: i64,
    /// The request's.
    pub nonce: Nonce,
    /// The request's.
    pub deadline_ms: i64,
    /// Who asked.
    pub by: String,
    /// The intent's word.
    pub intent: String,
    /// What else there is to it, without passwords.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// `accepted` when it begins; `done`, `refused` or `failed` when it is over.
    pub outcome: String,
    /// Why, or what the server said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

impl Audit {
    /// Writes to this file, which may not be there yet.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Writes that a request begins.
    pub fn begins(&self, request: &ControlRequest, now_ms: i64) -> io::Result<()> {
        self.append(&line(request, now_ms, "accepted", ""))
    }

    /// Writes what came of it.
    pub fn ends(&self, request: &ControlRequest, answer: &ControlAnswer, now_ms: i64) -> io::Result<()> {
        let words = answer.words();
        self.append(&line(request, now_ms, answer.outcome(), &words[..words.floor_char_boundary(WORDS)]))
    }

    /// Nonces with their deadlines, of requests that may still be on time.
    pub fn recent(&self, now_ms: i64) -> BTreeMap<Nonce, i64> {
        let mut recent = BTreeMap::new();
        for path in [older(&self.path), self.path.clone()] {
            let text = fs::read(&path).unwrap_or_default();
            // A line that was torn off by a crash tells nothing.
            let lines = text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
            recent.extend(lines.map(|line: AuditLine| (line.nonce, line.deadline_ms)));
        }
        recent.retain(|_, deadline_ms| *deadline_ms >= now_ms);
        recent
    }

    fn append(&self, line: &AuditLine) -> io::Result<()> {
        if self.path.metadata().is_ok_and(|meta| meta.len() >= FULL) {
            fs::rename(&self.path, older(&self.path))?;
        }
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path)?;
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        file.write_all(&text)
    }
}

fn line(request: &ControlRequest, at_ms: i64, outcome: &str, words: &str) -> AuditLine {
    AuditLine {
        at_ms,
        nonce: request.nonce,
        deadline_ms: request.deadline_ms,
        by: request.by.clone(),
        intent: request.intent.word().to_owned(),
        detail: request.intent.detail(),
        outcome: outcome.to_owned(),
        words: words.to_owned(),
    }
}

fn older(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".1");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use slomix_shared::wire::Intent;

    use super::*;

    fn request(nonce: u8, deadline_ms: i64) -> ControlRequest {
        let intent = Intent::Rcon { command: "rconpassword hunter2".to_owned() };
        ControlRequest::new(Nonce::from_bytes([nonce; 16]), deadline_ms, "root (console)", intent)
    }

    #[test]
    fn every_request_leaves_its_lines_and_no_password() {
        let top = tempfile::tempdir().unwrap();
        let audit = Audit::at(top.path().join("control.log"));
        audit.begins(&request(1, 500), 100).unwrap();
        audit.ends(&request(1, 500), &ControlAnswer::done("said"), 200).unwrap();
        audit.ends(&request(2, 900), &ControlAnswer::refused("no"), 300).unwrap();
        let text = fs::read_to_string(top.path().join("control.log")).unwrap();
        let lines: Vec<AuditLine> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<_> = lines.iter().map(|line| (line.at_ms, line.outcome.as_str(), line.words.as_str())).collect();
        assert_eq!(told, [(100, "accepted", ""), (200, "done", "said"), (300, "refused", "no")]);
        assert!(!text.contains("hunter2") && text.contains("root (console)"), "{text}");
        let mode = fs::metadata(top.path().join("control.log")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(audit.recent(600), BTreeMap::from([(Nonce::from_bytes([2; 16]), 900)]));
    }

    #[test]
    fn it_stays_bounded() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("control.log");
        let audit = Audit::at(path.clone());
        fs::write(&path, vec![b'x'; FULL as usize]).unwrap();
        fs::write(older(&path), "before that\n").unwrap();
        audit.begins(&request(1, 500), 100).unwrap();
        assert_eq!(fs::metadata(older(&path)).unwrap().len(), FULL);
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 1);
        assert_eq!(fs::read_dir(top.path()).unwrap().count(), 2);
        assert_eq!(audit.recent(100).len(), 1, "what cannot be read is passed over");
    }
}
