//! What Discord offers while somebody types the argument of a slash command.

use std::time::Duration;

use serenity::all::{AutocompleteChoice, CreateAutocompleteResponse};
use tokio::time::timeout;

use super::Context;
use crate::discord::escape;
use crate::reports::Suggest;
use crate::reports::leaderboard::category;
use crate::reports::session_views::named;

/// Discord shows so many characters, and takes no more.
const MOST: usize = 100;
/// Discord waits three seconds; whoever types has long gone on by then.
const PATIENCE: Duration = Duration::from_secs(1);

/// Players whose name holds what was typed.
pub(in crate::discord) async fn player(ctx: Context<'_>, begun: &str) -> CreateAutocompleteResponse {
    offered(ctx, Suggest::Player, begun).await
}

/// The newest sessions whose handle begins with it.
pub(in crate::discord) async fn session(ctx: Context<'_>, begun: &str) -> CreateAutocompleteResponse {
    offered(ctx, Suggest::Session, begun).await
}

/// What a board may be over: all, the season, the month, earlier ones, maps.
pub(in crate::discord) async fn scope(ctx: Context<'_>, begun: &str) -> CreateAutocompleteResponse {
    offered(ctx, Suggest::Scope, begun).await
}

/// Teams with a name that holds it.
pub(in crate::discord) async fn team(ctx: Context<'_>, begun: &str) -> CreateAutocompleteResponse {
    offered(ctx, Suggest::Team, begun).await
}

/// Views of a session whose name or description holds it.
#[expect(clippy::unused_async, reason = "poise awaits it")]
pub(in crate::discord) async fn view(_: Context<'_>, begun: &str) -> CreateAutocompleteResponse {
    let begun = begun.trim().to_lowercase();
    let fitting = named::ALL.iter().filter(|named| named.name.contains(&begun) || named.about.contains(&begun));
    let choice = |named: &named::Named| AutocompleteChoice::new(format!("{}: {}", named.name, named.about), named.name);
    CreateAutocompleteResponse::new().set_choices(fitting.map(choice).collect())
}

/// Boards whose name holds it.
#[expect(clippy::unused_async, reason = "poise awaits it")]
pub(in crate::discord) async fn board(_: Context<'_>, begun: &str) -> CreateAutocompleteResponse {
    let begun = begun.trim().to_lowercase();
    let fitting = category::ALL.iter().filter(|category| category.key.contains(&begun));
    let choices = fitting.map(|category| AutocompleteChoice::new(category.metric.label, category.key)).collect();
    CreateAutocompleteResponse::new().set_choices(choices)
}

/// Where the hub cannot say in time, nothing is offered: people can type on.
async fn offered(ctx: Context<'_>, what: Suggest, begun: &str) -> CreateAutocompleteResponse {
    CreateAutocompleteResponse::new().set_choices(choices(ctx, what, begun).await)
}

async fn choices(ctx: Context<'_>, what: Suggest, begun: &str) -> Vec<AutocompleteChoice> {
    if !ctx.data().answers_in(ctx.channel_id(), super::permission::tier_of(ctx.command())) {
        return Vec::new();
    }
    match timeout(PATIENCE, ctx.data().reports.suggest(what, begun)).await {
        Ok(Ok(suggestions)) => suggestions
            .into_iter()
            .map(|one| AutocompleteChoice::new(escape::plain_within(&one.shown, MOST), one.value))
            .collect(),
        Ok(Err(error)) => {
            tracing::warn!("nothing could be offered for {begun:?}: {error}");
            Vec::new()
        }
        Err(_) => Vec::new(),
    }
}
