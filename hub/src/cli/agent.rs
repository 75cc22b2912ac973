use std::collections::BTreeMap;

use clap::Subcommand;
use serde_json::json;

use crate::data_dir::DataDir;
use crate::link::AgentRecord;
use crate::reports::words::{plural, span};
use crate::serve::admin::{Approve, CallError, Connected, ConnectedLine, Invite, Revoke, call};
use crate::serve::agents;

use super::paint::{BAD, GOOD, QUIET, painted};
use super::work::work;
use super::{Place, setup};

const APPROVE_HELP: &str = "\
An agent renews its certificate by itself while it runs. One whose host was off for more than a week, or whose files \
were damaged, asks with the signing key that it still holds. It keeps its id, and what it has waiting arrives. Approve \
it if you know why it was away; if somebody else may hold its key, revoke it and let the host join anew.";

const INVITE_HELP: &str = "\
The token holds the hub's address, what the hub is known by, and a secret that is good once. On the game server's host: \
slomix-agent join TOKEN, then slomix-agent run. One name is one machine: who joins under a name in use takes the other's \
place, which is revoked.";

const REVOKE_HELP: &str = "\
Its open connection ends within a second, and nothing that it sends is kept from then on; what it shipped before stays. \
What it still has waits on its host. To let it come back: slomix-hub agent invite NAME here, and there, with the agent \
stopped, slomix-agent join TOKEN --force.";

#[derive(Debug, Subcommand)]
pub(super) enum AgentCommand {
    /// Print a one-time token with which an agent joins within 15 minutes
    #[command(after_help = INVITE_HELP)]
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
    /// List the agents that joined and, beside a hub that serves, who is connected now
    List,
    /// Let an agent in again whose certificate is lost or has run out, and that asks for another
    #[command(after_help = APPROVE_HELP)]
    Approve {
        /// Its name, as slomix-hub agent list shows it
        name: String,
    },
    /// Let an agent ship no more, at once
    #[command(after_help = REVOKE_HELP)]
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
    let connected = connected(place).await;
    if place.json {
        let list: Vec<_> = list
            .iter()
            .map(|one| {
                let line = connected.as_ref().ok().map(|lines| lines.get(&one.id.to_string()));
                json!({
                    // null where nobody can know: no hub serves.
                    "connected": line.map(|line| line.is_some()),
                    "connection": line.flatten().map(|line| json!({
                        "address": line.address, "way": line.way, "since_ms": line.since_ms,
                    })),
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
    let unknown = connected.as_ref().err().filter(|_| list.iter().any(|one| one.revoked_at_ms.is_none())).cloned();
    for one in list {
        let state = if one.revoked_at_ms.is_some() { painted(BAD, "revoked") } else { painted(GOOD, "may ship") };
        anstream::println!("{}  {state}  {}", one.name, painted(QUIET, &format!("server {}, {}", one.server, one.id)));
        let line = connected.as_ref().ok().filter(|_| one.revoked_at_ms.is_none());
        if let Some(lines) = line {
            anstream::println!("    {}", connection(lines.get(&one.id.to_string()), now_ms));
        }
        for line in certificate(&one, now_ms) {
            anstream::println!("    {line}");
        }
    }
    if let Some(why) = unknown {
        anstream::println!("{}", painted(QUIET, &format!("Who is connected is not known: {why}")));
    }
    Ok(())
}

/// The agents that are connected to the hub that serves, by id; else why nobody can know.
async fn connected(place: &Place) -> Result<BTreeMap<String, ConnectedLine>, String> {
    let data = DataDir::open(&place.data).map_err(|error| error.to_string())?;
    match call(&data, &Connected {}, &|_| {}).await {
        Ok(lines) => Ok(lines.into_iter().map(|line| (line.id.clone(), line)).collect()),
        Err(CallError::NobodyServes(_)) => Err("no hub serves this data directory now".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn connection(line: Option<&ConnectedLine>, now_ms: i64) -> String {
    match line {
        Some(line) => {
            let (way, since) = (line.way.to_uppercase(), span(now_ms - line.since_ms));
            painted(GOOD, &format!("connected over {way} from {} for {since}", line.address))
        }
        None => painted(BAD, "not connected"),
    }
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
