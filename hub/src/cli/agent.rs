use clap::Subcommand;
use serde_json::json;

use crate::link::AgentRecord;
use crate::reports::words::plural;
use crate::serve::admin::{Approve, Invite, Revoke};
use crate::serve::agents;

use super::paint::{BAD, GOOD, QUIET, painted};
use super::work::work;
use super::{Place, setup};

const APPROVE_HELP: &str = "\
An agent renews its certificate by itself while it runs. One whose host was off for more than a week, or whose files \
were damaged, asks with the signing key that it still holds. It keeps its id, and what it has waiting arrives. Approve \
it if you know why it was away; if somebody else may hold its key, revoke it and let the host join anew.";

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
    /// Let an agent in again whose certificate is lost or has run out, and that asks for another
    #[command(after_help = APPROVE_HELP)]
    Approve {
        /// Its name, as slomix-hub agent list shows it
        name: String,
    },
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
                if invited.replaces {
                    let name = &invited.name;
                    let careful = painted(BAD, "Careful:");
                    anstream::eprintln!(
                        "{careful} an agent called {name} ships now. Whoever joins with this token takes its place, and it \
                         is revoked. For another game server choose another name."
                    );
                }
                anstream::eprintln!("On the game server's host, within 15 minutes:\n");
                println!("slomix-agent join {}", invited.token);
            }
        }
        AgentCommand::List => list(place).await?,
        AgentCommand::Approve { name } => {
            setup::expect_hub(place)?;
            let approved = work(place, Approve { name }).await?;
            if place.json {
                println!("{}", serde_json::to_string_pretty(&approved)?);
            } else {
                let from = approved.address.map_or_else(String::new, |address| format!(", which asks from {address}"));
                anstream::println!("{} {}{from}", painted(GOOD, "Approved"), approved.name);
                anstream::println!("{}", painted(QUIET, "It goes on within a minute, with all that it has waiting"));
            }
        }
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
    let now_ms = setup::clock()();
    if place.json {
        let list: Vec<_> = list
            .iter()
            .map(|one| {
                json!({
                    "id": one.id.to_string(), "name": one.name, "server": one.server,
                    "joined_at_ms": one.joined_at_ms, "revoked_at_ms": one.revoked_at_ms,
                    "certificate_ends_at_ms": one.certificate_ends_at_ms,
                    "readmission": asked(one, now_ms).map(|asked| json!({
                        "since_ms": asked.since_ms, "last_ms": asked.last_ms, "address": asked.address,
                        "approved_at_ms": asked.approved_at_ms,
                    })),
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
        for line in certificate(&one, now_ms) {
            anstream::println!("    {line}");
        }
    }
    Ok(())
}

/// What the agent asks, unless it has given up.
fn asked(agent: &AgentRecord, now_ms: i64) -> Option<&crate::link::Readmission> {
    agent.readmission.as_ref().filter(|asked| asked.stands(now_ms) && agent.revoked_at_ms.is_none())
}

/// Until when the agent's certificate lets it in, and what it asks where that does not.
fn certificate(agent: &AgentRecord, now_ms: i64) -> Vec<String> {
    const HOUR_MS: i64 = 3_600_000;
    let mut lines = Vec::new();
    if agent.revoked_at_ms.is_some() {
        return lines;
    }
    if let Some(ends) = agent.certificate_ends_at_ms {
        let date = jiff::Timestamp::from_millisecond(ends)
            .map_or_else(|_| ends.to_string(), |at| at.strftime("%Y-%m-%d %H:%MZ").to_string());
        lines.push(if ends < now_ms {
            painted(BAD, &format!("certificate ran out {date}"))
        } else {
            painted(QUIET, &format!("certificate until {date}, renewed by itself"))
        });
    }
    if let Some(asked) = asked(agent, now_ms) {
        let hours = (now_ms - asked.since_ms).max(0) / HOUR_MS;
        let since = if hours == 0 { "less than an hour".to_owned() } else { plural(hours, "hour", "hours") };
        lines.push(match asked.approved_at_ms {
            Some(_) => painted(GOOD, "approved; it goes on within a minute if it runs"),
            None => painted(BAD, &format!("asks from {} for {since}; to let it in:", asked.address)),
        });
        if asked.approved_at_ms.is_none() {
            lines.push(format!("slomix-hub agent approve {}", agent.name));
        }
    }
    lines
}
