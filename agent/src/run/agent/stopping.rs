use std::time::Duration;

use slomix_shared::wire::CloseCode;
use tracing::warn;

use super::Agent;

/// How long a stopping agent gives its last words to the hub.
const FAREWELL: Duration = Duration::from_millis(100);

impl Agent {
    /// Waits for what is under way, makes the ledger durable and says goodbye.
    pub(in crate::run) async fn finish(mut self) {
        let patience = self.pace.stop_patience;
        let finish = async {
            while !self.under_way.is_empty() {
                tokio::select! {
                    Some(Ok(delivered)) = self.deliveries.join_next() => self.delivered(delivered, self.clock.read()),
                    Some(done) = self.jobs.join_next() => self.finished(done, self.clock.read()),
                    else => break,
                }
            }
        };
        if tokio::time::timeout(patience, finish).await.is_err() {
            warn!("not all that was under way was acknowledged in time; it is sent again at the next start");
        }
        let written = self.line.spool.sync();
        if let Err(problem) = written {
            warn!(error = %problem, "cannot write the ledger; what is not in it is sent again");
        }
        self.reporter.connected = false;
        self.write_status(self.clock.read());
        if let Some(link) = self.link.take() {
            link.close(CloseCode::ShuttingDown);
            // The link's task holds the socket that the close is sent through; without a moment for it the hub would
            // take the agent for connected until it times out.
            tokio::time::sleep(FAREWELL).await;
        }
        self.link_task.abort();
    }
}
