use tracing::debug;

use super::Agent;
use crate::run::{Moment, work};
use crate::spool::{CopyError, FileKey, Packed};
use crate::watch::Observed;

impl Agent {
    /// While the hub is away, makes a safe copy of what has become ready meanwhile, one after the other.
    pub(super) fn copy(&mut self, at: Moment) {
        let away = self.times.away_since.is_some_and(|since| since + self.pace.copy_after <= at.now);
        if !away || self.copying || self.line.spool.disk_problem().is_some() {
            return;
        }
        let (failing, no_room) = (&self.uncopyable, &self.no_room);
        let wanted = |key: &FileKey| !failing.contains(key) && !no_room.contains(key);
        let next = self.line.spool.next_to_copy(|pending| wanted(&pending.key()));
        if let Some(file) = next {
            self.copying = true;
            let disk = self.line.spool.disk();
            self.jobs.spawn_blocking(move || work::pack(&*disk, file));
        }
    }

    /// A file was read for its copy: now it is known how much room that takes.
    pub(super) fn packed(&mut self, file: &Observed, result: Result<Box<Packed>, CopyError>, at: Moment) {
        self.copying = false;
        match result {
            Ok(packed) if self.line.spool.make_room(&packed, at.ms()) => {
                self.copying = true;
                let spool = self.line.spool.copies_lie_in().to_owned();
                let disk = self.line.spool.disk();
                self.jobs.spawn_blocking(move || work::copy(&*disk, packed, &spool));
            }
            Ok(_) => {
                self.times.sync.get_or_insert(at.now);
                self.no_room.insert(FileKey::from(file));
            }
            Err(problem) => self.not_copied(file, problem),
        }
    }

    pub(super) fn copied(&mut self, packed: &Packed, result: Result<(), CopyError>, at: Moment) {
        self.copying = false;
        match result {
            Ok(()) => self.line.spool.copied(packed, at.ms()),
            Err(problem) => self.not_copied(&packed.file, problem),
        }
    }

    fn not_copied(&mut self, file: &Observed, problem: CopyError) {
        debug!(error = %problem, "no safe copy");
        self.uncopyable.insert(FileKey::from(file));
        let cause = std::error::Error::source(&problem).map_or_else(String::new, |cause| format!(": {cause}"));
        self.line.spool.not_copied(file, &format!("{problem}{cause}"));
        if let CopyError::DiskFull(source) = problem {
            self.line.spool.disk_said(Err(source));
        }
    }
}
