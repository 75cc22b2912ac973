//! What a test tells the double to do, and what it asks it.

use std::time::Duration;

use serde_json::{Value, json};

use super::calls::Call;
use super::faults::Fault;
use super::gateway::Tell;
use super::interactions::{Answer, Kind};
use super::messages::Message;
use super::rest::Request;
use super::world::{Channel, World};
use super::{FakeDiscord, shapes, slash};

/// What happens in Discord.
impl FakeDiscord {
    /// Adds a text channel.
    pub fn add_channel(&self, id: u64, name: &str) {
        self.add_channel_of_kind(id, name, 0);
    }

    /// Adds a channel of Discord's kind with this number.
    pub fn add_channel_of_kind(&self, id: u64, name: &str, kind: u8) {
        self.change_channel(id, |world| drop(world.channels.insert(id, Channel::new(name, kind))));
    }

    /// Takes permissions from the bot in a channel; 0 gives all back. The gateway tells of it.
    pub fn deny(&self, id: u64, permissions: u64) {
        self.change_channel(id, |world| {
            world.channels.get_mut(&id).expect("a known channel").denied = permissions;
        });
    }

    fn change_channel(&self, id: u64, change: impl FnOnce(&mut World)) {
        self.shared.change(|world| {
            change(world);
            let shape = shapes::channel(id, &world.channels[&id]);
            world.sessions.tell("CHANNEL_UPDATE", &shape);
        });
    }

    /// Deletes a channel.
    pub fn remove_channel(&self, id: u64) {
        self.shared.change(|world| drop(world.channels.remove(&id)));
    }

    /// Deletes a message, as a moderator does.
    pub fn delete_message(&self, channel: u64, message: u64) {
        self.shared.change(|world| {
            world.channels.get_mut(&channel).expect("a known channel").messages.retain(|m| m.id != message);
        });
    }

    /// Somebody writes in a channel; the gateway tells of it.
    pub fn say(&self, channel: u64, author: u64, text: &str) -> u64 {
        self.shared.change(|world| {
            let message = Message {
                id: world.new_id(),
                author,
                content: text.to_owned(),
                embeds: Vec::new(),
                files: Vec::new(),
                components: Vec::new(),
                allowed_mentions: Value::Null,
                edits: 0,
            };
            let (id, event) = (message.id, shapes::message_event(channel, &message, world.roles_of(author)));
            world.channels.get_mut(&channel).expect("a known channel").messages.push(message);
            world.sessions.tell_message(&event);
            id
        })
    }

    /// Somebody bears a role from now on.
    pub fn give_role(&self, person: u64, role: u64) {
        self.shared.change(|world| world.roles.entry(person).or_default().push(role));
    }

    /// Somebody uses a slash command such as `player stats`; gives the token under which its answers are found. Options
    /// must be ones that were registered.
    pub fn slash(&self, channel: u64, person: u64, path: &str, options: &[(&str, &str)]) -> String {
        self.shared.change(|world| {
            let data = slash::data(&world.commands, path, options, None);
            interact(world, channel, person, Kind::Command, &data)
        })
    }

    /// Somebody is typing the option `focused` of a slash command; gives the token under which choices are found.
    pub fn type_slash(&self, channel: u64, person: u64, path: &str, focused: (&str, &str)) -> String {
        self.shared.change(|world| {
            let data = slash::data(&world.commands, path, &[focused], Some(focused.0));
            interact(world, channel, person, Kind::Typing, &data)
        })
    }

    /// Somebody presses a button of a message, or chooses `values` from its menu; gives the token of that.
    pub fn press(&self, channel: u64, person: u64, message: u64, button: &str, values: &[&str]) -> String {
        self.shared.change(|world| {
            let kind = if values.is_empty() { 2 } else { 3 };
            let data = json!({ "custom_id": button, "component_type": kind, "values": values });
            interact(world, channel, person, Kind::Component(message), &data)
        })
    }

    /// The developer portal gives the bot a new token; the old one is refused from now on.
    pub fn change_token(&self, token: &str) {
        self.shared.change(|world| token.clone_into(&mut world.token));
    }

    /// Whether the developer portal lets the bot read messages.
    pub fn allow_message_content(&self, allowed: bool) {
        self.shared.change(|world| world.sessions.message_content_allowed = allowed);
    }

    /// Time passes and Discord no longer knows which nonce made which message.
    pub fn forget_nonces(&self) {
        self.shared.change(|world| world.nonces.forget());
    }
}

/// Somebody does something; gives its token.
fn interact(world: &mut World, channel: u64, person: u64, kind: Kind, data: &Value) -> String {
    let id = world.new_id();
    let token = format!("interaction{id}");
    world.interactions.ask(id, &token, channel, kind);
    let place = shapes::Place { channel, person, roles: world.roles_of(person) };
    let number = match kind {
        Kind::Command => 2,
        Kind::Component(_) => 3,
        Kind::Typing => 4,
    };
    let mut event = shapes::interaction(id, &token, &place, number, data);
    if let Kind::Component(message) = kind {
        let of_channel = || world.channels[&channel].messages.iter().find(|one| one.id == message);
        let shape = world.interactions.shape_of(message);
        let shape = shape.or_else(|| of_channel().map(|message| shapes::message(channel, message)));
        event["message"] = shape.expect("a known message");
    }
    world.sessions.tell("INTERACTION_CREATE", &event);
    token
}

/// What goes wrong.
impl FakeDiscord {
    /// The next request that `test` accepts meets `fault`.
    pub fn fail_next(&self, test: impl Fn(&Call) -> bool + Send + 'static, fault: Fault) {
        self.fail(test, fault, 1);
    }

    /// The next `times` requests that `test` accepts meet `fault`. Faults are met in the order they were given.
    pub fn fail(&self, test: impl Fn(&Call) -> bool + Send + 'static, fault: Fault, times: usize) {
        self.shared.change(|world| world.faults.add(test, fault, times));
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.shared.change(|world| world.faults.clear());
    }

    /// How many calls of one kind may come in which time.
    pub fn limit_calls(&self, calls: u32, within: Duration) {
        self.shared.change(|world| world.buckets.set(calls, within));
    }

    /// Closes the gateway's connections with a code; 4000 asks to resume.
    pub fn close_gateway(&self, code: u16) {
        self.shared.change(|world| world.sessions.end_connections(|| Tell::Close(code)));
    }

    /// The gateway's connections break without a word.
    pub fn drop_gateway(&self) {
        self.shared.change(|world| world.sessions.end_connections(|| Tell::Drop));
    }

    /// How often clients are asked to give a sign of life; counts for new connections.
    pub fn set_heartbeat(&self, every: Duration) {
        self.shared.change(|world| world.sessions.heartbeat_ms = every.as_millis() as u64);
    }
}

/// What was seen.
impl FakeDiscord {
    /// All requests in the order they came.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.world().requests.clone()
    }

    /// The requests that `test` accepts.
    pub fn requests_of(&self, test: impl Fn(&Call) -> bool) -> Vec<Request> {
        self.shared.world().requests.iter().filter(|request| test(&request.call)).cloned().collect()
    }

    /// What stands in a channel, oldest first.
    pub fn messages(&self, channel: u64) -> Vec<Message> {
        self.shared.world().channels.get(&channel).map(|place| place.messages.clone()).unwrap_or_default()
    }

    /// What was answered to a slash command.
    pub fn answers(&self, token: &str) -> Vec<Answer> {
        self.shared.world().interactions.answers(token)
    }

    /// What was offered to somebody who types.
    pub fn choices(&self, token: &str) -> Option<Vec<Value>> {
        self.shared.world().interactions.choices(token)
    }

    /// Whether a command, a button or a menu got any answer.
    pub fn was_acknowledged(&self, token: &str) -> bool {
        self.shared.world().interactions.was_acknowledged(token)
    }

    /// Whether a slash command was acknowledged before it was answered.
    pub fn was_deferred(&self, token: &str) -> bool {
        self.shared.world().interactions.was_deferred(token)
    }

    /// The slash commands that were registered.
    pub fn commands(&self) -> Vec<Value> {
        self.shared.world().commands.clone()
    }

    /// Gateway connections that stand.
    pub fn connections(&self) -> usize {
        self.shared.world().sessions.connections()
    }

    /// How often a session began, and how often one was resumed.
    pub fn sessions(&self) -> (usize, usize) {
        let world = self.shared.world();
        (world.sessions.identified, world.sessions.resumed)
    }

    /// Signs of life that came.
    pub fn heartbeats(&self) -> usize {
        self.shared.world().sessions.heartbeats
    }
}
