use std::io;
use std::time::{Duration, Instant};

use slomix_shared::wire::{GameStatus, limits};

use super::packet::packet;
use super::{Bucket, GamePace, InfoReply, NoRows, Password, Reply, Road, StatusReply};

/// A game server did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum GameError {
    /// No answer came.
    #[error("the game server does not answer; while it loads a map it is silent for some seconds")]
    Silent,
    /// Nobody listens there.
    #[error("nothing listens at the game server's address: is the server running, and is the port right?")]
    Refused,
    /// The password is not the server's.
    #[error("the game server refuses the password: rcon_password here and rconPassword there must be the same")]
    BadPassword,
    /// The server has none.
    #[error("the game server has no rconPassword, so its console is closed: set one there")]
    NoPasswordThere,
    /// The agent has none.
    #[error("this agent has no password for the game server: set gameserver.rcon_password_file")]
    NoPasswordHere,
    /// The system failed.
    #[error("cannot talk to the game server")]
    Io(#[source] io::Error),
    /// The answer is not what the command gives.
    #[error(transparent)]
    NoRows(#[from] NoRows),
}

/// One game server, asked and told over UDP.
#[derive(Debug)]
pub struct GameClient<R> {
    road: R,
    bucket: Bucket,
    pace: GamePace,
    password: Option<Password>,
    /// Counts on from a random number, so that no two questions have one mark.
    mark: u64,
    /// The end of some console output has not been seen: it may still come.
    unsettled: bool,
}

/// Console output as it came in.
struct Output {
    text: Vec<u8>,
    pieces: usize,
    /// Whether its end was seen.
    ended: bool,
}

impl<R: Road> GameClient<R> {
    /// Asks over `road`. `seed` is random.
    pub fn new(road: R, password: Option<Password>, pace: GamePace, seed: u64) -> Self {
        let bucket = Bucket::new(pace.burst, pace.every);
        Self { road, bucket, pace, password, mark: seed, unsettled: false }
    }

    /// The time on its road.
    pub fn now(&self) -> Instant {
        self.road.now()
    }

    #[cfg(test)]
    pub(crate) fn road_mut(&mut self) -> &mut R {
        &mut self.road
    }

    /// Waits; what comes meanwhile is passed over.
    pub async fn rest(&mut self, until: Instant) -> Result<(), GameError> {
        while self.receive(until).await?.is_some() {}
        Ok(())
    }

    /// What the server tells everybody.
    pub async fn status(&mut self) -> Result<GameStatus, GameError> {
        self.ask("getstatus", |reply, challenge| match reply {
            Reply::Status(body) => {
                let reply = StatusReply::parse(body);
                reply.answers(challenge).then(|| reply.status())
            }
            _ => None,
        })
        .await
    }

    /// The same in short, with people and bots apart.
    pub async fn info(&mut self) -> Result<InfoReply, GameError> {
        self.ask("getinfo", |reply, challenge| match reply {
            Reply::Info(body) => InfoReply::parse(body, challenge),
            _ => None,
        })
        .await
    }

    /// Asks until an answer fits, a few times.
    async fn ask<T>(&mut self, verb: &str, read: impl Fn(Reply<'_>, &str) -> Option<T> + Send) -> Result<T, GameError> {
        let mut failure = GameError::Silent;
        for attempt in 0..self.pace.tries {
            if attempt > 0 {
                let next = self.now() + self.pace.again.saturating_sub(self.pace.answer);
                self.rest(next).await.ok();
            }
            let challenge = self.next_mark();
            self.send(format!("{verb} {challenge}").as_bytes(), 1).await?;
            let until = self.now() + self.pace.answer;
            loop {
                match self.receive(until).await {
                    Ok(Some(datagram)) => {
                        // A late answer to an earlier question has another challenge.
                        if let Some(answer) = read(Reply::of(&datagram), &challenge) {
                            return Ok(answer);
                        }
                    }
                    Ok(None) => break,
                    Err(GameError::Refused) => {
                        failure = GameError::Refused;
                        self.rest(until).await.ok();
                        break;
                    }
                    Err(other) => return Err(other),
                }
            }
        }
        Err(failure)
    }

    /// Gives the console a command and takes all that it prints. The command must have been checked.
    ///
    /// There is no end mark: a second command follows whose output is known. Where the server keeps that to itself,
    /// the output is over when nothing more comes.
    pub async fn rcon(&mut self, command: &str) -> Result<Vec<u8>, GameError> {
        let output = self.type_in(Some(command)).await?;
        Ok(self.without_password(output.text))
    }

    /// Gives the console a command, if there is one, and then a mark that ends what it prints.
    async fn type_in(&mut self, command: Option<&str>) -> Result<Output, GameError> {
        self.settle().await?;
        let mark = self.next_mark();
        let echo = format!("echo {mark}");
        let typed = command.into_iter().chain([echo.as_str()]);
        let lines = typed.map(|line| self.console_line(line)).collect::<Result<Vec<_>, _>>()?;
        self.wait_for_room(lines.len() as u32).await?;
        for line in &lines {
            self.put(line).await?;
        }
        let output = self.collect(Some(&mark), self.pace.longest).await?;
        self.unsettled = !output.ended;
        if output.pieces == 0 && !output.ended { Err(GameError::Silent) } else { Ok(output) }
    }

    /// Whether there is a password to try.
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// Finds out whether the console takes the password, with a command that does nothing.
    pub async fn knock(&mut self) -> Result<(), GameError> {
        self.type_in(None).await.map(drop)
    }

    /// Gives the console a command that falls silent for long and prints much, and takes what is printed at first.
    pub async fn begin(&mut self, command: &str) -> Result<Vec<u8>, GameError> {
        self.settle().await?;
        let line = self.console_line(command)?;
        self.wait_for_room(1).await?;
        self.put(&line).await?;
        self.unsettled = true;
        let output = self.collect(None, self.pace.quiet).await?;
        Ok(self.without_password(output.text))
    }

    /// Takes what is left of earlier output out of the way.
    async fn settle(&mut self) -> Result<(), GameError> {
        if self.unsettled {
            let mark = self.next_mark();
            let line = self.console_line(&format!("echo {mark}"))?;
            self.wait_for_room(1).await?;
            self.put(&line).await?;
            self.collect(Some(&mark), self.pace.longest).await?;
            self.unsettled = false;
        }
        let now = self.now();
        self.rest(now).await
    }

    async fn collect(&mut self, mark: Option<&str>, longest: Duration) -> Result<Output, GameError> {
        let ends = self.now() + longest;
        let mut output = Output { text: Vec::new(), pieces: 0, ended: false };
        let mut until = (self.now() + self.pace.answer).min(ends);
        let mut last_is_empty = false;
        while let Some(datagram) = self.receive(until).await? {
            let Reply::Print(piece) = Reply::of(&datagram) else { continue };
            let mut quiet = if piece.is_empty() { self.pace.quiet_behind_end } else { self.pace.quiet };
            match piece.trim_ascii() {
                b"Bad rconpassword" => return Err(GameError::BadPassword),
                b"No rconpassword set on the server" => return Err(GameError::NoPasswordThere),
                piece if mark.is_some_and(|mark| piece == mark.as_bytes()) => output.ended = true,
                _ => {
                    output.pieces += 1;
                    let room = limits::CONTROL_TEXT - output.text.len();
                    output.text.extend_from_slice(&piece[..piece.len().min(room)]);
                }
            }
            if output.ended {
                quiet = self.pace.stragglers;
            } else if output.pieces == 1 {
                // The one empty piece may be all that the command printed, with the mark behind it.
                quiet = self.pace.quiet;
            }
            last_is_empty = piece.is_empty();
            until = (self.now() + quiet).min(ends);
        }
        // A server that keeps the mark to itself answers the second command with an empty piece.
        output.ended |= last_is_empty && output.pieces > 1;
        Ok(output)
    }

    /// A server that prints the password does not get it out of this host.
    fn without_password(&self, text: Vec<u8>) -> Vec<u8> {
        let Some(password) = &self.password else { return text };
        let secret = password.reveal().as_bytes();
        let mut clean = Vec::with_capacity(text.len());
        let mut rest = text.as_slice();
        while let Some(at) = rest.windows(secret.len()).position(|part| part.eq_ignore_ascii_case(secret)) {
            clean.extend_from_slice(&rest[..at]);
            clean.extend_from_slice(b"***");
            rest = &rest[at + secret.len()..];
        }
        clean.extend_from_slice(rest);
        clean
    }

    fn console_line(&self, command: &str) -> Result<Vec<u8>, GameError> {
        let password = self.password.as_ref().ok_or(GameError::NoPasswordHere)?;
        Ok(packet(format!("rcon {} {command}", password.reveal()).as_bytes()))
    }

    fn next_mark(&mut self) -> String {
        self.mark = self.mark.wrapping_add(1);
        format!("{:012x}", self.mark & 0xFFFF_FFFF_FFFF)
    }

    async fn send(&mut self, line: &[u8], room: u32) -> Result<(), GameError> {
        self.wait_for_room(room).await?;
        self.put(&packet(line)).await
    }

    async fn wait_for_room(&mut self, packets: u32) -> Result<(), GameError> {
        for _ in 0..packets {
            while let Err(wait) = self.bucket.take(self.now()) {
                let until = self.now() + wait;
                match self.rest(until).await {
                    // That nobody listened is no news here.
                    Ok(()) | Err(GameError::Refused) => {}
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(())
    }

    async fn put(&mut self, datagram: &[u8]) -> Result<(), GameError> {
        self.road.send(datagram).await.map_err(failed)
    }

    async fn receive(&mut self, until: Instant) -> Result<Option<Vec<u8>>, GameError> {
        self.road.receive(until).await.map_err(failed)
    }
}

fn failed(source: io::Error) -> GameError {
    match source.kind() {
        io::ErrorKind::ConnectionRefused => GameError::Refused,
        _ => GameError::Io(source),
    }
}
