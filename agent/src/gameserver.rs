//! The game server beside the agent: asked over UDP how it is, given commands, and its log read.
//!
//! Only one that runs on this host is talked to, since the console's password travels in clear text. All that is sent
//! (questions and commands alike) goes through one bucket that is smaller than the server's own, so that the server
//! never has a reason to drop anything, and other programs on this host still get their share.
//!
//! Whatever comes back is taken for hostile: replies are read as bytes, by pure functions, with bounds.
//!
//! | what must hold | where it is proved |
//! |---|---|
//! | every row of the protocol's table of cases | `table_tests`, and `sim::GameServer` in `slomix-shared` |
//! | what a real server said is read right | `recorded_tests` |
//! | no bytes make a parser panic or hold much | the fuzz targets `getstatus`, `rcon_status` and `game_log` |
//! | lost, late and reordered datagrams confuse nothing | `client_tests` |

mod bucket;
mod client;
mod cvar;
mod info;
mod infostring;
mod log;
mod maps;
mod pace;
mod packet;
mod password;
mod road;
mod rows;
mod seen;
mod settings;
mod status;
mod text;
mod watcher;

pub use bucket::Bucket;
pub use client::{GameClient, GameError};
pub use cvar::cvar_value;
pub use info::InfoReply;
pub use infostring::Infostring;
pub use log::{LogEvent, RoundTeller, Tail, log_event};
pub use maps::map_list;
pub use pace::GamePace;
pub use packet::Reply;
pub use password::{Password, PasswordProblem};
pub use road::{Road, UdpRoad};
pub use rows::{NoRows, Row, status_rows};
pub use seen::{RoundSeen, Seen};
pub use settings::GameSettings;
pub use status::{PlayerLine, StatusReply};
pub use text::decoded;
pub use watcher::{Job, Watcher};

#[cfg(test)]
mod client_tests;
#[cfg(test)]
mod recorded_tests;
#[cfg(test)]
pub(crate) mod sim_road;
#[cfg(test)]
mod table_tests;
