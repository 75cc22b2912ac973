//! What the bytes inside of TLS are: records of nine bytes, those with data followed by it.
//!
//! | bytes | meaning |
//! |---|---|
//! | 1 | the kind |
//! | 4 | the stream, big endian; 0 where it is about none |
//! | 4 | a number, big endian: how many bytes of data follow, a code, credit, or a count |

/// Bytes of a record without its data.
pub(super) const LEN: usize = 9;
/// Most data in one record.
pub(super) const MOST_DATA: usize = 16 * 1024;

/// A record without its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    /// So many bytes of a stream follow.
    Data { stream: u32, bytes: u32 },
    /// The sender has ended the stream.
    Finish { stream: u32 },
    /// The sender gives the stream up.
    Reset { stream: u32, code: u32 },
    /// The receiver wants no more of the stream.
    Stop { stream: u32, code: u32 },
    /// The receiver has the whole stream, up to its end.
    Taken { stream: u32 },
    /// The receiver has room for so many bytes more of the stream.
    Credit { stream: u32, bytes: u32 },
    /// The other side may open so many streams both ways, all that it ever opened counted.
    GrantBi { streams: u32 },
    /// The same for streams one way.
    GrantUni { streams: u32 },
    /// All is well.
    Ping,
    /// The connection is over.
    Close { code: u32 },
}

impl Record {
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let (kind, stream, number) = match self {
            Self::Data { stream, bytes } => (0, stream, bytes),
            Self::Finish { stream } => (1, stream, 0),
            Self::Reset { stream, code } => (2, stream, code),
            Self::Stop { stream, code } => (3, stream, code),
            Self::Taken { stream } => (4, stream, 0),
            Self::Credit { stream, bytes } => (5, stream, bytes),
            Self::GrantBi { streams } => (6, 0, streams),
            Self::GrantUni { streams } => (7, 0, streams),
            Self::Ping => (8, 0, 0),
            Self::Close { code } => (9, 0, code),
        };
        out.push(kind);
        out.extend_from_slice(&u32::to_be_bytes(stream));
        out.extend_from_slice(&u32::to_be_bytes(number));
    }

    /// The record; none where no version so far has such a kind.
    pub(super) fn read(bytes: &[u8; LEN]) -> Option<Self> {
        let [kind, s0, s1, s2, s3, n0, n1, n2, n3] = *bytes;
        let stream = u32::from_be_bytes([s0, s1, s2, s3]);
        let number = u32::from_be_bytes([n0, n1, n2, n3]);
        Some(match kind {
            0 => Self::Data { stream, bytes: number },
            1 => Self::Finish { stream },
            2 => Self::Reset { stream, code: number },
            3 => Self::Stop { stream, code: number },
            4 => Self::Taken { stream },
            5 => Self::Credit { stream, bytes: number },
            6 => Self::GrantBi { streams: number },
            7 => Self::GrantUni { streams: number },
            8 => Self::Ping,
            9 => Self::Close { code: number },
            _ => return None,
        })
    }
}
