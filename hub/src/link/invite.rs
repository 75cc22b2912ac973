use slomix_shared::identity::{JoinSecret, JoinToken};

use super::keys::random;
use super::{HubKeys, Invite, Registry, RegistryError};

/// How long a join token is good. Agents that have joined do not care.
pub const INVITE_MINUTES: i64 = 15;

/// An invite could not be made.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// It could not be kept.
    #[error("the invite for `{name}` could not be kept")]
    Registry {
        /// The agent's name.
        name: String,
        /// What failed.
        #[source]
        source: RegistryError,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes, so no secret can be made")]
    NoRandom,
}

/// Invites an agent: it will have the name `name`, ship for the game server with the key `server`, and call the hub
/// at `address` (`host:port`). The token is the operator's to carry over.
pub async fn invite(
    registry: &impl Registry,
    keys: &HubKeys,
    name: &str,
    server: &str,
    address: &str,
    now_ms: i64,
) -> Result<JoinToken, InviteError> {
    let secret = JoinSecret::from_bytes(random().ok_or(InviteError::NoRandom)?);
    // Whole seconds, as the token says them.
    let expires_at = now_ms.div_euclid(1_000) + INVITE_MINUTES * 60;
    let invite = Invite {
        secret_hash: secret.hash(),
        name: name.to_owned(),
        server: server.to_owned(),
        created_at_ms: now_ms,
        expires_at_ms: expires_at * 1_000 + 999,
    };
    let kept = registry.add_invite(invite).await;
    kept.map_err(|source| InviteError::Registry { name: name.to_owned(), source })?;
    Ok(JoinToken { address: address.to_owned(), pin: keys.authority.pin(), secret, expires_at })
}
