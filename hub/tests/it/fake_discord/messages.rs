//! Channels and their messages.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::form::{File, Form};
use super::refusal::Refusal;
use super::world::{Channel, World};
use super::{ATTACH_FILES, BOT, EMBED_LINKS, READ_MESSAGE_HISTORY, SEND_MESSAGES, VIEW_CHANNEL, limits, shapes};

/// How long a nonce is remembered ("a few minutes" in Discord's documentation).
const NONCE_MEMORY: Duration = Duration::from_mins(5);

/// A message in a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: u64,
    /// Who wrote it.
    pub author: u64,
    /// Its text.
    pub content: String,
    /// Its embeds as they were sent.
    pub embeds: Vec<Value>,
    /// Its files.
    pub files: Vec<File>,
    /// Its buttons and menus, as they were sent.
    pub components: Vec<Value>,
    /// Who may be pinged by it, as it was sent.
    pub allowed_mentions: Value,
    /// How often it was edited.
    pub edits: usize,
}

/// Which message a nonce made.
#[derive(Default)]
pub(super) struct Nonces(HashMap<String, (u64, u64, Instant)>);

impl Nonces {
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

pub(super) type Reply = Result<(u16, Value), Refusal>;

fn visible(world: &mut World, channel: u64) -> Result<&mut Channel, Refusal> {
    let found = world.channels.get_mut(&channel).ok_or_else(Refusal::unknown_channel)?;
    if found.allows(VIEW_CHANNEL) { Ok(found) } else { Err(Refusal::missing_access()) }
}

pub(super) fn get_channel(world: &mut World, id: u64) -> Reply {
    visible(world, id).map(|channel| (200, shapes::channel(id, channel)))
}

pub(super) fn typing(world: &mut World, channel: u64) -> Reply {
    visible(world, channel).map(|_| (204, Value::Null))
}

pub(super) fn create(world: &mut World, channel: u64, form: &Form) -> Reply {
    let place = visible(world, channel)?;
    let embeds = form.json["embeds"].as_array().cloned().unwrap_or_default();
    let needed = [(SEND_MESSAGES, true), (EMBED_LINKS, !embeds.is_empty()), (ATTACH_FILES, !form.files.is_empty())];
    if needed.iter().any(|(permission, needed)| *needed && !place.allows(*permission)) {
        return Err(Refusal::missing_permissions());
    }
    limits::check(&form.json, form.files.len())?;
    let nonce = match &form.json["nonce"] {
        Value::Null => None,
        nonce => form.json["enforce_nonce"].as_bool().unwrap_or(false).then(|| nonce.to_string()),
    };
    if let Some((channel, id, made)) = nonce.as_ref().and_then(|nonce| world.nonces.0.get(nonce).copied())
        && made.elapsed() < NONCE_MEMORY
        && let Some(known) = world.channels.get(&channel).and_then(|place| place.messages.iter().find(|m| m.id == id))
    {
        return Ok((200, shapes::message(channel, known)));
    }
    let message = Message {
        id: world.new_id(),
        author: BOT,
        content: form.json["content"].as_str().unwrap_or_default().to_owned(),
        embeds,
        files: form.files.clone(),
        components: form.json["components"].as_array().cloned().unwrap_or_default(),
        allowed_mentions: form.json["allowed_mentions"].clone(),
        edits: 0,
    };
    if let Some(nonce) = nonce {
        world.nonces.0.insert(nonce, (channel, message.id, Instant::now()));
    }
    let shape = shapes::message(channel, &message);
    visible(world, channel)?.messages.push(message);
    Ok((200, shape))
}

pub(super) fn get(world: &mut World, channel: u64, id: u64) -> Reply {
    let place = visible(world, channel)?;
    let message = place.messages.iter().find(|message| message.id == id).ok_or_else(Refusal::unknown_message)?;
    Ok((200, shapes::message(channel, message)))
}

pub(super) fn edit(world: &mut World, channel: u64, id: u64, form: &Form) -> Reply {
    let place = visible(world, channel)?;
    let message = place.messages.iter_mut().find(|message| message.id == id).ok_or_else(Refusal::unknown_message)?;
    if message.author != BOT {
        return Err(Refusal::not_your_message());
    }
    limits::check(&form.json, form.files.len())?;
    message.change(&form.json, &form.files);
    Ok((200, shapes::message(channel, message)))
}

impl Message {
    /// What an edit names is as it says from now on.
    pub(super) fn change(&mut self, json: &Value, files: &[File]) {
        change_files(&mut self.files, json, files);
        if let Some(embeds) = json["embeds"].as_array() {
            self.embeds.clone_from(embeds);
        }
        if let Some(components) = json["components"].as_array() {
            self.components.clone_from(components);
        }
        if let Some(content) = json["content"].as_str() {
            content.clone_into(&mut self.content);
        }
        self.edits += 1;
    }
}

/// Files that come with an edit join those that there are; where it names the attachments, only new ones stay (nothing
/// here ever keeps an old one).
pub(super) fn change_files(known: &mut Vec<File>, json: &Value, new: &[File]) {
    if json["attachments"].is_array() {
        known.clear();
    }
    known.extend_from_slice(new);
}

pub(super) fn delete(world: &mut World, channel: u64, id: u64) -> Reply {
    let place = visible(world, channel)?;
    let before = place.messages.len();
    place.messages.retain(|message| message.id != id);
    if place.messages.len() == before { Err(Refusal::unknown_message()) } else { Ok((204, Value::Null)) }
}

/// Newest first; without the permission to read the history Discord shows none.
pub(super) fn list(world: &mut World, channel: u64, query: &str) -> Reply {
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).and_then(|(_, value)| value.parse::<u64>().ok())
    };
    let limit = parameter("limit").unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(Refusal::invalid("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100."));
    }
    let before = parameter("before").unwrap_or(u64::MAX);
    let place = visible(world, channel)?;
    if !place.allows(READ_MESSAGE_HISTORY) {
        return Ok((200, json!([])));
    }
    let older = place.messages.iter().rev().filter(|message| message.id < before);
    let page: Vec<Value> = older.take(limit as usize).map(|message| shapes::message(channel, message)).collect();
    Ok((200, Value::Array(page)))
}
