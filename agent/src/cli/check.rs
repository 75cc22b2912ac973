use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use slomix_shared::artifact::{FileName, Kind, MAX_FILE_BYTES};
use slomix_shared::formats::stats;

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
    /// Kept, and put aside for a person to look at.
    Quarantined,
    /// It would not travel.
    Refused,
}

#[derive(Debug, Serialize)]
struct Finding {
    file: PathBuf,
    fate: Fate,
    kind: Kind,
    bytes: Option<u64>,
    reasons: Vec<String>,
}

/// Says what the hub would make of each file. The exit code is 1 if it would refuse or quarantine any.
pub(super) fn check(config: &Config, files: &[PathBuf], json: bool) -> anyhow::Result<ExitCode> {
    let mut rules = Rules::new(config.rules.clone(), Limits::default());
    let findings: Vec<_> = files.iter().map(|file| examine(file, &mut rules, now_ms() / 1000)).collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(print);
    }
    let bad = findings.iter().any(|finding| matches!(finding.fate, Fate::Quarantined | Fate::Refused));
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn examine(file: &Path, rules: &mut Rules, now: i64) -> Finding {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kind = FileName::kind_of(&name);
    let mut finding = Finding { file: file.to_owned(), fate: Fate::Stored, kind, bytes: None, reasons: Vec::new() };
    let content = match read(file) {
        Ok(content) => content,
        Err(reason) => return finding.add(Fate::Refused, reason),
    };
    finding.bytes = Some(content.len() as u64);
    if content.len() > MAX_FILE_BYTES {
        return finding.add(Fate::Refused, format!("more than the {MAX_FILE_BYTES} bytes that may travel"));
    }
    if let Err(problem) = FileName::parse(&name) {
        return finding.add(Fate::Quarantined, problem.to_string());
    }
    if kind == Kind::Stats
        && let Some(problem) = stats_problem(&content)
    {
        return finding.add(Fate::Quarantined, problem);
    }
    match rules.try_judge(&Subject { kind, name: &name, content: &content, now }) {
        None => finding,
        Some(Err(problem)) => finding.add(Fate::Suspect, format!("the rule script gave no verdict: {problem}")),
        Some(Ok(judgement)) => {
            let fate = match judgement.opinion {
                Opinion::Accept => Fate::Stored,
                Opinion::Suspect => Fate::Suspect,
                Opinion::Reject => Fate::Quarantined,
            };
            let reasons = if judgement.notes.is_empty() { judgement.rules } else { judgement.notes };
            reasons.into_iter().fold(finding, |finding, reason| finding.add(fate, reason))
        }
    }
}

impl Finding {
    fn add(mut self, fate: Fate, reason: String) -> Self {
        self.fate = fate;
        self.reasons.push(reason);
        self
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let meta = fs::symlink_metadata(file).map_err(|problem| problem.to_string())?;
    if !meta.is_file() {
        return Err("no regular file: links, directories and devices do not travel".to_owned());
    }
    if meta.len() > 2 * MAX_FILE_BYTES as u64 {
        return Err(format!("{} bytes are more than the {MAX_FILE_BYTES} that may travel", meta.len()));
    }
    fs::read(file).map_err(|problem| problem.to_string())
}

/// Why the hub could not read a stats file: the hub's own parser says.
fn stats_problem(content: &[u8]) -> Option<String> {
    stats::parse(content).err().map(|problem| problem.to_string())
}

fn print(finding: &Finding) {
    let paint = Paint::for_stdout();
    let fate = match finding.fate {
        Fate::Stored => paint.good("stored     "),
        Fate::Suspect => paint.odd("suspect    "),
        Fate::Quarantined => paint.bad("quarantined"),
        Fate::Refused => paint.bad("refused    "),
    };
    let bytes = finding.bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
    println!("{fate}  {:<14} {bytes:>8} bytes  {}", finding.kind, finding.file.display());
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
            let told = stats_problem(content.as_bytes());
            match problem {
                Some(part) => assert!(told.as_ref().is_some_and(|told| told.contains(part)), "{content}: {told:?}"),
                None => assert_eq!(told, None),
            }
        }
    }
}
