//! Asks which of several is meant, with a menu that only whoever asked may use.

use std::time::Duration;

use poise::CreateReply;
use serenity::all::{
    ComponentInteractionDataKind, CreateActionRow, CreateInteractionResponse, CreateInteractionResponseMessage,
    CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};
use serenity::futures::StreamExt as _;
use tokio::time::timeout;

use super::pages::not_yours;
use super::{CommandError, Context, pages};
use crate::discord::{escape, rest};
use crate::reports::resolver::Candidate;

/// Discord takes so many options in a menu.
const MOST: usize = 25;
/// How long somebody may think.
const PATIENCE: Duration = Duration::from_mins(1);

/// Which of these players is meant; none where nobody said so in time.
pub(super) async fn among(ctx: Context<'_>, players: Vec<Candidate>) -> Result<Option<Candidate>, CommandError> {
    let options = players.iter().take(MOST).map(|player| {
        let seen = format!("{} · last played {}", player.key, player.last_seen);
        CreateSelectMenuOption::new(escape::plain_within(&player.name, 100), player.player.to_string())
            .description(escape::plain_within(&seen, 100))
    });
    let kind = CreateSelectMenuKind::String { options: options.collect() };
    let menu = CreateSelectMenu::new(pages::own(ctx, "player"), kind).placeholder("Which one?");
    let alike = players.iter().all(|one| one.name == players[0].name);
    let many = if players.len() > MOST {
        let how =
            if alike { "the GUID tells the others apart" } else { "more letters of the name tell the others apart" };
        format!(" These {MOST} played last; {how}.")
    } else {
        String::new()
    };
    let text = format!("{} players fit. Which one do you mean?{many}", players.len());
    let asked = CreateReply::default()
        .content(text)
        .allowed_mentions(rest::nobody())
        .components(vec![CreateActionRow::SelectMenu(menu)]);
    let mut choices = std::pin::pin!(pages::presses(ctx));
    let asked = ctx.send(asked).await?;
    while let Ok(Some(chosen)) = timeout(PATIENCE, choices.next()).await {
        if chosen.user.id != ctx.author().id {
            chosen.create_response(ctx, not_yours()).await?;
            continue;
        }
        let ComponentInteractionDataKind::StringSelect { values } = &chosen.data.kind else { continue };
        let player = values.first().and_then(|value| players.iter().find(|one| one.player.to_string() == *value));
        let Some(player) = player.cloned() else { continue };
        let said = CreateInteractionResponseMessage::new()
            .content(escape::markdown(&player.name))
            .allowed_mentions(rest::nobody())
            .components(Vec::new());
        chosen.create_response(ctx, CreateInteractionResponse::UpdateMessage(said)).await?;
        return Ok(Some(player));
    }
    let late = CreateReply::default().content("Nobody said which one.").components(Vec::new());
    asked.edit(ctx, late.allowed_mentions(rest::nobody())).await?;
    Ok(None)
}
