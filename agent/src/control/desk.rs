use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use slomix_shared::wire::{ControlAnswer, ControlReply, ControlRequest};
use tokio::sync::{mpsc, oneshot};
use tracing::{info, warn};

use super::{Audit, Gate};
use crate::gameserver::Job;

/// Where requests of the hub are decided on.
#[derive(Debug)]
pub struct Desk {
    gate: Mutex<Gate>,
    audit: Audit,
    /// To the one that talks to the game server; else why there is none.
    jobs: Result<mpsc::Sender<Job>, String>,
    /// The time, Unix milliseconds.
    clock: fn() -> i64,
}

impl Desk {
    /// One that hands what passes `gate` to `jobs`.
    pub fn new(gate: Gate, audit: Audit, jobs: Result<mpsc::Sender<Job>, String>, clock: fn() -> i64) -> Self {
        Self { gate: Mutex::new(gate), audit, jobs, clock }
    }

    /// Decides, has it done, and keeps a record of both.
    pub async fn answer(&self, request: &ControlRequest) -> ControlReply {
        let answer = self.carry_out(request).await;
        let outcome = answer.outcome();
        let (intent, detail) = (request.intent.word(), request.intent.detail());
        info!(by = request.by, intent, detail, outcome, why = answer.words(), "the hub asked for something");
        if let Err(problem) = self.audit.ends(request, &answer, (self.clock)()) {
            warn!(%problem, "what came of a request of the hub could not be recorded");
        }
        ControlReply { nonce: request.nonce, answer }
    }

    async fn carry_out(&self, request: &ControlRequest) -> ControlAnswer {
        let (now_ms, now) = ((self.clock)(), Instant::now());
        let jobs = match &self.jobs {
            Ok(jobs) => jobs,
            Err(why) => return ControlAnswer::refused(why),
        };
        let passes = self.gate.lock().unwrap_or_else(PoisonError::into_inner).pass(request, now_ms, now);
        if let Err(why) = passes {
            return ControlAnswer::refused(&why);
        }
        if let Err(problem) = self.audit.begins(request, now_ms) {
            return ControlAnswer::refused(&format!(
                "it could not be recorded ({problem}), and nothing is done unrecorded"
            ));
        }
        let left = Duration::from_millis(u64::try_from(request.deadline_ms - now_ms).unwrap_or(0));
        let (answer, answered) = oneshot::channel();
        let job = Job { intent: request.intent.clone(), deadline: now + left, answer };
        match jobs.try_send(job) {
            Ok(()) => answered.await.unwrap_or_else(|_| ControlAnswer::failed("the agent stops")),
            Err(_) => ControlAnswer::refused("too much is waiting for the game server"),
        }
    }
}
