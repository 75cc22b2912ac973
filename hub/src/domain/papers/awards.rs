use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::formats::endstats::{AwardLine, AwardScope, EndstatsFile, VersusLine};
use slomix_shared::game::FullGuid;

use super::roster::Roster;

/// An award of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenAward {
    /// The award's stable name.
    pub award: String,
    /// What it counts.
    pub scope: AwardScope,
    /// Whose it is, as written.
    pub holder: String,
    /// The player of the round with that name, if there is just one.
    pub player: Option<i64>,
    /// The value as written.
    pub value: String,
    /// The value in thousandths.
    pub amount: Option<i64>,
}

/// How often one player killed another in a round, and he him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duel {
    /// Whose line it is, as written; older writers do not say.
    pub subject: Option<String>,
    /// The player of the round that this is.
    pub subject_player: Option<i64>,
    /// The opponent's name as written.
    pub opponent: String,
    /// The player of the round that this is.
    pub opponent_player: Option<i64>,
    /// How often the subject killed the opponent.
    pub kills: i64,
    /// How often the opponent killed the subject.
    pub deaths: i64,
}

/// The awards of the files of one round, which come in any order: an older writer's may be split into several, and of
/// two that tell of the same thing the richer one counts.
pub(super) fn awards(files: &[&EndstatsFile], roster: &Roster<'_>) -> Vec<GivenAward> {
    let mut given: BTreeSet<&str> = BTreeSet::new();
    let mut awards: Vec<&AwardLine> = Vec::new();
    for file in richest_first(files) {
        let new: Vec<&AwardLine> = file.awards.iter().filter(|line| !given.contains(line.key())).collect();
        given.extend(new.iter().map(|line| line.key()));
        awards.extend(new);
    }
    awards
        .into_iter()
        .map(|line| GivenAward {
            award: plain(line.key().as_bytes()),
            scope: line.scope(),
            holder: plain(&line.player),
            player: roster.by_name(&line.player),
            value: plain(line.value.as_bytes()),
            amount: line.thousandths,
        })
        .collect()
}

/// The duels of the files of one round. Lines that two files share are one, and so are those of one subject about one
/// opponent; without a subject nobody can say, and only as many equal lines count as the file with most of them has.
pub(super) fn duels(files: &[&EndstatsFile], roster: &Roster<'_>) -> Vec<Duel> {
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    let mut lines: Vec<&VersusLine> = Vec::new();
    for file in richest_first(files) {
        let mut own: BTreeMap<_, usize> = BTreeMap::new();
        for line in &file.versus {
            let counts = line.subject.is_none().then_some((line.kills, line.deaths));
            let key = (&line.subject, &line.opponent, counts);
            let count = own.entry(key).or_default();
            *count += 1;
            let known = known.entry(key).or_default();
            if *count > *known {
                *known = *count;
                lines.push(line);
            }
        }
    }
    lines
        .into_iter()
        .map(|line| Duel {
            subject: line.subject.as_ref().map(|subject| plain(&subject.name)),
            subject_player: line.subject.as_ref().and_then(|subject| match &subject.guid {
                Some(guid) => roster.by_guid(guid, &subject.name),
                None => roster.by_name(&subject.name),
            }),
            opponent: plain(&line.opponent),
            opponent_player: roster.by_name(&line.opponent),
            kills: line.kills,
            deaths: line.deaths,
        })
        .collect()
}

/// The full GUIDs in the files, with the names beside them.
pub(super) fn guids<'a>(files: &[&'a EndstatsFile]) -> BTreeSet<(&'a FullGuid, &'a [u8])> {
    let subjects = files.iter().flat_map(|file| &file.versus).filter_map(|line| line.subject.as_ref());
    subjects.filter_map(|subject| Some((subject.guid.as_ref()?, subject.name.as_slice()))).collect()
}

fn richest_first<'a>(files: &[&'a EndstatsFile]) -> Vec<&'a EndstatsFile> {
    let mut files = files.to_vec();
    files.sort_by_key(|file| std::cmp::Reverse((file.awards.len(), file.versus.len())));
    files
}

/// As text that every database takes.
fn plain(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).collect()
}
