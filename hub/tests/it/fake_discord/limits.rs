//! What Discord checks of a message before it takes it.

use serde_json::Value;

use super::refusal::Refusal;

/// Lengths in UTF-16 units, the stricter reading of "characters".
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn at_most(path: &str, text: &str, limit: usize) -> Result<usize, Refusal> {
    match length(text.trim()) {
        length if length <= limit => Ok(length),
        _ => Err(Refusal::invalid(path, "BASE_TYPE_MAX_LENGTH", &format!("Must be {limit} or fewer in length."))),
    }
}

fn required(path: &str, value: &Value, limit: usize) -> Result<usize, Refusal> {
    match value.as_str().map(str::trim) {
        None | Some("") => Err(Refusal::invalid(path, "BASE_TYPE_REQUIRED", "This field is required")),
        Some(text) => at_most(path, text, limit),
    }
}

fn optional(path: &str, value: &Value, limit: usize) -> Result<usize, Refusal> {
    value.as_str().map_or(Ok(0), |text| at_most(path, text, limit))
}

fn list<'a>(path: &str, value: &'a Value, limit: usize) -> Result<&'a [Value], Refusal> {
    match value.as_array().map_or(&[][..], Vec::as_slice) {
        list if list.len() <= limit => Ok(list),
        _ => Err(Refusal::invalid(path, "BASE_TYPE_MAX_LENGTH", &format!("Must be {limit} or fewer in length."))),
    }
}

/// Checks a message that is written or edited; `files` come with it.
pub(super) fn check(message: &Value, files: usize) -> Result<(), Refusal> {
    let content = optional("content", &message["content"], 2000)?;
    let embeds = list("embeds", &message["embeds"], 10)?;
    let mut total = 0;
    for (at, embed) in embeds.iter().enumerate() {
        total += check_embed(&format!("embeds.{at}"), embed)?;
    }
    if total > 6000 {
        return Err(Refusal::invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000"));
    }
    if content == 0 && embeds.is_empty() && files == 0 {
        return Err(Refusal::empty_message());
    }
    match &message["nonce"] {
        Value::String(nonce) if nonce.len() > 25 => {
            Err(Refusal::invalid("nonce", "NONCE_TYPE_TOO_LONG", "Must be between 1 and 25 in length."))
        }
        _ => Ok(()),
    }
}

/// Checks what is offered while somebody types.
pub(super) fn check_choices(choices: &[Value]) -> Result<(), Refusal> {
    if choices.len() > 25 {
        return Err(Refusal::invalid("choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."));
    }
    for (at, choice) in choices.iter().enumerate() {
        required(&format!("choices.{at}.name"), &choice["name"], 100)?;
        optional(&format!("choices.{at}.value"), &choice["value"], 100)?;
    }
    Ok(())
}

fn check_embed(path: &str, embed: &Value) -> Result<usize, Refusal> {
    let mut total = optional(&format!("{path}.title"), &embed["title"], 256)?
        + optional(&format!("{path}.description"), &embed["description"], 4096)?
        + optional(&format!("{path}.footer.text"), &embed["footer"]["text"], 2048)?
        + optional(&format!("{path}.author.name"), &embed["author"]["name"], 256)?;
    for (at, field) in list(&format!("{path}.fields"), &embed["fields"], 25)?.iter().enumerate() {
        total += required(&format!("{path}.fields.{at}.name"), &field["name"], 256)?
            + required(&format!("{path}.fields.{at}.value"), &field["value"], 1024)?;
    }
    if total == 0 && embed["image"].is_null() {
        return Err(Refusal::invalid(path, "BASE_TYPE_REQUIRED", "This field is required"));
    }
    Ok(total)
}
