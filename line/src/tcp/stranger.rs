//! What a peer that keeps to nothing may do, for fuzzing.

use std::collections::VecDeque;

use super::mux::Mux;

/// Streams of each kind that the stranger is granted.
const GRANTED: u32 = 16;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// Whether the peer did what no peer does, which ends a connection.
    pub broke: bool,
    /// Streams that the peer opened and nobody has ended.
    pub streams: usize,
    /// Bytes of answers.
    pub answered: usize,
}

/// Lets a side that accepted a connection hear these bytes, `cut` at a time, and say what it has to say after each
/// piece. What it is sent nobody reads.
pub fn hear(bytes: &[u8], cut: usize) -> Heard {
    let mut mux = Mux::new(true, 0);
    mux.grant(false, GRANTED);
    mux.grant(true, GRANTED);
    let (mut out, mut came, mut heard) = (Vec::new(), VecDeque::new(), Heard { broke: false, streams: 0, answered: 0 });
    mux.give_out(&mut out);
    for piece in bytes.chunks(cut.max(1)) {
        came.extend(piece);
        if mux.take_in(&mut came).is_err() {
            heard.broke = true;
            break;
        }
        for one_way in [false, true] {
            while mux.accept(one_way).is_some() {
                heard.streams += 1;
            }
        }
        out.clear();
        mux.give_out(&mut out);
        heard.answered += out.len();
    }
    heard
}

/// How many streams [`hear`] grants in all.
pub const MOST_STREAMS: usize = 2 * GRANTED as usize;
