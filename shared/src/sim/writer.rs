//! The bytes that the game's scripts write.

pub(super) mod awards;
pub(super) mod endstats;
pub(super) mod gametime;
pub(super) mod header;
pub(super) mod stats;

/// Appends a whole number.
fn push_int(out: &mut Vec<u8>, number: u64) {
    let mut digits = [0u8; 20];
    let mut rest = number;
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends tenths as a number with one decimal.
fn push_tenths(out: &mut Vec<u8>, tenths: u64) {
    push_int(out, tenths / 10);
    out.push(b'.');
    out.push(b'0' + (tenths % 10) as u8);
}
