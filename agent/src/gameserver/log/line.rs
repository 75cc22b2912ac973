use slomix_shared::game::MapName;

use crate::gameserver::text::decoded;

/// What a line of the log tells of rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogEvent {
    /// The game begins anew: a map was loaded, or loaded again for the next phase of a round.
    Init,
    /// Which map it is; it follows at once.
    Map(String),
    /// Somebody was killed, which the log only tells of while a round is played.
    Kill,
    /// A round is over, with the reason in the game's words.
    Exit(String),
}

/// Reads a line without its line feed. Players write into this log: what they say stands behind a word of the game's
/// own, so only the beginning of a line is looked at, and only once behind its clock.
pub fn log_event(line: &[u8]) -> Option<LogEvent> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = behind_clock(line);
    if text.starts_with(b"InitGame:") {
        return Some(LogEvent::Init);
    }
    if let Some(map) = text.strip_prefix(b"map: ") {
        let map = std::str::from_utf8(map.trim_ascii()).ok().and_then(MapName::parse)?;
        return Some(LogEvent::Map(map.as_str().to_owned()));
    }
    if let Some(rest) = text.strip_prefix(b"Kill: ") {
        return rest.first().is_some_and(u8::is_ascii_digit).then_some(LogEvent::Kill);
    }
    let reason = text.strip_prefix(b"Exit: ")?;
    let again = reason.ends_with(b" (already triggered)");
    (!again).then(|| LogEvent::Exit(decoded(reason.trim_ascii(), 80)))
}

/// A line behind its clock: none, `%8i ` milliseconds, `mmm:ss ` (from 1000 minutes on without the space) or
/// `HH:MM.SS `.
fn behind_clock(line: &[u8]) -> &[u8] {
    let spaces = line.iter().take_while(|byte| **byte == b' ').count();
    let rest = &line[spaces..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return line;
    }
    let two = |at: usize| rest.get(at..at + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
    match rest.get(digits) {
        Some(b' ') => &rest[digits + 1..],
        Some(b':') if two(digits + 1) => {
            let mut end = digits + 3;
            if rest.get(end) == Some(&b'.') && two(end + 1) {
                end += 3;
            }
            rest[end..].strip_prefix(b" ").unwrap_or(&rest[end..])
        }
        _ => line,
    }
}
