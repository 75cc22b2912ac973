use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, IgnoredAny};

use super::{WireError, limits};

/// A message that travels as one frame.
pub trait Message: Serialize + DeserializeOwned {
    /// The number in the frame's header. Never reused for another message.
    const TYPE: u8;
    /// The largest body, in bytes before compression.
    const LIMIT: usize;
    /// The message's name in errors.
    const NAME: &'static str;
}

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
/// Below this size compression gains less than it costs.
const COMPRESS_FROM: usize = 256;
const ZSTD_LEVEL: i32 = 3;

/// The first bytes of a frame, checked: which message follows, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameHeader {
    message: u8,
    compressed: bool,
    body: usize,
    plain: usize,
}

impl FrameHeader {
    /// Bytes of a header on the wire.
    pub const LEN: usize = 10;

    /// Reads a header. Neither the body nor what it becomes may be over `limit` bytes ([`Message::LIMIT`]), so that
    /// the caller may allocate [`Self::body_len`] bytes.
    pub fn parse(bytes: &[u8; Self::LEN], limit: usize) -> Result<Self, WireError> {
        let [message, codec, b0, b1, b2, b3, p0, p1, p2, p3] = *bytes;
        let body = u32::from_be_bytes([b0, b1, b2, b3]) as usize;
        let plain = u32::from_be_bytes([p0, p1, p2, p3]) as usize;
        let compressed = match codec {
            PLAIN => false,
            ZSTD => true,
            other => return Err(WireError::Codec(other)),
        };
        if body.max(plain) > limit {
            return Err(WireError::TooLarge { bytes: body.max(plain), limit });
        }
        if !compressed && body != plain {
            return Err(WireError::Length("a plain body is as long as its plain length"));
        }
        if compressed && !ratio_allowed(body, plain) {
            return Err(WireError::Ratio { body, plain });
        }
        Ok(Self { message, compressed, body, plain })
    }

    /// Bytes that follow the header on the stream.
    pub fn body_len(&self) -> usize {
        self.body
    }

    /// [`Message::TYPE`] of what follows.
    pub fn message(&self) -> u8 {
        self.message
    }

    fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[0] = self.message;
        bytes[1] = if self.compressed { ZSTD } else { PLAIN };
        bytes[2..6].copy_from_slice(&(self.body as u32).to_be_bytes());
        bytes[6..].copy_from_slice(&(self.plain as u32).to_be_bytes());
        bytes
    }
}

fn ratio_allowed(body: usize, plain: usize) -> bool {
    plain <= body.saturating_mul(limits::RATIO)
}

/// The frame of `message`, header and body, ready to be written to a stream.
pub fn encode<T: Message>(message: &T) -> Result<Vec<u8>, WireError> {
    let plain = to_msgpack(message, T::NAME)?;
    if plain.len() > T::LIMIT {
        return Err(WireError::TooLarge { bytes: plain.len(), limit: T::LIMIT });
    }
    let mut header = FrameHeader { message: T::TYPE, compressed: false, body: plain.len(), plain: plain.len() };
    let mut body = None;
    if plain.len() >= COMPRESS_FROM {
        let squeezed = zstd::bulk::compress(&plain, ZSTD_LEVEL).map_err(WireError::Zstd)?;
        // What shrinks beyond the allowed ratio would be refused as a bomb: it travels plain.
        if squeezed.len() < plain.len() && ratio_allowed(squeezed.len(), plain.len()) {
            header.compressed = true;
            header.body = squeezed.len();
            body = Some(squeezed);
        }
    }
    let body = body.as_ref().unwrap_or(&plain);
    let mut frame = Vec::with_capacity(FrameHeader::LEN + body.len());
    frame.extend_from_slice(&header.to_bytes());
    frame.extend_from_slice(body);
    Ok(frame)
}

/// The message in `body`, which must be all the bytes that `header` announced and hold nothing else.
pub fn decode<T: Message>(header: &FrameHeader, body: &[u8]) -> Result<T, WireError> {
    if header.message != T::TYPE {
        return Err(WireError::WrongMessage { found: header.message, expected: T::TYPE });
    }
    if body.len() != header.body {
        return Err(WireError::Length("the body is not as long as the header says"));
    }
    if header.plain > T::LIMIT {
        return Err(WireError::TooLarge { bytes: header.plain, limit: T::LIMIT });
    }
    if !header.compressed {
        return from_msgpack(body, T::NAME);
    }
    // Decompressing into a buffer of the announced size, which the header's check bounds, never grows beyond it.
    let plain = zstd::bulk::decompress(body, header.plain).map_err(WireError::Zstd)?;
    if plain.len() != header.plain {
        return Err(WireError::Length("the body does not decompress to its plain length"));
    }
    from_msgpack(&plain, T::NAME)
}

pub(super) fn to_msgpack<T: Serialize>(value: &T, message: &'static str) -> Result<Vec<u8>, WireError> {
    rmp_serde::to_vec_named(value).map_err(|source| WireError::Encode { message, source })
}

/// Reads one value and nothing after it: the decoder alone would take any bytes that follow.
///
/// The bytes are walked through once before anything is made of them. Lists are allocated at the length that they
/// claim, up to a megabyte each, also inside one another; a claim that the bytes do not keep ends here.
pub(super) fn from_msgpack<T: DeserializeOwned>(bytes: &[u8], message: &'static str) -> Result<T, WireError> {
    let error = |source| WireError::Decode { message, source };
    let mut rest = bytes;
    let mut walk = rmp_serde::Deserializer::new(&mut rest);
    walk.set_max_depth(limits::DEPTH);
    IgnoredAny::deserialize(&mut walk).map_err(error)?;
    drop(walk);
    if !rest.is_empty() {
        return Err(WireError::Trailing(rest.len()));
    }
    let mut decoder = rmp_serde::Deserializer::from_read_ref(bytes);
    decoder.set_max_depth(limits::DEPTH);
    T::deserialize(&mut decoder).map_err(error)
}
