//! What `doctor` says of ledger, safe copies and the disk that they are on.

use std::path::Path;

use super::finding::{Finding, bad, good, odd};
use super::words::files;
use crate::home::Home;
use crate::run::{StatusFile, read_status};
use crate::spool::{Disk, SystemDisk, What, explain};

/// From this share of the quota on somebody should know, in percent.
const NEARLY_FULL: u64 = 80;

pub(super) fn spool(home: &Home) -> Vec<Finding> {
    let mut findings = Vec::new();
    let places = home.places();
    for (path, what) in [(&places.ledger, What::File), (&places.ballast, What::File), (&places.copies, What::Directory)]
    {
        findings.extend(place(path, what));
    }
    let aside = set_aside(home.path()).into_iter().chain(set_aside(&places.copies));
    findings.extend(aside.map(|path| {
        odd(format!("{path} was set aside, because it could not be used: look at it or remove it, nothing needs it"))
    }));
    if let Ok(status) = read_status(&home.status()) {
        findings.extend(told(&status));
    }
    findings
}

/// Whether a place holds what it should and this user may use it. The agent makes and mends all of them by itself where
/// it may.
fn place(path: &Path, wanted: What) -> Option<Finding> {
    let shown = path.display();
    let problem = match SystemDisk.look_at(path) {
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return None,
        Err(problem) => problem,
        Ok(place) if place.what != wanted => {
            return Some(odd(format!("{shown} is not what it should be; the agent sets it aside when it starts")));
        }
        Ok(_) if wanted == What::Directory => SystemDisk.list(path).err()?,
        Ok(_) => SystemDisk.open(path).err()?,
    };
    Some(bad(format!("{shown} cannot be used: {}", explain(&problem))))
}

fn set_aside(directory: &Path) -> Vec<String> {
    let names = SystemDisk.list(directory).unwrap_or_default().into_iter().filter_map(|name| name.into_string().ok());
    let aside =
        |name: &String| name.starts_with("damaged-") || name.starts_with("ledger.old") || name.starts_with("spool.old");
    names.filter(aside).map(|name| directory.join(name).display().to_string()).collect()
}

/// What the agent that runs, or ran last, says of itself.
fn told(status: &StatusFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (used, quota) = (status.spool_bytes, status.quota_bytes);
    let mib = |bytes: u64| bytes.div_ceil(1 << 20);
    if status.copies > 0 {
        let text = format!("{} safe copies take {} of {} MiB", status.copies, mib(used), mib(quota));
        findings.push(if used >= quota || status.dropped_copies > 0 {
            odd(format!(
                "{text}, which is full: telemetry has no safe copy any more, stats files always have one. Is the hub \
                 reached? spool.quota_mib is the limit"
            ))
        } else if used.saturating_mul(100) >= quota.saturating_mul(NEARLY_FULL) {
            odd(format!(
                "{text}: when it is full, telemetry is dropped first. Is the hub reached? spool.quota_mib is the limit"
            ))
        } else {
            good(text)
        });
    }
    if status.lost_files > 0 {
        findings.push(bad(format!(
            "{} are lost: `slomix-agent status` names them. Put back from a backup into their directory they travel after \
             all, and `slomix-hub import` takes them, too",
            files(status.lost_files)
        )));
    }
    if let Some(problem) = &status.disk_problem {
        let room = if status.ballast { "" } else { ", and the room that is held for acknowledgements is used up" };
        findings.push(bad(format!("the disk does not take what the agent writes{room}: {problem}")));
    }
    findings.extend(status.mended.iter().map(|mended| odd(mended.what.clone())));
    findings
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn what_is_not_as_it_should_be_is_told_with_what_to_do() {
        let top = tempfile::tempdir().unwrap();
        let home = Home::at(top.path());
        assert!(spool(&home).is_empty());
        std::fs::create_dir(home.places().ledger).unwrap();
        std::fs::create_dir(home.places().copies).unwrap();
        std::fs::write(home.places().copies.join("damaged-1-x"), "x").unwrap();
        let status = StatusFile {
            copies: 5,
            spool_bytes: 9 << 20,
            quota_bytes: 10 << 20,
            lost_files: 2,
            disk_problem: Some("No space left".to_owned()),
            ..StatusFile::default()
        };
        std::fs::write(home.status(), serde_json::to_vec(&status).unwrap()).unwrap();
        let findings = spool(&home);
        let told: Vec<_> = findings.iter().map(|finding| finding.state).collect();
        assert_eq!(told, [State::Odd, State::Odd, State::Odd, State::Bad, State::Bad]);
        for (finding, words) in findings.iter().zip(["sets it aside", "remove it", "9 of 10 MiB", "import", "used up"])
        {
            assert!(finding.what.contains(words), "{}", finding.what);
        }
    }
}
