//! Carries finished files to the hub and brings back its word.
//!
//! One batch is one two-way QUIC stream: the batch, then the hub's ack, which comes only after its archive has
//! committed. Nothing is forgotten before that. The link is tried again for ever.
//!
//! | what must hold | where it is proved |
//! |---|---|
//! | a batch without an ack is sent again, one with an ack is not | `tests/it` |
//! | waits between tries grow to 30 s and are spread | `backoff::tests` |
//! | a file that changes while it is read does not travel | `batch::tests` |
//! | only the hub that the token pinned is talked to | `tests/it` |

mod backoff;
mod batch;
mod deliver;
mod dial;
mod frames;
mod link;

pub use backoff::Backoff;
pub use batch::{LoadError, Loaded, load};
pub use deliver::{DeliverError, Delivered, Sender, deliver};
pub use dial::{DialError, connect, explain_close};
pub use frames::{FrameError, read_message, write_message};
pub use link::{LinkEvent, Target, keep_link};
