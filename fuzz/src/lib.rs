//! What the targets share: an allocator that counts, the bound that parsers are held to, and frames around bodies.

use peak_alloc::PeakAlloc;
use slomix_shared::wire::{FrameHeader, Message, WireError, decode};

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// What any parser may allocate, however short its input. Bytes.
pub const SLACK: usize = 64 * 1024;

/// Runs `read` on an input of `bytes` and panics if it ever held more than [`SLACK`] and `times` the input.
pub fn bounded<T>(bytes: usize, times: usize, read: impl FnOnce() -> T) -> T {
    COUNTED.reset_peak_usage();
    let before = COUNTED.current_usage();
    let value = read();
    let held = COUNTED.peak_usage().saturating_sub(before);
    let allowed = SLACK + bytes * times;
    assert!(held <= allowed, "{held} bytes held for an input of {bytes}; {allowed} are allowed");
    value
}

/// Reads `body` as the plain body of a frame, under the bound.
///
/// # Errors
///
/// As the wire's decoder has them.
pub fn framed<T: Message>(body: &[u8], times: usize) -> Result<T, WireError> {
    let len = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes();
    let mut header = [0; FrameHeader::LEN];
    header[0] = T::TYPE;
    header[2..6].copy_from_slice(&len);
    header[6..].copy_from_slice(&len);
    let header = FrameHeader::parse(&header, T::LIMIT)?;
    bounded(body.len(), times, || decode(&header, body))
}
