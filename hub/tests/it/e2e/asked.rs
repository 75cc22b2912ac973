//! Every command in both forms, asked of the real hub: before anything was played, and after two evenings.

use std::fmt::Write as _;

use serde_json::Value;
use slomix_shared::artifact::LocalStamp;

use super::hub::Hub;
use super::road::Road;
use super::*;
use crate::discord_commands::listed::{Listed, listed};
use crate::fake_discord::FakeDiscord;

/// Who owns the hub.
const OWNER: u64 = 301;
/// Where people ask; what the hub posts by itself goes elsewhere.
const ROOM: u64 = 201;

/// What can be named in an argument.
struct Known {
    players: [String; 2],
    day: String,
    before: String,
}

impl Known {
    fn of(evenings: &[Evening]) -> Self {
        let day = |at: usize| LocalStamp::date(evenings[at].rounds().next().unwrap().truth.stamp).to_string();
        let first = &evenings[SECOND].rounds().next().unwrap().truth;
        let key = |at: usize| first.players[at].guid8.clone();
        Self { players: [key(0), key(1)], day: day(SECOND), before: day(FIRST) }
    }

    fn fill(&self, argument: &str) -> String {
        match argument {
            "player2" => &self.players[1],
            "player" | "player1" | "term" => &self.players[0],
            "team" | "team_a" => "Alpha",
            "other" | "team_b" => "Bravo",
            "name" => "Gamma",
            "colour" => "#4c9aff",
            "session" => &self.day,
            "previous" => &self.before,
            "month" => &self.day[..7],
            "view" => "top",
            "user" => "304",
            "tier" => "moderator",
            "board" => "dpm",
            "over" | "filter" => "all",
            "period" => "2w",
            "limit" | "page" | "days" | "count" | "hours" => "1",
            _ => "because",
        }
        .to_owned()
    }
}

/// Asks for everything, and gives what each command says first, a line each.
async fn ask_for_all(fake: &FakeDiscord, known: &Known, somebody: &mut u64) -> String {
    let mut said = String::new();
    for command in listed() {
        let arguments: Vec<&str> = command.arguments().filter(|argument| *argument != "round").collect();
        let options: Vec<(&str, String)> = arguments.iter().map(|argument| (*argument, known.fill(argument))).collect();
        let text = as_text(fake, &command, &options, somebody).await;
        let slash = as_slash(fake, &command, &options, somebody).await;
        writeln!(said, "{}: {text}", command.names()[0]).unwrap();
        if slash != text {
            writeln!(said, "  /{}: {slash}", command.slash).unwrap();
        }
    }
    said
}

/// Nobody asks twice: the bot has people wait.
fn who_may(command: &Listed, somebody: &mut u64) -> u64 {
    *somebody += 1;
    if command.tier == "member" { *somebody } else { OWNER }
}

async fn as_text(fake: &FakeDiscord, command: &Listed, options: &[(&str, String)], somebody: &mut u64) -> String {
    let mut text = format!("!{}", command.names()[0]);
    for (_, value) in options {
        write!(text, " {value}").unwrap();
    }
    let asked = fake.say(ROOM, who_may(command, somebody), &text);
    let answer = |fake: &FakeDiscord| fake.messages(ROOM).into_iter().find(|message| message.id > asked);
    let answer = fake.wait_for(&text, answer).await;
    first_line(&answer.content, &answer.embeds)
}

async fn as_slash(fake: &FakeDiscord, command: &Listed, options: &[(&str, String)], somebody: &mut u64) -> String {
    let options: Vec<(&str, &str)> = options.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let token = fake.slash(ROOM, who_may(command, somebody), &command.slash, &options);
    let answer = fake.wait_for(&command.slash, |fake| fake.answers(&token).into_iter().next()).await;
    first_line(&answer.content, &answer.embeds)
}

fn first_line(content: &str, embeds: &[Value]) -> String {
    let title = embeds.first().and_then(|embed| embed["title"].as_str()).map(|title| format!("[{title}]"));
    let line = title.unwrap_or_else(|| content.lines().next().unwrap_or_default().to_owned());
    // What depends on the day and on the machine.
    let [days, milliseconds] = [" days left", " ms."].map(|unit| line.contains(unit));
    if !days && !milliseconds {
        return line;
    }
    // As many digits as there are, for a busy machine takes longer.
    let mut text = String::new();
    for c in line.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }) {
        if c != '#' || !text.ends_with('#') {
            text.push(c);
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_says_something_that_fits_before_anything_was_played_and_after_two_evenings() {
    let folder = tempfile::tempdir().unwrap();
    let (fake, road) = (FakeDiscord::start().await, Road::open().await);
    fake.add_channel(ROOM, "bot");
    let mut hub = Hub::new(folder.path().join("hub"), &fake);
    hub.answer_in(ROOM);
    hub.serve(&road).await;
    fake.wait_for("the slash commands", |fake| (!fake.commands().is_empty()).then_some(())).await;
    fake.wait_for("a gateway", |fake| (fake.connections() > 0).then_some(())).await;
    let evenings = evenings();
    let known = Known::of(&evenings);
    let mut somebody = 1_000;
    let before = ask_for_all(&fake, &known, &mut somebody).await;

    let files = folder.path().join("gamestats");
    std::fs::create_dir(&files).unwrap();
    for file in evenings.iter().flat_map(Evening::files) {
        std::fs::write(files.join(&file.name), &file.bytes).unwrap();
    }
    hub.run(&["import", files.to_str().unwrap()]).await;
    let after = ask_for_all(&fake, &known, &mut somebody).await;
    hub.stop().await;
    for said in [&before, &after] {
        assert!(!said.contains("did not work"), "{said}");
    }
    insta::assert_snapshot!("asked_before_anything_was_played", before);
    insta::assert_snapshot!("asked_after_two_evenings", after);
}
