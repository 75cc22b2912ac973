//! What people type, to what a decision names.

use anyhow::{Context, anyhow, bail};
use data_encoding::HEXLOWER;
use slomix_shared::artifact::ContentHash;
use slomix_shared::game::Guid;

use crate::cli::{Place, setup};
use crate::domain::decisions::{Bound, Correction, RoundKey};
use crate::domain::folding::folded;
use crate::pipeline::{Line, lines, name_of_team, team_of_player};
use crate::reports::handle;
use crate::store::Store;
use crate::store::read::{NamedPlayer, RoundRow, SessionRow};

pub(super) async fn round(store: &Store, text: &str) -> anyhow::Result<(RoundRow, RoundKey)> {
    let row = handle::find_round(store, text).await?;
    let row = row.with_context(|| format!("there is no round {text}; slomix-hub show session lists them"))?;
    let key = key(&row)?;
    Ok((row, key))
}

fn key(row: &RoundRow) -> anyhow::Result<RoundKey> {
    RoundKey::of_file(&row.server, &row.file).ok_or_else(|| anyhow!("{} is not a round's file", row.file))
}

async fn session(store: &Store, text: &str) -> anyhow::Result<(SessionRow, Vec<RoundRow>)> {
    let row = handle::find_session(store, text).await?;
    let row = row.with_context(|| format!("there is no session {text}; slomix-hub show session list shows them"))?;
    let rounds = store.rounds_of_session(row.id).await?;
    Ok((row, rounds))
}

/// The only one of `(key, name)` that is meant: by key or by the whole name, case and accents aside. A decision is made
/// about nobody who was named by a part of his name.
fn one<'a>(people: &'a [(String, String)], text: &str, place: &str) -> anyhow::Result<&'a str> {
    let wanted = folded(text);
    let fits = |(key, name): &&(String, String)| {
        key.eq_ignore_ascii_case(text) || name == text || (!wanted.is_empty() && folded(name) == wanted)
    };
    let found: Vec<_> = people.iter().filter(fits).collect();
    match found.as_slice() {
        [(key, _)] => Ok(key),
        [] => {
            let names: Vec<&str> = people.iter().map(|(_, name)| name.as_str()).collect();
            bail!("{text} is not in {place}; there are {}", names.join(", "))
        }
        several => {
            let names: Vec<String> = several.iter().map(|(key, name)| format!("{name} ({key})")).collect();
            bail!("{text} could be {}; give the GUID", names.join(", "))
        }
    }
}

/// The key of a player's line in a round's file; he may be named by whom he was merged into.
pub(super) async fn line(store: &Store, round: &RoundRow, text: &str) -> anyhow::Result<String> {
    let lines: Vec<Line> = lines(store, round).await?;
    let by_line: Vec<(String, String)> = lines.iter().map(|line| (line.key.to_string(), line.name.clone())).collect();
    if let Some(line) = lines.iter().find(|line| line.player.eq_ignore_ascii_case(text)) {
        return Ok(line.key.to_string());
    }
    match one(&by_line, text, "that round") {
        Ok(key) => Ok(key.to_owned()),
        // Reports of a session or a career show another name of his.
        Err(error) => {
            let others = called(store, text).await?;
            let is_his = |line: &&Line| others.iter().any(|one| one.key == line.player);
            match lines.iter().filter(is_his).collect::<Vec<_>>().as_slice() {
                [only] => Ok(only.key.to_string()),
                _ => Err(error),
            }
        }
    }
}

pub(super) async fn team(store: &Store, text: &str, player: &str, team: i8) -> anyhow::Result<Correction> {
    let (row, _) = session(store, text).await?;
    let people = store.players_of_session(row.id).await?;
    let people: Vec<(String, String)> = people.into_iter().map(|one| (one.key, one.name)).collect();
    let player = match one(&people, player, "that session") {
        Ok(key) => key.to_owned(),
        // Reports of a round or a career show another name of his.
        Err(error) => {
            let others = called(store, player).await?;
            let is_his = |one: &&(String, String)| others.iter().any(|other| other.key == one.0);
            match people.iter().filter(is_his).collect::<Vec<_>>().as_slice() {
                [(key, _)] => key.clone(),
                _ => return Err(error),
            }
        }
    };
    team_of_player(store, row.id, &player, team).await?.context("that session has no rounds")
}

/// A name belongs to the teams that played last in the session.
pub(super) async fn name(store: &Store, text: &str, team: i8, name: &str) -> anyhow::Result<Correction> {
    let (row, _) = session(store, text).await?;
    name_of_team(store, row.id, team, name).await?.context("that session has no rounds")
}

/// Who is or was called so, by the whole name, case and accents aside.
async fn called(store: &Store, text: &str) -> anyhow::Result<Vec<NamedPlayer>> {
    let wanted = folded(text);
    let mut called = Vec::new();
    for player in store.find_players(text).await? {
        let names = store.aliases(player.player).await?;
        let is_so = |name: &str| name == text.trim() || (!wanted.is_empty() && folded(name) == wanted);
        if player.key.eq_ignore_ascii_case(text.trim()) || names.iter().any(|alias| is_so(&alias.name)) {
            called.push(player);
        }
    }
    Ok(called)
}

/// A player's key: of somebody who has a GUID of his own, by name or by GUID, even if he was merged away.
pub(super) async fn player(store: &Store, text: &str) -> anyhow::Result<String> {
    if let Some(guid) = Guid::from_bytes(text.as_bytes()).filter(|guid| guid.value().is_some()) {
        return Ok(guid.as_str().to_owned());
    }
    let found = called(store, text).await?;
    match found.as_slice() {
        [] => {
            let alike = store.find_players(text).await?;
            let alike: Vec<String> = alike.iter().take(5).map(|one| format!("{} ({})", one.name, one.key)).collect();
            match alike.as_slice() {
                [] => bail!("nobody is or was called {text}"),
                alike => {
                    bail!("nobody is or was called {text}; give the whole name or the GUID of {}", alike.join(", "))
                }
            }
        }
        [only] => Ok(only.key.clone()),
        several => {
            let names: Vec<String> = several.iter().map(|one| format!("{} ({})", one.name, one.key)).collect();
            bail!("{text} could be {}; give what stands in brackets", names.join(", "))
        }
    }
}

pub(super) async fn split(
    store: &Store,
    text: &str,
    name: Option<String>,
    from: Option<String>,
) -> anyhow::Result<Correction> {
    let guid = player(store, text).await?;
    let bound = match (name, from) {
        (Some(name), _) => Bound::Name(name),
        (None, Some(from)) => {
            let stamp = match handle::find_round(store, &from).await? {
                Some(round) => key(&round)?.stamp,
                None => key(session(store, &from).await?.1.first().context("that session has no rounds")?)?.stamp,
            };
            Bound::From(stamp)
        }
        (None, None) => bail!("say with --name or --from where {guid} is somebody else"),
    };
    Ok(Correction::Split { guid, bound })
}

pub(super) fn zone(place: &Place, server: String, zone: String) -> anyhow::Result<Correction> {
    let config = setup::config(place)?;
    if config.server(&server).is_none() {
        let keys: Vec<&str> = config.servers.iter().map(|one| one.key.as_str()).collect();
        bail!("no server is called {server}; configured: {}", keys.join(", "));
    }
    Ok(Correction::Zone { server, zone })
}

/// The stats file that a name or its round tells, as (server, name).
pub(super) async fn stats_file(
    store: &Store,
    file: String,
    server: Option<String>,
) -> anyhow::Result<(String, String)> {
    let (file, server) = match handle::find_round(store, &file).await?.filter(|_| !file.contains("-round-")) {
        Some(round) => (round.file, Some(round.server)),
        None => (file, server),
    };
    let servers = store.servers_of_file(&file).await?;
    let server = match (server, servers.as_slice()) {
        (_, []) => bail!("no stats file is called {file}"),
        (Some(server), known) if known.contains(&server) => server,
        (Some(server), known) => bail!("{server} has no file {file}; it came from {}", known.join(", ")),
        (None, [only]) => only.clone(),
        (None, several) => bail!("say with --server whose file it is: {}", several.join(", ")),
    };
    Ok((server, file))
}

pub(super) async fn pin(
    store: &Store,
    file: String,
    content: Option<&str>,
    server: Option<String>,
) -> anyhow::Result<Correction> {
    let (server, file) = stats_file(store, file, server).await?;
    let contents = store.contents_of(&server, &file).await?;
    let known: Vec<String> = contents
        .iter()
        .map(|one| {
            let code = if one.code.is_empty() { String::new() } else { format!(", {}", one.code) };
            format!("  {}  {:>7} bytes  {}{code}", &HEXLOWER.encode(&one.hash)[..16], one.size, one.state)
        })
        .collect();
    let known = known.join("\n");
    let Some(wanted) = content.map(str::to_lowercase) else {
        bail!("say which content of {file} counts, by at least four digits of its hash; it has\n{known}");
    };
    let fits: Vec<_> = contents.iter().filter(|one| HEXLOWER.encode(&one.hash).starts_with(&wanted)).collect();
    match fits.as_slice() {
        [] => bail!("{file} has no content whose hash begins with {wanted}; it has\n{known}"),
        _ if wanted.len() < 4 => bail!("give at least four digits of the content's hash; {file} has\n{known}"),
        [only] => {
            let hash = ContentHash::from_slice(&only.hash).context("a hash of another length")?;
            Ok(Correction::Pin { server, file, hash })
        }
        _ => bail!("several contents of {file} begin with {wanted}: give more digits; it has\n{known}"),
    }
}
