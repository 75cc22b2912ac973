//! One batch on one stream: read, verify, hand over, acknowledge. Or a request for a new certificate, or a report of lost
//! files.

use std::sync::Arc;
use std::time::Duration;

use slomix_line::{RecvStream, SendStream};
use slomix_shared::wire::{
    Ack, AckItem, AckOutcome, Batch, BatchHead, CertificateReply, CertificateRequest, CloseCode, Gap, GapReply,
    GapReport, Message, OpenBatch, ResetCode, WireError,
};

use super::certify::{self, Refusal};
use super::connections::Line;
use super::endpoint::Hub;
use super::frames::{self, Asked, FrameFault};
use super::sequence::{Seen, Sequences};
use super::{AgentRecord, Intake, IntakeError, Registry, RegistryError, caller};

/// How long an ack may take to reach its agent before the stream is given up.
const ACK_DELIVERY: Duration = Duration::from_secs(10);

/// Why a batch is not acknowledged.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Frame(#[from] FrameFault),
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error("the archive answered for {got} files instead of {asked}")]
    Answers { asked: usize, got: usize },
    #[error("the agent may not ship: {0:?}")]
    NotAdmitted(CloseCode),
    #[error("the agent could not be looked up")]
    NotLookedUp,
}

/// One agent's connection, as its batches see it.
pub(super) struct Sender {
    pub(super) line: Arc<Line>,
    pub(super) agent: AgentRecord,
    pub(super) sequences: Sequences,
}

/// Serves one stream that the agent opened. `at_open` is what [`Sequences::at_open`] said when it did.
pub(super) async fn serve<I: Intake, R: Registry>(
    hub: Arc<Hub<I, R>>,
    from: Arc<Sender>,
    at_open: Option<Seen>,
    mut answer: SendStream,
    mut stream: RecvStream,
) {
    // Before anything of a frame is allocated: an agent in a frenzy waits, and loses nothing by it.
    let rate = async |bytes| hub.rates.take(from.agent.id, bytes).await;
    let done = match frames::read_asked(&mut stream, rate).await {
        Ok(Asked::Keep(batch)) => match receive(&hub, &from, at_open, batch).await {
            Ok(ack) => tell(&mut answer, &ack).await,
            Err(fault) => Err(fault),
        },
        Ok(Asked::Certify(request)) => match renew(&hub, &from, &request).await {
            Ok(reply) => tell(&mut answer, &reply).await,
            Err(fault) => Err(fault),
        },
        Ok(Asked::Note(report)) => match note(&hub, &from, report).await {
            Ok(reply) => tell(&mut answer, &reply).await,
            Err(fault) => Err(fault),
        },
        Err(fault) => Err(fault.into()),
    };
    let Err(fault) = done else { return };
    let (id, name) = (from.agent.id, from.agent.name.as_str());
    let error = &fault as &dyn std::error::Error;
    let reset = match &fault {
        Fault::Frame(frame) => {
            tracing::warn!(agent.id = %id, agent.name = name, error, "a batch did not arrive");
            frame.reset_code()
        }
        Fault::Intake(IntakeError::NotKept { is_outage: true, .. })
        | Fault::Registry(RegistryError { is_outage: true, .. }) => {
            tracing::debug!(agent.id = %id, agent.name = name, error, "a batch is not kept; its agent sends it again");
            ResetCode::NotStored
        }
        Fault::Intake(IntakeError::Revoked) => {
            tracing::warn!(agent.id = %id, agent.name = name, error, "a batch is refused");
            from.line.close(CloseCode::Revoked);
            return;
        }
        Fault::Intake(_) | Fault::Registry(_) | Fault::Answers { .. } | Fault::NotLookedUp => {
            tracing::error!(agent.id = %id, agent.name = name, error, "a batch is not kept; its agent sends it again");
            ResetCode::NotStored
        }
        Fault::NotAdmitted(why) => {
            tracing::warn!(agent.id = %id, agent.name = name, error, "a batch is refused");
            from.line.close(*why);
            return;
        }
    };
    stream.stop(reset);
    answer.reset(reset);
}

async fn tell<T: Message>(answer: &mut SendStream, message: &T) -> Result<(), Fault> {
    frames::write(answer, message).await?;
    // Until the agent has it, closing the connection would throw it away.
    let _ = tokio::time::timeout(ACK_DELIVERY, answer.stopped()).await;
    Ok(())
}

async fn renew<I: Intake, R: Registry>(
    hub: &Hub<I, R>,
    from: &Sender,
    request: &CertificateRequest,
) -> Result<CertificateReply, Fault> {
    match certify::renew(hub, &from.line.connection, &from.agent, request).await {
        Ok(reply) => Ok(reply),
        Err(Refusal::NotAdmitted(why)) => Err(Fault::NotAdmitted(why)),
        Err(Refusal::Because(reason)) => {
            tracing::warn!(agent.id = %from.agent.id, agent.name = from.agent.name, reason, "no certificate is issued");
            Ok(CertificateReply::Refused { reason })
        }
    }
}

/// Notes files that the agent has lost.
async fn note<I: Intake, R: Registry>(hub: &Hub<I, R>, from: &Sender, report: GapReport) -> Result<GapReply, Fault> {
    let agent = admit(hub, from).await?;
    let (id, name) = (agent.id, agent.name.as_str());
    let empty = report.gaps.is_empty().then_some("it names no file");
    if let Some(problem) = report.gaps.iter().find_map(Gap::problem).or(empty) {
        tracing::warn!(agent.id = %id, agent.name = name, problem, "a report of lost files is refused");
        return Ok(GapReply::Refused { reason: problem.to_owned() });
    }
    let files = report.gaps.len();
    hub.registry.note_gaps(&agent, report.gaps, (hub.clock)()).await?;
    tracing::warn!(agent.id = %id, agent.name = name, files, "an agent has lost files; /status names them");
    Ok(GapReply::Noted)
}

/// Looked up again for every request, so that revoking takes effect at once.
async fn admit<I: Intake, R: Registry>(hub: &Hub<I, R>, from: &Sender) -> Result<AgentRecord, Fault> {
    caller::admit(&*hub.registry, from.agent.id).await.map_err(|why| match why {
        CloseCode::Unavailable => Fault::NotLookedUp,
        why => Fault::NotAdmitted(why),
    })
}

async fn receive<I: Intake, R: Registry>(
    hub: &Hub<I, R>,
    from: &Sender,
    at_open: Option<Seen>,
    batch: Batch,
) -> Result<Ack, Fault> {
    let agent = admit(hub, from).await?;
    let head = batch.unproven_head().map_err(FrameFault::Wire)?;
    let open = match batch.open(&agent.signing_key) {
        Ok(open) if open.head.agent == agent.id => open,
        Ok(_) => return Ok(refuse(from, &head, "the batch's head names another agent than the one that sent it")),
        Err(error @ WireError::Version { .. }) => return Err(FrameFault::Wire(error).into()),
        Err(error) => return Ok(refuse(from, &head, &error.to_string())),
    };
    let (boot, sequence) = (open.head.boot, open.head.sequence);
    let earlier = hub.registry.last_sequence(agent.id, boot);
    // A connection that another has taken the place of is overtaken by that, which is no reset.
    let went_back = from.sequences.went_back(at_open, boot, sequence, earlier).await?;
    let sequence_reset = went_back && !from.line.is_retired();
    let items = hand_over(&*hub.intake, open, &agent).await?;
    from.sequences.archived(boot, sequence);

    let durable = items.iter().filter(|item| item.outcome.is_durable()).count() as u64;
    let now_ms = (hub.clock)();
    from.line.update(|about| {
        about.last_batch_ms = Some(now_ms);
        about.batches += 1;
        about.files += durable;
        about.refused += items.len() as u64 - durable;
        about.sequence_resets += u64::from(sequence_reset);
    });
    if sequence_reset {
        let name = agent.name.as_str();
        tracing::warn!(agent.id = %agent.id, agent.name = name, sequence, "the agent's sequence went backwards");
    }
    Ok(Ack { sequence, items, sequence_reset })
}

/// Gives the archive the files that are what the manifest says, and answers for all of them in its order.
async fn hand_over(intake: &impl Intake, mut open: OpenBatch, agent: &AgentRecord) -> Result<Vec<AckItem>, Fault> {
    let mut items = Vec::with_capacity(open.files.len());
    let mut kept = Vec::with_capacity(open.files.len());
    for file in open.files {
        let (hash, name) = (file.entry.hash, file.entry.name.as_str());
        items.push(file.problem.as_deref().map(|problem| {
            tracing::warn!(agent.name = agent.name, file.name = name, problem, "a file is refused");
            AckItem { hash, outcome: AckOutcome::refused(problem) }
        }));
        if file.problem.is_none() {
            kept.push(file);
        }
    }
    open.files = kept;
    let asked = open.files.len();
    let answers = if asked == 0 { Vec::new() } else { intake.receive(open, agent).await? };
    if answers.len() != asked {
        return Err(Fault::Answers { asked, got: answers.len() });
    }
    let mut answers = answers.into_iter();
    Ok(items.into_iter().filter_map(|refused| refused.or_else(|| answers.next())).collect())
}

/// An answer to a batch that does not hold: nothing of it is kept, and sending it again will not help.
fn refuse(from: &Sender, head: &BatchHead, reason: &str) -> Ack {
    let (id, name) = (from.agent.id, from.agent.name.as_str());
    tracing::warn!(agent.id = %id, agent.name = name, sequence = head.sequence, reason, "a batch is refused");
    let refused = |hash| AckItem { hash, outcome: AckOutcome::refused(reason) };
    let items: Vec<_> = head.manifest.iter().map(|entry| refused(entry.hash)).collect();
    from.line.update(|about| about.refused += items.len() as u64);
    Ack { sequence: head.sequence, items, sequence_reset: false }
}
