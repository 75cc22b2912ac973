//! The derived tables as data, so that writing, comparing and dumping them is one piece of code each.

/// One derived table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How many of the leading columns are its key.
    pub key: usize,
    /// All columns, in the order of the row values.
    pub columns: &'static [&'static str],
}

impl Table {
    /// The key's columns.
    pub fn key_columns(&self) -> &'static [&'static str] {
        &self.columns[..self.key]
    }
}

macro_rules! tables {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, key $key:literal, [$($column:literal),* $(,)?];)*) => {
        $($(#[$doc])* pub const $constant: Table = Table { name: $name, key: $key, columns: &[$($column),*] };)*
        /// All derived tables.
        pub const ALL: &[Table] = &[$($constant),*];
    };
}

tables! {
    /// Runs of files.
    BLOCK = "block", key 1, ["id", "server", "first_stamp", "last_stamp"];
    /// What became of each artifact.
    DISPOSITION = "disposition", key 1, ["artifact", "block", "state", "code", "reason"];
    /// Evenings.
    SESSION = "session", key 1, [
        "id", "block", "server", "date", "stamp", "last_stamp", "first_round", "start_ms", "end_ms", "wins_a",
        "wins_b", "ties", "uncounted", "agreement", "confidence",
    ];
    /// Pairs of teams within a session.
    EPOCH = "epoch", key 2, [
        "session", "number", "block", "wins_a", "wins_b", "ties", "uncounted", "agreement", "confidence",
    ];
    /// Who played for which team.
    SESSION_MEMBER = "session_member", key 3, [
        "session", "epoch", "player", "block", "team", "steadiness", "halves", "core",
    ];
    /// Two halves of a map.
    MAP_PLAY = "map_play", key 1, [
        "id", "block", "session", "map", "stamp", "first_half", "second_half", "epoch", "result", "winner_team", "counted",
        "inferred", "uncounted",
    ];
    /// Rounds.
    ROUND = "round", key 1, [
        "id", "block", "server", "session", "map_play", "epoch", "artifact", "file", "stamp", "map", "number", "config",
        "host", "status", "valid", "counts_for", "clock", "defender", "winner", "outcome", "set_time", "duration", "start_ms",
        "end_ms", "end_reason", "surrendered", "pauses", "pause_seconds", "humans", "bots", "axis_team", "flags", "hash",
    ];
    /// A player's numbers in a round.
    ROUND_PLAYER = "round_player", key 2, [
        "round", "player", "name", "raw_name", "side", "team", "bot", "participant", "counted", "origin", "rounds",
        "seconds", "kills", "deaths", "hits", "shots", "headshots", "bullet_hits", "bullet_shots", "damage_given",
        "damage_received", "team_damage_given", "team_damage_received", "gibs", "self_kills", "team_kills",
        "team_gibs", "alive_permille", "xp", "killing_spree", "death_spree", "kill_assists", "kill_steals",
        "headshot_kills", "objectives_stolen", "objectives_returned", "dynamites_planted", "dynamites_defused",
        "times_revived", "dead_tenths", "useful_kills", "denied_seconds", "multikill_2", "multikill_3",
        "multikill_4", "multikill_5", "multikill_6", "useless_kills", "full_selfkills", "repairs_constructions",
        "revives_given", "dead_seconds", "tank_tenths", "flags",
    ];
    /// A weapon's numbers of a player in a round.
    ROUND_WEAPON = "round_weapon", key 3, [
        "round", "player", "weapon", "hits", "shots", "kills", "deaths", "headshots",
    ];
    /// Awards of a round, out of its endstats.
    ROUND_AWARD = "round_award", key 2, ["round", "place", "award", "scope", "holder", "player", "value", "amount"];
    /// Who killed whom in a round, out of its endstats.
    ROUND_DUEL = "round_duel", key 2, [
        "round", "place", "scope", "subject", "subject_player", "opponent", "opponent_player", "kills", "deaths",
    ];
    /// Full GUIDs that a session's papers told.
    PLAYER_GUID = "player_guid", key 3, ["session", "player", "guid", "block"];
    /// Players.
    PLAYER = "player", key 1, ["id", "key", "guid", "bot"];
    /// Names a player bore in a session.
    SESSION_NAME = "session_name", key 3, ["session", "player", "name", "block", "last_round", "rounds"];
    /// A player's sums on a map in a session.
    LEAF = "leaf", key 3, [
        "session", "player", "map", "block", "rounds", "rounds_won", "seconds", "kills", "deaths", "damage_given",
        "damage_received", "team_damage_given", "team_damage_received", "gibs", "self_kills", "team_kills",
        "team_gibs", "bullet_hits", "bullet_shots", "headshots", "headshot_kills", "revives_given",
        "revives_rounds", "times_revived", "kill_assists", "useful_kills", "useless_kills", "denied_seconds",
        "denied_rounds", "dead_seconds", "dynamites_planted", "dynamites_defused", "xp", "multikills",
    ];
    /// Sums of leaves by scope.
    TOTAL = "total", key 2, [
        "scope", "player", "rounds", "rounds_won", "seconds", "kills", "deaths", "damage_given", "damage_received",
        "team_damage_given", "team_damage_received", "gibs", "self_kills", "team_kills", "team_gibs",
        "bullet_hits", "bullet_shots", "headshots", "headshot_kills", "revives_given", "revives_rounds",
        "times_revived", "kill_assists", "useful_kills", "useless_kills", "denied_seconds", "denied_rounds",
        "dead_seconds", "dynamites_planted", "dynamites_defused", "xp", "multikills",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::leaf::NUMBERS;

    #[test]
    fn leaf_and_total_hold_the_same_sums() {
        assert_eq!(LEAF.columns[4..], NUMBERS);
        assert_eq!(TOTAL.columns[2..], NUMBERS);
    }
}
