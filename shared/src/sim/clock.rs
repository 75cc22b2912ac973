//! The round clock as the engine hands it on: minutes with six decimals in a cvar.

/// A time limit. The engine keeps it as the text of a float, so milliseconds are lost on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clock {
    /// Millionths of a minute: the cvar's six decimals.
    micro_minutes: u64,
}

impl Clock {
    /// The clock of whole minutes.
    pub(super) const fn minutes(minutes: u64) -> Self {
        Self { micro_minutes: minutes * 1_000_000 }
    }

    /// The clock that an attack of `ms` milliseconds leaves: rounded to the cvar's six decimals.
    pub(super) fn from_ms(ms: u32) -> Self {
        Self { micro_minutes: (u64::from(ms) * 100 + 3) / 6 }
    }

    /// Milliseconds after which the clock has run out.
    pub(super) fn ms(self) -> u32 {
        (self.micro_minutes * 6).div_ceil(100) as u32
    }

    /// Whole seconds as the file's `M:SS` shows them: cut, so one less than the true second where six decimals
    /// fall just short of it.
    pub(super) fn seconds(self) -> u32 {
        (self.micro_minutes * 6 / 100_000) as u32
    }

    /// `M:SS`, minutes without padding.
    pub(super) fn text(self) -> String {
        text_of(self.seconds())
    }
}

/// `M:SS` of whole seconds.
pub(super) fn text_of(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_decimals_can_cost_a_second() {
        // 374 s are 6.2333333… minutes; the cvar keeps 6.233333, which is just short of 374 s
        assert_eq!(Clock::from_ms(374_000).text(), "6:13");
        assert_eq!(Clock::from_ms(373_000).text(), "6:13");
        assert_eq!(Clock::from_ms(372_000).text(), "6:12");
        assert_eq!(Clock::minutes(12).text(), "12:00");
        assert_eq!(Clock::minutes(12).ms(), 720_000);
        assert_eq!(Clock::from_ms(374_000).ms(), 374_000);
    }
}
