/// Why a stream was reset or stopped. The numbers are part of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetCode {
    /// The archive could not keep the batch (disk full, database down): keep it and send it again later.
    NotStored,
    /// The frame or the message is malformed; sending the same bytes again will not help.
    Malformed,
    /// The message is over its limit.
    TooLarge,
    /// The message does not belong on this stream or to this version.
    Unexpected,
    /// The sender was too slow to deliver the message.
    TimedOut,
    /// A number that this version does not know.
    Other(u32),
}

impl ResetCode {
    /// The number on the wire.
    pub fn number(self) -> u32 {
        match self {
            Self::NotStored => 1,
            Self::Malformed => 2,
            Self::TooLarge => 3,
            Self::Unexpected => 4,
            Self::TimedOut => 5,
            Self::Other(number) => number,
        }
    }

    /// The code with this number.
    pub fn from_number(number: u64) -> Self {
        match number {
            1 => Self::NotStored,
            2 => Self::Malformed,
            3 => Self::TooLarge,
            4 => Self::Unexpected,
            5 => Self::TimedOut,
            other => Self::Other(u32::try_from(other).unwrap_or(u32::MAX)),
        }
    }
}

/// Why a connection was closed. The numbers are part of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// All is done; nothing is wrong.
    Done,
    /// The program stops; try again later.
    ShuttingDown,
    /// The caller showed no certificate of the hub's authority.
    NoCertificate,
    /// The certificate is good, but the hub does not know the agent.
    NotEnrolled,
    /// The agent was revoked: reconnecting will not help, a new `join` will.
    Revoked,
    /// The same agent connected again; the older connection ends.
    Replaced,
    /// The hub cannot look the agent up now; try again later.
    Unavailable,
    /// Too many callers at once; try again later.
    Busy,
    /// A number that this version does not know.
    Other(u32),
}

impl CloseCode {
    /// The number on the wire.
    pub fn number(self) -> u32 {
        match self {
            Self::Done => 0,
            Self::ShuttingDown => 1,
            Self::NoCertificate => 2,
            Self::NotEnrolled => 3,
            Self::Revoked => 4,
            Self::Replaced => 5,
            Self::Unavailable => 6,
            Self::Busy => 7,
            Self::Other(number) => number,
        }
    }

    /// The code with this number.
    pub fn from_number(number: u64) -> Self {
        match number {
            0 => Self::Done,
            1 => Self::ShuttingDown,
            2 => Self::NoCertificate,
            3 => Self::NotEnrolled,
            4 => Self::Revoked,
            5 => Self::Replaced,
            6 => Self::Unavailable,
            7 => Self::Busy,
            other => Self::Other(u32::try_from(other).unwrap_or(u32::MAX)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back() {
        for number in 0..20 {
            assert_eq!(u64::from(ResetCode::from_number(number).number()), number);
            assert_eq!(u64::from(CloseCode::from_number(number).number()), number);
        }
    }
}
