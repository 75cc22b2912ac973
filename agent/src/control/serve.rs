use std::sync::Arc;
use std::time::Duration;

use slomix_line::{Connection, RecvStream, SendStream};
use slomix_shared::wire::{ControlRequest, ResetCode};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::debug;

use super::Desk;
use crate::ship::{read_message, write_message};

/// How long a request may take to arrive, and its answer to leave.
const DELIVERY: Duration = Duration::from_secs(10);
/// Requests under way at once.
const MOST: usize = 8;

/// Answers what the hub asks over whatever connection there is, for ever.
pub async fn serve(mut link: watch::Receiver<Option<Connection>>, desk: Arc<Desk>) {
    let mut under_way = JoinSet::new();
    loop {
        let now = link.borrow_and_update().clone();
        let Some(connection) = now else {
            if link.changed().await.is_err() {
                return;
            }
            continue;
        };
        tokio::select! {
            opened = connection.accept_bi(), if under_way.len() < MOST => match opened {
                Ok((answer, stream)) => { under_way.spawn(one(Arc::clone(&desk), answer, stream)); }
                // The link's own task says why, and brings the next connection.
                Err(_) => if link.changed().await.is_err() { return },
            },
            Some(_) = under_way.join_next() => {}
            changed = link.changed() => if changed.is_err() { return },
        }
    }
}

async fn one(desk: Arc<Desk>, mut answer: SendStream, mut stream: RecvStream) {
    let request = match tokio::time::timeout(DELIVERY, read_message::<ControlRequest>(&mut stream)).await {
        Ok(Ok(request)) => request,
        Ok(Err(error)) => {
            debug!(%error, "a request of the hub could not be read");
            answer.reset(ResetCode::Malformed);
            return;
        }
        Err(_) => {
            answer.reset(ResetCode::TimedOut);
            return;
        }
    };
    let reply = desk.answer(&request).await;
    match tokio::time::timeout(DELIVERY, write_message(&mut answer, &reply)).await {
        Ok(Ok(())) => {
            // Until the hub has it, an end of the connection would throw it away.
            let _ = tokio::time::timeout(DELIVERY, answer.stopped()).await;
        }
        Ok(Err(error)) => debug!(%error, "an answer to the hub was lost"),
        Err(_) => debug!("an answer to the hub was lost: it took too long"),
    }
}
