use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::protocol::{Line, REQUEST_LIMIT, Request, VERSION, encode};
use super::socket::connect;
use super::{Command, Progress};
use crate::data_dir::DataDir;

/// Why a hub that serves did not carry out a command.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nobody listens at the socket.
    #[error("no hub serves {data}", data = .0.path().display())]
    NobodyServes(DataDir),
    /// This user may not ask it.
    #[error("only the user that the hub runs as may give it commands: run this as that user")]
    NotAllowed,
    /// The request does not fit.
    #[error("the request has {0} bytes, more than the {REQUEST_LIMIT} that the hub takes")]
    TooLong(usize),
    /// The hub went away before the end.
    #[error("the hub stopped before the command was done: look whether it was before you run it again")]
    HungUp,
    /// The hub says why not.
    #[error("{0}")]
    Failed(String),
    /// The socket failed.
    #[error("the hub's socket failed")]
    Socket(#[source] io::Error),
    /// What was said is not what either side knows.
    #[error("the hub that serves is another version than this program: restart it")]
    Words(#[from] serde_json::Error),
}

impl From<io::Error> for CallError {
    fn from(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => Self::HungUp,
            _ => Self::Socket(source),
        }
    }
}

/// Whether a hub serves this data directory.
pub async fn serves(data: &DataDir) -> bool {
    connect(data).await.is_ok()
}

/// Has the hub that serves this data directory carry out a command.
pub async fn call<C: Command>(data: &DataDir, command: &C, progress: Progress<'_>) -> Result<C::Answer, CallError> {
    let request =
        Request { slomix_admin: VERSION, command: C::NAME.to_owned(), arguments: serde_json::to_value(command)? };
    let request = encode(&request)?;
    if request.len() as u64 > REQUEST_LIMIT {
        return Err(CallError::TooLong(request.len()));
    }
    let stream = connect(data).await.map_err(|source| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => CallError::NobodyServes(data.clone()),
        io::ErrorKind::PermissionDenied => CallError::NotAllowed,
        _ => CallError::Socket(source),
    })?;
    let (answer, mut asking) = stream.into_split();
    asking.write_all(&request).await?;
    let mut lines = BufReader::new(answer).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line)? {
            Line::Progress(step) => progress(step),
            Line::Done(answer) => return Ok(serde_json::from_value(answer)?),
            Line::Failed(why) => return Err(CallError::Failed(why)),
        }
    }
    Err(CallError::HungUp)
}
