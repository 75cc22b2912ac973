use super::{CATALOGUE, Command, Entry, Group};
use crate::discord::bot::usage::arguments;
use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::post::Post;

/// What commands there are, or how one is used
#[poise::command(prefix_command, slash_command, aliases("help_command", "commands", "cmds", "bothelp"))]
pub(super) async fn help(
    ctx: Context<'_>,
    #[description = "A command, a group, or a word to look for"]
    #[rest]
    about: Option<String>,
) -> Result<(), CommandError> {
    let about = about.unwrap_or_default();
    let about = about.trim().trim_start_matches(['!', '/']).to_lowercase();
    let post = match about.as_str() {
        "" | "all" | "categories" => overview(),
        about => match one(about) {
            Some(post) => post,
            None => found(about),
        },
    };
    reply::posts(ctx, &[post]).await
}

/// A group of slash commands.
#[poise::command(prefix_command, slash_command)]
#[expect(clippy::unused_async, reason = "poise awaits it")]
pub(super) async fn group(_: Context<'_>) -> Result<(), CommandError> {
    Ok(())
}

/// A command in both its forms: text first.
pub(super) fn forms(entry: &Entry) -> Vec<(Command, String)> {
    let slash = entry.slash().map(|command| match entry.group {
        Group::Alone => format!("/{}", command.name),
        group => format!("/{} {}", group.name(), command.name),
    });
    entry.text().zip(slash).collect()
}

/// The table of all commands, for the documentation.
#[cfg(test)]
pub(super) fn document() -> String {
    let mut lines = vec![
        "# Commands\n".to_owned(),
        "Made from the catalogue in `hub/src/discord/commands`; a test compares the two. Each command works as text and as \
         a slash command; what stands in brackets may be left out."
            .to_owned(),
    ];
    for group in [Group::Alone].into_iter().chain(Group::ALL) {
        lines.push(format!("\n## {}\n", group.about()));
        lines.push("| Text | Also | Slash | For | What it shows |\n|---|---|---|---|---|".to_owned());
        for entry in CATALOGUE.iter().filter(|entry| entry.group == group) {
            for (command, slash) in forms(entry) {
                let aliases: Vec<String> = command.aliases.iter().map(|alias| format!("`!{alias}`")).collect();
                let about = command.description.as_deref().unwrap_or_default();
                let (usage, tier) = (format!("!{}{}", command.name, arguments(&command)), entry.tier());
                lines.push(format!("| `{usage}` | {} | `{slash}` | {tier} | {about} |", aliases.join(" ")));
            }
        }
    }
    lines.join("\n") + "\n"
}

fn line(command: &Command, slash: &str) -> String {
    format!(
        "!{}{} · {slash} · {}",
        command.name,
        arguments(command),
        command.description.as_deref().unwrap_or_default()
    )
}

fn overview() -> Post {
    let mut lines = Vec::new();
    for group in [Group::Alone].into_iter().chain(Group::ALL) {
        let own = CATALOGUE.iter().filter(|entry| entry.group == group);
        let names: Vec<String> = own.flat_map(Entry::text).map(|command| format!("!{}", command.name)).collect();
        let slash = if group == Group::Alone { String::new() } else { format!(" (/{})", group.name()) };
        lines.push(format!("{}{slash}: {}", group.about(), names.join(" ")));
    }
    let notes = ["!help stats tells of one command, !help evenings of a group, !help weapon looks for a word."];
    post("Commands", lines, notes.map(str::to_owned).to_vec())
}

/// The help of the one command or group with this name.
fn one(name: &str) -> Option<Post> {
    let found = CATALOGUE.iter().find_map(|entry| {
        let fits = |command: &Command, slash: &str| {
            command.name == name || command.aliases.iter().any(|alias| alias == name) || slash[1..] == *name
        };
        forms(entry).into_iter().find(|(command, slash)| fits(command, slash)).map(|forms| (entry, forms))
    });
    if let Some((entry, (command, slash))) = found {
        return Some(of_command(entry, &command, &slash));
    }
    let group = [Group::Alone].into_iter().chain(Group::ALL).find(|group| group.is_called(name))?;
    let own = CATALOGUE.iter().filter(|entry| entry.group == group).flat_map(forms);
    let lines = own.map(|(command, slash)| line(&command, &slash)).collect();
    Some(post(group.about(), lines, Vec::new()))
}

fn of_command(entry: &Entry, command: &Command, slash: &str) -> Post {
    let mut lines = vec![
        command.description.as_deref().unwrap_or_default().to_owned(),
        format!("!{}{}  or  {slash}", command.name, arguments(command)),
    ];
    for parameter in &command.parameters {
        lines.push(format!("{}: {}", parameter.name, parameter.description.as_deref().unwrap_or_default()));
    }
    let mut notes = Vec::new();
    if !command.aliases.is_empty() {
        let aliases: Vec<String> = command.aliases.iter().map(|alias| format!("!{alias}")).collect();
        notes.push(format!("Also {}", aliases.join(" ")));
    }
    if entry.tier() > crate::discord::tier::Tier::Member {
        notes.push(format!("For the {} of the hub", entry.tier()));
    }
    post(&format!("!{}", command.name), lines, notes)
}

/// Commands in whose name or description a word stands.
fn found(word: &str) -> Post {
    let fits = |command: &Command| {
        command.name.contains(word)
            || command.description.as_deref().is_some_and(|text| text.to_lowercase().contains(word))
    };
    let found: Vec<String> = CATALOGUE
        .iter()
        .flat_map(forms)
        .filter(|(command, _)| fits(command))
        .map(|(command, slash)| line(&command, &slash))
        .collect();
    let lines =
        if found.is_empty() { vec![format!("No command has to do with {word}; !help lists all.")] } else { found };
    post(&format!("Commands with {word}"), lines, Vec::new())
}

fn post(title: &str, lines: Vec<String>, notes: Vec<String>) -> Post {
    Post { lines, notes, ..Post::titled(title) }
}
