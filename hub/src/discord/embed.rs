//! Lays a [`Post`] out as a Discord embed, within Discord's limits whatever the post holds.
//!
//! What does not fit is cut where people see it (`…`, `… 3 more`), never refused: a post that is too long must not be
//! a post that is missing. Tables are code blocks in fields, split over several fields where one cannot hold them.

use super::escape;
use super::short_id::ShortId;
use crate::reports::post::Post;

pub mod limits;
mod tables;

use limits::{DESCRIPTION, FIELDS, FOOTER, TITLE, TOTAL, VALUE};

/// What Discord shows as an empty heading; it takes no empty one.
pub(crate) const NO_HEADING: &str = "\u{200b}";

/// An embed as it will be sent: escaped and within the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// Shown in bold at the top.
    pub title: String,
    /// Colour of the bar at the left, `0xRRGGBB`.
    pub colour: u32,
    /// The lines below the title.
    pub description: String,
    /// Blocks below the description.
    pub fields: Vec<Field>,
    /// Small print at the end; for a stored post its last word is the short id.
    pub footer: String,
    /// Shown beside the footer in each reader's own zone, Unix milliseconds UTC.
    pub timestamp_ms: Option<i64>,
}

/// A heading and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The heading, never empty.
    pub name: String,
    /// The text, never empty.
    pub value: String,
}

/// Lays out `post`. A stored post carries its `id` as the last word of the footer, by which it is found again.
pub fn lay_out(post: &Post, id: Option<&ShortId>) -> Embed {
    let mut title = escape::markdown_within(post.title.trim(), TITLE);
    if title.trim().is_empty() {
        "–".clone_into(&mut title);
    }
    let footer = footer(&post.footer, id);
    let mut room = TOTAL - escape::length(&title) - escape::length(&footer);

    // Notes are short and are why people read to the end, so they are sure of their place before the long parts.
    let notes = lines(&post.notes, VALUE.min(room));
    let notes = (!notes.is_empty()).then(|| Field { name: NO_HEADING.to_owned(), value: notes });
    room -= notes.iter().map(Field::length).sum::<usize>();

    let mark = if post.tables.is_empty() { 0 } else { tables::MARK_ROOM };
    let description = lines(&post.lines, DESCRIPTION.min(room.saturating_sub(mark)));
    room -= escape::length(&description);

    let mut fields = tables::lay_out(&post.tables, room, FIELDS - notes.iter().count());
    fields.extend(notes);
    Embed { title, colour: post.accent.rgb(), description, fields, footer, timestamp_ms: post.timestamp_ms }
}

impl Embed {
    /// The length that counts against the limit of a whole message.
    pub fn length(&self) -> usize {
        let texts = [&self.title, &self.description, &self.footer];
        texts.iter().map(|text| escape::length(text)).sum::<usize>()
            + self.fields.iter().map(Field::length).sum::<usize>()
    }
}

impl Field {
    /// The length that counts against the limit of a whole message.
    fn length(&self) -> usize {
        escape::length(&self.name) + escape::length(&self.value)
    }
}

/// Groups embeds into as few messages as Discord takes, keeping their order.
pub fn into_messages(embeds: Vec<Embed>) -> Vec<Vec<Embed>> {
    let mut messages: Vec<Vec<Embed>> = Vec::new();
    let mut used = 0;
    for embed in embeds {
        let length = embed.length();
        match messages.last_mut() {
            Some(message) if message.len() < limits::EMBEDS && used + length <= TOTAL => {
                used += length;
                message.push(embed);
            }
            _ => {
                used = length;
                messages.push(vec![embed]);
            }
        }
    }
    messages
}

fn footer(text: &str, id: Option<&ShortId>) -> String {
    let text = text.trim();
    match id {
        None => escape::plain_within(text, FOOTER),
        Some(id) if text.is_empty() => id.to_string(),
        Some(id) => {
            let tail = format!(" · {id}");
            escape::plain_within(text, FOOTER - escape::length(&tail)) + &tail
        }
    }
}

/// Whole lines as long as they fit, then how many are missing.
fn lines(texts: &[String], limit: usize) -> String {
    let escaped: Vec<String> = texts.iter().map(|text| escape::markdown(text)).collect();
    let fits = |lines: &[String]| lines.iter().map(|line| escape::length(line) + 1).sum::<usize>() <= limit + 1;
    if fits(&escaped) {
        return escaped.join("\n").trim().to_owned();
    }
    let more = |count: usize| format!("… {count} more");
    let room = limit.saturating_sub(escape::length(&more(texts.len())) + 1);
    let (mut kept, mut used) = (Vec::new(), 0);
    for line in escaped {
        used += escape::length(&line) + usize::from(!kept.is_empty());
        if used > room {
            break;
        }
        kept.push(line);
    }
    if kept.is_empty() && !texts.is_empty() {
        // even the first line is too long alone
        return escape::markdown_within(&texts[0], limit);
    }
    kept.push(more(texts.len() - kept.len()));
    kept.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests;
