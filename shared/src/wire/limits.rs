//! The caps of the wire. All are checked before anything is allocated.

use crate::artifact::MAX_FILE_BYTES;

/// The contents of one batch together, in bytes before compression: one file of the largest size, or many small ones.
pub const BATCH_CONTENT: usize = MAX_FILE_BYTES;
/// Batches that an agent has under way at once. So many may be archived without its knowing, when its run breaks off.
pub const BATCHES_UNDER_WAY: usize = 4;
/// Files in one batch: what one transaction of the hub takes without holding up the next agent.
pub const BATCH_FILES: usize = 256;
/// The signed header and manifest of a batch, in bytes.
pub const BATCH_HEAD: usize = 256 * 1024;
/// A whole batch before compression: contents, head, and what `MessagePack` puts around them.
pub const BATCH: usize = BATCH_CONTENT + BATCH_HEAD + 64 * 1024;
/// An ack: one line for each file of a batch, a refusal with its reason.
pub const ACK: usize = 256 * 1024;
/// A one-way message in either direction.
pub const NOTICE: usize = 256 * 1024;
/// Lost files in one report: an agent that has more of them tells the rest in the next one.
pub const GAPS: usize = 256;
/// A report of lost files: a name, some numbers and a reason each.
pub const GAP_REPORT: usize = 256 * 1024;
/// The answer to one.
pub const GAP_REPLY: usize = 4 * 1024;
/// A request to join or for a certificate, or its reply.
pub const JOIN: usize = 16 * 1024;
/// Certificates in one chain. A hub sends two.
pub const CHAIN: usize = 8;
/// Rules named in one verdict. An agent names fewer.
pub const RULES: usize = 256;
/// A reason in words, in bytes; longer ones are cut by who writes them.
pub const REASON: usize = 512;
/// A request to a game server: texts of it are far shorter.
pub const CONTROL_REQUEST: usize = 4 * 1024;
/// The answer to one.
pub const CONTROL_REPLY: usize = 128 * 1024;
/// What a game server says to a command, in bytes; a list of all its settings has about 20,000.
pub const CONTROL_TEXT: usize = 32 * 1024;
/// Who asks for something at a game server, in bytes.
pub const ASKER: usize = 128;
/// Players named in one message; the engine has 64 slots.
pub const SEATS: usize = 128;
/// Maps named in one message; the engine lists no more.
pub const MAPS: usize = 4_096;
/// How many times its own size a compressed body may become. Real telemetry stays below 30.
pub const RATIO: usize = 200;
/// How deeply values may be nested inside a message.
pub const DEPTH: usize = 32;
