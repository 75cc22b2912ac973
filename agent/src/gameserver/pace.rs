use std::time::Duration;

/// How patient the agent is with its game server.
#[derive(Debug, Clone, Copy)]
pub struct GamePace {
    /// Packets at once, and then one each time that this has passed: below the 10 and one a second of the server, which
    /// all programs on this host share.
    pub burst: u32,
    /// See [`Self::burst`].
    pub every: Duration,
    /// How long an answer may take.
    pub answer: Duration,
    /// How often a question is asked before the server counts as silent.
    pub tries: u32,
    /// From one try to the next at least.
    pub again: Duration,
    /// Console output is over when nothing came for this long.
    pub quiet: Duration,
    /// And for this long behind an empty piece, which only ends of output and overlong lines are.
    pub quiet_behind_end: Duration,
    /// What overtook the end may still come for this long.
    pub stragglers: Duration,
    /// The longest that console output may take.
    pub longest: Duration,
    /// Between two looks while somebody is on the server.
    pub look: Duration,
    /// Between two looks while nobody is.
    pub look_idle: Duration,
    /// How long a silent server is looked at often: it may load a map.
    pub loading: Duration,
    /// Between two looks into the log.
    pub read_log: Duration,
}

impl Default for GamePace {
    fn default() -> Self {
        Self {
            burst: 6,
            every: Duration::from_millis(1_200),
            answer: Duration::from_secs(1),
            tries: 3,
            again: Duration::from_millis(1_200),
            quiet: Duration::from_millis(400),
            quiet_behind_end: Duration::from_millis(150),
            stragglers: Duration::from_millis(20),
            longest: Duration::from_secs(3),
            look: Duration::from_secs(5),
            look_idle: Duration::from_mins(1),
            loading: Duration::from_mins(1),
            read_log: Duration::from_secs(1),
        }
    }
}
