//! A connection between an agent and its hub, whichever way it goes.
//!
//! QUIC over UDP is the way that is meant. Some hosts block UDP; there the same frames travel over TLS on TCP. Both ways
//! have the same certificates, the same ALPN names, the same streams with the same codes, and the same limits, behind
//! one [`Connection`], [`SendStream`] and [`RecvStream`], so that batches, notices, requests and certificates are
//! carried by code that is written once.
//!
//! TCP has one stream of bytes. What makes many of it is `tcp::mux`, which is QUIC's own model cut down to what the link
//! uses: streams that the other side must have granted, credit for bytes of each stream, an end that is told back, codes
//! for resetting and stopping a stream and for closing the connection. Of the libraries for this, yamux knows no codes,
//! no grants of streams and no smaller window than 256 KiB, and HTTP/2 no streams of the server's own; both would need
//! such a layer above them.
//!
//! | what must hold | where it is proved |
//! |---|---|
//! | what is written arrives whole, in order and once, however the bytes are cut | `tcp::mux_tests` |
//! | a stream without a grant, bytes without credit and odd records end the connection | `tcp::mux_tests` |
//! | what one side may have lying unread at the other has a bound | `tcp::mux_tests` |
//! | codes arrive, silence and cut connections are told | `tcp::tests` |

mod connection;
mod error;
mod stream;
pub mod tcp;

pub use connection::{Connection, Way};
pub use error::{ConnectionError, ReadError, ReadExactError, WriteError};
pub use stream::{RecvStream, SendStream};
