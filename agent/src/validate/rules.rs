//! Which script judges which kind, where it comes from, and what happens when it is broken.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use slomix_shared::artifact::Kind;
use tracing::{info, warn};

use super::sandbox::{self, Limits, SandboxError};
use super::{Judgement, Subject};

/// The rules that come with the agent.
const GAMETIME: &str = include_str!("../../../lua/validate/gametime.lua");

/// The rule scripts in use: those of a directory before those that come with the agent.
///
/// A script of the directory is read again when its size or time changes. A script that fails is told of once for
/// each of its versions; files of its kind then travel without a verdict.
#[derive(Debug)]
pub struct Rules {
    directory: Option<PathBuf>,
    limits: Limits,
    gametime: Script,
}

#[derive(Debug)]
struct Script {
    /// Of the file that `source` was read from; none for the one that comes with the agent.
    version: Option<Version>,
    source: String,
    /// Told of already; cleared when the script changes.
    failed: bool,
}

type Version = (u64, Option<SystemTime>);

impl Rules {
    /// Rules of `directory` (files named `<kind>.lua`) over those that come with the agent.
    pub fn new(directory: Option<PathBuf>, limits: Limits) -> Self {
        Self { directory, limits, gametime: Script { version: None, source: GAMETIME.to_owned(), failed: false } }
    }

    /// Whether files of this kind are judged at all.
    pub fn cover(kind: Kind) -> bool {
        kind == Kind::Gametime
    }

    /// What the rules say of a file: nothing where its kind has no rules or its script is broken.
    pub fn judge(&mut self, subject: &Subject<'_>) -> Option<Judgement> {
        match self.try_judge(subject)? {
            Ok(judgement) => Some(judgement),
            Err(problem) => {
                if !self.gametime.failed {
                    self.gametime.failed = true;
                    warn!(
                        kind = %subject.kind, file = subject.name, error = %chain(&problem),
                        "the rule script gave no verdict; files of this kind travel without one until it is mended"
                    );
                }
                None
            }
        }
    }

    /// As [`Rules::judge`], with the failure of the script for whoever wants to show it.
    pub fn try_judge(&mut self, subject: &Subject<'_>) -> Option<Result<Judgement, SandboxError>> {
        if !Self::cover(subject.kind) {
            return None;
        }
        self.refresh(subject.kind);
        Some(sandbox::run(&self.gametime.source, subject, self.limits))
    }

    fn refresh(&mut self, kind: Kind) {
        let Some(directory) = &self.directory else { return };
        let path = directory.join(format!("{kind}.lua"));
        let version = match fs::metadata(&path) {
            Ok(meta) => Some((meta.len(), meta.modified().ok())),
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => None,
            Err(problem) => {
                warn!(path = %path.display(), error = %problem, "cannot read the rule script, the old one stays");
                return;
            }
        };
        if version == self.gametime.version {
            return;
        }
        let source = match version {
            None => GAMETIME.to_owned(),
            Some(_) => match fs::read_to_string(&path) {
                Ok(source) => source,
                Err(problem) => {
                    warn!(path = %path.display(), error = %problem, "cannot read the rule script, the old one stays");
                    return;
                }
            },
        };
        info!(path = %path.display(), own = version.is_some(), "rule script read");
        self.gametime = Script { version, source, failed: false };
    }
}

fn chain(problem: &SandboxError) -> String {
    match problem {
        SandboxError::Script(cause) => format!("{problem}: {cause}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
