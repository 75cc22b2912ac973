//! Slash commands: what was asked, and how it was answered.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::form::Form;
use super::messages::Reply;
use super::refusal::Refusal;
use super::world::World;
use super::{APPLICATION, BOT, limits, shapes};

/// Discord waits so long for the first answer.
const FIRST_ANSWER_WITHIN: Duration = Duration::from_secs(3);
const EPHEMERAL: u64 = 1 << 6;

/// One answer to a slash command.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its text.
    pub content: String,
    /// Its embeds as they were sent.
    pub embeds: Vec<Value>,
    /// Whether only the one who asked sees it.
    pub ephemeral: bool,
    /// Who may be pinged by it, as it was sent.
    pub allowed_mentions: Value,
}

/// By token.
#[derive(Default)]
pub(super) struct Interactions(HashMap<String, Interaction>);

struct Interaction {
    id: u64,
    channel: u64,
    asked: Instant,
    /// Whether there was a first answer, and whether it was only "thinking".
    acknowledged: bool,
    deferred: bool,
    answers: Vec<Answer>,
}

impl Interactions {
    pub(super) fn ask(&mut self, id: u64, token: &str, channel: u64) {
        let asked = Instant::now();
        let new = Interaction { id, channel, asked, acknowledged: false, deferred: false, answers: Vec::new() };
        self.0.insert(token.to_owned(), new);
    }

    pub(super) fn answers(&self, token: &str) -> Vec<Answer> {
        self.0.get(token).map(|interaction| interaction.answers.clone()).unwrap_or_default()
    }

    pub(super) fn was_deferred(&self, token: &str) -> bool {
        self.0.get(token).is_some_and(|interaction| interaction.deferred)
    }
}

fn answer(data: &Value, files: usize) -> Result<Answer, Refusal> {
    limits::check(data, files)?;
    Ok(Answer {
        content: data["content"].as_str().unwrap_or_default().to_owned(),
        embeds: data["embeds"].as_array().cloned().unwrap_or_default(),
        ephemeral: data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0,
        allowed_mentions: data["allowed_mentions"].clone(),
    })
}

pub(super) fn callback(world: &mut World, id: u64, token: &str, form: &Form) -> Reply {
    let known = world.interactions.0.get_mut(token).filter(|known| known.id == id);
    let interaction = known.ok_or_else(Refusal::unknown_interaction)?;
    if interaction.asked.elapsed() > FIRST_ANSWER_WITHIN {
        return Err(Refusal::unknown_interaction());
    }
    if interaction.acknowledged {
        return Err(Refusal::already_acknowledged());
    }
    match form.json["type"].as_u64() {
        Some(4) => interaction.answers.push(answer(&form.json["data"], form.files.len())?),
        Some(5) => interaction.deferred = true,
        _ => return Err(Refusal::invalid("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5}.")),
    }
    interaction.acknowledged = true;
    Ok((204, Value::Null))
}

pub(super) fn follow_up(world: &mut World, token: &str, form: &Form) -> Reply {
    let id = world.new_id();
    let interaction = world.interactions.0.get_mut(token).filter(|known| known.acknowledged);
    let interaction = interaction.ok_or_else(Refusal::unknown_webhook)?;
    let answer = answer(&form.json, form.files.len())?;
    let shape = shapes::webhook_message(interaction.channel, id, BOT, &answer);
    interaction.answers.push(answer);
    Ok((200, shape))
}

pub(super) fn edit_original(world: &mut World, token: &str, form: &Form) -> Reply {
    let interaction = world.interactions.0.get_mut(token).filter(|known| known.acknowledged);
    let interaction = interaction.ok_or_else(Refusal::unknown_webhook)?;
    let answer = answer(&form.json, form.files.len())?;
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
