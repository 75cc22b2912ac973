//! Packets that belong to no connection.

/// How each of them begins.
const HEADER: [u8; 4] = [0xFF; 4];

/// A packet with this command line.
pub(super) fn packet(line: &[u8]) -> Vec<u8> {
    [&HEADER[..], line].concat()
}

/// What a server sent, by its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply<'a> {
    /// To `getstatus`: what follows the first line.
    Status(&'a [u8]),
    /// To `getinfo`.
    Info(&'a [u8]),
    /// Console output.
    Print(&'a [u8]),
    /// Something else, or no packet of this kind.
    Other,
}

impl<'a> Reply<'a> {
    /// Takes a datagram apart.
    pub fn of(datagram: &'a [u8]) -> Self {
        let Some(rest) = datagram.strip_prefix(&HEADER[..]) else { return Self::Other };
        let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let (verb, body) = (&rest[..line], rest.get(line + 1..).unwrap_or_default());
        match verb {
            b"statusResponse" => Self::Status(body),
            b"infoResponse" => Self::Info(body),
            b"print" => Self::Print(body),
            _ => Self::Other,
        }
    }
}
