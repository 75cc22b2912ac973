//! What the domain is given.

use std::sync::Arc;

use jiff::tz::TimeZone;
use slomix_shared::artifact::{ContentHash, RoundFileName};
use slomix_shared::formats::stats::{StatsError, StatsFile};

/// One stats artifact of a block.
#[derive(Debug, Clone)]
pub struct BlockFile {
    /// The artifact's id.
    pub artifact: i64,
    /// Its full file name.
    pub file_name: String,
    /// The parts of the name.
    pub name: RoundFileName,
    /// Hash of the content.
    pub hash: ContentHash,
    /// Whether the content that is kept is not the one that arrived.
    pub damaged: bool,
    /// The content, needed to see whether one revision is the beginning of another.
    pub content: Arc<[u8]>,
    /// What the content says.
    pub parsed: Arc<Result<StatsFile, StatsError>>,
    /// Another file of this server with the same content and a lower stamp, if there is one.
    pub copy_of: Option<String>,
    /// Why the agent's rules refuse the content, unless an admin overruled them.
    pub refused: Option<String>,
}

/// What people and the configuration decided about one server.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The server's key.
    pub server: String,
    /// The zone of its wall clock.
    pub zone: TimeZone,
    /// Two rounds further apart than this belong to two sessions, in minutes.
    pub session_gap_minutes: i64,
    /// A second half is stamped at most this long after its first half, in minutes.
    pub match_window_minutes: i64,
    /// Maps that nobody plays for the score, lower case.
    pub filler_maps: Vec<String>,
    /// What a surrender concedes.
    pub surrender_scope: SurrenderScope,
}

/// What a team concedes that gives up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SurrenderScope {
    /// The round, as in the engine.
    #[default]
    Round,
    /// The whole map, 0-1, as some leagues have it.
    Map,
}

impl Rules {
    /// The community's defaults, for the server with this key.
    pub fn new(server: impl Into<String>, zone: TimeZone) -> Self {
        Self {
            server: server.into(),
            zone,
            session_gap_minutes: 60,
            match_window_minutes: 45,
            filler_maps: vec!["mp_sillyctf".to_owned()],
            surrender_scope: SurrenderScope::Round,
        }
    }
}
