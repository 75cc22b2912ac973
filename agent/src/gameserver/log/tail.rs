use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Bytes read at one time; the rest is read the next time.
const AT_ONCE: u64 = 256 * 1024;
/// How far back a log is read that was there before, to know where its round is.
const BACK: u64 = 512 * 1024;
/// Bytes of a line that are kept; the game writes at most 1023 at a time.
const LINE: usize = 4 * 1024;

/// Follows a log that another program writes: also over a new file under its name, and one that was cut.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    open: Option<Open>,
    /// Whether the file was looked for before: one that appears later is read from its beginning, as it is written.
    looked: bool,
    partial: Vec<u8>,
    /// The beginning of an overlong line was dropped, and its end is still to come.
    skipping: bool,
}

#[derive(Debug)]
struct Open {
    file: File,
    inode: (u64, u64),
    offset: u64,
    /// What lies before this was written before it was first looked at.
    old_until: u64,
}

/// A whole line, and whether it was written before the file was first looked at.
pub(crate) type Line = (Vec<u8>, bool);

impl Tail {
    /// Follows the file of this name, whether it is there or not.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), open: None, looked: false, partial: Vec::new(), skipping: false }
    }

    /// The lines that are whole now and were not before.
    pub fn read(&mut self) -> io::Result<Vec<Line>> {
        let found = match std::fs::metadata(&self.path) {
            Ok(meta) if meta.is_file() => Some(meta),
            Ok(_) => return Err(io::Error::other("it is no file")),
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => None,
            Err(problem) => return Err(problem),
        };
        let mut lines = Vec::new();
        // What was written to the old file before it got another name is its own.
        let renewed = self.open.as_ref().zip(found.as_ref()).is_some_and(|(open, meta)| open.inode != id(meta));
        if renewed || found.is_none() {
            // What cannot be read of the old one is lost, and nothing of the new one.
            let _ = self.take(&mut lines);
            self.open = None;
            self.forget_partial();
        }
        if let (None, Some(meta)) = (&self.open, &found) {
            let mut open = Open { file: File::open(&self.path)?, inode: id(meta), offset: 0, old_until: 0 };
            if !self.looked {
                open.old_until = meta.len();
                open.offset = meta.len().saturating_sub(BACK);
                self.skipping = open.offset > 0;
            }
            self.open = Some(open);
        }
        self.looked = true;
        if let Err(problem) = self.take(&mut lines) {
            // The next look opens it anew: the handle may be what is wrong.
            self.open = None;
            self.forget_partial();
            return Err(problem);
        }
        Ok(lines)
    }

    fn take(&mut self, lines: &mut Vec<Line>) -> io::Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let size = open.file.metadata()?.len();
        if size < open.offset {
            (open.offset, open.old_until) = (0, 0);
            self.partial.clear();
            self.skipping = false;
        }
        open.file.seek(SeekFrom::Start(open.offset))?;
        let mut bytes = Vec::new();
        (&open.file).take(AT_ONCE).read_to_end(&mut bytes)?;
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            open.offset += piece.len() as u64;
            let (text, whole) = piece.strip_suffix(b"\n").map_or((piece, false), |text| (text, true));
            if !self.skipping {
                self.partial.extend_from_slice(text);
            }
            if self.partial.len() > LINE {
                self.partial.clear();
                self.skipping = true;
            }
            if whole {
                let line = std::mem::take(&mut self.partial);
                if !std::mem::take(&mut self.skipping) {
                    lines.push((line, open.offset <= open.old_until));
                }
            }
        }
        Ok(())
    }

    fn forget_partial(&mut self) {
        self.partial.clear();
        self.skipping = false;
    }
}

fn id(meta: &std::fs::Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::io::Write;

    use super::*;

    #[test]
    fn a_log_that_cannot_be_read_is_opened_anew_when_another_lies_there() {
        let log = Log::new();
        let mut tail = Tail::new(&log.path());
        // It opens, and every read of it fails.
        std::os::unix::fs::symlink("/proc/self/mem", log.path()).unwrap();
        assert!(tail.read().is_err());
        fs::remove_file(log.path()).unwrap();
        fs::write(log.path(), "").unwrap();
        assert!(tail.read().unwrap().is_empty());
        log.write("one\n");
        assert_eq!(tail.read().unwrap(), [(b"one".to_vec(), false)]);
    }

    struct Log {
        top: tempfile::TempDir,
        tail: Tail,
    }

    impl Log {
        fn new() -> Self {
            let top = tempfile::tempdir().unwrap();
            let tail = Tail::new(&top.path().join("game.log"));
            Self { top, tail }
        }

        fn path(&self) -> PathBuf {
            self.top.path().join("game.log")
        }

        fn write(&self, text: &str) {
            let mut file = OpenOptions::new().create(true).append(true).open(self.path()).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }

        fn read(&mut self) -> Vec<(String, bool)> {
            let lines = self.tail.read().unwrap();
            lines.into_iter().map(|(line, old)| (String::from_utf8(line).unwrap(), old)).collect()
        }

        fn new_lines(&mut self) -> Vec<String> {
            self.read().into_iter().map(|(line, old)| if old { panic!("{line} is old") } else { line }).collect()
        }
    }

    #[test]
    fn lines_are_given_once_and_whole() {
        let mut log = Log::new();
        assert!(log.read().is_empty(), "it is not there yet");
        log.write("one\ntw");
        assert_eq!(log.new_lines(), ["one"]);
        log.write("o\nthree\n");
        assert_eq!(log.new_lines(), ["two", "three"]);
        assert!(log.read().is_empty());
    }

    #[test]
    fn what_was_written_before_is_marked() {
        let mut log = Log::new();
        log.write("old\nhalf");
        assert_eq!(log.read(), [("old".to_owned(), true)]);
        log.write(" new\n");
        assert_eq!(log.new_lines(), ["half new"]);
    }

    #[test]
    fn a_log_that_shrinks_is_read_from_its_beginning() {
        let mut log = Log::new();
        log.write("one\ntwo\npartial");
        log.read();
        fs::write(log.path(), "three\n").unwrap();
        assert_eq!(log.new_lines(), ["three"]);
    }

    #[test]
    fn a_log_that_is_replaced_is_read_to_its_end_and_then_the_new_one() {
        let mut log = Log::new();
        log.write("one\n");
        log.read();
        log.write("two\n");
        fs::rename(log.path(), log.top.path().join("game.log.1")).unwrap();
        log.write("three\n");
        assert_eq!(log.new_lines(), ["two", "three"]);
        fs::remove_file(log.path()).unwrap();
        assert!(log.read().is_empty());
        log.write("four\n");
        assert_eq!(log.new_lines(), ["four"]);
    }

    #[test]
    fn overlong_lines_and_a_long_past_are_passed_over() {
        let mut log = Log::new();
        log.write(&("x".repeat(79) + "\n").repeat(10_000));
        let seen = log.read();
        assert!(seen.len() > 3_000 && seen.len() < 4_000, "256 KiB at one time: {}", seen.len());
        while !log.read().is_empty() {}
        log.write(&("y".repeat(5_000) + "\nshort\n"));
        assert_eq!(log.new_lines(), ["short"]);
    }
}
