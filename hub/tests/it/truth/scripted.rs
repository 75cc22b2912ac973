//! Rounds written down by hand: stats files of three against three whose header says what a test wants.

use slomix_hub::domain::input::Rules;
use slomix_shared::artifact::{LocalStamp, RoundNumber};

use super::archive::{Archive, rules};

/// Who plays: the GUIDs of one team.
pub(super) type Team = [&'static str; 3];

/// Those who are Axis in the first half of a script: its defenders.
pub(super) const BLUE: Team = ["B1000000", "B2000000", "B3000000"];
/// Those who attack first.
pub(super) const RED: Team = ["A1000000", "A2000000", "A3000000"];

/// The clock of a first half in seconds.
pub(super) const FULL_CLOCK: u32 = 720;

/// One half as its file tells it.
#[derive(Debug, Clone)]
pub(super) struct Half {
    /// The map.
    pub(super) map: &'static str,
    /// The half's label.
    pub(super) number: RoundNumber,
    /// Defender and winner as the header writes them.
    pub(super) sides: (&'static str, &'static str),
    /// Fields 6 and 7 in seconds.
    pub(super) clocks: (u32, u32),
    /// Field 8 in milliseconds.
    pub(super) playtime: Option<i64>,
    /// Who is Axis.
    pub(super) axis: Vec<&'static str>,
    /// Who is Allies.
    pub(super) allies: Vec<&'static str>,
    /// How many halves the counters hold: 1, and 2 in a second half on top of its first.
    pub(super) halves: i64,
}

impl Half {
    /// A first half that Axis held.
    pub(super) fn first(map: &'static str, axis: &[&'static str], allies: &[&'static str]) -> Self {
        Self {
            map,
            number: RoundNumber::One,
            sides: ("1", "1"),
            clocks: (FULL_CLOCK, FULL_CLOCK),
            playtime: None,
            axis: axis.to_vec(),
            allies: allies.to_vec(),
            halves: 1,
        }
    }

    /// The second half of `first`, held by Axis, with the sides changed.
    pub(super) fn second(first: &Self) -> Self {
        Self {
            number: RoundNumber::Two,
            sides: ("1", "1"),
            clocks: (first.clocks.1, first.clocks.1),
            playtime: None,
            axis: first.allies.clone(),
            allies: first.axis.clone(),
            halves: 2,
            ..*first
        }
    }

    /// The attackers did it, and this is the next clock.
    pub(super) fn completed(mut self, next: u32) -> Self {
        self.sides.1 = "2";
        self.clocks.1 = next;
        self
    }

    /// The file's name and content when it is written at `stamp`.
    pub(super) fn file(&self, stamp: &str) -> (String, Vec<u8>) {
        let number = self.number.number();
        let (limit, next) = (clock(self.clocks.0), clock(self.clocks.1));
        let (defender, winner) = self.sides;
        let mut text = format!("host\\{}\\legacy3\\{number}\\{defender}\\{winner}\\{limit}\\{next}", self.map);
        if let Some(playtime) = self.playtime {
            text.push('\\');
            text.push_str(&playtime.to_string());
        }
        text.push('\n');
        let armies = [(1, &self.axis), (2, &self.allies)];
        for (team, guids) in armies {
            for guid in guids {
                text.push_str(&self.line(guid, team, stamp));
            }
        }
        (format!("{stamp}-{}-round-{number}.txt", self.map), text.into_bytes())
    }

    fn line(&self, guid: &str, team: u8, stamp: &str) -> String {
        let k = self.halves;
        let name = if guid.starts_with("OMNIBOT") { "[BOT]Pawn" } else { guid };
        // No two halves are alike: the score is a number of the moment.
        let xp = LocalStamp::parse(stamp).unwrap().seconds() % 99_991;
        let mut fields = vec!["0".to_owned(); 38];
        fields[0] = (k * 500).to_string();
        fields[1] = (k * 400).to_string();
        fields[9] = xp.to_string();
        fields[20] = (k * 90).to_string();
        fields[22] = format!("{}.0", k * 5);
        format!(
            "{guid}\\{name}\\{}\\{team}\\16 {} {} {} {} {} \t{}\n",
            k - 1,
            k * 30,
            k * 90,
            k * 3,
            k * 2,
            k,
            fields.join("\t")
        )
    }
}

fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The stamp that a time of the scripts' evening stands for.
pub(super) fn stamp_of(time: &str) -> String {
    if time.len() == 6 { format!("2026-02-03-{time}") } else { time.to_owned() }
}

/// What derives from halves that end at these times: whole stamps, or times of one evening.
pub(super) fn derive(halves: &[(&str, Half)]) -> Archive {
    derive_by(&rules(), halves)
}

/// The same by other rules.
pub(super) fn derive_by(rules: &Rules, halves: &[(&str, Half)]) -> Archive {
    derive_with(rules, halves, &[])
}

/// The same, and with other files.
pub(super) fn derive_with(rules: &Rules, halves: &[(&str, Half)], others: &[(String, Vec<u8>)]) -> Archive {
    let mut files: Vec<(String, Vec<u8>)> = halves.iter().map(|(time, half)| half.file(&stamp_of(time))).collect();
    files.extend_from_slice(others);
    Archive::with_papers(&files, rules)
}
