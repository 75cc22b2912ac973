use super::infostring::Infostring;

/// A server's answer to `getinfo`: less than to `getstatus`, and it tells people from bots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InfoReply {
    /// The map that is loaded.
    pub map: Option<String>,
    /// Everybody.
    pub clients: Option<i64>,
    /// Without the bots.
    pub humans: Option<i64>,
    /// Its program.
    pub version: Option<String>,
    /// 84 for this game.
    pub protocol: Option<i64>,
}

impl InfoReply {
    /// Reads what follows `infoResponse`, if it answers the question with this challenge.
    pub fn parse(body: &[u8], challenge: &str) -> Option<Self> {
        let info = Infostring::parse(body);
        (info.get("challenge") == Some(challenge.as_bytes())).then(|| Self {
            map: info.text("mapname", 64),
            clients: info.int("clients"),
            humans: info.int("humans"),
            version: info.text("version", 128),
            protocol: info.int("protocol"),
        })
    }
}
