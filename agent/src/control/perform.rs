use std::time::Duration;

use slomix_shared::wire::{ControlAnswer, GameStatus, Intent, Seat};

use crate::gameserver::{GameError, Road, Row, Watcher, decoded, map_list, status_rows};

/// How long the server's list of maps holds.
const MAPS_HOLD: Duration = Duration::from_mins(10);
/// How long a map may take to be loaded.
const LOADING: Duration = Duration::from_secs(40);

/// Does what was asked for and allowed, and says what came of it.
pub async fn perform<R: Road>(game: &mut Watcher<R>, intent: &Intent) -> ControlAnswer {
    let done = match intent {
        Intent::Status => game.look().await.map(|status| ControlAnswer::Status(Box::new(status))),
        Intent::Players => seats(game).await.map(|players| ControlAnswer::Players { players }),
        Intent::ListMaps => maps(game).await.map(|maps| ControlAnswer::Maps { maps }),
        Intent::Say { text } => say(game, text.trim()).await,
        Intent::Kick { slot, seconds } => kick(game, *slot, *seconds).await,
        Intent::ChangeMap { map } => change_map(game, map).await,
        Intent::Restart => restart(game).await,
        Intent::Rcon { command } => told(game, command.trim(), "the game server said nothing").await,
        Intent::Unrecognised => return ControlAnswer::refused("this agent does not know what that is"),
    };
    if *intent != Intent::Status {
        game.console_took(done.as_ref().err());
    }
    done.unwrap_or_else(|error| ControlAnswer::failed(&error.to_string()))
}

/// A command whose output is the answer.
async fn told<R: Road>(game: &mut Watcher<R>, command: &str, silence: &str) -> Result<ControlAnswer, GameError> {
    let text = game.client.rcon(command).await?;
    let text = lines(&text);
    Ok(ControlAnswer::done(if text.is_empty() { silence } else { &text }))
}

/// A line in the chat. The console repeats what it sends to everybody, with the game's own marks, and that is no news;
/// anything else that it prints is.
async fn say<R: Road>(game: &mut Watcher<R>, text: &str) -> Result<ControlAnswer, GameError> {
    let printed = lines(&game.client.rcon(&format!("say {text}")).await?);
    let news: Vec<&str> = printed.lines().filter(|line| !line.starts_with("broadcast: ")).collect();
    Ok(ControlAnswer::done(if news.is_empty() { "said".to_owned() } else { news.join("\n") }.as_str()))
}

/// What the console prints, line by line, as text.
fn lines(text: &[u8]) -> String {
    let lines: Vec<String> = text.split(|byte| *byte == b'\n').map(|line| decoded(line, 1_024)).collect();
    lines.join("\n").trim().to_owned()
}

async fn seats<R: Road>(game: &mut Watcher<R>) -> Result<Vec<Seat>, GameError> {
    let text = game.client.rcon("status").await?;
    Ok(status_rows(&text)?.iter().map(Row::seat).collect())
}

async fn maps<R: Road>(game: &mut Watcher<R>) -> Result<Vec<String>, GameError> {
    let text = game.client.rcon("dir maps bsp").await?;
    let maps = map_list(&text).ok_or(GameError::NoRows(crate::gameserver::NoRows::NoTable))?;
    game.maps = Some((game.client.now(), maps.clone()));
    Ok(maps)
}

/// Players are kicked by slot, since several may have one name; what the name was is told, so that whoever asked sees
/// whether it was the right one.
async fn kick<R: Road>(game: &mut Watcher<R>, slot: u8, seconds: Option<u32>) -> Result<ControlAnswer, GameError> {
    let in_slot = |seats: Vec<Seat>| seats.into_iter().find(|seat| seat.slot == slot);
    let Some(before) = in_slot(seats(game).await?) else {
        return Ok(ControlAnswer::failed(&format!("nobody is in slot {slot}")));
    };
    let command = match seconds {
        Some(seconds) => format!("clientkick {slot} {seconds}"),
        None => format!("clientkick {slot}"),
    };
    let text = game.client.rcon(&command).await?;
    let after = in_slot(seats(game).await?);
    if after.is_some_and(|after| after.name == before.name) {
        let said = lines(&text);
        let said = if said.is_empty() { "the game server did not say why".to_owned() } else { said };
        return Ok(ControlAnswer::failed(&format!("{} is still in slot {slot}: {said}", before.name)));
    }
    Ok(ControlAnswer::done(&format!("kicked {} from slot {slot}", before.name)))
}

async fn change_map<R: Road>(game: &mut Watcher<R>, wanted: &str) -> Result<ControlAnswer, GameError> {
    let fresh = game.maps.as_ref().filter(|(at, _)| game.client.now().saturating_duration_since(*at) < MAPS_HOLD);
    let find = |maps: &[String]| maps.iter().find(|map| map.eq_ignore_ascii_case(wanted)).cloned();
    let map = match fresh.and_then(|(_, maps)| find(maps)) {
        Some(map) => map,
        // It may have been added since.
        None => match find(&maps(game).await?) {
            Some(map) => map,
            None => return Ok(ControlAnswer::refused(&format!("the game server has no map `{wanted}`"))),
        },
    };
    let text = game.client.begin(&format!("map {map}")).await?;
    let said = lines(&text);
    if said.contains("Can't find map") {
        return Ok(ControlAnswer::failed(&said));
    }
    let loaded = |status: &GameStatus| status.map.as_ref().is_some_and(|now| now.eq_ignore_ascii_case(&map));
    Ok(match wait_for(game, loaded).await {
        Ok(_) => ControlAnswer::done(&format!("the map is {map} now")),
        Err(seen) => ControlAnswer::failed(&format!("the game server was told to load {map}, but {seen}")),
    })
}

async fn restart<R: Road>(game: &mut Watcher<R>) -> Result<ControlAnswer, GameError> {
    game.client.begin("map_restart").await?;
    Ok(match wait_for(game, |_| true).await {
        Ok(status) => ControlAnswer::done(&format!("{} began anew", status.map.as_deref().unwrap_or("the map"))),
        Err(seen) => ControlAnswer::failed(&format!("the game server was told to begin anew, but {seen}")),
    })
}

/// Looks at the server until it is as wanted; else what it is instead.
async fn wait_for<R: Road>(game: &mut Watcher<R>, wanted: impl Fn(&GameStatus) -> bool) -> Result<GameStatus, String> {
    let ends = game.client.now() + LOADING;
    loop {
        let seen = match game.look().await {
            Ok(status) if wanted(&status) => return Ok(status),
            Ok(status) => format!("its map is {} now", status.map.as_deref().unwrap_or("unknown")),
            Err(GameError::Silent | GameError::Refused) => {
                format!("it has not answered since; it may still be loading after {} s", LOADING.as_secs())
            }
            Err(other) => other.to_string(),
        };
        if game.client.now() >= ends {
            return Err(seen);
        }
        let again = game.client.now() + Duration::from_secs(1);
        game.client.rest(again).await.ok();
    }
}
