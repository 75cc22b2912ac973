use clap::Subcommand;
use serde_json::json;

use crate::serve::admin::{Invite, Revoke};
use crate::serve::agents;

use super::paint::{BAD, GOOD, QUIET, painted};
use super::work::work;
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
    match command {
        AgentCommand::Invite { name, server, address } => {
            let invited = work(place, Invite { name, server, address }).await?;
            if place.json {
                println!("{}", serde_json::to_string_pretty(&invited)?);
            } else {
                anstream::eprintln!("On the game server's host, within 15 minutes:\n");
                println!("slomix-agent join {}", invited.token);
            }
        }
        AgentCommand::List => list(place).await?,
        AgentCommand::Revoke { name } => {
            setup::expect_hub(place)?;
            let revoked = work(place, Revoke { name }).await?;
            if place.json {
                println!("{}", serde_json::to_string_pretty(&revoked)?);
            } else {
                anstream::println!(
                    "{} {}; a serving hub cuts it off within a second",
                    painted(GOOD, "Revoked"),
                    revoked.name
                );
            }
        }
    }
    Ok(0)
}

async fn list(place: &Place) -> anyhow::Result<()> {
    let list = agents::list(&setup::reader(place).await?).await?;
    if place.json {
        let list: Vec<_> = list
            .iter()
            .map(|one| {
                json!({
                    "id": one.id.to_string(), "name": one.name, "server": one.server,
                    "joined_at_ms": one.joined_at_ms, "revoked_at_ms": one.revoked_at_ms,
                })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&list)?);
        return Ok(());
    }
    if list.is_empty() {
        anstream::println!("No agent has joined; slomix-hub agent invite NAME makes a token for one");
    }
    for one in list {
        let state = if one.revoked_at_ms.is_some() { painted(BAD, "revoked") } else { painted(GOOD, "may ship") };
        anstream::println!("{}  {state}  {}", one.name, painted(QUIET, &format!("server {}, {}", one.server, one.id)));
    }
    Ok(())
}
