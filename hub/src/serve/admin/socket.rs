use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::commands::dispatch;
use super::protocol::{Line, REQUEST_LIMIT, Request, VERSION, encode, told};
use super::{CommandError, Site};
use crate::data_dir::DataDir;

/// Commands at a time; more wait at the door.
const MOST_CALLERS: usize = 8;
/// How long a caller may take to say what it wants, and to read a line.
const CALLER_PATIENCE: Duration = Duration::from_secs(10);
/// The longest path that the kernel takes for a socket is 107 bytes.
const PATH_LIMIT: usize = 100;

/// The socket of a hub that serves.
#[derive(Debug)]
pub(in super::super) struct AdminSocket {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl AdminSocket {
    /// Listens; whoever holds the directory's lock may replace what a killed hub left.
    pub(in super::super) fn open(site: Arc<Site>) -> io::Result<Self> {
        let (path, beside) = (socket_path(&site.data), site.data.path().join("admin.sock.new"));
        // A lock is gone with its file, should somebody tidy that away; a hub that answers is there.
        if dial(&path).is_ok() {
            return Err(io::Error::new(io::ErrorKind::AddrInUse, "another hub serves from this directory"));
        }
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = reach(&beside, |path| UnixListener::bind(path))?;
        // It gets its name when it is closed to others already.
        fs::set_permissions(&beside, Permissions::from_mode(0o600))?;
        fs::rename(&beside, &path)?;
        Ok(Self { path, task: tokio::spawn(listen(listener, site)) })
    }

    /// Ends every command under way; the callers are hung up on.
    pub(in super::super) async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

impl Drop for AdminSocket {
    fn drop(&mut self) {
        self.task.abort();
        // The next hub replaces it where this fails.
        let _ = fs::remove_file(&self.path);
    }
}

fn socket_path(data: &DataDir) -> PathBuf {
    data.path().join("admin.sock")
}

fn dial(path: &Path) -> io::Result<std::os::unix::net::UnixStream> {
    reach(path, |path| std::os::unix::net::UnixStream::connect(path))
}

pub(super) async fn connect(data: &DataDir) -> io::Result<UnixStream> {
    let stream = dial(&socket_path(data))?;
    stream.set_nonblocking(true)?;
    UnixStream::from_std(stream)
}

/// Uses a socket's path, or a short one to the same place where the path is longer than the kernel takes.
fn reach<T>(path: &Path, with: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if path.as_os_str().len() > PATH_LIMIT => {
            let parent = File::open(parent)?;
            with(&Path::new("/proc/self/fd").join(parent.as_raw_fd().to_string()).join(name))
        }
        _ => with(path),
    }
}

async fn listen(listener: UnixListener, site: Arc<Site>) {
    let owner = fs::metadata(site.data.path()).map(|meta| meta.uid()).ok();
    // Ends with this task, and every command with it.
    let mut callers = JoinSet::new();
    loop {
        while callers.len() >= MOST_CALLERS {
            callers.join_next().await;
        }
        tokio::select! {
            Some(_) = callers.join_next() => {}
            caller = listener.accept() => match caller {
                Ok((stream, _)) if is_ours(&stream, owner) => {
                    callers.spawn(serve(stream, Arc::clone(&site)));
                }
                Ok(_) => tracing::warn!("a caller of another user was turned away from the admin socket"),
                Err(error) => {
                    tracing::warn!("the admin socket: {error}");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            },
        }
    }
}

/// The hub's own user, the directory's and root may give commands.
fn is_ours(stream: &UnixStream, owner: Option<u32>) -> bool {
    let ours = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == 0 || peer.uid() == ours || Some(peer.uid()) == owner)
}

async fn serve(stream: UnixStream, site: Arc<Site>) {
    let (asking, mut answer) = stream.into_split();
    let mut asking = BufReader::new(asking);
    let mut line = Vec::new();
    let mut bounded = (&mut asking).take(REQUEST_LIMIT);
    let Ok(Ok(_)) = timeout(CALLER_PATIENCE, bounded.read_until(b'\n', &mut line)).await else { return };
    let request = match read(&line) {
        Ok(request) => request,
        Err(why) => return write(&mut answer, &Line::Failed(why.to_string())).await.unwrap_or_default(),
    };
    tracing::info!(command = request.command, "a command came through the admin socket");
    let (steps, mut told_steps) = watch::channel(None);
    // A task of its own, so that a caller who reads slowly never holds a transaction open; ends with this one.
    let mut work = JoinSet::new();
    work.spawn(async move {
        let progress = |step| {
            steps.send_replace(Some(step));
        };
        dispatch(request, &site, &progress).await
    });
    let mut more = [0; 1];
    loop {
        tokio::select! {
            biased;
            done = work.join_next() => {
                let line = match done {
                    Some(Ok(Ok(answer))) => Line::Done(answer),
                    Some(Ok(Err(error))) => Line::Failed(told(error.as_ref())),
                    Some(Err(fault)) => Line::Failed(format!("the command broke off, which is a fault in the hub: {fault}")),
                    None => return,
                };
                return write(&mut answer, &line).await.unwrap_or_default();
            }
            Ok(()) = told_steps.changed() => {
                let step = told_steps.borrow_and_update().clone();
                let Some(step) = step else { continue };
                if write(&mut answer, &Line::Progress(step)).await.is_err() {
                    return;
                }
            }
            read = asking.read(&mut more) => if !matches!(read, Ok(1..)) { return },
        }
    }
}

fn read(line: &[u8]) -> Result<Request, CommandError> {
    if line.last() != Some(&b'\n') {
        return Err(format!("a request is one line of at most {REQUEST_LIMIT} bytes").into());
    }
    let request: Request = serde_json::from_slice(line)?;
    if request.slomix_admin != VERSION {
        let asked = request.slomix_admin;
        return Err(format!(
            "the hub that serves speaks version {VERSION} of admin commands and not {asked}: restart it with this \
             program"
        )
        .into());
    }
    Ok(request)
}

async fn write(answer: &mut OwnedWriteHalf, line: &Line) -> io::Result<()> {
    let bytes = encode(line).map_err(io::Error::other)?;
    timeout(CALLER_PATIENCE, answer.write_all(&bytes)).await.map_err(io::Error::other)?
}
