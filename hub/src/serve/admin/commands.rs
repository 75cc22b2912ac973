//! The commands, one file for each that is more than a few lines.

pub(super) mod agents;
pub(super) mod compare;
pub(super) mod connected;
pub(super) mod control;
pub(super) mod correct;
pub(super) mod import;
pub(super) mod rebuild;
pub(super) mod retry;

use serde_json::Value;

use super::protocol::Request;
use super::{Command, CommandError, Progress, Site};

/// Carries out what was asked; the answer is the command's own, as JSON.
pub(super) async fn dispatch(request: Request, site: &Site, progress: Progress<'_>) -> Result<Value, CommandError> {
    let Request { command, arguments, .. } = request;
    match command.as_str() {
        agents::Invite::NAME => run::<agents::Invite>(arguments, site, progress).await,
        agents::Approve::NAME => run::<agents::Approve>(arguments, site, progress).await,
        agents::Revoke::NAME => run::<agents::Revoke>(arguments, site, progress).await,
        connected::Connected::NAME => run::<connected::Connected>(arguments, site, progress).await,
        compare::Compare::NAME => run::<compare::Compare>(arguments, site, progress).await,
        control::Ask::NAME => run::<control::Ask>(arguments, site, progress).await,
        correct::Correct::NAME => run::<correct::Correct>(arguments, site, progress).await,
        correct::Undo::NAME => run::<correct::Undo>(arguments, site, progress).await,
        import::Keep::NAME => run::<import::Keep>(arguments, site, progress).await,
        import::Settle::NAME => run::<import::Settle>(arguments, site, progress).await,
        rebuild::Rebuild::NAME => run::<rebuild::Rebuild>(arguments, site, progress).await,
        retry::Retry::NAME => run::<retry::Retry>(arguments, site, progress).await,
        other => Err(format!("the hub that serves knows no command `{other}`: restart it with this program").into()),
    }
}

async fn run<C: Command>(arguments: Value, site: &Site, progress: Progress<'_>) -> Result<Value, CommandError> {
    let command: C = serde_json::from_value(arguments)?;
    Ok(serde_json::to_value(command.run(site, progress).await?)?)
}
