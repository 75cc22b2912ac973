//! Ways to fail, and when.

use std::time::Duration;

use super::calls::Call;

/// What goes wrong with a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Refused with 429; nothing was done.
    RateLimited {
        /// When to come again.
        retry_after: Duration,
        /// Whether all calls are meant.
        global: bool,
    },
    /// Refused with this status and no body that anybody understands; nothing was done.
    Status(u16),
    /// Refused in Discord's way; nothing was done.
    Refuse {
        /// HTTP status.
        status: u16,
        /// Discord's error code.
        code: u32,
        /// Discord's words.
        message: &'static str,
    },
    /// Done, but answered with this status.
    DoneButStatus(u16),
    /// The connection is cut; nothing was done.
    CutBefore,
    /// Done, but the connection is cut before the answer.
    CutAfter,
    /// Done, but answered late.
    Slow(Duration),
}

type Test = Box<dyn Fn(&Call) -> bool + Send>;

/// A fault and the requests that it is for.
pub(super) struct Rule {
    test: Test,
    fault: Fault,
    /// How many more requests it meets.
    left: usize,
}

/// The faults to come; the first that fits a request meets it.
#[derive(Default)]
pub(super) struct Faults(Vec<Rule>);

impl Faults {
    pub(super) fn add(&mut self, test: impl Fn(&Call) -> bool + Send + 'static, fault: Fault, times: usize) {
        self.0.push(Rule { test: Box::new(test), fault, left: times });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn take(&mut self, call: &Call) -> Option<Fault> {
        let rule = self.0.iter_mut().find(|rule| rule.left > 0 && (rule.test)(call))?;
        rule.left -= 1;
        Some(rule.fault.clone())
    }
}
