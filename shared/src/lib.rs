//! What the Slomix agent and hub must agree on.
//!
//! Nothing in here does input or output, reads a clock or draws a random number: bytes and values go in,
//! values and bytes come out. `shared` knows neither side of the link.
//!
//! - [`artifact`]: what travels: kinds, the file-name grammar, content hashes
//! - [`game`]: sides, weapons, GUIDs, map names and colour-coded player names
//! - [`formats`]: bytes of one file to one typed document, without knowledge of other files
//! - [`identity`]: keys, certificates, join tokens and signatures
//! - [`wire`]: frames, signed batches, acks and notices
//! - `sim` (with the feature of that name): simulated stopwatch evenings with their truth

pub mod artifact;
pub mod formats;
pub mod game;
pub mod identity;
#[cfg(feature = "sim")]
pub mod sim;
pub mod wire;

#[cfg(test)]
mod regressions;
