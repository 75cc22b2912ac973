use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;

use super::CaPin;

const PREFIX: &str = "slomix_join_";
const VERSION: u8 = 1;
const CHECKSUM: usize = 4;

/// The one-time secret in a join token: 16 random bytes. The hub stores only its [`Self::hash`]; printing it shows
/// nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct JoinSecret([u8; 16]);

impl JoinSecret {
    /// Makes the secret of 16 bytes that must come fresh from the system's random source.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Takes 16 bytes for a secret; any other length is none.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 16 bytes, for the join request.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// What the hub keeps of it. A plain hash is enough: 128 random bits cannot be guessed.
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.0).as_bytes()
    }
}

impl fmt::Debug for JoinSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JoinSecret(secret)")
    }
}

/// All that an agent needs to join a hub, as one string that a person carries over:
/// `slomix_join_` and base32 of version, expiry, secret, pin, address and a checksum. Letter case, spaces and line
/// breaks do not matter when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinToken {
    /// Where the hub answers, `host:port`.
    pub address: String,
    /// What the hub is known by.
    pub pin: CaPin,
    /// Good for one agent.
    pub secret: JoinSecret,
    /// The last moment at which the hub takes it, Unix seconds. It says nothing about agents that have joined.
    pub expires_at: i64,
}

impl JoinToken {
    /// Whether the token has run out at `now_ms`, Unix milliseconds.
    pub fn is_expired(&self, now_ms: i64) -> bool {
        now_ms.div_euclid(1_000) > self.expires_at
    }

    fn payload(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.expires_at.to_be_bytes());
        bytes.extend_from_slice(&self.secret.0);
        bytes.extend_from_slice(self.pin.as_bytes());
        bytes.extend_from_slice(self.address.as_bytes());
        bytes
    }
}

fn checksum(payload: &[u8]) -> [u8; CHECKSUM] {
    let hash = blake3::hash(payload);
    let bytes = hash.as_bytes();
    [bytes[0], bytes[1], bytes[2], bytes[3]]
}

/// The secret is part of the text: print it to the operator only.
impl fmt::Display for JoinToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.payload();
        bytes.extend_from_slice(&checksum(&bytes));
        write!(f, "{PREFIX}{}", BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
    }
}

/// Why a text is not a join token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token at all.
    #[error("this is not a join token: it starts with {PREFIX}; make one with `slomix-hub agent invite NAME`")]
    Prefix,
    /// Right in front, but a character is missing, wrong or too many.
    #[error("the join token is mistyped or cut off: copy it again as a whole")]
    Mistyped,
    /// Made by another version.
    #[error("the join token is of version {0}, this agent reads version {VERSION}: update the older of the two")]
    Version(u8),
    /// The address in it is none.
    #[error("the join token names `{0}` as the hub's address, which is not of the form host:port")]
    Address(String),
}

impl FromStr for JoinToken {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let body = text.strip_prefix(&PREFIX.to_ascii_uppercase()).ok_or(TokenError::Prefix)?;
        let bytes = BASE32_NOPAD.decode(body.as_bytes()).map_err(|_| TokenError::Mistyped)?;
        let (payload, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(TokenError::Mistyped)?;
        if checksum(payload) != *sum {
            return Err(TokenError::Mistyped);
        }
        let (&version, rest) = payload.split_first().ok_or(TokenError::Mistyped)?;
        if version != VERSION {
            return Err(TokenError::Version(version));
        }
        let (expires_at, rest) = rest.split_first_chunk().ok_or(TokenError::Mistyped)?;
        let (secret, rest) = rest.split_first_chunk().ok_or(TokenError::Mistyped)?;
        let (pin, address) = rest.split_first_chunk::<32>().ok_or(TokenError::Mistyped)?;
        let address = String::from_utf8(address.to_vec()).map_err(|_| TokenError::Mistyped)?;
        if !is_host_and_port(&address) {
            return Err(TokenError::Address(address));
        }
        Ok(Self {
            address,
            pin: CaPin::from_slice(pin).ok_or(TokenError::Mistyped)?,
            secret: JoinSecret(*secret),
            expires_at: i64::from_be_bytes(*expires_at),
        })
    }
}

fn is_host_and_port(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(host, port)| {
        let bare_v6 = host.contains(':') && !(host.starts_with('[') && host.ends_with(']'));
        !host.is_empty() && !bare_v6 && port.parse::<u16>().is_ok_and(|port| port != 0)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token() -> JoinToken {
        JoinToken {
            address: "stats.example.org:27999".to_owned(),
            pin: CaPin::from_slice(&[0xa5; 32]).unwrap(),
            secret: JoinSecret::from_bytes(*b"one-time secret!"),
            expires_at: 1_794_253_837,
        }
    }

    #[test]
    fn version_1_reads_for_ever() {
        let text = token().to_string();
        insta::assert_snapshot!(text);
        assert_eq!(text.parse(), Ok(token()));
        let wrapped = format!(" {}\r\n  {} ", &text.to_uppercase()[..70], &text[70..]);
        assert_eq!(wrapped.parse(), Ok(token()));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!("hello".parse::<JoinToken>(), Err(TokenError::Prefix));
        let text = token().to_string();
        assert_eq!(text[..text.len() - 1].parse::<JoinToken>(), Err(TokenError::Mistyped));
        assert_eq!("slomix_join_".parse::<JoinToken>(), Err(TokenError::Mistyped));
        for address in ["stats.example.org", ":27999", "host:0", "host:99999", "::1:27999"] {
            let text = JoinToken { address: address.to_owned(), ..token() }.to_string();
            assert_eq!(text.parse::<JoinToken>(), Err(TokenError::Address(address.to_owned())));
        }
        let v6 = JoinToken { address: "[::1]:27999".to_owned(), ..token() };
        assert_eq!(v6.to_string().parse(), Ok(v6));
    }

    #[test]
    fn expires_after_its_last_second() {
        assert!(!token().is_expired(1_794_253_837_999));
        assert!(token().is_expired(1_794_253_838_000));
    }

    #[test]
    fn the_secret_is_not_printed() {
        assert!(!format!("{:?}", token()).contains("one-time"));
    }

    proptest! {
        #[test]
        fn any_one_mistyped_letter_is_noticed(at in 0_usize..120, letter in "[a-z2-7]") {
            let mut text = token().to_string();
            let at = PREFIX.len() + at;
            prop_assume!(text[at..=at] != letter);
            text.replace_range(at..=at, &letter);
            prop_assert_eq!(text.parse::<JoinToken>(), Err(TokenError::Mistyped));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(slomix_join_)?[a-z2-7 ]{0,300}") {
            let _ = text.parse::<JoinToken>();
        }
    }
}
