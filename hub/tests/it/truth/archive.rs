//! Files as they would lie in the archive, cut into blocks and derived.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use slomix_hub::domain::block::{Mark, spans};
use slomix_hub::domain::derive::{Derived, derive, derive_with_papers};
use slomix_hub::domain::ids::artifact_id;
use slomix_hub::domain::input::{BlockFile, Rules};
use slomix_hub::domain::papers::{Paper, Parsed, home};
use slomix_hub::domain::revision::Fate;
use slomix_hub::domain::round::{Match, Round, Session};
use slomix_shared::artifact::{ContentHash, FileName, Kind, RoundFileName};
use slomix_shared::formats::{endstats, gametime, stats};

/// The server that every test file comes from.
const SERVER: &str = "main";

/// The rules of a server in central Europe.
pub(super) fn rules() -> Rules {
    Rules::new(SERVER, TimeZone::get("Europe/Berlin").unwrap())
}

/// Some files and what derives from them, block by block.
pub(super) struct Archive {
    /// The stats artifacts, in the order given.
    pub(super) files: Vec<BlockFile>,
    /// The endstats and round events, in the order given.
    pub(super) papers: Vec<Paper>,
    /// Names that are no stats file's, with the kind that they are.
    pub(super) others: Vec<(String, Kind)>,
    /// One for each block, in order of time.
    pub(super) blocks: Vec<Derived>,
}

impl Archive {
    /// Archives `(name, content)` pairs, each an artifact, and derives every block.
    pub(super) fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>, rules: &Rules) -> Self {
        let (files, others) = read(files);
        let blocks = cut(&files).iter().map(|block| derive(block, rules)).collect();
        Self { files, papers: Vec::new(), others, blocks }
    }

    /// The same with the endstats and round events among the files.
    pub(super) fn with_papers(files: &[(String, Vec<u8>)], rules: &Rules) -> Self {
        let all = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        let papers = read_papers(all.clone());
        let (files, others) = read(all);
        let blocks = cut(&files)
            .iter()
            .map(|block| derive_with_papers(block, &own_papers(block, &papers, &files, rules), rules))
            .collect();
        Self { files, papers, others, blocks }
    }

    /// Every round.
    pub(super) fn rounds(&self) -> impl Iterator<Item = &Round> {
        self.blocks.iter().flat_map(|block| &block.rounds)
    }

    /// Every map play.
    pub(super) fn matches(&self) -> impl Iterator<Item = &Match> {
        self.blocks.iter().flat_map(|block| &block.matches)
    }

    /// Every session.
    pub(super) fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.blocks.iter().flat_map(|block| &block.sessions)
    }

    /// Which epoch of which session a round belongs to.
    pub(super) fn epoch(&self, round: &Round) -> (i64, usize) {
        let session = self.sessions().find(|session| session.id == round.session).unwrap();
        let index = session.epochs.iter().position(|epoch| epoch.rounds.contains(&round.id));
        (session.id, index.unwrap_or_else(|| panic!("{} is in no epoch", round.file_name)))
    }

    /// The round of a file, if it is one.
    pub(super) fn round(&self, file: &str) -> Option<&Round> {
        self.rounds().find(|round| round.file_name == file)
    }

    /// The fates of all contents of a name, in the order given.
    pub(super) fn fates(&self, file: &str) -> Vec<&Fate> {
        let fates: BTreeMap<i64, &Fate> =
            self.blocks.iter().flat_map(|block| &block.fates).map(|(artifact, fate)| (*artifact, fate)).collect();
        let stats = self.files.iter().map(|one| (&one.file_name, one.artifact));
        let papers = self.papers.iter().map(|one| (&one.file_name, one.artifact));
        let of_name = stats.chain(papers).filter(|(name, _)| *name == file);
        of_name.filter_map(|(_, artifact)| fates.get(&artifact).copied()).collect()
    }
}

/// The stats artifacts among `files`, each read once, and the names of everything else.
pub(super) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> (Vec<BlockFile>, Vec<(String, Kind)>) {
    let (mut stats, mut others) = (Vec::new(), Vec::new());
    for (file_name, content) in files {
        match FileName::parse(file_name) {
            Ok(FileName::Round(name)) if name.kind == Kind::Stats => {
                let hash = ContentHash::of(content);
                stats.push(BlockFile {
                    damaged: false,
                    artifact: artifact_id(SERVER, Kind::Stats, file_name, &hash, name.stamp.seconds()),
                    file_name: file_name.to_owned(),
                    name,
                    hash,
                    content: content.into(),
                    parsed: Arc::new(stats::parse(content)),
                    copy_of: None,
                    refused: None,
                });
            }
            _ => others.push((file_name.to_owned(), FileName::kind_of(file_name))),
        }
    }
    mark_copies(&mut stats);
    (stats, others)
}

/// The papers that belong to a block, out of all.
pub(super) fn own_papers(block: &[BlockFile], papers: &[Paper], files: &[BlockFile], rules: &Rules) -> Vec<Paper> {
    let is_here = |home: &RoundFileName| block.iter().any(|file| file.name == *home);
    let names = || files.iter().map(|file| &file.name);
    let own = papers.iter().filter(|paper| home(&paper.name, names(), &rules.zone).is_some_and(is_here));
    own.cloned().collect()
}

/// The endstats and round events among `files`, each read once.
pub(super) fn read_papers<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<Paper> {
    let mut papers = Vec::new();
    for (file_name, content) in files {
        let Ok(name) = FileName::parse(file_name) else { continue };
        let parsed = match name.kind() {
            Kind::Endstats => Parsed::Endstats(Arc::new(endstats::parse(content))),
            Kind::Gametime => Parsed::Event(Arc::new(gametime::parse(content))),
            _ => continue,
        };
        let hash = ContentHash::of(content);
        papers.push(Paper {
            artifact: artifact_id(SERVER, name.kind(), file_name, &hash, 0),
            file_name: file_name.to_owned(),
            name,
            hash,
            damaged: false,
            content: content.into(),
            parsed,
            refused: None,
        });
    }
    papers
}

/// Tells each file of which other it is a copy, as the archive does over all of a server's files.
pub(super) fn mark_copies(files: &mut [BlockFile]) {
    let mut lowest: BTreeMap<ContentHash, String> = BTreeMap::new();
    for file in files.iter() {
        let name = lowest.entry(file.hash).or_insert_with(|| file.file_name.clone());
        if file.file_name < *name {
            name.clone_from(&file.file_name);
        }
    }
    for file in files {
        file.copy_of = lowest.get(&file.hash).filter(|original| **original != file.file_name).cloned();
    }
}

/// Cuts files into blocks; an artifact that is given twice is one.
pub(super) fn cut(files: &[BlockFile]) -> Vec<Vec<BlockFile>> {
    let mut marks: Vec<Mark> =
        files.iter().map(|file| Mark { stamp: file.name.stamp, number: file.name.round }).collect();
    marks.sort_unstable();
    spans(&marks)
        .into_iter()
        .map(|span| {
            let mut seen = BTreeSet::new();
            let inside = files.iter().filter(|file| (span.first..=span.last).contains(&file.name.stamp));
            inside.filter(|file| seen.insert(file.artifact)).cloned().collect()
        })
        .collect()
}
