//! Files of a block: names near one another, contents that hang together well enough to be derived.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use arbitrary::Arbitrary;
use slomix_hub::domain::ids::artifact_id;
use slomix_hub::domain::input::BlockFile;
use slomix_hub::domain::papers::{Paper, Parsed};
use slomix_shared::artifact::{ContentHash, FileName, LocalStamp};
use slomix_shared::formats::{endstats, gametime, stats};

/// The server that the files come from.
pub const SERVER: &str = "main";
/// An hour before clocks are set back: seconds since the start of the year 2000.
const NIGHT: i64 = 846_205_200;
/// The same in Unix seconds.
const NIGHT_UNIX: i64 = 1_792_882_800;
const MAPS: [&str; 4] = ["supply", "Supply", "etl_ice", "mp_sillyctf"];
const NAMES: [&str; 6] = ["heron", "^1ib^7is", "jay", "[BOT]owl", "zo\u{eb}", ""];
const GUIDS: [&str; 6] = ["0A88841D", "11111111", "22222222", "OMNIBOT0", "unknown", "0A88841E"];

/// One file.
#[derive(Debug, Arbitrary)]
pub struct Written {
    /// Seconds into the night.
    at: u16,
    map: u8,
    second: bool,
    damaged: bool,
    refused: bool,
    content: Content,
}

#[derive(Debug, Arbitrary)]
enum Content {
    Stats(Header, Vec<Player>),
    Endstats(Vec<Line>),
    Event(Event),
    RawStats(Vec<u8>),
    RawEndstats(Vec<u8>),
    RawEvent(Vec<u8>),
}

#[derive(Debug, Arbitrary)]
struct Header {
    round: u8,
    defender: u8,
    winner: u8,
    limit: u16,
    next: u16,
    playtime: Option<i64>,
}

#[derive(Debug, Arbitrary)]
struct Player {
    who: u8,
    name: u8,
    rounds: u8,
    team: u8,
    weapons: Vec<(u8, [i32; 5])>,
    fields: Vec<i32>,
}

#[derive(Debug, Arbitrary)]
enum Line {
    Award(u8, u8, u16),
    Subject(u8, u8),
    Versus(u8, u16, u16),
}

#[derive(Debug, Arbitrary)]
struct Event {
    numbers: [i64; 6],
    words: [u8; 4],
    players: Vec<(u8, u8)>,
}

impl Content {
    fn bytes(&self) -> Vec<u8> {
        let text = match self {
            Self::Stats(header, players) => stats_text(header, players),
            Self::Endstats(lines) => lines.iter().map(endstats_text).collect(),
            Self::Event(event) => event_text(event),
            Self::RawStats(bytes) | Self::RawEndstats(bytes) | Self::RawEvent(bytes) => return bytes.clone(),
        };
        text.into_bytes()
    }
}

fn pick<'a>(from: &[&'a str], which: u8) -> &'a str {
    from[usize::from(which) % from.len()]
}

fn full_guid(which: u8) -> String {
    format!("{}0000000000000000000000{:02}", pick(&GUIDS, which), which / 64)
}

fn stats_text(header: &Header, players: &[Player]) -> String {
    let clock = |seconds: u16| stats::clock_text(u32::from(seconds) % 4_000);
    let mut text = format!(
        "^1host\\supply\\legacy6\\{}\\{}\\{}\\{}\\{}",
        header.round % 3,
        header.defender % 4,
        header.winner % 4,
        clock(header.limit),
        clock(header.next)
    );
    if let Some(playtime) = header.playtime {
        write!(text, "\\{playtime}").expect("a string takes all");
    }
    text.push('\n');
    for player in players {
        let weapons: BTreeMap<u8, [i32; 5]> =
            player.weapons.iter().map(|(bit, numbers)| (bit % 30, *numbers)).collect();
        let mask: u32 = weapons.keys().map(|bit| 1 << bit).sum();
        let (guid, name) = (pick(&GUIDS, player.who), pick(&NAMES, player.name));
        write!(text, "{guid}\\{name}\\{}\\{}\\{mask}", player.rounds, player.team % 5).expect("a string takes all");
        for number in weapons.values().flatten() {
            write!(text, " {}", number % 1_000_001).expect("a string takes all");
        }
        text.push(' ');
        for (index, value) in player.fields.iter().enumerate() {
            let dot = if index % 5 == 3 { ".5" } else { "" };
            write!(text, "\t{}{dot}", value % 10_000_001).expect("a string takes all");
        }
        text.push('\n');
    }
    text
}

fn endstats_text(line: &Line) -> String {
    let name = |which: u8| pick(&NAMES, which);
    match line {
        Line::Award(award, who, value) => {
            let award = &endstats::AWARDS[usize::from(*award) % endstats::AWARDS.len()];
            format!("{}\t{}\t{value}\n", award.name, name(*who))
        }
        Line::Subject(who, guid) => format!("VS_HEADER\t{}\t{}\n", name(*who), full_guid(*guid)),
        Line::Versus(who, kills, deaths) => format!("{}\t{kills}\t{deaths}\n", name(*who)),
    }
}

fn event_text(event: &Event) -> String {
    let [start, end, seconds, pauses, pause_seconds, limit] = event.numbers;
    let [winner, defender, surrender, reason] = event.words;
    let reason = pick(&["objective", "surrender", "time_expired", "whim"], reason);
    let players: Vec<String> = event
        .players
        .iter()
        .map(|(who, name)| format!(r#"{{"guid":"{}","name":"{}"}}"#, full_guid(*who), pick(&NAMES, *name)))
        .collect();
    format!(
        r#"{{"meta":{{"round_start_unix":{start},"round_end_unix":{end},"actual_duration_seconds":{seconds},
"pause_count":{pauses},"pause_seconds":{pause_seconds},"spawn_stats":[{}]}},"payload":{{"embeds":[{{"fields":[
{{"name":"Winner","value":"{}"}},{{"name":"Defender","value":"{}"}},{{"name":"Lua_Timelimit","value":"{}.5 min"}},
{{"name":"Lua_EndReason","value":"{reason}"}},{{"name":"Lua_SurrenderTeam","value":"{}"}}]}}]}}}}"#,
        players.join(","),
        winner % 4,
        defender % 4,
        limit.rem_euclid(2_000_000),
        surrender % 4
    )
}

/// The files as they would lie in the archive.
pub fn archived(written: &[Written]) -> (Vec<BlockFile>, Vec<Paper>) {
    let (mut files, mut papers) = (Vec::new(), Vec::new());
    let mut known = BTreeSet::new();
    for one in written {
        let (map, half) = (pick(&MAPS, one.map), if one.second { 2 } else { 1 });
        let at = i64::from(one.at % 10_800);
        let (stamp, unix) = (LocalStamp::from_seconds(NIGHT + at), NIGHT_UNIX + at);
        let file_name = match one.content {
            Content::Stats(..) | Content::RawStats(_) => format!("{stamp}-{map}-round-{half}.txt"),
            Content::Endstats(_) | Content::RawEndstats(_) => format!("{stamp}-{map}-round-{half}-endstats.txt"),
            Content::Event(_) | Content::RawEvent(_) => format!("gametime-{map}-R{half}-{unix}.json"),
        };
        let content: Arc<[u8]> = one.content.bytes().into();
        let hash = ContentHash::of(&content);
        let name = FileName::parse(&file_name).expect("a name of the grammar");
        let artifact = artifact_id(SERVER, name.kind(), &file_name, &hash, stamp.seconds());
        // One name with one content is one artifact.
        if !known.insert(artifact) {
            continue;
        }
        let refused = one.refused.then(|| "some.rule".to_owned());
        let damaged = one.damaged;
        let parsed = match name {
            FileName::Round(name) if matches!(one.content, Content::Stats(..) | Content::RawStats(_)) => {
                let parsed = Arc::new(stats::parse(&content));
                files.push(BlockFile {
                    artifact,
                    file_name,
                    name,
                    hash,
                    damaged,
                    content,
                    parsed,
                    copy_of: None,
                    refused,
                });
                continue;
            }
            FileName::Round(_) => Parsed::Endstats(Arc::new(endstats::parse(&content))),
            FileName::Gametime(_) => Parsed::Event(Arc::new(gametime::parse(&content))),
        };
        papers.push(Paper { artifact, file_name, name, hash, damaged, content, parsed, refused });
    }
    mark_copies(&mut files);
    (files, papers)
}

/// As the archive has it: the same content under a lower name.
fn mark_copies(files: &mut [BlockFile]) {
    let mut lowest: BTreeMap<ContentHash, String> = BTreeMap::new();
    for file in &*files {
        let name = lowest.entry(file.hash).or_insert_with(|| file.file_name.clone());
        if file.file_name < *name {
            name.clone_from(&file.file_name);
        }
    }
    for file in files {
        file.copy_of = lowest.get(&file.hash).filter(|original| **original != file.file_name).cloned();
    }
}
