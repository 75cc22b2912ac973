//! Discord's limits of one message with embeds, in characters (we count UTF-16 units, which is never less).
//!
//! From Discord's developer documentation, "Embed Limits"; a message beyond them is refused with code 50035.

/// Longest title.
pub const TITLE: usize = 256;
/// Longest description.
pub const DESCRIPTION: usize = 4096;
/// Most fields of an embed.
pub const FIELDS: usize = 25;
/// Longest heading of a field.
pub const NAME: usize = 256;
/// Longest text of a field.
pub const VALUE: usize = 1024;
/// Longest footer.
pub const FOOTER: usize = 2048;
/// Most characters of all embeds of a message together.
pub const TOTAL: usize = 6000;
/// Most embeds of a message.
pub const EMBEDS: usize = 10;
