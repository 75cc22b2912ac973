//! What is asked of game servers, and what is seen of them.

use slomix_hub::link::system_clock;
use slomix_hub::serve::admin::{Ask, call};
use slomix_hub::serve::{Asked, Hub};
use slomix_shared::identity::Nonce;
use slomix_shared::wire::{
    AgentNotice, AgentStatus, ControlAnswer, ControlReply, ControlRequest, GamePlayer, GameTeam, Intent, LiveState,
};

use super::super::link_agent::LinkAgent;
use super::{config, get, invite, start, status, until};
use slomix_hub::data_dir::DataDir;

fn said(request: &ControlRequest) -> ControlReply {
    ControlReply { nonce: request.nonce, answer: ControlAnswer::done("said") }
}

struct Stage {
    dir: tempfile::TempDir,
    hub: Hub,
    agent: LinkAgent,
}

impl Stage {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let hub = start(config(), dir.path()).await.unwrap();
        let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
        Self { dir, hub, agent }
    }

    /// As the command line asks.
    async fn ask(&self, server: Option<&str>) -> Result<Asked, String> {
        let intent = Intent::Say { text: "five minutes".to_owned() };
        let ask = Ask { server: server.map(str::to_owned), intent, by: "root (console)".to_owned() };
        let data = DataDir::open(self.dir.path()).unwrap();
        call(&data, &ask, &|_| {}).await.map_err(|error| error.to_string())
    }

    async fn connected(&self) {
        until("the agent is connected", async || status(&self.hub).await["agents"][0]["connected"] == true).await;
    }

    /// Outcome and words of every request that was kept, the newest first.
    async fn kept(&self) -> Vec<(Option<String>, String)> {
        let rows = self.hub.store().controls(None, 10).await.unwrap();
        rows.into_iter().map(|row| (row.outcome, row.words)).collect()
    }
}

#[tokio::test]
async fn a_request_goes_to_the_agent_of_its_server_and_is_kept_with_the_answer() {
    let stage = Stage::new().await;
    let lonely = stage.ask(None).await.unwrap();
    assert_eq!(lonely.answer, ControlAnswer::failed("no agent of this server is connected"));
    assert!(stage.ask(Some("elsewhere")).await.unwrap_err().contains("the configuration has main"));

    let link = stage.agent.connect(stage.hub.addresses().link).await;
    stage.connected().await;
    // An agent whose clock is an hour ahead is asked by its clock.
    let hour = 3_600_000;
    link.tell(AgentStatus { clock_ms: Some(system_clock()() + hour), rescans: Some(1), ..Default::default() }).await;
    until("the status is there", async || !status(&stage.hub).await["agents"][0]["told_ms"].is_null()).await;
    let (asked, request) = tokio::join!(stage.ask(Some("main")), link.asked(|request| Some(said(request))));
    assert_eq!(asked.unwrap().answer, ControlAnswer::done("said"));
    assert_eq!((request.by.as_str(), request.intent.word()), ("root (console)", "say"));
    let ahead = request.deadline_ms - system_clock()();
    assert!((hour..=hour + 31_000).contains(&ahead), "{ahead}");
    let kept = stage.kept().await;
    assert_eq!(kept.len(), 2, "what is refused as unknown is not asked");
    assert_eq!(kept[0], (Some("done".to_owned()), "said".to_owned()));
    assert_eq!(kept[1].0.as_deref(), Some("failed"));
}

#[tokio::test]
async fn an_answer_that_is_lost_or_another_ones_is_none() {
    let stage = Stage::new().await;
    let link = stage.agent.connect(stage.hub.addresses().link).await;
    stage.connected().await;
    let foreign = |request: &ControlRequest| Some(ControlReply { nonce: Nonce::from_bytes([9; 16]), ..said(request) });
    let (asked, first) = tokio::join!(stage.ask(None), link.asked(foreign));
    assert_eq!(asked.unwrap().answer.outcome(), "failed");
    let (asked, second) = tokio::join!(stage.ask(None), link.asked(|_| None));
    let answer = asked.unwrap().answer;
    assert!(answer.words().contains("whether it was done is not known"), "{answer:?}");
    assert_ne!(first.nonce, second.nonce);
    assert!(stage.kept().await.iter().all(|(outcome, _)| outcome.as_deref() == Some("failed")));
}

#[tokio::test]
async fn what_an_agent_sees_stands_in_the_status_and_names_no_host_in_public() {
    let stage = Stage::new().await;
    let link = stage.agent.connect(stage.hub.addresses().link).await;
    let player = GamePlayer { name: "^1Alpha".to_owned(), team: Some(GameTeam::Axis), score: 3, ping: 48 };
    let game = LiveState {
        answers: Some(true),
        answered_age_ms: Some(2_000),
        map: Some("supply".to_owned()),
        players: Some(vec![player]),
        ..LiveState::default()
    };
    link.notify(&AgentNotice::Live(Box::new(game.clone()))).await;
    until("it is told", async || status(&stage.hub).await["servers"][0]["map"] == "supply").await;
    let seen = status(&stage.hub).await;
    let server = &seen["servers"][0];
    assert_eq!((&server["server"], &server["players"][0]["name"]), (&"main".into(), &"Alpha".into()));
    assert_eq!(server["players"][0]["team"], "axis");
    let age = server["heard_ms"].as_i64().unwrap() - server["answered_ms"].as_i64().unwrap();
    assert_eq!(age, 2_000);
    let (_, text) = get(stage.hub.addresses().admin, "/status", "text/plain").await;
    assert!(text.contains("Axis: Alpha"), "{text}");
    assert_eq!(seen["server_problems"], serde_json::json!([]));

    // What the agent cannot do there is told to the operator alone: it may name addresses.
    let ill = LiveState {
        answers: Some(false),
        answered_age_ms: Some(180_000),
        silence: Some("nothing listens at 127.0.0.1:27960".to_owned()),
        console: Some("it refuses the password".to_owned()),
        ..game
    };
    link.notify(&AgentNotice::Live(Box::new(ill))).await;
    until("it is told", async || status(&stage.hub).await["server_problems"][1]["kind"] == "console").await;
    let (_, text) = get(stage.hub.addresses().admin, "/status", "text/plain").await;
    let silent = "has not answered its agent for 3 min 0 s: nothing listens at 127.0.0.1:27960";
    assert!(text.contains(silent) && text.contains("nothing can be done there: it refuses the password"), "{text}");

    // A reader stays while the hub stops, and does not hold it up.
    let url = format!("http://{}/api/v1/live", stage.hub.addresses().http);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut reading = client.get(url).send().await.unwrap();
    let mut event = String::new();
    while !event.contains("\n\n") {
        event.push_str(std::str::from_utf8(&reading.chunk().await.unwrap().unwrap()).unwrap());
    }
    assert!(
        event.contains("\"map\":\"supply\"") && !event.contains("127.0.0.1") && !event.contains("vienna"),
        "{event}"
    );
    drop(link);
    until("the agent is gone", async || status(&stage.hub).await["agents"][0]["connected"] == false).await;
    assert_eq!(status(&stage.hub).await["servers"][0]["map"], "supply", "what was seen stays, with its age");
    stage.hub.stop().await;
    assert_eq!(reading.chunk().await.unwrap(), None, "it ends well");
}
