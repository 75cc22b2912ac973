//! What is found out before the gateway is connected.
//!
//! serenity hides much of this: when it cannot learn the gateway's address it quietly takes a built-in one and tries
//! that for ever. So the hub asks first, and can tell a wrong token from a network that is down.

use serenity::all::{Channel, ChannelType, UserId};
use serenity::http::Http;

use super::health::Health;
use super::id::ChannelId;
use super::refusal;
use super::sink::{Reach, SendError};

/// What the bot learnt about itself.
pub(super) struct Found {
    /// The bot's own user.
    pub(super) me: UserId,
    /// Where the gateway is.
    pub(super) gateway: String,
}

/// Asks who the token belongs to, where the gateway is, and whether the posts channel is one. An error that reaches
/// [`Reach::Everything`] stays until the config is mended, any other is worth another try.
pub(super) async fn check(http: &Http, posts: Option<ChannelId>, health: &Health) -> Result<Found, SendError> {
    let about_no_channel = ChannelId::from(serenity::all::ChannelId::default());
    let read = |error| refusal::read(&error, about_no_channel, None);
    let me = http.get_current_user().await.map_err(read)?;
    let gateway = http.get_gateway().await.map_err(read)?;
    if let Some(channel) = posts {
        match http.get_channel(channel.into()).await {
            Ok(found) => match cannot_hold_posts(&found) {
                None => health.open(channel),
                Some(kind) => {
                    let fix = format!("channel {channel} is {kind}: give the id of a text channel");
                    health.close(channel, &fix);
                }
            },
            Err(error) => {
                let error = refusal::read(&error, channel, None);
                match error.reach() {
                    Reach::Channel => health.close(channel, &error.to_string()),
                    // whether the channel is fine shows with the first post
                    Reach::Later { .. } | Reach::Message => {}
                    Reach::Everything => return Err(error),
                }
            }
        }
    }
    tracing::info!("Discord knows the bot as {} ({})", me.name, me.id);
    Ok(Found { me: me.id, gateway: gateway.url })
}

/// What a channel is that takes no messages.
fn cannot_hold_posts(channel: &Channel) -> Option<&'static str> {
    let Channel::Guild(channel) = channel else { return Some("a private conversation") };
    match channel.kind {
        ChannelType::Category => Some("a category"),
        ChannelType::Forum => Some("a forum"),
        ChannelType::Directory => Some("a directory"),
        _ => None,
    }
}
