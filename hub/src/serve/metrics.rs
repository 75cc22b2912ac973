//! What Prometheus can read.
//!
//! Counters and histograms go to the recorder of the process as things happen. Gauges are taken from the same
//! [`Status`] as the status page, into a recorder of their own for each reading, so that an agent that is gone leaves
//! no line behind.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::Status;
use crate::archive;

/// Files that were derived, by `state`.
pub(super) const DERIVED: &str = "slomix_hub_derived_files_total";
const UPTIME: &str = "slomix_hub_uptime_seconds";
const AGENT_CONNECTED: &str = "slomix_hub_agent_connected";
/// 1 while the agent comes over TCP, 0 while it comes over UDP.
const AGENT_TCP: &str = "slomix_hub_agent_over_tcp";
/// Callers that were turned away, because there were too many.
const TURNED_AWAY: &str = "slomix_hub_callers_turned_away_total";
const AGENT_UNACKED: &str = "slomix_hub_agent_unacked_files";
const AGENT_OLDEST: &str = "slomix_hub_agent_oldest_unacked_seconds";
const AGENT_LAST_BATCH: &str = "slomix_hub_agent_last_batch_timestamp_seconds";
const AGENT_CERTIFICATE: &str = "slomix_hub_agent_certificate_end_timestamp_seconds";
const AGENT_ASKS: &str = "slomix_hub_agent_awaits_approval";
const AGENT_LOST: &str = "slomix_hub_agent_lost_files";
const AGENT_MISSED: &str = "slomix_hub_agent_scan_found_missed";
const ALERT: &str = "slomix_hub_alert";
const WAITING: &str = "slomix_hub_waiting_files";
const READY: &str = "slomix_hub_ready";
const ARTIFACTS: &str = "slomix_hub_artifacts";
const DISPOSITIONS: &str = "slomix_hub_dispositions";
const POSTS: &str = "slomix_hub_posts";
const DATABASE_BYTES: &str = "slomix_hub_database_bytes";
const DISCORD_READY: &str = "slomix_hub_discord_ready";
const DISCORD: &str = "slomix_hub_discord_total";

/// How often histograms are folded.
const UPKEEP: Duration = Duration::from_secs(30);
/// Bounds of the histograms, in seconds: from a quick flush to a disk in trouble.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The recorder of this process, installed by the first hub. Another recorder that the program installed before
/// keeps its place, and counters are then found there.
pub(super) fn install() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let builder = PrometheusBuilder::new().set_buckets(SECONDS);
            let recorder = builder.expect("there are buckets").build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::debug!("counters go to a recorder that was there before");
            }
            describe_counter!(archive::BATCHES, "Batches of agents that were kept");
            describe_counter!(archive::FILES, "Files of agents that were kept, by whether their content was new");
            describe_counter!(archive::KEEP_FAILURES, "Batches that could not be kept; their agents send them again");
            describe_histogram!(archive::KEEP_SECONDS, "From a batch's arrival to its being durable, in seconds");
            describe_counter!(DERIVED, "Files that were derived, by what became of them");
            handle
        })
        .clone()
}

/// Folds what histograms have gathered, which would grow for ever where nobody reads. Runs until it is aborted.
pub(super) async fn upkeep(counters: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        counters.run_upkeep();
    }
}

/// All metrics as Prometheus reads them.
pub(super) fn render(counters: &PrometheusHandle, status: &Status) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let gauges = recorder.handle();
    metrics::with_local_recorder(&recorder, || set_gauges(status));
    gauges.render() + &counters.render()
}

fn set_gauges(status: &Status) {
    describe_counter!(TURNED_AWAY, "Callers turned away before they had shown who they are, since there were too many");
    counter!(TURNED_AWAY).absolute(status.turned_away);
    describe_gauge!(UPTIME, "How long the hub has run");
    gauge!(UPTIME).set(status.uptime_s as f64);
    agents(status);
    describe_gauge!(ALERT, "1 for each alert that there is, by rule and by what it is about");
    for alert in &status.alerts {
        gauge!(ALERT, "rule" => alert.rule, "subject" => alert.subject.clone()).set(1.0);
    }
    describe_gauge!(WAITING, "Files that are kept and not derived yet");
    if let Some(waiting) = status.waiting {
        gauge!(WAITING).set(waiting as f64);
    }
    describe_gauge!(READY, "1 while the hub can do its work, as /readyz says");
    gauge!(READY).set(f64::from(u8::from(status.obstacles.is_empty())));
    describe_gauge!(ARTIFACTS, "Files that are kept, by server and kind");
    for kept in status.archive.iter().flatten() {
        gauge!(ARTIFACTS, "server" => kept.server.clone(), "kind" => kept.kind.clone()).set(kept.files as f64);
    }
    describe_gauge!(DISPOSITIONS, "What became of the files that are kept");
    for fate in status.dispositions.iter().flatten() {
        let labels = [("state", fate.state.clone()), ("code", fate.code.clone())];
        gauge!(DISPOSITIONS, &labels).set(fate.files as f64);
    }
    describe_gauge!(POSTS, "Discord posts by state");
    if let Some(posts) = &status.posts {
        for (state, count) in [("open", posts.open), ("sent", posts.sent), ("dead", posts.dead)] {
            gauge!(POSTS, "state" => state).set(count as f64);
        }
    }
    describe_gauge!(DATABASE_BYTES, "Size of the database with its log");
    if let Some(bytes) = status.database.bytes {
        gauge!(DATABASE_BYTES).set(bytes as f64);
    }
    describe_gauge!(DISCORD_READY, "1 while Discord is connected and open to posts");
    gauge!(DISCORD_READY).set(f64::from(u8::from(status.discord.state == "ready")));
    describe_counter!(DISCORD, "What was done in Discord since the hub started, by event");
    for (event, count) in status.discord.counts.named() {
        counter!(DISCORD, "event" => event).absolute(count);
    }
}

fn agents(status: &Status) {
    describe_gauge!(AGENT_CONNECTED, "1 while the agent is connected");
    describe_gauge!(AGENT_TCP, "1 while the agent comes over TCP since UDP does not get through, 0 while over UDP");
    describe_gauge!(AGENT_UNACKED, "Files that the agent has and the hub has not acknowledged");
    describe_gauge!(AGENT_OLDEST, "How long the oldest of them has waited");
    describe_gauge!(AGENT_LAST_BATCH, "When the agent's last batch was kept, Unix seconds");
    describe_gauge!(AGENT_CERTIFICATE, "When the agent's certificate ends, Unix seconds; it is renewed days before");
    describe_gauge!(AGENT_LOST, "Files that the agent lost and that came by no other way; it should stay 0");
    describe_gauge!(AGENT_ASKS, "1 while the agent waits for slomix-hub agent approve");
    describe_gauge!(AGENT_MISSED, "Files that only a scan found; it should stay 0");
    for agent in status.agents.iter().filter(|agent| agent.revoked_ms.is_none()) {
        let labels = [("agent", agent.name.clone()), ("server", agent.server.clone())];
        gauge!(AGENT_CONNECTED, &labels).set(f64::from(u8::from(agent.connected)));
        let asks = agent.readmission.as_ref().is_some_and(|asked| asked.approved_ms.is_none());
        gauge!(AGENT_ASKS, &labels).set(f64::from(u8::from(asks)));
        let told = [
            (AGENT_TCP, agent.way.map(|way| f64::from(u8::from(way == "tcp")))),
            (AGENT_UNACKED, agent.unacked_files.map(|files| files as f64)),
            (AGENT_OLDEST, agent.oldest_unacked_ms.map(|age| age as f64 / 1_000.0)),
            (AGENT_LAST_BATCH, agent.last_batch_ms.map(|at| at as f64 / 1_000.0)),
            (AGENT_CERTIFICATE, agent.certificate_ends_ms.map(|at| at as f64 / 1_000.0)),
            (AGENT_LOST, agent.lost_files.map(|files| files as f64)),
            (AGENT_MISSED, agent.scan_found_missed.map(|files| files as f64)),
        ];
        for (name, value) in told {
            if let Some(value) = value {
                gauge!(name, &labels).set(value);
            }
        }
    }
}
