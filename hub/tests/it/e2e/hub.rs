//! The hub's program: served, asked, killed, and its commands.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tokio::process::Command;

use super::super::fake_discord::{CHANNEL, FakeDiscord, TOKEN};
use super::program::{Program, command, output};
use super::programs;
use super::road::Road;

/// A data directory with its configuration, and the hub that serves it when one does.
pub(crate) struct Hub {
    folder: PathBuf,
    serving: Option<Serving>,
    starts: usize,
}

struct Serving {
    program: Program,
    admin: String,
}

/// The server's zone: an hour or two off UTC, so that forgetting it shows.
pub(crate) const ZONE: &str = "Europe/Ljubljana";

impl Hub {
    /// Writes the configuration. The evenings of the test were played long ago, so rounds of any age are posted.
    pub(crate) fn new(folder: PathBuf, fake: &FakeDiscord) -> Self {
        std::fs::create_dir(&folder).expect("a fresh folder");
        let config = format!(
            "[[server]]\nkey = \"main\"\nname = \"Main\"\nzone = \"{ZONE}\"\n\
             [link]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"127.0.0.1:0\"\n[admin]\nlisten = \"127.0.0.1:0\"\n\
             [discord]\ntoken = \"{TOKEN}\"\nchannel = {CHANNEL}\nowner = 301\napi_address = \"{}\"\napi_ca_file = \"{}\"\n\
             [announce]\nhours = 800000\n",
            fake.api_address(),
            fake.ca_file().display(),
        );
        std::fs::write(folder.join("hub.toml"), config).expect("the configuration can be written");
        Self { folder, serving: None, starts: 0 }
    }

    /// Commands are answered there and nowhere else from the next start on.
    pub(crate) fn answer_in(&self, channel: u64) {
        let config = std::fs::read_to_string(self.config()).expect("the configuration can be read");
        let config = config.replace("[discord]\n", &format!("[discord]\ncommand_channels = [{channel}]\n"));
        std::fs::write(self.config(), config).expect("the configuration can be written");
    }

    /// Only what has just been played is posted, from the next start on.
    pub(crate) fn post_nothing_old(&self) {
        let config = std::fs::read_to_string(self.config()).expect("the configuration can be read");
        let config = config.replace("hours = 800000", "hours = 6");
        std::fs::write(self.config(), config).expect("the configuration can be written");
    }

    /// Its configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.folder.join("hub.toml")
    }

    /// One of the hub's commands on this data directory.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(&programs::hub());
        command.arg("--config").arg(self.config());
        command.arg("--data").arg(self.folder.join("data")).args(arguments);
        command
    }

    /// Runs a command to its end and gives what it printed.
    pub(crate) async fn run(&self, arguments: &[&str]) -> String {
        output(&mut self.command(arguments)).await
    }

    /// Runs a command to its end and reads the JSON that it printed.
    pub(crate) async fn ask(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        serde_json::from_str(&self.run(&arguments).await).expect("what a command prints with --json is JSON")
    }

    /// Serves, at the end of `road`.
    pub(crate) async fn serve(&mut self, road: &Road) {
        self.starts += 1;
        let log = self.folder.join(format!("hub-{}.log", self.starts));
        let mut program = Program::start(self.command(&["serve"]), log);
        let admin = program.hears("status and metrics at http://").await;
        let admin = admin.split('/').next().expect("an address stands before the first slash").to_owned();
        self.serving = Some(Serving { program, admin });
        road.lead_to(self.link_address().await);
    }

    /// What `/status` says.
    pub(crate) async fn status(&self) -> Value {
        let text = self.get("/status").await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// What `/metrics` says.
    pub(crate) async fn metrics(&self) -> String {
        self.get("/metrics").await
    }

    /// Where agents call.
    pub(crate) async fn link_address(&self) -> std::net::SocketAddr {
        let link = self.status().await["listening"]["link"].as_str().and_then(|link| link.parse().ok());
        link.expect("the status tells where agents call")
    }

    async fn get(&self, path: &str) -> String {
        let serving = self.serving.as_ref().expect("it serves");
        let url = format!("http://{}{path}", serving.admin);
        let answer = reqwest::get(&url).await.unwrap_or_else(|error| panic!("{error}:\n{}", serving.program.said()));
        answer.text().await.expect("the page is text")
    }

    /// All that it said since its last start.
    pub(crate) fn said(&self) -> String {
        self.serving.as_ref().expect("it serves").program.said()
    }

    /// The process that serves.
    pub(crate) fn pid(&self) -> u32 {
        self.serving.as_ref().expect("it serves").program.pid()
    }

    /// SIGKILL.
    pub(crate) async fn kill(&mut self) {
        self.serving.take().expect("it serves").program.kill().await;
    }

    /// SIGTERM.
    pub(crate) async fn stop(&mut self) {
        let status = self.serving.take().expect("it serves").program.stop().await;
        assert!(status.success(), "a hub that is asked to stop ends well, not with {status}");
    }

    /// Its database.
    pub(crate) fn database(&self) -> PathBuf {
        slomix_hub::data_dir::DataDir::open(&self.data()).expect("the hub's data directory").database()
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> PathBuf {
        Path::new(&self.folder).join("data")
    }
}
