use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use slomix_shared::artifact::{FileName, Kind, MAX_FILE_BYTES};
use slomix_shared::formats::{endstats, gametime, stats};

use super::now_ms;
use super::paint::Paint;
use crate::config::Config;
use crate::validate::{Limits, Opinion, Rules, Subject};

/// What the hub would make of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fate {
    /// Its numbers would be used.
    Stored,
    /// The same, with a flag.
    Suspect,
    /// Kept, and read by a later version.
    Kept,
    /// Kept, and put aside for a person to look at.
    Quarantined,
    /// It would not travel.
    Refused,
    /// There is no such file.
    Missing,
}

#[derive(Debug, Serialize)]
struct Finding {
    file: PathBuf,
    fate: Fate,
    kind: Kind,
    bytes: Option<u64>,
    reasons: Vec<String>,
}

/// Says what the hub would make of each file. The exit code is 1 if it would refuse or quarantine any, or one
/// is not there; the others are looked at all the same.
pub(super) fn check(config: &Config, files: &[PathBuf], json: bool) -> anyhow::Result<ExitCode> {
    let mut rules = Rules::new(config.rules.clone(), Limits::default());
    let findings: Vec<_> = files.iter().map(|file| examine(file, &mut rules, now_ms() / 1000)).collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(print);
    }
    let bad = findings.iter().any(|finding| matches!(finding.fate, Fate::Quarantined | Fate::Refused | Fate::Missing));
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn examine(file: &Path, rules: &mut Rules, now: i64) -> Finding {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kind = FileName::kind_of(&name);
    let mut finding = Finding { file: file.to_owned(), fate: Fate::Stored, kind, bytes: None, reasons: Vec::new() };
    let content = match read(file) {
        Ok(content) => content,
        Err((fate, reason)) => return finding.add(fate, reason),
    };
    finding.bytes = Some(content.len() as u64);
    if content.len() > MAX_FILE_BYTES {
        return finding.add(Fate::Refused, format!("more than the {MAX_FILE_BYTES} bytes that may travel"));
    }
    if let Err(problem) = FileName::parse(&name) {
        return finding.add(Fate::Quarantined, problem.to_string());
    }
    let told = match (unreadable(kind, &content), kind) {
        (Some(problem), Kind::Stats) => return finding.add(Fate::Quarantined, problem),
        // The hub reads a paper together with its round.
        (Some(problem), _) => {
            finding = finding.add(Fate::Quarantined, problem);
            Some(TOGETHER)
        }
        (None, Kind::Endstats | Kind::Gametime) => Some(WAITS),
        (None, Kind::Proximity | Kind::WeaponSidecar) => {
            finding.fate = Fate::Kept;
            Some(KEPT)
        }
        (None, Kind::Stats | Kind::Unrecognised) => None,
    };
    let judged = rules.try_judge(&Subject { kind, name: &name, content: &content, now });
    let (fate, reasons) = match judged {
        Some(Ok(judgement)) if judgement.opinion != Opinion::Accept => {
            let fate = if judgement.opinion == Opinion::Reject { Fate::Quarantined } else { Fate::Suspect };
            (fate, if judgement.notes.is_empty() { judgement.rules } else { judgement.notes })
        }
        Some(Err(problem)) => (Fate::Suspect, vec![format!("the rule script gave no verdict: {problem}")]),
        _ => return told.into_iter().fold(finding, Finding::note),
    };
    // What cannot be read is not made better by a rule.
    let fate = if finding.fate == Fate::Quarantined { Fate::Quarantined } else { fate };
    let waits = told.filter(|_| fate != Fate::Quarantined);
    let finding = reasons.into_iter().fold(finding, |finding, reason| finding.add(fate, reason)).note(OWN_RULE);
    waits.into_iter().fold(finding, Finding::note)
}

impl Finding {
    fn add(mut self, fate: Fate, reason: String) -> Self {
        self.fate = fate;
        self.reasons.push(reason);
        self
    }

    fn note(mut self, note: &str) -> Self {
        self.reasons.push(note.to_owned());
        self
    }
}

fn read(file: &Path) -> Result<Vec<u8>, (Fate, String)> {
    let refused = |why: String| (Fate::Refused, why);
    let failed = |problem: io::Error| match problem.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            (Fate::Missing, format!("there is no file {}: is its path right?", file.display()))
        }
        io::ErrorKind::PermissionDenied => refused(format!("this user may not read {}", file.display())),
        _ => refused(format!("{} cannot be read: {problem}", file.display())),
    };
    let meta = fs::symlink_metadata(file).map_err(failed)?;
    if !meta.is_file() {
        return Err(refused("no regular file: links, directories and devices do not travel".to_owned()));
    }
    if meta.len() > 2 * MAX_FILE_BYTES as u64 {
        return Err(refused(format!("{} bytes are more than the {MAX_FILE_BYTES} that may travel", meta.len())));
    }
    fs::read(file).map_err(failed)
}

/// Why the hub could not read a file: its own parsers say.
fn unreadable(kind: Kind, content: &[u8]) -> Option<String> {
    match kind {
        Kind::Stats => stats::parse(content).err().map(|problem| problem.to_string()),
        Kind::Endstats => endstats::parse(content).err().map(|problem| problem.to_string()),
        Kind::Gametime => gametime::parse(content).err().map(|problem| problem.to_string()),
        Kind::Proximity | Kind::WeaponSidecar | Kind::Unrecognised => None,
    }
}

/// What is said of a paper that can be read.
const WAITS: &str = "kept until the stats file of its round is there, then stored with it";
/// What is said of a paper that cannot.
const TOGETHER: &str = "kept until the stats file of its round is there, then quarantined";
/// What is said of a kind that nothing reads yet.
const KEPT: &str = "this version of the hub keeps it and reads nothing from it";
/// What is said of an operator's rules.
const OWN_RULE: &str =
    "a rule of this agent, which goes along with what it ships; an import on the hub has no such rules";

fn print(finding: &Finding) {
    let paint = Paint::for_stdout();
    let fate = match finding.fate {
        Fate::Stored => paint.good("stored     "),
        Fate::Suspect => paint.odd("suspect    "),
        Fate::Kept => paint.good("kept       "),
        Fate::Quarantined => paint.bad("quarantined"),
        Fate::Refused => paint.bad("refused    "),
        Fate::Missing => paint.bad("missing    "),
    };
    let bytes = finding.bytes.map_or_else(|| "-".to_owned(), |bytes| format!("{bytes} bytes"));
    println!("{fate}  {:<14} {bytes:>14}  {}", finding.kind, finding.file.display());
    for reason in &finding.reasons {
        println!("             {reason}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hubs_parser_speaks() {
        let header = r"server\supply\legacy3\1\1\2\12:00\8:10";
        for (content, problem) in [
            (String::new(), Some("empty")),
            ("INVALID STATS FILE FORMAT\r\n".to_owned(), Some("1 of at least 8 parts")),
            (format!("{header}\n"), Some("insufficient lines")),
            (format!("{header}\n\n"), Some("no players")),
            (format!("{header}\nAAAA0001\\name\\1\\1\\16 1 2 0 0 0 \t1\t"), Some("truncated")),
            (format!("{header}\nAAAA0001\\name\\1\\1\\16 1 2 0 0 0 \t1\n"), None),
        ] {
            let told = unreadable(Kind::Stats, content.as_bytes());
            match problem {
                Some(part) => assert!(told.as_ref().is_some_and(|told| told.contains(part)), "{content}: {told:?}"),
                None => assert_eq!(told, None),
            }
        }
        let papers = [Kind::Endstats, Kind::Gametime].map(|kind| unreadable(kind, b"").is_some());
        assert_eq!((papers, unreadable(Kind::Proximity, b"")), ([true, true], None));
    }
}
