//! What is found out before the gateway is connected.
//!
//! serenity hides much of this: when it cannot learn the gateway's address it quietly takes a built-in one and tries
//! that for ever. So the hub asks first, and can tell a wrong token from a network that is down.

use serenity::all::{Channel, ChannelType, UserId};
use serenity::http::Http;

use super::health::Health;
use super::id::ChannelId;
use super::refusal::{self, About};
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
    let read = |error| refusal::read(&error, About::Bot);
    let me = http.get_current_user().await.map_err(read)?;
    let gateway = http.get_gateway().await.map_err(read)?;
    if let Some(channel) = posts {
        match http.get_channel(channel.into()).await {
            Ok(found) if takes_messages(&found) => health.open(channel),
            Ok(_) => health.close(channel, &SendError::NoTextChannel { channel }.to_string()),
            Err(error) => {
                let error = refusal::read(&error, About::Channel(channel));
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

fn takes_messages(channel: &Channel) -> bool {
    let Channel::Guild(channel) = channel else { return false };
    !matches!(channel.kind, ChannelType::Category | ChannelType::Forum | ChannelType::Directory)
}
