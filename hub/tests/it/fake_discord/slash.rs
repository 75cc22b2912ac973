//! What Discord sends of a slash command, by what was registered.

use serde_json::{Value, json};

use super::shapes;

const SUB_COMMAND: u64 = 1;
const USER: u64 = 6;
const INTEGER: u64 = 4;

/// The data of the command at `path` (`stats`, `player stats`) with options, one of them perhaps still being typed.
/// Panics where no such command or option is registered: Discord would not offer it.
pub(super) fn data(commands: &[Value], path: &str, options: &[(&str, &str)], focused: Option<&str>) -> Value {
    let mut words = path.split(' ');
    let name = words.next().unwrap_or_default();
    let Some(command) = commands.iter().find(|command| command["name"] == name) else {
        // Nothing is registered yet, or no longer: people may still have it before them.
        assert!(options.is_empty(), "/{path} is not registered");
        return json!({ "id": "1", "name": name, "type": 1, "options": [] });
    };
    let mut resolved = Value::Null;
    let mut fill = |known: &Value| -> Vec<Value> {
        let one = |(name, text): &(&str, &str)| {
            let known = known["options"].as_array().into_iter().flatten().find(|option| option["name"] == *name);
            let kind = known.unwrap_or_else(|| panic!("/{path} has no option {name}"))["type"].as_u64().unwrap_or(0);
            let value = match kind {
                INTEGER => json!(text.parse::<i64>().expect("a whole number")),
                USER => {
                    resolved = shapes::resolved(text.parse().expect("a user"));
                    json!(text)
                }
                _ => json!(text),
            };
            let mut option = json!({ "name": name, "type": kind, "value": value });
            if focused == Some(*name) {
                option["focused"] = json!(true);
            }
            option
        };
        options.iter().map(one).collect()
    };
    let options = match words.next() {
        None => fill(command),
        Some(sub) => {
            let subs = command["options"].as_array().into_iter().flatten();
            let known = subs.into_iter().find(|option| option["name"] == sub && option["type"] == SUB_COMMAND);
            let known = known.unwrap_or_else(|| panic!("/{name} has no {sub}"));
            vec![json!({ "name": sub, "type": SUB_COMMAND, "options": fill(known) })]
        }
    };
    let mut data = json!({ "id": "1", "name": name, "type": 1, "options": options });
    if !resolved.is_null() {
        data["resolved"] = resolved;
    }
    data
}
