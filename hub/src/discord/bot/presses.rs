//! Answers whoever presses a button under a post: to him alone, by what the button's id says and nothing else, so that
//! buttons of years ago still work.

use std::time::Duration;

use serenity::all::{
    ComponentInteraction, Context, CreateAttachment, CreateInteractionResponse, CreateInteractionResponseFollowup,
    CreateInteractionResponseMessage, FullEvent, Interaction,
};

use super::Data;
use super::errors::{slow_down, sorry};
use super::reply::dressed;
use crate::discord::buttons::Press;
use crate::discord::causes::causes;
use crate::discord::embed::{self, Embed};
use crate::discord::short_id::ShortId;
use crate::discord::{escape, rest};
use crate::reports::ReportError;
use crate::reports::answer::{Answer, Sheet, Shown};

/// How long somebody waits before the same button answers him again: he has the answer still before him.
const PAUSE: Duration = Duration::from_secs(5);

/// Looks whether an event is a press of one of our buttons, and answers it.
pub(super) async fn answer(ctx: &Context, event: &FullEvent, data: &Data) {
    let FullEvent::InteractionCreate { interaction: Interaction::Component(pressed) } = event else { return };
    let Some(press) = Press::read(&pressed.data.custom_id) else {
        if is_of_an_earlier_life(&pressed.data.custom_id, data.since_ms) {
            let text = "These were made before the hub was started anew and no longer work. Ask again.";
            let said = CreateInteractionResponseMessage::new().content(text).ephemeral(true);
            // Whoever pressed sees then what Discord says.
            let _ = pressed.create_response(ctx, CreateInteractionResponse::Message(said)).await;
        }
        return;
    };
    data.health.counts.commands();
    let (user, channel) = (pressed.user.id, pressed.channel_id);
    tracing::info!(%user, %channel, "Discord button {} by {user} in channel {channel}", pressed.data.custom_id);
    let answered = match press.page {
        None => begin(ctx, data, pressed, press).await,
        Some(page) => turn(ctx, data, pressed, press, page).await,
    };
    if let Err(error) = answered {
        data.health.counts.command_errors();
        let id = ShortId::of_error(pressed.id.get());
        let button = &pressed.data.custom_id;
        tracing::warn!(%id, "an answer to the button {button} did not reach Discord, error {id}: {error}{}", causes(&error));
        // Where even this fails there is no way left to tell him.
        let _ = tell(ctx, pressed, &sorry(&id)).await;
    }
}

/// Whether pages or a menu under an answer belong to a command from before the hub was started: their id begins with that
/// command's, which tells its time (Discord's ids count milliseconds since 2015 above their 22 lowest bits).
fn is_of_an_earlier_life(custom_id: &str, since_ms: i64) -> bool {
    const DISCORD_BEGAN_MS: i64 = 1_420_070_400_000;
    let Some(command) = custom_id.split_once(':').and_then(|(command, _)| command.parse::<u64>().ok()) else {
        return false;
    };
    i64::try_from(command >> 22).is_ok_and(|since_2015| since_2015 + DISCORD_BEGAN_MS < since_ms)
}

/// A new answer under the post.
async fn begin(
    ctx: &Context,
    data: &Data,
    pressed: &ComponentInteraction,
    press: Press,
) -> Result<(), serenity::Error> {
    let (user, name) = (pressed.user.id.get(), pressed.data.custom_id.clone());
    if let Some(remaining) = data.cooldowns.left(user, name.clone(), PAUSE) {
        let said = CreateInteractionResponseMessage::new().content(slow_down(remaining)).ephemeral(true);
        return pressed.create_response(ctx, CreateInteractionResponse::Message(said)).await;
    }
    data.cooldowns.used(user, name);
    let thinking = CreateInteractionResponseMessage::new().ephemeral(true);
    pressed.create_response(ctx, CreateInteractionResponse::Defer(thinking)).await?;
    let answer = match data.reports.answer(&press.question()).await {
        Ok(answer) => answer,
        Err(error) => return tell(ctx, pressed, &why(data, pressed, &error)).await,
    };
    for reply in replies(data, &answer, press).await {
        pressed.create_followup(ctx, reply).await?;
    }
    Ok(())
}

/// Another page of an answer that is there.
async fn turn(
    ctx: &Context,
    data: &Data,
    pressed: &ComponentInteraction,
    press: Press,
    page: usize,
) -> Result<(), serenity::Error> {
    let said = CreateInteractionResponseMessage::new().allowed_mentions(rest::nobody());
    let said = match data.reports.answer(&press.question()).await {
        Ok(answer) => {
            // There may be fewer pages than there were.
            let page = page.min(answer.sheets.len().saturating_sub(1));
            // The picture of this page takes the place of the last one's; where there is none, that goes.
            let said = said.components(rest::row(&press.turns(page, answer.sheets.len())));
            match answer.sheets.get(page) {
                Some(sheet) => {
                    let (embed, drawn) = dressed(data, &sheet.post, sheet.picture.as_ref()).await;
                    said.embed(embed).files(drawn)
                }
                None => said.embeds(Vec::new()).files(None),
            }
        }
        Err(error) => said.content(why(data, pressed, &error)).embeds(Vec::new()).components(Vec::new()).files(None),
    };
    pressed.create_response(ctx, CreateInteractionResponse::UpdateMessage(said)).await
}

fn laid_out(sheet: &Sheet) -> Embed {
    embed::lay_out(&sheet.post, None)
}

fn follow_up() -> CreateInteractionResponseFollowup {
    CreateInteractionResponseFollowup::new().ephemeral(true).allowed_mentions(rest::nobody())
}

async fn replies(data: &Data, answer: &Answer, press: Press) -> Vec<CreateInteractionResponseFollowup> {
    let mut replies = Vec::new();
    if answer.shown == Shown::BySheet && answer.sheets.len() > 1 {
        if let Some(first) = answer.sheets.first() {
            let turns = rest::row(&press.turns(0, answer.sheets.len()));
            replies.push(with_picture(data, first).await.components(turns));
        }
    } else {
        for sheets in answer.sheets.chunk_by(|one, next| one.picture.is_none() && next.picture.is_none()) {
            match sheets {
                [sheet @ Sheet { picture: Some(_), .. }] => replies.push(with_picture(data, sheet).await),
                sheets => {
                    let messages = embed::into_messages(sheets.iter().map(laid_out).collect());
                    replies.extend(
                        messages
                            .iter()
                            .map(|message| follow_up().embeds(message.iter().map(rest::to_serenity).collect())),
                    );
                }
            }
        }
    }
    let files = answer.files.iter().map(|file| CreateAttachment::bytes(file.text.as_bytes(), &file.name));
    if !answer.files.is_empty() {
        replies.push(files.fold(follow_up(), CreateInteractionResponseFollowup::add_file));
    }
    replies
}

/// A sheet with its picture, if it has one.
async fn with_picture(data: &Data, sheet: &Sheet) -> CreateInteractionResponseFollowup {
    let (embed, drawn) = dressed(data, &sheet.post, sheet.picture.as_ref()).await;
    drawn.into_iter().fold(follow_up().embed(embed), CreateInteractionResponseFollowup::add_file)
}

async fn tell(ctx: &Context, pressed: &ComponentInteraction, text: &str) -> Result<(), serenity::Error> {
    pressed.create_followup(ctx, follow_up().content(text)).await.map(drop)
}

/// What people read where there is no answer; the log has the rest.
fn why(data: &Data, pressed: &ComponentInteraction, error: &ReportError) -> String {
    match error {
        ReportError::Nothing(text) => escape::markdown(text),
        error @ ReportError::Failed(_) => {
            data.health.counts.command_errors();
            let id = ShortId::of_error(pressed.id.get());
            let button = &pressed.data.custom_id;
            tracing::error!(%id, "Discord button {button} failed, error {id}: {error}{}", causes(error));
            sorry(&id)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_whether_its_command_is_older_than_the_hubs_start() {
        // Discord's own example of an id: 2016-04-30 11:18:25.796 UTC.
        let (id, its_ms) = ("175928847299117063:next:2", 1_462_015_105_796);
        assert!(is_of_an_earlier_life(id, its_ms + 1) && !is_of_an_earlier_life(id, its_ms));
        for other in ["", "post:round:7:details", "x:next:1", "175928847299117063"] {
            assert!(!is_of_an_earlier_life(other, i64::MAX), "{other}");
        }
    }
}
