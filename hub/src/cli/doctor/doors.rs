//! Where the hub listens: that a hub that serves answers there, or that it could listen there.

use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

use serde_json::Value;

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::link::ListenTcp;
use crate::serve::admin::serves;

use super::{About, Finding};

/// Loopback answers at once, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(3);

/// The status of the hub that serves; none where none does.
pub(super) async fn look(config: &Config, directory: Option<&DataDir>, findings: &mut Vec<Finding>) -> Option<Value> {
    let serving = match directory {
        Some(directory) => serves(directory).await,
        None => false,
    };
    if !serving {
        findings.push(About("serve").good("no hub serves this data directory now"));
        findings.extend(could_listen(config));
        return None;
    }
    match status(config.admin).await {
        Ok(status) => {
            let version = status["version"].as_str().unwrap_or("?");
            findings
                .push(About("serve").good(format!("a hub serves (version {version}) and answers at {}", config.admin)));
            if version != env!("CARGO_PKG_VERSION") {
                findings.push(About("serve").odd("it is another version than this program: restart it"));
            }
            findings.extend(obstacles(&status));
            Some(status)
        }
        Err(why) => {
            findings.push(About("serve").odd(format!(
                "a hub serves and its status cannot be read at {} ({why}): was it started with this configuration?",
                config.admin
            )));
            Some(Value::Null)
        }
    }
}

async fn status(at: SocketAddr) -> Result<Value, String> {
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().map_err(|error| error.to_string())?;
    let answer = client
        .get(format!("http://{at}/status"))
        .send()
        .await
        .map_err(|error| if error.is_connect() { "nobody answers".to_owned() } else { error.to_string() })?;
    let text = answer.text().await.map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|_| "it is no hub's".to_owned())
}

/// What the hub says keeps it from its work.
fn obstacles(status: &Value) -> Vec<Finding> {
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|one| Some(one.as_str()?.to_owned())).collect()
    };
    let mut findings: Vec<Finding> =
        texts(&status["obstacles"]).into_iter().map(|obstacle| About("serve").bad(obstacle)).collect();
    if let Some(fix) = status["discord"]["fix"].as_str() {
        findings.push(About("Discord").bad(fix));
    }
    findings
}

fn could_listen(config: &Config) -> Vec<Finding> {
    let about = About("ports");
    let tcp = match config.link.tcp {
        ListenTcp::Off => None,
        ListenTcp::Beside => Some(config.link.listen),
        ListenTcp::At(address) => Some(address),
    };
    let udp = ("link", "UDP", config.link.listen, UdpSocket::bind(config.link.listen).map(drop));
    let mut tried = vec![udp];
    tried.extend(tcp.map(|address| ("link", "TCP", address, TcpListener::bind(address).map(drop))));
    tried.extend([
        ("http", "TCP", config.http, TcpListener::bind(config.http).map(drop)),
        ("admin", "TCP", config.admin, TcpListener::bind(config.admin).map(drop)),
    ]);
    let mut findings = Vec::new();
    for (section, kind, address, bound) in &tried {
        let Err(error) = bound else { continue };
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "is in use by another program".to_owned(),
            io::ErrorKind::PermissionDenied => "may not be listened on by this user".to_owned(),
            _ => format!("cannot be listened on ({error})"),
        };
        let key = if (*section, *kind) == ("link", "TCP") { "tcp" } else { "listen" };
        findings.push(about.bad(format!("{kind} {address} {why}: set another `{key}` in [{section}]")));
    }
    if findings.is_empty() {
        let all: Vec<String> = tried.iter().map(|(_, kind, address, _)| format!("{kind} {address}")).collect();
        findings.push(about.good(format!("{} are free", all.join(", "))));
    }
    findings
}
