/// Why bytes from the other side, or values for it, are no message.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The frame or what it becomes is larger than this kind of message may be.
    #[error("a message of {bytes} bytes is over the limit of {limit}")]
    TooLarge {
        /// Bytes announced or needed.
        bytes: usize,
        /// The limit for this kind of message.
        limit: usize,
    },
    /// Another kind of message stands where this one was expected.
    #[error("message type {found} arrived where type {expected} was expected")]
    WrongMessage {
        /// The type in the frame's header.
        found: u8,
        /// The type that belongs there.
        expected: u8,
    },
    /// A codec that this version does not know.
    #[error("codec {0} is unknown; 0 is plain, 1 is zstd")]
    Codec(u8),
    /// The header's lengths contradict each other or the body.
    #[error("the frame's lengths do not fit: {0}")]
    Length(&'static str),
    /// The body would become more than [`super::limits::RATIO`] times its size.
    #[error("{body} compressed bytes claim to be {plain}, which is over the allowed ratio")]
    Ratio {
        /// Bytes of the body.
        body: usize,
        /// Bytes that it claims to become.
        plain: usize,
    },
    /// zstd failed.
    #[error("the body cannot be compressed or decompressed")]
    Zstd(#[source] std::io::Error),
    /// The body is not the `MessagePack` of this message.
    #[error("the body is not a {message}")]
    Decode {
        /// Which message was expected.
        message: &'static str,
        /// What the decoder met.
        #[source]
        source: rmp_serde::decode::Error,
    },
    /// Bytes follow the message.
    #[error("{0} bytes follow the end of the message")]
    Trailing(usize),
    /// The value has no `MessagePack` form.
    #[error("the {message} cannot be encoded")]
    Encode {
        /// Which message.
        message: &'static str,
        /// What the encoder met.
        #[source]
        source: rmp_serde::encode::Error,
    },
    /// The other side speaks a version of the protocol that this program does not.
    #[error("the batch is of protocol version {found}; this program speaks version {}", super::PROTOCOL_VERSION)]
    Version {
        /// The version in the head.
        found: u16,
    },
    /// The signature does not hold under the agent's key.
    #[error("the batch's signature does not hold under the sender's signing key")]
    Signature,
    /// Manifest and contents are of different number.
    #[error("the manifest lists {listed} files, the batch holds {held}")]
    Count {
        /// Entries in the manifest.
        listed: usize,
        /// Contents in the batch.
        held: usize,
    },
    /// More files than a batch may hold, or none.
    #[error("a batch holds 1 to {max} files, not {0}", max = super::limits::BATCH_FILES)]
    Files(usize),
    /// One file is not what its manifest entry says. Only a sender meets this; a receiver refuses the file alone.
    #[error("`{name}`: {problem}")]
    File {
        /// The file's name as the manifest has it.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}
