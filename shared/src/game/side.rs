use std::fmt;

/// One of the two armies. In stopwatch the defender's side is a property of the map; the players change sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Number 1 in every file.
    Axis,
    /// Number 2 in every file.
    Allies,
}

impl Side {
    /// The side with this number in a stats file: 1 Axis, 2 Allies, anything else (0 nobody, 3 spectator) is no side.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Axis),
            2 => Some(Self::Allies),
            _ => None,
        }
    }

    /// 1 for Axis, 2 for Allies.
    pub fn number(self) -> u8 {
        match self {
            Self::Axis => 1,
            Self::Allies => 2,
        }
    }

    /// The other army.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Axis => Self::Allies,
            Self::Allies => Self::Axis,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Axis => "Axis",
            Self::Allies => "Allies",
        })
    }
}
