//! Tables as code blocks in fields.

use super::limits::{NAME, VALUE};
use super::{Field, NO_HEADING};
use crate::discord::escape;
use crate::reports::post::Table;

const OPEN: &str = "```\n";
const CLOSE: &str = "\n```";

/// Room that is enough to say how many rows were left out.
pub(super) const MARK_ROOM: usize = 40;

/// A table, or a part of one, that fits one field.
struct Block {
    name: String,
    rows: Vec<String>,
}

/// Lays out `tables` in at most `most` fields and `room` characters. What does not fit is left out from the end, and
/// the last field says how many rows that were.
pub(super) fn lay_out(tables: &[Table], room: usize, most: usize) -> Vec<Field> {
    let mut blocks: Vec<Block> = tables.iter().flat_map(blocks).collect();
    let mut used: usize = blocks.iter().map(Block::length).sum();
    if used <= room && blocks.len() <= most {
        return blocks.into_iter().map(Block::into_field).collect();
    }
    let mut missing = 0;
    while used + MARK_ROOM > room || blocks.len() + 1 > most {
        let Some(last) = blocks.last_mut() else { break };
        used -= last.length();
        last.rows.pop();
        missing += 1;
        if last.rows.is_empty() {
            blocks.pop();
        } else {
            used += last.length();
        }
    }
    let mark = (most > 0 && room >= MARK_ROOM)
        .then(|| Field { name: NO_HEADING.to_owned(), value: format!("… {missing} more rows") });
    blocks.into_iter().map(Block::into_field).chain(mark).collect()
}

/// A table in blocks that each fit a field.
fn blocks(table: &Table) -> Vec<Block> {
    let longest = VALUE - OPEN.len() - CLOSE.len();
    let mut blocks: Vec<Block> = Vec::new();
    let mut used = 0;
    for row in &table.rows {
        let row = row_within(row, longest);
        let needed = escape::length(&row) + 1;
        match blocks.last_mut() {
            Some(block) if used + needed <= longest + 1 => block.rows.push(row),
            _ => {
                used = 0;
                blocks.push(Block { name: heading(&table.heading, blocks.len() + 1), rows: vec![row] });
            }
        }
        used += needed;
    }
    blocks
}

impl Block {
    fn length(&self) -> usize {
        let rows: usize = self.rows.iter().map(|row| escape::length(row) + 1).sum();
        escape::length(&self.name) + OPEN.len() + CLOSE.len() + rows - 1
    }

    fn into_field(self) -> Field {
        Field { name: self.name, value: format!("{OPEN}{}{CLOSE}", self.rows.join("\n")) }
    }
}

fn heading(text: &str, part: usize) -> String {
    let tail = if part > 1 { format!(" ({part})") } else { String::new() };
    let text = escape::markdown_within(text.trim(), NAME - tail.len());
    if text.trim().is_empty() { NO_HEADING.to_owned() } else { text + &tail }
}

/// A row as it stands in a code block; blanks at its left end are columns and stay.
fn row_within(row: &str, limit: usize) -> String {
    escape::plain_within(&escape::code_row(row), limit).trim_end().to_owned()
}
