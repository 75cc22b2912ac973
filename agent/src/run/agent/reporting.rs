use slomix_line::SendStream;
use slomix_shared::wire::AgentNotice;
use tracing::debug;

use super::Agent;
use crate::run::{Moment, StatusFile, report};
use crate::ship::write_message;

impl Agent {
    /// Writes what `slomix-agent status` shows, and tells the hub where it is time for that.
    pub(super) fn write_status(&mut self, at: Moment) {
        let mut status = self.reporter.status(&self.line, self.watchman.directories(), at);
        status.overflows = self.watchman.overflows;
        status.game_server = self.game.line(at);
        if let Err(problem) = self.reporter.write(&status) {
            self.line.spool.disk_said(Err(problem));
        }
        // That everything arrived is news too, and so is that something cannot be read, or can be again.
        let all_arrived = self.told_of_waiting && self.line.spool.unacked() == 0;
        let news = all_arrived || self.told_of_troubles != troubles(&status);
        if self.watchman.report_is_due(at) || news {
            self.report_to_hub(at);
        }
    }

    /// May be lost, so nobody waits for it.
    pub(super) fn report_to_hub(&mut self, at: Moment) {
        let Some(link) = self.link.clone() else { return };
        let notice = self.notice(at);
        tokio::spawn(async move {
            let Ok(stream) = link.open_uni().await else { return };
            report(stream, notice).await;
        });
    }

    /// The same on a stream that is open already.
    pub(super) fn report_on(&mut self, stream: SendStream, at: Moment) {
        let notice = self.notice(at);
        tokio::spawn(report(stream, notice));
    }

    fn notice(&mut self, at: Moment) -> AgentNotice {
        self.told_of_waiting = self.line.spool.unacked() > 0;
        let status = self.reporter.status(&self.line, self.watchman.directories(), at);
        self.told_of_troubles = troubles(&status);
        let (acked, refused) = self.line.spool.ledger.counts();
        AgentNotice::Status(Box::new(report::for_hub(&self.reporter, status, refused, acked, at)))
    }
}

/// How many files and directories cannot be read.
fn troubles(status: &StatusFile) -> usize {
    status.directories.iter().filter(|directory| directory.problem.is_some()).count() + status.unreadable.len()
}

async fn report(mut stream: SendStream, notice: AgentNotice) {
    if let Err(problem) = write_message(&mut stream, &notice).await {
        debug!(error = %problem, "a status report was lost");
    }
}
