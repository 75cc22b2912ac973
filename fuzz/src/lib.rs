//! What the targets share: an allocator that counts, and the bound that parsers are held to.

use peak_alloc::PeakAlloc;

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
