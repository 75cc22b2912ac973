use clap::Subcommand;
use serde_json::json;

use crate::serve::agents;

use super::paint::{BAD, GOOD, QUIET, painted};
use super::{Place, setup};

#[derive(Debug, Subcommand)]
pub(super) enum AgentCommand {
    /// Print a one-time token with which an agent joins within 15 minutes
    Invite {
        /// What the agent is to be called, as in the host's name
        name: String,
        /// Which configured server it ships for; needed when there are several
        #[arg(long, value_name = "KEY")]
        server: Option<String>,
        /// What the agent calls, if the configuration does not say it
        #[arg(long, value_name = "HOST:PORT")]
        address: Option<String>,
    },
    /// List the agents that joined
    List,
    /// Let an agent ship no more, at once
    Revoke {
        /// Its name
        name: String,
    },
}

pub(super) async fn run(place: &Place, command: AgentCommand) -> anyhow::Result<u8> {
    let directory = crate::data_dir::DataDir::open(&place.data)?;
    let config = setup::config(place)?;
    let store = crate::store::Store::at(&config.location(&directory)).await?;
    let now = setup::clock()();
    match command {
        AgentCommand::Invite { name, server, address } => {
            let keys = directory.keys(now)?;
            let (server, address) = (server.as_deref(), address.as_deref());
            let token = agents::invite(&store, &keys, &config, &name, server, address, now).await?;
            if place.json {
                println!("{}", json!({ "name": name, "token": token.to_string() }));
            } else {
                anstream::eprintln!("On the game server's host, within 15 minutes:\n");
                println!("slomix-agent join {token}");
            }
        }
        AgentCommand::List => {
            let list = agents::list(&store).await?;
            if place.json {
                let list: Vec<_> = list
                    .iter()
                    .map(|one| {
                        json!({
                            "id": one.id.to_string(), "name": one.name, "server": one.server,
                            "revoked_at_ms": one.revoked_at_ms,
                        })
                    })
                    .collect();
                println!("{}", serde_json::to_string_pretty(&list)?);
                return Ok(0);
            }
            if list.is_empty() {
                anstream::println!("No agent has joined; slomix-hub agent invite NAME makes a token for one");
            }
            for one in list {
                let state =
                    if one.revoked_at_ms.is_some() { painted(BAD, "revoked") } else { painted(GOOD, "may ship") };
                anstream::println!(
                    "{}  {state}  {}",
                    one.name,
                    painted(QUIET, &format!("server {}, {}", one.server, one.id))
                );
            }
        }
        AgentCommand::Revoke { name } => {
            let revoked = agents::revoke(&store, &name, now).await?;
            anstream::println!(
                "{} {}; a serving hub cuts it off within a second",
                painted(GOOD, "Revoked"),
                revoked.name
            );
        }
    }
    Ok(0)
}
