use super::Command;
use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::post::Post;

/// Commands whose reason is gone, each with what does that now.
const REPLACED: [(&str, &str); 6] = [
    (
        "ssh_stats",
        "Nothing is polled any more: agents push files as the game closes them. !automation_status shows them.",
    ),
    ("start_monitoring", "Files come by themselves as long as the agent runs: there is nothing to switch on."),
    (
        "stop_monitoring",
        "Nothing is polled, so nothing can be switched off. To let an agent go: slomix-hub agent revoke.",
    ),
    ("session_start", "Sessions begin with their first round and need nobody: !last_session shows the one that runs."),
    ("session_end", "Sessions end when nothing was played for an hour; late files still find their evening."),
    ("reload", "Commands are part of the program: a new version comes with a restart, which loses nothing."),
];

/// One command for each.
pub(super) fn all() -> Vec<Command> {
    let of = |(name, _): &(&'static str, &str)| Command {
        name: (*name).into(),
        description: Some("Says what replaced it".into()),
        ..replaced()
    };
    REPLACED.iter().map(of).collect()
}

/// Says what replaced it
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
async fn replaced(ctx: Context<'_>) -> Result<(), CommandError> {
    let name = &ctx.command().name;
    let said = REPLACED.iter().find(|(known, _)| known == name).map_or("", |(_, said)| said);
    let post = Post { lines: vec![said.to_owned()], ..Post::titled(format!("!{name} has no work left")) };
    reply::posts(ctx, &[post]).await
}
