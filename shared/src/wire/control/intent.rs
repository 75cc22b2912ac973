use serde::{Deserialize, Serialize};

/// Most bytes of a text that goes to a game server: a chat line, a map's name, a raw command.
pub const MOST_TEXT: usize = 200;

/// What is wanted of a game server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "intent", rename_all = "snake_case")]
pub enum Intent {
    /// Map, players and settings, as the server tells everybody.
    Status,
    /// Who is in which slot, as the server tells whoever has its password.
    Players,
    /// The maps that it has.
    ListMaps,
    /// A line in its chat.
    Say {
        /// The line, at most [`MOST_TEXT`] bytes.
        text: String,
    },
    /// A player leaves.
    Kick {
        /// In which slot.
        slot: u8,
        /// For how long the player may not come back; the server's own time without a number.
        #[serde(default)]
        seconds: Option<u32>,
    },
    /// Another map is loaded; a match under way is abandoned.
    ChangeMap {
        /// One of the server's own.
        map: String,
    },
    /// The map that is loaded begins anew; a match under way is abandoned.
    Restart,
    /// A command of the server's console, where the agent's configuration allows such.
    Rcon {
        /// The command, at most [`MOST_TEXT`] bytes.
        command: String,
    },
    /// An intent that a later version added. It is refused.
    #[serde(other)]
    Unrecognised,
}

impl Intent {
    /// The words by which an agent's configuration allows intents, in the order of the intents.
    pub const WORDS: [&'static str; 8] =
        ["status", "players", "list_maps", "say", "kick", "change_map", "restart", "rcon"];

    /// Its word in a configuration and in records.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Players => "players",
            Self::ListMaps => "list_maps",
            Self::Say { .. } => "say",
            Self::Kick { .. } => "kick",
            Self::ChangeMap { .. } => "change_map",
            Self::Restart => "restart",
            Self::Rcon { .. } => "rcon",
            Self::Unrecognised => "unrecognised",
        }
    }

    /// What else there is to it, for a record. A raw command that speaks of a password is cut behind its first
    /// letters: records are read by more people than passwords are for.
    pub fn detail(&self) -> String {
        match self {
            Self::Say { text } => text.clone(),
            Self::Kick { slot, seconds: None } => format!("slot {slot}"),
            Self::Kick { slot, seconds: Some(seconds) } => format!("slot {slot} for {seconds} s"),
            Self::ChangeMap { map } => map.clone(),
            Self::Rcon { command } if command.to_ascii_lowercase().contains("pass") => "… (a password)".to_owned(),
            Self::Rcon { command } => command.clone(),
            Self::Status | Self::Players | Self::ListMaps | Self::Restart | Self::Unrecognised => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_a_command_holds_no_password() {
        let rcon = |command: &str| Intent::Rcon { command: command.to_owned() }.detail();
        assert_eq!(rcon("sv_fps 40"), "sv_fps 40");
        assert!(!rcon("rconPassword hunter2").contains("hunter2"));
        assert!(!rcon("set sv_privatePASSWORD hunter2").contains("hunter2"));
    }

    #[test]
    fn every_intent_has_a_word_of_its_own() {
        let text = || String::from("x");
        let all = [
            Intent::Status,
            Intent::Players,
            Intent::ListMaps,
            Intent::Say { text: text() },
            Intent::Kick { slot: 1, seconds: None },
            Intent::ChangeMap { map: text() },
            Intent::Restart,
            Intent::Rcon { command: text() },
        ];
        assert_eq!(all.map(|intent| intent.word()), Intent::WORDS);
    }
}
