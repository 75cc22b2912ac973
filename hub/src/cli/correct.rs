use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use slomix_shared::game::Side;

use crate::domain::decisions::Correction;

use super::{Place, setup};

pub(super) mod about;
mod contents;
mod find;
mod list;
mod made;
mod replaced;
mod told;
mod undone;

#[derive(Debug, Subcommand)]
#[command(after_help = AFTER_HELP)]
pub(super) enum CorrectCommand {
    /// A round counts for nothing: not for the score, totals or records. It can still be looked at
    Void {
        /// As in 2026-11-09a.3, a file name, or `last`
        round: String,
        #[command(flatten)]
        record: Record,
    },
    /// The army that a player was in, in one round
    Side {
        /// As in 2026-11-09a.3, a file name, or `last`
        round: String,
        /// His name or the eight characters of his GUID
        player: String,
        /// Where he was
        side: Army,
        #[command(flatten)]
        record: Record,
    },
    /// The army that won a round; the map's result follows
    Winner {
        /// As in 2026-11-09a.3, a file name, or `last`
        round: String,
        /// The winner
        side: Fighting,
        /// Even if the other half of the map tells another story
        #[arg(long)]
        even_though_contradicted: bool,
        #[command(flatten)]
        record: Record,
    },
    /// The army that defended in a round; the map's result follows
    Defender {
        /// As in 2026-11-09a.3, a file name, or `last`
        round: String,
        /// The defender
        side: Fighting,
        /// Even if the other half of the map tells another story
        #[arg(long)]
        even_though_contradicted: bool,
        #[command(flatten)]
        record: Record,
    },
    /// The team that a player is in, for a whole session
    Team {
        /// As in 2026-11-09a, a date, or `last`
        session: String,
        /// His name or the eight characters of his GUID
        player: String,
        /// The team
        team: Letter,
        #[command(flatten)]
        record: Record,
    },
    /// What a team is called: in this session, and wherever most of its core plays together
    Name {
        /// As in 2026-11-09a, a date, or `last`
        session: String,
        /// The team
        team: Letter,
        /// Its name
        name: String,
        #[command(flatten)]
        record: Record,
    },
    /// Two GUIDs are one player: all rounds of the first appear under the second
    Merge {
        /// The eight characters of the GUID that goes, or his name
        player: String,
        /// The eight characters of the GUID that stays, or his name
        into: String,
        /// Even if both stand in one round, where they stay two
        #[arg(long)]
        even_though_together: bool,
        #[command(flatten)]
        record: Record,
    },
    /// One GUID is two players: where it bears a name, or from a round or session on, it is somebody else
    Split {
        /// The eight characters of the GUID, or a name
        player: String,
        /// Wherever it bears this name
        #[arg(long, group = "bound")]
        name: Option<String>,
        /// From this round or session on
        #[arg(long, value_name = "ROUND|SESSION", group = "bound")]
        from: Option<String>,
        #[command(flatten)]
        record: Record,
    },
    /// The zone of a server's clock, whatever the configuration tells
    Zone {
        /// The server's key
        server: String,
        /// As in Europe/Berlin
        zone: String,
        #[command(flatten)]
        record: Record,
    },
    /// Which content of a file counts, where it came with several
    Pin {
        /// The stats file's name, or its round's, as in 2026-11-09a.3
        file: String,
        /// The beginning of the content's hash; without it the contents are listed
        content: Option<String>,
        /// Which server's file, where several have one of this name
        #[arg(long, value_name = "KEY")]
        server: Option<String>,
        /// Why; kept for ever
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        by: By,
    },
    /// What was decided, by whom, why, and how to undo it
    List {
        /// What was undone as well
        #[arg(long)]
        all: bool,
    },
    /// Undo a decision, by its number in the list; everything is as if it had never been made
    Undo {
        /// Its number
        decision: i64,
        #[command(flatten)]
        record: Record,
    },
}

const AFTER_HELP: &str = "\
A round that must not count:  correct void 2026-11-09a.3 --reason 'the server crashed'
Somebody on the wrong side:   correct side 2026-11-09a.3 ciril spectator --reason 'was away'
In the wrong team:            correct team 2026-11-09a ciril b --reason 'played for them'
A new GUID, the same player:  correct merge 1C90AAAA 0A88841D --reason 'new computer'
A team with a name:           correct name last a 'Night Shift' --reason 'their own name'
Undo:                         correct list, then correct undo 7 --reason 'mistaken'

Files are never changed: a decision stands beside them, and what follows from both is
made again. It can be undone at any time, and posts that show it are edited.";

/// What the record of a decision needs.
#[derive(Debug, Args)]
pub(super) struct Record {
    /// Why; kept for ever
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    by: By,
}

/// Who decides, if at all.
#[derive(Debug, Args)]
pub(super) struct By {
    /// Who decides; without it $USER, else $LOGNAME, and where both are unset `command line`
    #[arg(long)]
    author: Option<String>,
    /// Only say whether it could be decided
    #[arg(long)]
    dry_run: bool,
}

impl By {
    fn author(&self) -> String {
        self.author.clone().unwrap_or_else(login_name)
    }
}

/// Who works at this terminal.
pub(super) fn login_name() -> String {
    let told = |name: &&str| std::env::var(name).is_ok_and(|name| !name.trim().is_empty());
    let told = ["USER", "LOGNAME"].into_iter().find(|name| told(name)).and_then(|name| std::env::var(name).ok());
    told.unwrap_or_else(|| "command line".to_owned())
}

/// Where somebody was.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Army {
    Axis,
    Allies,
    Spectator,
}

/// An army that can win.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Fighting {
    Axis,
    Allies,
}

/// A team of a session.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Letter {
    A,
    B,
}

impl Army {
    fn side(self) -> Option<Side> {
        match self {
            Self::Axis => Some(Side::Axis),
            Self::Allies => Some(Side::Allies),
            Self::Spectator => None,
        }
    }
}

impl Fighting {
    fn side(self) -> Side {
        match self {
            Self::Axis => Side::Axis,
            Self::Allies => Side::Allies,
        }
    }
}

impl Letter {
    fn team(self) -> i8 {
        match self {
            Self::A => 1,
            Self::B => -1,
        }
    }
}

pub(super) async fn run(place: &Place, command: CorrectCommand) -> anyhow::Result<u8> {
    use CorrectCommand as C;
    let store = setup::reader(place).await?;
    let round = async |text: &str| Ok::<_, anyhow::Error>(find::round(&store, text).await?.1);
    let mut insists = false;
    let (correction, record) = match command {
        C::List { all } => return list::run(place, &store, all).await,
        C::Undo { decision, record } => return undone::run(place, &store, decision, record).await,
        C::Void { round: text, record } => (Correction::Void { round: round(&text).await? }, record),
        C::Side { round, player, side, record } => {
            let (row, round) = find::round(&store, &round).await?;
            let player = find::line(&store, &row, &player).await?;
            (Correction::Side { round, player, side: side.side() }, record)
        }
        C::Winner { round: text, side, even_though_contradicted, record } => {
            insists = even_though_contradicted;
            (Correction::Winner { round: round(&text).await?, side: side.side() }, record)
        }
        C::Defender { round: text, side, even_though_contradicted, record } => {
            insists = even_though_contradicted;
            (Correction::Defender { round: round(&text).await?, side: side.side() }, record)
        }
        C::Team { session, player, team, record } => {
            (find::team(&store, &session, &player, team.team()).await?, record)
        }
        C::Name { session, team, name, record } => (find::name(&store, &session, team.team(), &name).await?, record),
        C::Merge { player, into, even_though_together, record } => {
            let player = find::player(&store, &player).await?;
            insists = even_though_together;
            (Correction::Merge { player, into: find::player(&store, &into).await? }, record)
        }
        C::Split { player, name, from, record } => (find::split(&store, &player, name, from).await?, record),
        C::Zone { server, zone, record } => (find::zone(place, server, zone)?, record),
        C::Pin { file, content, server, reason, by } => {
            if content.is_none() && place.json {
                return contents::list(&store, file, server).await;
            }
            let correction = find::pin(&store, file, content.as_deref(), server).await?;
            // Whoever asks which contents there are has no reason yet.
            let reason = reason.context("a decision needs a reason: --reason WHY")?;
            (correction, Record { reason, by })
        }
    };
    made::run(place, &store, &correction, record, insists).await
}
