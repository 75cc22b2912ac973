//! What the Slomix agent and hub must agree on.
//!
//! Nothing in here does input or output, reads a clock or draws a random number: bytes and values go in,
//! values and bytes come out. `shared` knows neither side of the link.
//!
//! - [`artifact`]: what travels: kinds, the file-name grammar, content hashes
//! - [`game`]: sides, weapons, GUIDs, map names and colour-coded player names
//! - [`formats`]: bytes of one file to one typed document, without knowledge of other files
//! - [`identity`]: agents' ids, keys, certificates, join tokens and signatures
//! - [`wire`]: frames, batches, acks and the other messages between the two programs

pub mod artifact;
pub mod formats;
pub mod game;
pub mod identity;
pub mod wire;
