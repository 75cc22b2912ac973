//! Slash commands: what was asked, and how it was answered.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::form::{File, Form};
use super::messages::{Reply, change_files};
use super::refusal::Refusal;
use super::world::World;
use super::{APPLICATION, BOT, limits, shapes};

/// Discord waits so long for the first answer.
const FIRST_ANSWER_WITHIN: Duration = Duration::from_secs(3);
const EPHEMERAL: u64 = 1 << 6;

/// One answer to a slash command, a button or a menu.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its id as a message.
    pub id: u64,
    /// Its text.
    pub content: String,
    /// Its embeds as they were sent.
    pub embeds: Vec<Value>,
    /// Its files.
    pub files: Vec<File>,
    /// Its buttons and menus, as they were sent.
    pub components: Vec<Value>,
    /// Whether only the one who asked sees it.
    pub ephemeral: bool,
    /// Who may be pinged by it, as it was sent.
    pub allowed_mentions: Value,
}

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Sent a slash command.
    Command,
    /// Is typing one.
    Typing,
    /// Pressed a button or chose from a menu of this message.
    Component(u64),
}

/// By token.
#[derive(Default)]
pub(super) struct Interactions(HashMap<String, Interaction>);

struct Interaction {
    id: u64,
    channel: u64,
    kind: Kind,
    asked: Instant,
    /// Whether there was a first answer, and whether it was only "thinking".
    acknowledged: bool,
    deferred: bool,
    answers: Vec<Answer>,
    choices: Option<Vec<Value>>,
}

impl Interactions {
    pub(super) fn ask(&mut self, id: u64, token: &str, channel: u64, kind: Kind) {
        let new = Interaction {
            id,
            channel,
            kind,
            asked: Instant::now(),
            acknowledged: false,
            deferred: false,
            answers: Vec::new(),
            choices: None,
        };
        self.0.insert(token.to_owned(), new);
    }

    pub(super) fn answers(&self, token: &str) -> Vec<Answer> {
        self.0.get(token).map(|interaction| interaction.answers.clone()).unwrap_or_default()
    }

    pub(super) fn was_deferred(&self, token: &str) -> bool {
        self.0.get(token).is_some_and(|interaction| interaction.deferred)
    }

    pub(super) fn was_acknowledged(&self, token: &str) -> bool {
        self.0.get(token).is_some_and(|interaction| interaction.acknowledged)
    }

    pub(super) fn choices(&self, token: &str) -> Option<Vec<Value>> {
        self.0.get(token)?.choices.clone()
    }

    /// The answer that is this message.
    fn message(&mut self, id: u64) -> Option<&mut Answer> {
        self.0.values_mut().flat_map(|interaction| &mut interaction.answers).find(|answer| answer.id == id)
    }

    /// The message as a button's event shows it.
    pub(super) fn shape_of(&self, id: u64) -> Option<Value> {
        let of = |interaction: &Interaction| {
            let answer = interaction.answers.iter().find(|answer| answer.id == id)?;
            Some(shapes::webhook_message(interaction.channel, id, BOT, answer))
        };
        self.0.values().find_map(of)
    }
}

impl Answer {
    fn of(id: u64, form: &Form, data: &Value) -> Result<Self, Refusal> {
        limits::check(data, form.files.len())?;
        Ok(Self {
            id,
            content: data["content"].as_str().unwrap_or_default().to_owned(),
            embeds: data["embeds"].as_array().cloned().unwrap_or_default(),
            files: form.files.clone(),
            components: data["components"].as_array().cloned().unwrap_or_default(),
            ephemeral: data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0,
            allowed_mentions: data["allowed_mentions"].clone(),
        })
    }

    fn change(&mut self, data: &Value, files: &[File]) {
        change_files(&mut self.files, data, files);
        if let Some(embeds) = data["embeds"].as_array() {
            self.embeds.clone_from(embeds);
        }
        if let Some(components) = data["components"].as_array() {
            self.components.clone_from(components);
        }
        if let Some(content) = data["content"].as_str() {
            content.clone_into(&mut self.content);
        }
    }
}

pub(super) fn callback(world: &mut World, id: u64, token: &str, form: &Form) -> Reply {
    let answer_id = world.new_id();
    let known = world.interactions.0.get_mut(token).filter(|known| known.id == id);
    let interaction = known.ok_or_else(Refusal::unknown_interaction)?;
    if interaction.asked.elapsed() > FIRST_ANSWER_WITHIN {
        return Err(Refusal::unknown_interaction());
    }
    if interaction.acknowledged {
        return Err(Refusal::already_acknowledged());
    }
    let (kind, channel, data) = (interaction.kind, interaction.channel, &form.json["data"]);
    match (kind, form.json["type"].as_u64()) {
        (Kind::Command | Kind::Component(_), Some(4)) => {
            interaction.answers.push(Answer::of(answer_id, form, data)?);
        }
        (Kind::Command | Kind::Component(_), Some(5)) => interaction.deferred = true,
        (Kind::Typing, Some(8)) => {
            let choices = data["choices"].as_array().cloned().unwrap_or_default();
            limits::check_choices(&choices)?;
            interaction.choices = Some(choices);
        }
        (Kind::Component(_), Some(6)) => {}
        (Kind::Component(message), Some(7)) => {
            interaction.acknowledged = true;
            return update(world, channel, message, data, &form.files);
        }
        _ => return Err(Refusal::invalid("type", "BASE_TYPE_CHOICES", "Value is not one that fits here.")),
    }
    interaction.acknowledged = true;
    Ok((204, Value::Null))
}

/// Changes the message that a button stands on.
fn update(world: &mut World, channel: u64, message: u64, data: &Value, files: &[File]) -> Reply {
    if let Some(answer) = world.interactions.message(message) {
        answer.change(data, files);
    } else {
        let place = world.channels.get_mut(&channel).ok_or_else(Refusal::unknown_channel)?;
        let found = place.messages.iter_mut().find(|one| one.id == message);
        found.ok_or_else(Refusal::unknown_message)?.change(data, files);
    }
    Ok((204, Value::Null))
}

pub(super) fn follow_up(world: &mut World, token: &str, form: &Form) -> Reply {
    let id = world.new_id();
    let interaction = world.interactions.0.get_mut(token).filter(|known| known.acknowledged);
    let interaction = interaction.ok_or_else(Refusal::unknown_webhook)?;
    let answer = Answer::of(id, form, &form.json)?;
    let shape = shapes::webhook_message(interaction.channel, id, BOT, &answer);
    interaction.answers.push(answer);
    Ok((200, shape))
}

pub(super) fn edit_follow_up(world: &mut World, token: &str, message: u64, form: &Form) -> Reply {
    let interaction = world.interactions.0.get_mut(token).ok_or_else(Refusal::unknown_webhook)?;
    let channel = interaction.channel;
    let answer = interaction.answers.iter_mut().find(|answer| answer.id == message);
    let answer = answer.ok_or_else(Refusal::unknown_message)?;
    answer.change(&form.json, &form.files);
    Ok((200, shapes::webhook_message(channel, message, BOT, answer)))
}

pub(super) fn edit_original(world: &mut World, token: &str, form: &Form) -> Reply {
    let interaction = world.interactions.0.get_mut(token).filter(|known| known.acknowledged);
    let interaction = interaction.ok_or_else(Refusal::unknown_webhook)?;
    let answer = Answer::of(interaction.id, form, &form.json)?;
    let shape = shapes::webhook_message(interaction.channel, interaction.id, BOT, &answer);
    match interaction.answers.first_mut() {
        Some(original) => *original = answer,
        None => interaction.answers.push(answer),
    }
    Ok((200, shape))
}

/// Replaces all commands, and gives them back with ids.
pub(super) fn set_commands(world: &mut World, form: &Form) -> Reply {
    let mut known = Vec::new();
    for (at, command) in form.json.as_array().into_iter().flatten().enumerate() {
        let name = command["name"].as_str().unwrap_or_default();
        let description = command["description"].as_str().unwrap_or_default();
        let good_name = (1..=32).contains(&name.chars().count()) && !name.chars().any(|c| c.is_uppercase() || c == ' ');
        if !good_name || !(1..=100).contains(&description.chars().count()) {
            return Err(Refusal::invalid(&at.to_string(), "APPLICATION_COMMAND_INVALID", "Command is invalid"));
        }
        let mut command = command.clone();
        command["id"] = json!(world.new_id().to_string());
        command["application_id"] = json!(APPLICATION.to_string());
        command["version"] = json!("1");
        // A request may leave it out for a slash command; an answer always has it.
        if command["type"].is_null() {
            command["type"] = json!(1);
        }
        known.push(command);
    }
    world.commands.clone_from(&known);
    Ok((200, Value::Array(known)))
}
