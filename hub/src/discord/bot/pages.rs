//! Pages that people turn with buttons. Only whoever asked may turn them; after a while the buttons go.

use std::time::Duration;

use poise::CreateReply;
use serenity::all::{
    ButtonStyle, ComponentInteractionCollector, CreateActionRow, CreateButton, CreateInteractionResponse,
    CreateInteractionResponseMessage,
};

use super::{CommandError, Context};
use crate::discord::embed::Embed;
use crate::discord::rest;

/// How long pages can be turned after the last turn.
const PATIENCE: Duration = Duration::from_mins(3);

/// The buttons: what they are called by us, and what people read.
const FIRST: (&str, &str) = ("first", "«");
const BACK: (&str, &str) = ("back", "‹");
const NEXT: (&str, &str) = ("next", "›");
const LAST: (&str, &str) = ("last", "»");

/// Shows the first page, and others as buttons are pressed.
pub(super) async fn turn(ctx: Context<'_>, pages: &[Embed]) -> Result<(), CommandError> {
    let Some(first) = pages.first() else { return Ok(()) };
    let reply = CreateReply::default().allowed_mentions(rest::nobody()).embed(rest::to_serenity(first));
    if pages.len() == 1 {
        ctx.send(reply).await?;
        return Ok(());
    }
    let shown = ctx.send(reply.components(buttons(0, pages.len()))).await?;
    let message = shown.message().await?.id;
    let mut page = 0;
    loop {
        let pressed = ComponentInteractionCollector::new(ctx.serenity_context()).message_id(message).timeout(PATIENCE);
        let Some(pressed) = pressed.await else { break };
        if pressed.user.id != ctx.author().id {
            pressed.create_response(ctx, not_yours()).await?;
            continue;
        }
        page = turned(page, &pressed.data.custom_id, pages.len());
        let said = CreateInteractionResponseMessage::new()
            .embed(rest::to_serenity(&pages[page]))
            .allowed_mentions(rest::nobody())
            .components(buttons(page, pages.len()));
        pressed.create_response(ctx, CreateInteractionResponse::UpdateMessage(said)).await?;
    }
    let last = CreateReply::default().embed(rest::to_serenity(&pages[page])).components(Vec::new());
    // The message may be gone; nobody misses its buttons.
    let _ = shown.edit(ctx, last.allowed_mentions(rest::nobody())).await;
    Ok(())
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

fn buttons(page: usize, pages: usize) -> Vec<CreateActionRow> {
    let button = |(id, label): (&str, &str), off: bool| {
        CreateButton::new(id).label(label).style(ButtonStyle::Secondary).disabled(off)
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
