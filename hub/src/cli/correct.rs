use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use slomix_shared::game::Side;

use crate::domain::decisions::Correction;
use crate::serve::admin::{Correct, Undo};
use crate::store::Store;

use super::paint::{GOOD, QUIET, painted};
use super::work::work;
use super::{Place, setup};

mod find;
mod list;
mod told;

use told::Standing;

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
        #[command(flatten)]
        record: Record,
    },
    /// The army that defended in a round; the map's result follows
    Defender {
        /// As in 2026-11-09a.3, a file name, or `last`
        round: String,
        /// The defender
        side: Fighting,
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
        #[command(flatten)]
        record: Record,
    },
    /// One GUID is two players: where it bears a name, or from a round or session on, it is somebody else
    Split {
        /// The eight characters of the GUID, or a name
        player: String,
        /// Wherever it bears this name
        #[arg(long, required_unless_present = "from", conflicts_with = "from")]
        name: Option<String>,
        /// From this round or session on
        #[arg(long, value_name = "ROUND|SESSION")]
        from: Option<String>,
        #[command(flatten)]
        record: Record,
    },
    /// The zone of a server's clock, where the configuration does not tell it
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
        /// The stats file's name
        file: String,
        /// The beginning of the content's hash; without it the contents are listed
        content: Option<String>,
        /// Which server's file, where several have one of this name
        #[arg(long, value_name = "KEY")]
        server: Option<String>,
        #[command(flatten)]
        record: Record,
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
    /// Who decides; the system's user without it
    #[arg(long)]
    author: Option<String>,
    /// Only say whether it could be decided
    #[arg(long)]
    dry_run: bool,
}

impl Record {
    fn author(&self) -> String {
        let user = || ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
        self.author.clone().or_else(user).unwrap_or_else(|| "command line".to_owned())
    }
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
    let (correction, record) = match command {
        C::List { all } => return list::run(place, &store, all).await,
        C::Undo { decision, record } => return undo(place, &store, decision, record).await,
        C::Void { round: text, record } => (Correction::Void { round: round(&text).await? }, record),
        C::Side { round, player, side, record } => {
            let (row, round) = find::round(&store, &round).await?;
            let player = find::line(&store, &row, &player).await?;
            (Correction::Side { round, player, side: side.side() }, record)
        }
        C::Winner { round: text, side, record } => {
            (Correction::Winner { round: round(&text).await?, side: side.side() }, record)
        }
        C::Defender { round: text, side, record } => {
            (Correction::Defender { round: round(&text).await?, side: side.side() }, record)
        }
        C::Team { session, player, team, record } => {
            (find::team(&store, &session, &player, team.team()).await?, record)
        }
        C::Name { session, team, name, record } => (find::name(&store, &session, team.team(), name).await?, record),
        C::Merge { player, into, record } => {
            let player = find::player(&store, &player).await?;
            (Correction::Merge { player, into: find::player(&store, &into).await? }, record)
        }
        C::Split { player, name, from, record } => (find::split(&store, &player, name, from).await?, record),
        C::Zone { server, zone, record } => (find::zone(place, server, zone)?, record),
        C::Pin { file, content, server, record } => {
            (find::pin(&store, file, content.as_deref(), server).await?, record)
        }
    };
    let author = record.author();
    let ask = Correct::new(&correction, author, record.reason, record.dry_run);
    if record.dry_run {
        work(place, ask).await?;
        if place.json {
            println!("{}", json!({ "says": correction.to_string(), "dry_run": true }));
        } else {
            anstream::println!("{} that {correction}; nothing stands against it", painted(GOOD, "Would decide"));
        }
        return Ok(0);
    }
    let before = Standing::read(&store, &correction).await?;
    let corrected = work(place, ask).await?;
    let after = Standing::read(&store, &correction).await?;
    told::print(place, &store, &corrected, Some(&correction), &before, &after).await
}

async fn undo(place: &Place, store: &Store, decision: i64, record: Record) -> anyhow::Result<u8> {
    let row = store.decision(decision).await?;
    let said = match &row {
        Some(row) => told::said(store, row).await?,
        None => String::new(),
    };
    let correction = row.and_then(|row| row.correction());
    if record.dry_run {
        anstream::println!("{} decision {decision}: {said}", painted(GOOD, "Would undo"));
        return Ok(0);
    }
    let standing = async || match &correction {
        Some(correction) => Standing::read(store, correction).await,
        None => Ok(Standing::default()),
    };
    let before = standing().await?;
    let corrected = work(place, Undo { decision, author: record.author(), reason: record.reason }).await?;
    let after = standing().await?;
    if !place.json {
        anstream::println!("{}", painted(QUIET, &format!("it no longer holds that {said}")));
    }
    told::print(place, store, &corrected, None, &before, &after).await
}
