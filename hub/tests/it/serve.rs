//! A whole hub on loopback: what an agent ships is kept, derived, posted and shown.

mod alerts;
mod certificates;
mod commands;
mod control;
mod digests;
mod faults;
mod full_disk;
mod gaps;
mod line;
mod replay;
mod restarts;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use slomix_hub::config::Config;
use slomix_hub::data_dir::DataDir;
use slomix_hub::discord::outbox::{OutboxRow, RenderError, Renderer};
use slomix_hub::link::system_clock;
use slomix_hub::reports::post::Post;
use slomix_hub::serve::{Faces, Hub, Parts, ServeError, agents};
use slomix_hub::store::Store;
use slomix_hub::store::tables::Table;
use slomix_shared::identity::JoinToken;
use slomix_shared::sim::{Evening, Plan, play};

use super::discord_hub::{self, Script};

/// A configuration that listens on free ports of loopback and announces simulated rounds, however old.
pub(crate) fn config() -> Config {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut config = Config::load(None, |_| None).unwrap();
    (config.http, config.admin, config.link.listen) = (free, free, free);
    config.announce_hours = 876_600;
    config
}

/// Shows the store's row, whatever it is about.
struct Plain;

#[async_trait]
impl Renderer for Plain {
    async fn render(&self, row: &OutboxRow) -> Result<Option<Post>, RenderError> {
        Ok(Some(discord_hub::post(&row.kind, &row.anchor)))
    }
}

fn faces() -> Faces {
    Box::new(|_| (Arc::new(Plain), Arc::new(Script::default())))
}

pub(crate) async fn start(config: Config, dir: &Path) -> Result<Hub, ServeError> {
    let data = DataDir::open(dir)?;
    Hub::start(Parts { pace: discord_hub::pace(), ..Parts::new(config, data, faces()) }).await
}

/// As [`start`], with certificates for agents that hold for so long.
pub(crate) async fn start_with_certificates_for(life: Duration, dir: &Path) -> Hub {
    let parts = Parts::new(config(), DataDir::open(dir).unwrap(), faces());
    Hub::start(Parts { certificate_life: life, ..parts }).await.unwrap()
}

/// A token for an agent of this hub.
pub(crate) async fn invite(hub: &Hub, name: &str) -> JoinToken {
    let address = hub.addresses().link.to_string();
    let now_ms = system_clock()();
    agents::invite(hub.store(), hub.keys(), &config(), name, None, Some(&address), now_ms).await.unwrap()
}

fn evening() -> Evening {
    let start = jiff::civil::date(2026, 3, 6).at(20, 15, 0, 0);
    let plan = Plan { maps_per_evening: 2, players_per_side: 3, ..Plan::new(7, start) };
    play(&plan).unwrap().next().unwrap()
}

/// The stats files of the evening in the order in which they were written, as (name, content).
fn stats(evening: &Evening) -> Vec<(&str, &[u8])> {
    let files = evening.rounds().filter_map(|round| round.stats.as_ref());
    files.map(|file| (file.name.as_str(), file.bytes.as_slice())).collect()
}

async fn rows(store: &Store, table: Table) -> i64 {
    store.count(table).await.unwrap()
}

/// Waits until `test` holds; asked again whenever a moment has passed.
pub(crate) async fn until(what: &str, mut test: impl AsyncFnMut() -> bool) {
    let held = async {
        while !test().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), held)
        .await
        .unwrap_or_else(|_| panic!("waited too long until {what}"));
}

/// Status and body of a page.
pub(crate) async fn get(at: SocketAddr, path: &str, accept: &str) -> (u16, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("http://{at}{path}")).header("accept", accept).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

pub(crate) async fn status(hub: &Hub) -> serde_json::Value {
    let (code, body) = get(hub.addresses().admin, "/status", "*/*").await;
    assert_eq!(code, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}
