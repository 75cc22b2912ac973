use slomix_shared::wire::{CloseCode, ResetCode};

/// Why a connection ended, or never came to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionError {
    /// The other side closed it and said why.
    #[error("closed by the other side ({0:?})")]
    Closed(CloseCode),
    /// This side closed it.
    #[error("closed by this side")]
    ClosedHere,
    /// Nothing was heard for too long.
    #[error("nothing was heard for too long")]
    Silent,
    /// The other side knows nothing of the connection any more.
    #[error("the other side has started anew")]
    Restarted,
    /// TLS did not come about.
    #[error("{said}")]
    Alert {
        /// The alert's number in TLS.
        alert: u8,
        /// Whether this side raised it.
        raised_here: bool,
        /// In words of the library.
        said: String,
    },
    /// What answers does not speak this version of QUIC.
    #[error("another version of QUIC is spoken there")]
    OtherVersion,
    /// Something else.
    #[error("{0}")]
    Other(String),
}

/// Nothing more can be read from a stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The sender gave it up.
    #[error("the sender gave the stream up ({0:?})")]
    Reset(ResetCode),
    /// The connection is gone.
    #[error("the connection is gone: {0}")]
    Lost(#[from] ConnectionError),
    /// It was stopped here.
    #[error("the stream was stopped here")]
    Stopped,
}

/// A stream did not have as many bytes as were wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadExactError {
    /// It ended before.
    #[error("the stream ended before")]
    FinishedEarly,
    /// Reading failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Nothing more can be written to a stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The receiver wants no more of it.
    #[error("the receiver stopped the stream ({0:?})")]
    Stopped(ResetCode),
    /// The connection is gone.
    #[error("the connection is gone: {0}")]
    Lost(#[from] ConnectionError),
    /// It was ended here.
    #[error("the stream was ended here")]
    Finished,
}

/// Alerts of TLS travel in QUIC as the errors 0x100 to 0x1ff.
fn alert(code: u64) -> Option<u8> {
    (code & !0xff == 0x100).then_some((code & 0xff) as u8)
}

impl From<quinn::ConnectionError> for ConnectionError {
    fn from(error: quinn::ConnectionError) -> Self {
        use quinn::ConnectionError as Quic;
        let said = error.to_string();
        match error {
            Quic::ApplicationClosed(close) => Self::Closed(CloseCode::from_number(close.error_code.into_inner())),
            Quic::LocallyClosed => Self::ClosedHere,
            Quic::TimedOut => Self::Silent,
            Quic::Reset => Self::Restarted,
            Quic::VersionMismatch => Self::OtherVersion,
            Quic::TransportError(error) => match alert(u64::from(error.code)) {
                Some(alert) => Self::Alert { alert, raised_here: true, said },
                None => Self::Other(said),
            },
            // It has no room for another, in QUIC's own words.
            Quic::ConnectionClosed(close) if close.error_code == quinn::TransportErrorCode::CONNECTION_REFUSED => {
                Self::Closed(CloseCode::Busy)
            }
            Quic::ConnectionClosed(close) => match alert(u64::from(close.error_code)) {
                Some(alert) => Self::Alert { alert, raised_here: false, said },
                None => Self::Other(said),
            },
            Quic::CidsExhausted => Self::Other(said),
        }
    }
}

impl From<quinn::ReadError> for ReadError {
    fn from(error: quinn::ReadError) -> Self {
        match error {
            quinn::ReadError::Reset(code) => Self::Reset(ResetCode::from_number(code.into_inner())),
            quinn::ReadError::ConnectionLost(error) => Self::Lost(error.into()),
            quinn::ReadError::ClosedStream
            | quinn::ReadError::IllegalOrderedRead
            | quinn::ReadError::ZeroRttRejected => Self::Stopped,
        }
    }
}

impl From<quinn::WriteError> for WriteError {
    fn from(error: quinn::WriteError) -> Self {
        match error {
            quinn::WriteError::Stopped(code) => Self::Stopped(ResetCode::from_number(code.into_inner())),
            quinn::WriteError::ConnectionLost(error) => Self::Lost(error.into()),
            quinn::WriteError::ClosedStream | quinn::WriteError::ZeroRttRejected => Self::Finished,
        }
    }
}
