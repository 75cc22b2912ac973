//! What `doctor` says of a watched directory.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::finding::{Finding, bad, good, odd};
use crate::watch::{Observed, scan};

pub(super) fn watched(directory: &Path) -> Finding {
    let path = directory.display();
    match scan(directory) {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => {
            odd(format!("{path} is not there yet; the game server makes it when it first writes, then it is watched"))
        }
        Err(problem) if problem.kind() == io::ErrorKind::PermissionDenied => {
            bad(closed(directory, |path| fs::metadata(path).map(drop)))
        }
        Err(problem) => bad(format!("{path} cannot be looked through: {problem}")),
        Ok(files) => {
            let closed = |file: &&Observed| File::open(&file.path).is_err();
            let mut unread = files.iter().filter(closed);
            match unread.next() {
                Some(first) => bad(format!(
                    "{} of {} files in {path} cannot be read by this user, {} among them: give the agent's user the right \
                     to, and they travel",
                    unread.count() + 1,
                    files.len(),
                    first.name
                )),
                None => good(format!("{path} can be read, {} files", files.len())),
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::finding::State;

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
}
