/// What a real server does to an evening. Each field is a chance from 0 to 1 for each evening, map, round or player
/// of whom it speaks; all are 0 by default. What happened stands in the truth.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Accidents {
    // --- evenings
    /// The evening starts so late that it crosses midnight.
    pub late_start: f64,
    /// The teams are dealt anew in the middle of the evening.
    pub shuffle: f64,
    /// An empty file with a good name.
    pub empty_file: f64,
    /// Random bytes under a good name.
    pub random_bytes: f64,
    /// A file with a header and nothing else.
    pub header_only: f64,

    // --- maps
    /// The map is played a second time at once.
    pub same_map_twice: f64,
    /// A map change cuts a round off. The file says round 2 in any case and its `next` is garbage.
    pub map_change: f64,
    /// The server stops in mid-round. The file's round number is inverted.
    pub server_stop: f64,
    /// Round 1's stats file is lost.
    pub r1_lost: f64,
    /// Round 2's stats file is lost.
    pub r2_lost: f64,
    /// Round 2 is never played.
    pub r2_not_played: f64,
    /// Round 1 is played to its end and then once more.
    pub r1_rerun: f64,
    /// Round 2's stats file arrives before round 1's.
    pub r2_arrives_first: f64,
    /// A bot fills a seat of each team.
    pub bots: f64,

    // --- rounds
    /// One side gives up.
    pub surrender: f64,
    /// Somebody stops the clock for a while.
    pub pause: f64,
    /// The file is seen cut short first; the whole one replaces it a little later.
    pub cut_then_whole: f64,
    /// The file is cut short and stays so.
    pub cut_for_good: f64,
    /// The stats file arrives at the end of the evening.
    pub arrives_late: f64,
    /// The same bytes once more, under a later name.
    pub copy: f64,
    /// The same player lines once more, under a later name and another header.
    pub copy_with_other_header: f64,
    /// The same bytes once more, under a name that no script writes.
    pub malformed_name: f64,

    // --- players
    /// Drops and is back within the round: his counters start anew.
    pub reconnect_in_round: f64,
    /// Drops between the halves and is back for the second: his counters start anew.
    pub reconnect_between: f64,
    /// A player more joins his side after the round's start.
    pub late_joiner: f64,
    /// Leaves for good before the round's end; he is back for the next map.
    pub leaver: f64,
    /// Leaves in mid-round, and somebody else takes his seat for the rest of the evening.
    pub substitution: f64,
    /// Watches round 2, his numbers of round 1 still listed.
    pub spectates_r2: f64,
    /// Goes to the spectators in mid-round: listed as a spectator, with play time.
    pub spectates_late: f64,
    /// Plays the second half under another name.
    pub rename: f64,
}

impl Accidents {
    /// About what a lively server goes through: something on most evenings, nothing on most maps.
    pub fn real() -> Self {
        Self {
            late_start: 0.10,
            shuffle: 0.15,
            empty_file: 0.03,
            random_bytes: 0.01,
            header_only: 0.05,
            same_map_twice: 0.03,
            map_change: 0.02,
            server_stop: 0.01,
            r1_lost: 0.01,
            r2_lost: 0.01,
            r2_not_played: 0.01,
            r1_rerun: 0.02,
            r2_arrives_first: 0.02,
            bots: 0.01,
            surrender: 0.05,
            pause: 0.06,
            cut_then_whole: 0.02,
            cut_for_good: 0.003,
            arrives_late: 0.01,
            copy: 0.01,
            copy_with_other_header: 0.005,
            malformed_name: 0.005,
            reconnect_in_round: 0.006,
            reconnect_between: 0.006,
            late_joiner: 0.005,
            leaver: 0.004,
            substitution: 0.004,
            spectates_r2: 0.004,
            spectates_late: 0.002,
            rename: 0.01,
        }
    }

    /// Many times what is real, so that a few evenings meet everything and several things at once.
    pub fn storm() -> Self {
        Self {
            late_start: 0.3,
            shuffle: 0.4,
            empty_file: 0.4,
            random_bytes: 0.3,
            header_only: 0.4,
            same_map_twice: 0.15,
            map_change: 0.1,
            server_stop: 0.08,
            r1_lost: 0.08,
            r2_lost: 0.08,
            r2_not_played: 0.05,
            r1_rerun: 0.1,
            r2_arrives_first: 0.15,
            bots: 0.12,
            surrender: 0.2,
            pause: 0.25,
            cut_then_whole: 0.12,
            cut_for_good: 0.04,
            arrives_late: 0.08,
            copy: 0.08,
            copy_with_other_header: 0.06,
            malformed_name: 0.06,
            reconnect_in_round: 0.03,
            reconnect_between: 0.03,
            late_joiner: 0.02,
            leaver: 0.02,
            substitution: 0.02,
            spectates_r2: 0.02,
            spectates_late: 0.02,
            rename: 0.04,
        }
    }
}
