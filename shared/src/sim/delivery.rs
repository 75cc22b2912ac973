/// A file that a script leaves in the server's directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimFile {
    /// Bare file name.
    pub name: String,
    /// What it holds in the end.
    pub bytes: Vec<u8>,
    /// How it comes to hold that.
    pub(crate) steps: Vec<Step>,
}

/// Open, write `from..to`, close. From 0 the file is created or overwritten, else appended to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at_ms: u64,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// One open, write and close of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileWrite<'a> {
    /// When it is closed, in ms since the evening's start.
    pub at_ms: u64,
    /// Bare file name.
    pub name: &'a str,
    /// What is written.
    pub bytes: &'a [u8],
    /// Whether it goes to the file's end; otherwise it takes the place of what the file held.
    pub append: bool,
}

impl SimFile {
    /// A file that is written at once.
    pub(crate) fn at_once(name: String, bytes: Vec<u8>, at_ms: u64) -> Self {
        let steps = vec![Step { at_ms, from: 0, to: bytes.len() }];
        Self { name, bytes, steps }
    }

    /// A file that is appended to in quick succession from `at_ms` on, up to each of `cuts`.
    pub(crate) fn appended(name: String, bytes: Vec<u8>, cuts: &[usize], at_ms: u64) -> Self {
        let froms = std::iter::once(0).chain(cuts.iter().copied());
        let steps = froms.zip(cuts).enumerate();
        let steps = steps.map(|(index, (from, &to))| Step { at_ms: at_ms + index as u64, from, to }).collect();
        Self { name, bytes, steps }
    }

    /// When it is closed for the last time, in ms since the evening's start.
    pub fn closed_ms(&self) -> u64 {
        self.steps.last().map_or(0, |step| step.at_ms)
    }

    /// Every open, write and close, in order. A stats file is written once, endstats once for the awards and twice
    /// for each versus block.
    pub fn writes(&self) -> impl Iterator<Item = FileWrite<'_>> {
        self.steps.iter().map(|step| FileWrite {
            at_ms: step.at_ms,
            name: &self.name,
            bytes: &self.bytes[step.from..step.to],
            append: step.from > 0,
        })
    }

    /// Has the file written so much later.
    pub(crate) fn delay_until(&mut self, at_ms: u64) {
        let late = at_ms.saturating_sub(self.steps.first().map_or(0, |step| step.at_ms));
        for step in &mut self.steps {
            step.at_ms += late;
        }
    }
}
