/// Somebody on the simulated server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimPlayer {
    /// Raw, with colour codes.
    pub name: Vec<u8>,
    /// Experience.
    pub score: i32,
    /// Milliseconds; none while connecting.
    pub ping: Option<i32>,
    /// As in `P`: 0 nowhere, 1 Axis, 2 Allies, 3 spectator.
    pub team: u8,
    /// Played by the program.
    pub bot: bool,
}

impl SimPlayer {
    /// A person in a team.
    pub fn new(name: &str, team: u8) -> Self {
        Self { name: name.as_bytes().to_owned(), score: 0, ping: Some(48), team, bot: false }
    }
}
