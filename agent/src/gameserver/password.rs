use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Bytes of a password file that are looked at.
const MOST: u64 = 1_024;
/// Shorter ones can be guessed by somebody who may try as often as he likes, which `sv_protect 0` lets everybody.
const STRONG: usize = 16;

/// The password of a game server's console. It is shown to nobody: it stands in no log, no error and no report.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A password that cannot be used. None of these says what it is.
#[derive(Debug, thiserror::Error)]
pub enum PasswordProblem {
    /// The file cannot be read.
    #[error("cannot read the password file {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others may read it.
    #[error(
        "{path} holds the game server's password and may be read by others (mode {mode:03o}): chmod 600 {path}",
        path = path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// There is none.
    #[error("the game server's password is empty")]
    Empty,
    /// The game server could never take it for its own.
    #[error(
        "the game server's password holds what the server cannot read in one (a space, a quotation mark, `;`, `%`, `//` \
         or `/*`, or it has more than 256 bytes): give the server and this agent another"
    )]
    Unusable,
}

impl Password {
    /// Takes text for a password.
    pub fn parse(text: &str) -> Result<Self, PasswordProblem> {
        if text.is_empty() {
            return Err(PasswordProblem::Empty);
        }
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '%' | ';' | '\\');
        if text.len() > 256 || text.contains(odd) || text.contains("//") || text.contains("/*") {
            return Err(PasswordProblem::Unusable);
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads the first line of a file that is closed to others.
    pub fn read(path: &Path) -> Result<Self, PasswordProblem> {
        let failed = |source| PasswordProblem::Read { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        expect_closed(path, file.metadata().map_err(failed)?.permissions().mode())?;
        let mut text = String::new();
        file.take(MOST).read_to_string(&mut text).map_err(failed)?;
        Self::parse(text.lines().next().unwrap_or_default())
    }

    /// Refuses a file with a password in it that others may read.
    pub fn expect_closed_file(path: &Path) -> Result<(), PasswordProblem> {
        let meta = path.metadata().map_err(|source| PasswordProblem::Read { path: path.to_owned(), source })?;
        expect_closed(path, meta.permissions().mode())
    }

    /// Why it could be guessed; none where it could not.
    pub fn weakness(&self) -> Option<String> {
        let kinds: std::collections::BTreeSet<char> = self.0.chars().collect();
        if self.0.len() < STRONG {
            return Some(format!("it has {} characters", self.0.len()));
        }
        (kinds.len() < 8).then(|| "it has few different characters".to_owned())
    }

    /// For the packet, and nothing else.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

fn expect_closed(path: &Path, mode: u32) -> Result<(), PasswordProblem> {
    let (mode, others) = (mode & 0o777, mode & 0o077);
    if others == 0 { Ok(()) } else { Err(PasswordProblem::Exposed { path: path.to_owned(), mode }) }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_cannot_read_is_refused_and_nothing_is_shown() {
        for odd in ["a b", "a\"b", "a%b", "a//b", "a/*b", "a;b", "a\nb"] {
            let problem = Password::parse(odd).unwrap_err();
            assert!(matches!(problem, PasswordProblem::Unusable) && !problem.to_string().contains(odd));
        }
        assert!(matches!(Password::parse(""), Err(PasswordProblem::Empty)));
        assert_eq!(format!("{:?}", Password::parse("hunter2").unwrap()), "Password(…)");
    }

    #[test]
    fn short_and_plain_ones_are_weak() {
        let weak = |text: &str| Password::parse(text).unwrap().weakness().is_some();
        assert_eq!(["hunter2", "aaaaaaaaaaaaaaaaaaaa", "kX9-tQ2_vB7.mN4-zR8"].map(weak), [true, true, false]);
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_with_the_fix() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("rcon");
        std::fs::write(&path, "kX9-tQ2\nsecond line\n").unwrap();
        let open = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        open(0o640);
        let problem = Password::read(&path).unwrap_err().to_string();
        assert!(
            problem.contains("mode 640") && problem.contains(&format!("chmod 600 {}", path.display())),
            "{problem}"
        );
        open(0o600);
        assert_eq!(Password::read(&path).unwrap(), Password::parse("kX9-tQ2").unwrap());
        assert!(matches!(Password::read(&top.path().join("none")), Err(PasswordProblem::Read { .. })));
    }
}
