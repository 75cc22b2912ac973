//! Identifiers: 63 bits, the local stamp above and a hash of the natural key below, so that rows insert in the
//! order in which things happened. They are the same on every machine and after every rebuild.

use slomix_shared::artifact::{ContentHash, Kind, LocalStamp, RoundNumber};
use slomix_shared::game::{Guid, MapName};

use super::roster::PlayerKey;

/// A stamp above, 32 bits of the key's hash below. Unstamped things get 0 above.
fn stamped(stamp_seconds: i64, parts: &[&[u8]]) -> i64 {
    (stamp_seconds & 0x7FFF_FFFF) << 32 | i64::from(hash32(parts))
}

/// The stamp in the high bits of a round's, match's, session's or block's id, in seconds.
pub fn stamp_seconds(id: i64) -> i64 {
    id >> 32
}

/// A 32-bit hash of length-prefixed parts, so that no two different lists of parts read alike.
fn hash32(parts: &[&[u8]]) -> u32 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let hash = hasher.finalize();
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// The artifact (server, kind, name, content); `stamp` is in seconds as in [`LocalStamp::seconds`], 0 without one.
pub fn artifact_id(server: &str, kind: Kind, name: &str, hash: &ContentHash, stamp: i64) -> i64 {
    stamped(stamp, &[b"artifact", server.as_bytes(), kind.as_str().as_bytes(), name.as_bytes(), hash.as_bytes()])
}

/// Whether an artifact's id is one of these parts, in the texts and bytes that stand in its row. The stamp is not
/// looked at: which names have one in their id is for whoever keeps them.
pub fn is_id_of_artifact(id: i64, server: &str, kind: &str, name: &str, hash: &[u8]) -> bool {
    let parts: [&[u8]; 5] = [b"artifact", server.as_bytes(), kind.as_bytes(), name.as_bytes(), hash];
    id & 0xFFFF_FFFF == i64::from(hash32(&parts))
}

/// The round (server, local stamp, map, number as labelled).
pub fn round_id(server: &str, stamp: LocalStamp, map: &MapName, number: RoundNumber) -> i64 {
    stamped(stamp.seconds(), &[b"round", server.as_bytes(), map.key().as_bytes(), &[number.number()]])
}

/// The map play that starts with this round.
pub fn match_id(server: &str, stamp: LocalStamp, first_round: i64) -> i64 {
    stamped(stamp.seconds(), &[b"match", server.as_bytes(), &first_round.to_be_bytes()])
}

/// The session that starts with this round.
pub fn session_id(server: &str, stamp: LocalStamp, first_round: i64) -> i64 {
    stamped(stamp.seconds(), &[b"session", server.as_bytes(), &first_round.to_be_bytes()])
}

/// The block that starts with this stamp.
pub fn block_id(server: &str, first: LocalStamp) -> i64 {
    stamped(first.seconds(), &[b"block", server.as_bytes()])
}

/// The player: the number that a real GUID is, for ever. Whoever has none (bots, placeholders, lines that share a
/// GUID) gets a hash with the highest bit set, so that the two never meet.
pub fn player_id(key: &PlayerKey) -> i64 {
    if let Some(value) = key.plain_guid().and_then(Guid::value) {
        return i64::from(value);
    }
    let low = hash32(&[b"player", key.as_str().as_bytes()]);
    let high = hash32(&[b"player, high", key.as_str().as_bytes()]) & 0x3FFF_FFFF;
    1 << 62 | i64::from(high) << 32 | i64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_rounds_have_higher_ids() {
        let id = |stamp: &str| {
            let map = MapName::parse("supply").unwrap();
            round_id("main", LocalStamp::parse(stamp).unwrap(), &map, RoundNumber::One)
        };
        assert!(id("2026-11-09-195037") < id("2026-11-09-195038"));
        assert!(id("2035-12-31-235959") > 0);
    }

    #[test]
    fn map_case_does_not_matter() {
        let stamp = LocalStamp::parse("2026-11-09-195037").unwrap();
        let id = |map: &str| round_id("main", stamp, &MapName::parse(map).unwrap(), RoundNumber::Two);
        assert_eq!(id("Supply"), id("supply"));
    }
}
