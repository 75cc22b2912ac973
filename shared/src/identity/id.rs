use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// The text is not an id: 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 32 hexadecimal digits")]
pub struct NotAnId;

/// All ids are 128 random bits: 16 bytes on the wire, 32 hexadecimal digits for people, files and JSON.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Makes the id of 16 bytes, for a new one freshly drawn at random.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The 16 bytes of the id.
            pub fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Takes 16 bytes for an id; any other length is none.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let bytes = HEXLOWER.decode(text.to_ascii_lowercase().as_bytes()).map_err(|_| NotAnId)?;
                Self::from_slice(&bytes).ok_or(NotAnId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // Both forms are taken from anywhere: inside a tagged enum serde buffers values and forgets which
                // kind of format they came from.
                deserializer.deserialize_any(IdVisitor).map(Self)
            }
        }
    };
}

id! {
    /// An agent, for ever: drawn by the hub when the agent joins, and written into its certificate.
    AgentId
}

id! {
    /// One run of an agent process: batch sequences count from 1 within it.
    BootId
}

id! {
    /// One request to a game server: drawn by the hub, and carried out by the agent at most once.
    Nonce
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = [u8; 16];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id: 16 bytes or 32 hexadecimal digits")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<[u8; 16], E> {
        bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<[u8; 16], E> {
        text.parse::<AgentId>().map(|id| id.0).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_json_and_wire_forms_read_back() {
        let id = AgentId::from_bytes(*b"0123456789abcdef");
        assert_eq!(id.to_string(), "30313233343536373839616263646566");
        assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<AgentId>(&format!("\"{id}\"")).unwrap(), id);
        let wire = rmp_serde::to_vec_named(&id).unwrap();
        assert_eq!(wire.len(), 18);
        assert_eq!(rmp_serde::from_slice::<AgentId>(&wire).unwrap(), id);
    }

    #[test]
    fn other_lengths_are_no_ids() {
        assert_eq!("30".parse::<BootId>(), Err(NotAnId));
        assert_eq!(BootId::from_slice(&[0; 15]), None);
        assert!(rmp_serde::from_slice::<BootId>(&[0xc4, 2, 1, 1]).is_err());
    }
}
