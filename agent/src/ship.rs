//! Carries finished files to the hub and brings back its word.
//!
//! One batch is one two-way stream, over QUIC or, where UDP gets no answer, over TLS on TCP: the batch, then the hub's ack, which comes only after its archive has
//! committed. Nothing is forgotten before that. The link is tried again for ever.
//!
//! | what must hold | where it is proved |
//! |---|---|
//! | a batch without an ack is sent again, one with an ack is not | `tests/it` |
//! | waits between tries grow to 30 s and are spread | `backoff::tests` |
//! | a file that changes while it is read does not travel | `batch::tests` |
//! | only the hub that the token pinned is talked to | `tests/it` |
//! | a certificate is renewed at about two thirds of its life, and what fails is tried again | `renewal::tests` |
//! | where UDP gets no answer TCP is tried, and UDP again later, without a lost batch | `tests/it/over_tcp.rs` |
//! | renewing takes no batch, no restart and no second sending | `tests/it/renewing.rs` |
//! | without a good certificate the operator is asked, and the agent goes on where it was | `tests/it/readmission.rs` |

mod backoff;
mod batch;
mod certify;
mod deliver;
mod dial;
mod frames;
mod keeper;
mod link;
mod renewal;
mod roads;

pub use backoff::Backoff;
pub use batch::{Load, LoadError, Loaded, load};
pub use certify::{CertifyError, Holder};
pub use deliver::{DeliverError, Delivered, Sender, deliver};
pub use dial::{DialError, Dialled, explain_close};
pub use frames::{FrameError, read_message, write_message};
pub use keeper::{Machine, Target};
pub use link::{CertificateState, LinkEvent, LinkPace, keep_link};
pub use roads::{Fallback, Roads, TCP_AFTER};
