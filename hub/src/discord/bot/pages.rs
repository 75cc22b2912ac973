//! Pages that people turn with buttons, with the picture of each. Only whoever asked may turn them; after a while the buttons go.

use std::time::Duration;

use poise::CreateReply;
use serenity::all::{
    ComponentInteraction, ComponentInteractionCollector, CreateActionRow, CreateInteractionResponse,
    CreateInteractionResponseMessage,
};
use serenity::futures::{Stream, StreamExt as _};
use tokio::time::timeout;

use super::{CommandError, Context, reply};
use crate::discord::{buttons, rest};
use crate::reports::answer::Sheet;

/// How long pages can be turned after the last turn.
const PATIENCE: Duration = Duration::from_mins(3);

/// Shows the first page, and others as buttons are pressed.
pub(super) async fn turn(ctx: Context<'_>, pages: &[Sheet]) -> Result<(), CommandError> {
    let Some(first) = pages.first() else { return Ok(()) };
    if pages.len() == 1 {
        ctx.send(whole(ctx, first).await).await?;
        return Ok(());
    }
    let mut presses = std::pin::pin!(presses(ctx));
    let shown = ctx.send(whole(ctx, first).await.components(row(ctx, 0, pages.len()))).await?;
    let mut page = 0;
    while let Ok(Some(pressed)) = timeout(PATIENCE, presses.next()).await {
        if pressed.user.id != ctx.author().id {
            pressed.create_response(ctx, not_yours()).await?;
            continue;
        }
        page = leads_to(&pressed.data.custom_id).map_or(page, |to| to.min(pages.len() - 1));
        let (embed, drawn) = reply::dressed(ctx.data(), &pages[page].post, pages[page].picture.as_ref()).await;
        // The files of this page take the place of the last one's; where there is none, they go.
        let said = CreateInteractionResponseMessage::new()
            .embed(embed)
            .files(drawn)
            .allowed_mentions(rest::nobody())
            .components(row(ctx, page, pages.len()));
        pressed.create_response(ctx, CreateInteractionResponse::UpdateMessage(said)).await?;
    }
    // The message may be gone; nobody misses its buttons.
    let _ = shown.edit(ctx, whole(ctx, &pages[page]).await.components(Vec::new())).await;
    Ok(())
}

/// A page with its picture, without buttons.
async fn whole(ctx: Context<'_>, page: &Sheet) -> CreateReply {
    let (embed, drawn) = reply::dressed(ctx.data(), &page.post, page.picture.as_ref()).await;
    let reply = CreateReply::default().allowed_mentions(rest::nobody()).embed(embed);
    drawn.into_iter().fold(reply, CreateReply::attachment)
}

/// What is pressed or chosen beneath the answers to this command, from before they are sent: a press that is as quick as
/// the answer itself is not lost.
pub(super) fn presses(ctx: Context<'_>) -> impl Stream<Item = ComponentInteraction> + use<> {
    let own = own(ctx, "");
    ComponentInteractionCollector::new(ctx.serenity_context())
        .filter(move |pressed| pressed.data.custom_id.starts_with(&own))
        .stream()
}

/// What Discord knows a button of this command by.
pub(super) fn own(ctx: Context<'_>, name: &str) -> String {
    format!("{}:{name}", ctx.id())
}

/// What somebody reads who presses another one's button.
pub(super) fn not_yours() -> CreateInteractionResponse {
    let said = CreateInteractionResponseMessage::new()
        .content("These belong to whoever asked. The command works for you too.")
        .ephemeral(true);
    CreateInteractionResponse::Message(said)
}

/// The buttons beneath a page.
fn row(ctx: Context<'_>, page: usize, pages: usize) -> Vec<CreateActionRow> {
    rest::row(&buttons::turns(page, pages, |name, to| own(ctx, &format!("{name}:{to}"))))
}

/// The page that a button of ours leads to.
fn leads_to(custom_id: &str) -> Option<usize> {
    custom_id.rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_which_page_it_leads_to() {
        assert_eq!(leads_to("1234:next:2"), Some(2));
        for other in ["", "1234", "1234:next", "1234:next:", "1234:next:-1"] {
            assert_eq!(leads_to(other), None, "{other}");
        }
    }
}
