//! What `agent invite`, `agent list`, `agent approve` and `agent revoke` do. They work on the database, beside a hub that
//! serves or without one; a hub that serves cuts an agent off at once that it is asked to revoke, and within a second
//! one that is revoked behind its back.

use slomix_shared::identity::JoinToken;

use super::StoreRegistry;
use crate::config::Config;
use crate::link::{AgentRecord, HubKeys, InviteError, Registry, RegistryError};
use crate::store::Store;

/// Why an agent command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The name cannot be one.
    #[error("`{0}` cannot be an agent's name: take 1 to 64 letters, digits, `_`, `.` and `-`")]
    Name(String),
    /// The configuration has no such server.
    #[error("the configuration has no server `{asked}`; its servers are {known}")]
    UnknownServer {
        /// What was asked for.
        asked: String,
        /// The keys that there are.
        known: String,
    },
    /// There is a choice to make.
    #[error("the configuration has several servers: say which one the agent ships for with --server, one of {0}")]
    WhichServer(String),
    /// Nothing says what the agent should call.
    #[error(
        "agents must be told what to call: set `public_address` in [link] of the configuration to the hub's name or \
         address as the game server sees it, or give --address HOST:PORT"
    )]
    NoAddress,
    /// What the agent should call is no address.
    #[error("--address: {0}")]
    Address(String),
    /// The invite could not be made.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The list could not be read or written.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// No agent with the name asks for anything.
    #[error("no agent `{name}` asks to be let in again{}", asking_hint(asking))]
    NotAsked {
        /// The name that was given.
        name: String,
        /// The names of those that ask.
        asking: Vec<String>,
    },
    /// No agent has the name.
    #[error("no agent that may ship has the name `{name}`{}", hint(known))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
}

fn hint(known: &[String]) -> String {
    if known.is_empty() { "; there is none at all".to_owned() } else { format!("; there are {}", known.join(", ")) }
}

fn asking_hint(asking: &[String]) -> String {
    if asking.is_empty() {
        "; none does (one that still has a good certificate need not, and one that never joined needs a token)"
            .to_owned()
    } else {
        format!("; those that do are {}", asking.join(", "))
    }
}

/// Makes a join token for an agent. Without `server` the only one there is; without `address` (`host:port`) what the
/// configuration says.
pub async fn invite(
    store: &Store,
    keys: &HubKeys,
    config: &Config,
    name: &str,
    server: Option<&str>,
    address: Option<&str>,
    now_ms: i64,
) -> Result<JoinToken, AgentError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
        return Err(AgentError::Name(name.to_owned()));
    }
    let keys_known = || config.servers.iter().map(|server| server.key.as_str()).collect::<Vec<_>>().join(", ");
    let server = match (server, config.servers.as_slice()) {
        (Some(key), _) if config.server(key).is_some() => key,
        (Some(key), _) => return Err(AgentError::UnknownServer { asked: key.to_owned(), known: keys_known() }),
        (None, [only]) => only.key.as_str(),
        (None, _) => return Err(AgentError::WhichServer(keys_known())),
    };
    let address = match address {
        Some(address) => config.callable(address).map_err(AgentError::Address)?,
        None => config.invite_address().ok_or(AgentError::NoAddress)?,
    };
    let registry = StoreRegistry(store.clone());
    Ok(crate::link::invite(&registry, keys, name, server, &address, now_ms).await?)
}

/// Every agent, revoked ones too, by name and then by joining.
pub async fn list(store: &Store) -> Result<Vec<AgentRecord>, AgentError> {
    Ok(StoreRegistry(store.clone()).agents().await?)
}

/// Lets the agent with this name have a certificate again, which it asks for with the key that it still holds. It goes on
/// when it next asks.
pub async fn approve(store: &Store, name: &str, now_ms: i64) -> Result<AgentRecord, AgentError> {
    let registry = StoreRegistry(store.clone());
    if let Some(approved) = registry.approve(name, now_ms).await? {
        return Ok(approved);
    }
    let agents = registry.agents().await?.into_iter().filter(|agent| agent.revoked_at_ms.is_none());
    let asks = |agent: &AgentRecord| {
        agent.readmission.as_ref().is_some_and(|asked| asked.stands(now_ms) && asked.approved_at_ms.is_none())
    };
    Err(AgentError::NotAsked { name: name.to_owned(), asking: agents.filter(asks).map(|agent| agent.name).collect() })
}

/// Revokes the agent with this name: from now on none of its batches is taken.
pub async fn revoke(store: &Store, name: &str, now_ms: i64) -> Result<AgentRecord, AgentError> {
    let registry = StoreRegistry(store.clone());
    if let Some(revoked) = registry.revoke(name, now_ms).await? {
        return Ok(revoked);
    }
    let agents = registry.agents().await?.into_iter().filter(|agent| agent.revoked_at_ms.is_none());
    Err(AgentError::Unknown { name: name.to_owned(), known: agents.map(|agent| agent.name).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_794_253_837_000;

    #[tokio::test]
    async fn an_invite_needs_a_name_a_server_and_an_address() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
        let keys = HubKeys::load_or_make(dir.path(), NOW_MS).unwrap();
        let one = Config::load(None, |_| None).unwrap();
        let mut two = one.clone();
        two.servers.push(crate::config::Server { key: "duel".to_owned(), ..two.servers[0].clone() });
        two.link.public_address = Some("stats.example.org".to_owned());

        let ask = async |config: &Config, name: &str, server: Option<&str>, address: Option<&str>| {
            invite(&store, &keys, config, name, server, address, NOW_MS).await.map(|token| token.address)
        };
        let address = Some("127.0.0.1:5");
        let said = [
            ask(&one, "my vps", None, address).await.unwrap_err().to_string(),
            ask(&one, "vps", Some("duel"), address).await.unwrap_err().to_string(),
            ask(&two, "vps", None, address).await.unwrap_err().to_string(),
            ask(&one, "vps", None, None).await.unwrap_err().to_string(),
            ask(&one, "vps", None, Some("http://stats.example.org")).await.unwrap_err().to_string(),
            ask(&one, "vps", None, Some("stats.example.org:0")).await.unwrap_err().to_string(),
            revoke(&store, "vps", NOW_MS).await.unwrap_err().to_string(),
            approve(&store, "vps", NOW_MS).await.unwrap_err().to_string(),
        ];
        insta::assert_snapshot!(said.join("\n"));
        assert_eq!(ask(&one, "vps", None, address).await.unwrap(), "127.0.0.1:5");
        assert_eq!(ask(&one, "vps", None, Some("stats.example.org")).await.unwrap(), "stats.example.org:27999");
        assert_eq!(ask(&two, "vps", Some("duel"), None).await.unwrap(), "stats.example.org:27999");
        assert!(list(&store).await.unwrap().is_empty(), "invited is not joined");
    }
}
