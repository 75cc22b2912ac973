use super::{Deriver, PipelineError};
use crate::store::affected::Affected;
use crate::store::read::SessionRow;
use crate::store::{BlockRows, Durability};

impl Deriver {
    /// Asks for the digest of a session that is over. Where it stands already, or where the session is no more, nothing
    /// new comes of it.
    pub async fn close_session(&self, session: &SessionRow) -> Result<(), PipelineError> {
        let _turn = self.turn.lock().await;
        let server = session.server.as_str();
        let rules = self.rules_now(server).await?;
        let mut tx = self.store.begin(Durability::Full).await?;
        for Affected { new, .. } in self.store.affected(server, &[session.stamp..=session.stamp]).await? {
            for block in self.derive_spans(server, &new, &rules).await? {
                let rows = BlockRows::of(server, std::slice::from_ref(&block));
                self.announcer.want_digest(&mut tx, server, &block, session.id, rows.digests()).await?;
            }
        }
        tx.commit().await?;
        self.announcer.ring();
        Ok(())
    }
}
