use std::collections::BTreeSet;

use slomix_shared::game::MapName;
use slomix_shared::wire::{Intent, MOST_TEXT};

use super::raw::raw_command;

/// Longest that a player may be kept away by one request: a day, in seconds.
const LONGEST_KICK: u32 = 86_400;

/// Refuses an intent whose texts a console could take for something else, and raw commands that are not `listed`;
/// `Err` says why.
pub fn checked(intent: &Intent, listed: &BTreeSet<String>) -> Result<(), String> {
    match intent {
        Intent::Say { text } => plain(text),
        Intent::Kick { slot, .. } if *slot >= 64 => Err("slots are 0 to 63".to_owned()),
        Intent::Kick { seconds: Some(seconds), .. } if !(1..=LONGEST_KICK).contains(seconds) => {
            Err(format!("a player is kept away for 1 to {LONGEST_KICK} seconds"))
        }
        Intent::Status | Intent::Players | Intent::ListMaps | Intent::Kick { .. } | Intent::Restart => Ok(()),
        Intent::ChangeMap { map } => match MapName::parse(map) {
            Some(_) => Ok(()),
            None => Err("a map's name is 1 to 64 letters, digits, `_`, `.`, `+` and `-`".to_owned()),
        },
        Intent::Rcon { command } => {
            plain(command)?;
            raw_command(command, listed)
        }
        Intent::Unrecognised => Err("this agent is older than the hub and does not know what that is".to_owned()),
    }
}

/// A text that a console takes for just that.
fn plain(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("there is no text".to_owned());
    }
    if text.len() > MOST_TEXT {
        return Err(format!("{} bytes are more than the {MOST_TEXT} that go to a game server", text.len()));
    }
    if let Some(odd) = text.chars().find(|c| c.is_control() || matches!(c, '"' | ';' | '%' | '\u{2028}' | '\u{2029}')) {
        return Err(format!("the text holds {}, which a game server's console takes for more than text", named(odd)));
    }
    // Behind a colon it is an address, and the console leaves it alone.
    let slashes = text.match_indices("//").any(|(at, _)| !text[..at].ends_with(':'));
    if slashes || text.contains("/*") {
        return Err("the text holds `//` or `/*`, behind which a console hears nothing".to_owned());
    }
    Ok(())
}

fn named(c: char) -> String {
    match c {
        '\n' | '\r' => "a line's end".to_owned(),
        c if c.is_control() || !c.is_ascii() => "a control character".to_owned(),
        c => format!("`{c}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(intent: &Intent) -> Result<(), String> {
        super::checked(intent, &BTreeSet::new())
    }

    fn say(text: &str) -> Result<(), String> {
        checked(&Intent::Say { text: text.to_owned() })
    }

    #[test]
    fn chat_is_text_and_nothing_else() {
        for good in ["gg", "^1red ^7zo\u{eb}", "rules: http://x.org/rules", "it's 5 > 3, quit?"] {
            assert_eq!(say(good), Ok(()), "{good}");
        }
        let long = "x".repeat(MOST_TEXT + 1);
        for bad in ["", "  ", "a\"b", "a; quit", "100%", "a\nquit", "a\rb", "a\x1bb", "a // b", "//", "a/*b", &long] {
            assert!(say(bad).is_err(), "{bad}");
        }
        assert!(say("a\nquit").unwrap_err().contains("a line's end"));
        assert!(say("a; quit").unwrap_err().contains("`;`"));
    }

    #[test]
    fn slots_times_and_maps_have_bounds() {
        let kick = |slot, seconds| checked(&Intent::Kick { slot, seconds }).is_ok();
        assert_eq!(
            [kick(63, None), kick(64, None), kick(1, Some(0)), kick(1, Some(86_401))],
            [true, false, false, false]
        );
        let map = |map: &str| checked(&Intent::ChangeMap { map: map.to_owned() }).is_ok();
        assert_eq!(["te_escape2", "", "a b", "../x/y", "a;quit"].map(map), [true, false, false, false, false]);
        assert!(checked(&Intent::Unrecognised).unwrap_err().contains("older"));
    }
}
