//! The hub at work: everything built from a configuration and a data directory, and taken down in order.
//!
//! What arrives goes [`link`](crate::link) > [`archive`](crate::archive) > [`pipeline`](crate::pipeline) >
//! [`store`](crate::store) > [`discord`](crate::discord); this module only holds the parts together. When it stops,
//! it stops in that order, so that whatever was acknowledged is kept, and what was kept is derived now or at the
//! next start.

pub mod admin;
pub mod agents;
mod alerts;
mod closing;
mod control;
mod deriving;
mod error;
mod hourly;
mod hub;
mod keys;
mod live;
mod metrics;
mod operations;
mod outbox;
mod registry;
mod revocation;
mod run;
mod server_problems;
mod source;
mod status;
mod verdicts;
mod watching;
mod zones;

pub use control::{Asked, Control, ControlError};
pub use error::ServeError;
pub use hub::{Addresses, Faces, Hub, Parts};
pub use keys::{check_keys, check_owner, hub_keys, take_over};
pub use live::{LiveLine, LivePlayer, LiveRoundLine, LiveView};
pub use outbox::StoreOutbox;
pub use registry::StoreRegistry;
pub(crate) use registry::readmission;
pub use run::run;
pub use server_problems::ServerProblem;
pub use source::Source;
pub use status::{
    AgentLine, CLOCKS_AGREE_MS, Database, DiscordCounts, DiscordLine, Disposition, Kept, Posts, ReadmissionLine, Status,
};
pub use zones::settle_zones;
