//! Pages that people turn with buttons, with the picture of each. Only whoever asked may turn them; after a while the buttons go.

use std::time::Duration;

use poise::CreateReply;
use serenity::all::{
    ButtonStyle, ComponentInteraction, ComponentInteractionCollector, CreateActionRow, CreateButton,
    CreateInteractionResponse, CreateInteractionResponseMessage,
};
use serenity::futures::{Stream, StreamExt as _};
use tokio::time::timeout;

use super::{CommandError, Context, reply};
use crate::discord::rest;
use crate::reports::answer::Sheet;

/// How long pages can be turned after the last turn.
const PATIENCE: Duration = Duration::from_mins(3);

/// The buttons: what they are called by us, and what people read.
const FIRST: (&str, &str) = ("first", "«");
const BACK: (&str, &str) = ("back", "‹");
const NEXT: (&str, &str) = ("next", "›");
const LAST: (&str, &str) = ("last", "»");

/// Shows the first page, and others as buttons are pressed.
pub(super) async fn turn(ctx: Context<'_>, pages: &[Sheet]) -> Result<(), CommandError> {
    let Some(first) = pages.first() else { return Ok(()) };
    if pages.len() == 1 {
        ctx.send(whole(ctx, first).await).await?;
        return Ok(());
    }
    let mut presses = std::pin::pin!(presses(ctx));
    let shown = ctx.send(whole(ctx, first).await.components(buttons(ctx, 0, pages.len()))).await?;
    let mut page = 0;
    while let Ok(Some(pressed)) = timeout(PATIENCE, presses.next()).await {
        if pressed.user.id != ctx.author().id {
            pressed.create_response(ctx, not_yours()).await?;
            continue;
        }
        page = turned(page, own_name(&pressed.data.custom_id), pages.len());
        let (embed, drawn) = reply::dressed(ctx.data(), &pages[page].post, pages[page].picture.as_ref()).await;
        // The files of this page take the place of the last one's; where there is none, they go.
        let said = CreateInteractionResponseMessage::new()
            .embed(embed)
            .files(drawn)
            .allowed_mentions(rest::nobody())
            .components(buttons(ctx, page, pages.len()));
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

/// The name without the command's id.
fn own_name(custom_id: &str) -> &str {
    custom_id.split_once(':').map_or("", |(_, name)| name)
}

/// What somebody reads who presses another one's button.
pub(super) fn not_yours() -> CreateInteractionResponse {
    let said = CreateInteractionResponseMessage::new()
        .content("These belong to whoever asked. The command works for you too.")
        .ephemeral(true);
    CreateInteractionResponse::Message(said)
}

fn turned(page: usize, button: &str, pages: usize) -> usize {
    let last = pages - 1;
    match button {
        button if button == FIRST.0 => 0,
        button if button == BACK.0 => page.saturating_sub(1),
        button if button == NEXT.0 => (page + 1).min(last),
        button if button == LAST.0 => last,
        _ => page,
    }
}

fn buttons(ctx: Context<'_>, page: usize, pages: usize) -> Vec<CreateActionRow> {
    let button = |(name, label): (&str, &str), off: bool| {
        CreateButton::new(own(ctx, name)).label(label).style(ButtonStyle::Secondary).disabled(off)
    };
    let (at_start, at_end) = (page == 0, page + 1 == pages);
    vec![CreateActionRow::Buttons(vec![
        button(FIRST, at_start),
        button(BACK, at_start),
        button(NEXT, at_end),
        button(LAST, at_end),
    ])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_end_where_they_end() {
        assert_eq!(turned(0, "back", 3), 0);
        assert_eq!(turned(0, "next", 3), 1);
        assert_eq!(turned(2, "next", 3), 2);
        assert_eq!((turned(1, "first", 3), turned(1, "last", 3)), (0, 2));
        assert_eq!(turned(1, "something else", 3), 1);
    }
}
