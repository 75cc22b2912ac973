//! JSON as Discord writes it, in the pieces that serenity insists on.

use serde_json::{Value, json};

use super::interactions::Answer;
use super::messages::Message;
use super::world::{Channel, World, time_of};
use super::{APPLICATION, BOT, GUILD, PERSON};

const JOINED: &str = "2024-01-01T00:00:00.000000+00:00";
/// Every permission but Administrator, which no overwrite of a channel could take away.
const EVERYTHING: u64 = ((1 << 50) - 1) & !(1 << 3);

fn id(number: u64) -> Value {
    json!(number.to_string())
}

/// A user; the bot and everybody above 10,000 are bots, so that a test can have others.
pub(super) fn user(number: u64) -> Value {
    let is_bot = number == BOT || number >= 10_000;
    json!({
        "id": id(number), "username": format!("user{number}"), "discriminator": "0", "global_name": null,
        "avatar": null, "bot": is_bot, "verified": true, "email": null, "mfa_enabled": false, "flags": 0,
        "public_flags": 0, "locale": "en-GB", "premium_type": 0,
    })
}

pub(super) fn application() -> Value {
    json!({
        "id": id(APPLICATION), "name": "slomix", "icon": null, "description": "", "bot_public": false,
        "bot_require_code_grant": false, "verify_key": "", "owner": user(PERSON), "team": null, "flags": 0,
    })
}

fn member(number: u64, roles: &[u64]) -> Value {
    let mut member = partial_member(roles);
    member["user"] = user(number);
    member
}

/// A member as it stands beside its user.
pub(super) fn partial_member(roles: &[u64]) -> Value {
    let roles: Vec<Value> = roles.iter().copied().map(id).collect();
    json!({
        "nick": null, "avatar": null, "roles": roles, "joined_at": JOINED, "premium_since": null, "deaf": false,
        "mute": false, "flags": 0, "pending": false, "permissions": EVERYTHING.to_string(),
        "communication_disabled_until": null,
    })
}

pub(super) fn channel(number: u64, channel: &Channel) -> Value {
    json!({
        "id": id(number), "guild_id": id(GUILD), "type": channel.kind, "name": channel.name, "position": 0,
        "permission_overwrites": [{ "id": id(BOT), "type": 1, "allow": "0", "deny": channel.denied.to_string() }],
        "topic": null, "nsfw": false, "rate_limit_per_user": 0, "parent_id": null, "last_message_id": null, "flags": 0,
    })
}

/// A message as REST gives it.
pub(super) fn message(channel: u64, message: &Message) -> Value {
    let files = message.files.iter().enumerate().map(|(at, file)| {
        json!({
            "id": id(at as u64 + 1), "filename": file.name, "size": file.bytes.len(), "url": "", "proxy_url": "",
        })
    });
    let edited = (message.edits > 0).then(|| time_of(message.id));
    json!({
        "id": id(message.id), "channel_id": id(channel), "author": user(message.author), "content": message.content,
        "timestamp": time_of(message.id), "edited_timestamp": edited, "tts": false, "mention_everyone": false,
        "mentions": [], "mention_roles": [], "attachments": files.collect::<Vec<Value>>(), "embeds": message.embeds,
        "pinned": false, "type": 0, "components": message.components, "flags": 0,
    })
}

/// The answer to a slash command, as a message.
pub(super) fn webhook_message(channel: u64, number: u64, author: u64, answer: &Answer) -> Value {
    let shown = Message {
        id: number,
        author,
        content: answer.content.clone(),
        embeds: answer.embeds.clone(),
        files: answer.files.clone(),
        components: answer.components.clone(),
        allowed_mentions: Value::Null,
        edits: 0,
    };
    message(channel, &shown)
}

/// A message as the gateway tells of it.
pub(super) fn message_event(channel: u64, shown: &Message, roles: &[u64]) -> Value {
    let mut event = message(channel, shown);
    event["guild_id"] = id(GUILD);
    event["member"] = partial_member(roles);
    event
}

pub(super) fn ready(session: &str, gateway: &str) -> Value {
    json!({
        "v": 10, "user": user(BOT), "guilds": [{ "id": id(GUILD), "unavailable": true }], "session_id": session,
        "resume_gateway_url": gateway, "shard": [0, 1], "application": { "id": id(APPLICATION), "flags": 0 },
    })
}

/// What somebody does with a slash command (`kind` 2), while he types one (4), or with a button or menu (3).
pub(super) fn interaction(number: u64, token: &str, at: &Place<'_>, kind: u8, data: &Value) -> Value {
    let Place { channel, person, roles } = at;
    let (channel, mut asking) = (*channel, member(*person, roles));
    asking["permissions"] = json!(EVERYTHING.to_string());
    json!({
        "id": id(number), "application_id": id(APPLICATION), "type": kind, "token": token, "version": 1,
        "guild_id": id(GUILD), "channel_id": id(channel), "member": asking, "locale": "en-GB",
        "guild_locale": "en-GB", "app_permissions": EVERYTHING.to_string(), "entitlements": [],
        "authorizing_integration_owners": { "0": id(GUILD) }, "context": 0, "attachment_size_limit": 10_485_760,
        "data": data,
    })
}

/// Where and by whom something is done.
pub(super) struct Place<'a> {
    pub(super) channel: u64,
    pub(super) person: u64,
    pub(super) roles: &'a [u64],
}

/// A person as an option of a slash command names him.
pub(super) fn resolved(person: u64) -> Value {
    json!({ "users": { person.to_string(): user(person) }, "members": { person.to_string(): partial_member(&[]) } })
}

/// The server with its channels, as it comes after the connection stands.
pub(super) fn guild(world: &World) -> Value {
    let channels: Vec<Value> = world.channels.iter().map(|(number, place)| channel(*number, place)).collect();
    let everyone = json!({
        "id": id(GUILD), "name": "@everyone", "color": 0, "hoist": false, "managed": false, "mentionable": false,
        "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "permissions": EVERYTHING.to_string(), "position": 0, "icon": null, "unicode_emoji": null, "flags": 0,
    });
    let mut guild = json!({
        "id": id(GUILD), "name": "the server", "icon": null, "splash": null, "discovery_splash": null,
        "owner_id": id(PERSON), "afk_channel_id": null, "afk_timeout": 300, "verification_level": 0,
        "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "application_id": null,
        "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null, "preferred_locale": "en-GB",
        "nsfw_level": 0, "premium_tier": 0, "premium_progress_bar_enabled": false, "joined_at": JOINED,
        "large": false, "unavailable": false, "member_count": 2,
    });
    guild["roles"] = json!([everyone]);
    guild["channels"] = Value::Array(channels);
    guild["members"] = json!([member(BOT, &[]), member(PERSON, &[])]);
    for list in [
        "emojis",
        "features",
        "stickers",
        "voice_states",
        "threads",
        "presences",
        "stage_instances",
        "guild_scheduled_events",
    ] {
        guild[list] = json!([]);
    }
    guild
}

#[cfg(test)]
mod tests {
    use super::super::form::Form;
    use super::super::interactions::set_commands;
    use super::*;

    #[test]
    fn serenity_reads_what_it_would_drop_without_a_word() {
        let world = World::new();
        serde_json::from_value::<serenity::all::GuildCreateEvent>(guild(&world)).unwrap();
        serde_json::from_value::<serenity::all::ReadyEvent>(ready("session", "ws://127.0.0.1:1")).unwrap();
        let at = Place { channel: 2, person: 3, roles: &[4] };
        let data = json!({ "id": "1", "name": "name", "type": 1, "options": [], "resolved": resolved(3) });
        for kind in [2, 4] {
            let asked = interaction(1, "t", &at, kind, &data);
            serde_json::from_value::<serenity::all::InteractionCreateEvent>(asked).unwrap();
        }
        serde_json::from_value::<serenity::all::CurrentApplicationInfo>(application()).unwrap();
        let form = Form { json: json!([{ "name": "a", "description": "b", "options": [] }]), ..Form::default() };
        let (_, commands) = set_commands(&mut World::new(), &form).ok().unwrap();
        serde_json::from_value::<Vec<serenity::all::Command>>(commands).unwrap();
        let said = Message {
            id: 1 << 40,
            author: PERSON,
            content: "hello".to_owned(),
            embeds: Vec::new(),
            files: Vec::new(),
            components: Vec::new(),
            allowed_mentions: Value::Null,
            edits: 1,
        };
        serde_json::from_value::<serenity::all::MessageCreateEvent>(message_event(2, &said, &[4])).unwrap();
        let mut pressed = interaction(1, "t", &at, 3, &json!({ "custom_id": "next", "component_type": 2 }));
        pressed["message"] = message(2, &said);
        serde_json::from_value::<serenity::all::InteractionCreateEvent>(pressed).unwrap();
        serde_json::from_value::<serenity::all::ChannelUpdateEvent>(channel(
            2,
            &world.channels[&super::super::CHANNEL],
        ))
        .unwrap();
    }
}
