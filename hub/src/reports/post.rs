//! One thing that people read: a round, a session, a digest, an answer to a command.
//!
//! All texts are plain: no markup, no escaping, no Discord tags. Each face adds its own: the Discord embed escapes and
//! cuts to Discord's limits, the terminal draws a frame.

/// The widest table that a phone shows without wrapping, in display columns.
pub const TABLE_COLUMNS: usize = 34;

/// What is shown to people, before any face has dressed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The result in one line, in stopwatch words.
    pub title: String,
    /// Who gained, which gives the colour of the bar.
    pub accent: Accent,
    /// What matters most, one sentence a line, above the tables.
    pub lines: Vec<String>,
    /// The tables, one per team or subject.
    pub tables: Vec<Table>,
    /// What is said below the tables: awards, remarks.
    pub notes: Vec<String>,
    /// Small print. The face that stores messages adds the post's short id.
    pub footer: String,
    /// When that happened, Unix milliseconds UTC; `None` where no time is known.
    pub timestamp_ms: Option<i64>,
}

impl Post {
    /// Nothing but a title, in nobody's colour: for what follows to be put in.
    pub fn titled(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            accent: Accent::Neutral,
            lines: Vec::new(),
            tables: Vec::new(),
            notes: Vec::new(),
            footer: String::new(),
            timestamp_ms: None,
        }
    }
}

/// A block of text that is shown in a fixed-width font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the table is about, for instance a team's name.
    pub heading: String,
    /// The rows as laid out, each at most [`TABLE_COLUMNS`] columns by display width.
    pub rows: Vec<String>,
}

/// Whose colour a post carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accent {
    /// Team A gained.
    TeamA,
    /// Team B gained.
    TeamB,
    /// Nobody in particular.
    Neutral,
    /// Something needs attention.
    Trouble,
}

impl Accent {
    /// The house colour as `0xRRGGBB`; the team colours are safe for the common colour blindnesses.
    pub fn rgb(self) -> u32 {
        match self {
            Self::TeamA => 0x4c_9a_ff,
            Self::TeamB => 0xff_8b_3d,
            Self::Neutral => 0x9a_a3_b2,
            Self::Trouble => 0xe5_48_4d,
        }
    }
}
