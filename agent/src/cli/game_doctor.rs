//! Whether the game server answers, and whether its console is as closed as it should be.

use std::path::Path;

use super::finding::{Finding, bad, good, odd};
use crate::config::Config;
use crate::gameserver::{GameClient, GameError, GameSettings, Road, UdpRoad, cvar_value};
use crate::run::not_here;

/// Looks at the game server, where one is configured.
pub(super) async fn game_server(config: &Config) -> Vec<Finding> {
    let settings = match config.game() {
        Ok(Some(settings)) => settings,
        Ok(None) => return Vec::new(),
        Err(problem) => return vec![bad(problem.to_string())],
    };
    let mut findings = match UdpRoad::open(settings.address) {
        Ok(road) => {
            let client =
                GameClient::new(road, settings.password.clone(), settings.pace, u64::from(std::process::id()) << 16);
            asked(client, &settings).await
        }
        Err(problem) => vec![bad(not_here(settings.address, &problem))],
    };
    if let Some(weakness) = settings.password.as_ref().and_then(crate::gameserver::Password::weakness) {
        findings.push(odd(format!(
            "the game server's password can be guessed ({weakness}): give it and this agent one of 32 random characters"
        )));
    }
    findings.extend(settings.log.as_deref().and_then(unreadable));
    findings
}

async fn asked<R: Road>(mut client: GameClient<R>, settings: &GameSettings) -> Vec<Finding> {
    let address = settings.address;
    let status = match client.status().await {
        Ok(status) => status,
        Err(problem) => return vec![bad(format!("{address}: {problem}"))],
    };
    let map = status.map.unwrap_or_else(|| "no map".to_owned());
    let mut findings =
        vec![good(format!("the game server at {address} answers: {map}, {} on it", status.players.len()))];
    if settings.password.is_none() {
        findings
            .push(good("no password for the game server's console: the hub sees it, and can have nothing done there"));
        return findings;
    }
    match client.rcon("sv_protect").await {
        Ok(text) => findings.extend(protection(cvar_value(&text, "sv_protect").as_deref())),
        Err(problem @ (GameError::BadPassword | GameError::NoPasswordThere)) => findings.push(bad(problem.to_string())),
        Err(problem) => findings.push(odd(format!("the game server's console: {problem}"))),
    }
    findings
}

/// `sv_protect` is a mask; its first bit keeps passwords from being tried as fast as packets come.
fn protection(value: Option<&str>) -> Vec<Finding> {
    let mask = value.and_then(|value| value.trim().parse::<u32>().ok());
    let mut findings = vec![good("the game server's console takes the password")];
    findings.extend(match mask {
        Some(mask) if mask & 1 == 1 => None,
        Some(_) => Some(odd(
            "the game server lets everybody try passwords as fast as packets come: set sv_protect 1 in its configuration",
        )),
        None => Some(odd("the game server does not tell its sv_protect, which should be 1")),
    });
    findings
}

fn unreadable(log: &Path) -> Option<Finding> {
    match std::fs::File::open(log) {
        Ok(_) => None,
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => Some(odd(format!(
            "{} is not there yet: the game server writes it with g_log set to its name, and at once with g_logSync 1",
            log.display()
        ))),
        Err(problem) => Some(bad(format!("{} cannot be read: {problem}", log.display()))),
    }
}

#[cfg(test)]
mod tests {
    use slomix_shared::sim::GameServer;

    use super::*;
    use crate::cli::finding::State;
    use crate::gameserver::{Password, sim_road::SimRoad};

    async fn look(server: GameServer, password: Option<&str>) -> Vec<(State, String)> {
        let settings = GameSettings {
            address: ([127, 0, 0, 1], 27_960).into(),
            password: password.map(|text| Password::parse(text).unwrap()),
            log: None,
            allow: std::collections::BTreeSet::default(),
            commands: std::collections::BTreeSet::default(),
            pace: crate::gameserver::GamePace::default(),
        };
        let client = GameClient::new(SimRoad::to(server), settings.password.clone(), settings.pace, 1);
        asked(client, &settings).await.into_iter().map(|finding| (finding.state, finding.what)).collect()
    }

    #[tokio::test]
    async fn a_server_is_found_well_open_closed_or_silent() {
        let server = GameServer::new(&["supply"], "recpass");
        let well = look(server.clone(), Some("recpass")).await;
        assert!(well.iter().all(|(state, _)| *state == State::Good) && well[0].1.contains("supply"), "{well:?}");
        let wrong = look(server.clone(), Some("other")).await;
        assert!(wrong[1].0 == State::Bad && wrong[1].1.contains("must be the same"), "{wrong:?}");
        assert_eq!(look(server.clone(), None).await.len(), 2);

        let mut open = server.clone();
        open.set_cvar("sv_protect", "0");
        let open = look(open, Some("recpass")).await;
        assert!(open[2].0 == State::Odd && open[2].1.contains("set sv_protect 1"), "{open:?}");
        let mut without = server.clone();
        without.set_cvar("rconPassword", "");
        let without = look(without, Some("recpass")).await;
        assert!(without[1].0 == State::Bad && without[1].1.contains("has no rconPassword"), "{without:?}");
        let mut gone = server;
        gone.running = false;
        let silent = look(gone, Some("recpass")).await;
        assert!(
            silent.len() == 1 && silent[0].0 == State::Bad && silent[0].1.contains("does not answer"),
            "{silent:?}"
        );
    }
}
