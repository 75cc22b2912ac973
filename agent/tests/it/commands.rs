//! The program as operators meet it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use slomix_agent::join::join;
use tokio::process::{Child, Command as AsyncCommand};

use crate::agent::{Host, R1, R2, manner};
use crate::hub::Hub;

const PROGRAM: &str = env!("CARGO_BIN_EXE_slomix-agent");

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/round-events")
}

/// Runs the program away from any configuration of whoever runs the tests.
fn program(directory: &Path, arguments: &[&str]) -> Output {
    let variables = std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("SLOMIX_"));
    let mut command = Command::new(PROGRAM);
    variables.for_each(|name| {
        command.env_remove(name);
    });
    command.args(arguments).current_dir(directory).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn help_teaches() {
    let top = tempfile::tempdir().unwrap();
    insta::assert_snapshot!("help", out(&program(top.path(), &["--help"])));
    insta::assert_snapshot!("help_run", out(&program(top.path(), &["run", "--help"])));
}

#[test]
fn check_says_what_the_hub_would_make_of_files() {
    let top = tempfile::tempdir().unwrap();
    let event = fixtures().join("gametime-supply-R1-1780000490.json");
    let good = top.path().join("gametime-supply-R1-1780000490.json");
    std::fs::copy(event, &good).unwrap();
    std::fs::write(top.path().join("gametime-supply-R2-1780000490.json"), std::fs::read(&good).unwrap()).unwrap();
    let header = "server\\supply\\legacy3\\1\\1\\2\\12:00\\8:10\n";
    std::fs::write(top.path().join(R1), header).unwrap();
    std::fs::write(top.path().join(R2), format!("{header}AAAA0001\\name\\1\\1\\16 1 2 0 0 0 \t1\n")).unwrap();
    std::fs::write(top.path().join("odd.txt"), "x").unwrap();
    let papers = [
        ("gametime-supply-R1-1780000491.json", "{"),
        ("2026-11-09-195037-supply-round-1-endstats.txt", ""),
        ("2026-11-09-200312-supply-round-2-endstats.txt", "Most damage\tbob\t12\n"),
        ("2026-11-09-195037-supply-round-1_engagements.txt", "# proximity\n"),
    ];
    for (name, content) in papers {
        std::fs::write(top.path().join(name), content).unwrap();
    }

    let fine = program(top.path(), &["check", R2]);
    assert!(fine.status.success(), "{}{}", out(&fine), err(&fine));
    let all = [
        good.file_name().unwrap().to_str().unwrap(),
        "gametime-supply-R2-1780000490.json",
        R1,
        R2,
        "odd.txt",
        "gone.txt",
        papers[0].0,
        papers[1].0,
        papers[2].0,
        papers[3].0,
    ];
    let bad = program(top.path(), &[["check"].as_slice(), &all].concat());
    assert_eq!(bad.status.code(), Some(1));
    insta::assert_snapshot!("check", out(&bad));

    let json = program(top.path(), &["check", "--json", R1]);
    let findings: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(findings[0]["fate"], "quarantined");
    assert_eq!(findings[0]["kind"], "stats");
}

#[test]
fn mistakes_say_what_would_be_right() {
    let top = tempfile::tempdir().unwrap();
    let run = program(top.path(), &["run", "--stats-dir", "gamestats"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(err(&run).contains("slomix-agent join TOKEN"), "{}", err(&run));

    std::fs::write(top.path().join("slomix-agent.toml"), "[watch]\ngamestat = \"x\"").unwrap();
    let typo = program(top.path(), &["status"]);
    assert!(err(&typo).contains("did you mean `watch.gamestats`?"), "{}", err(&typo));
    std::fs::remove_file(top.path().join("slomix-agent.toml")).unwrap();

    assert_eq!(program(top.path(), &["runn"]).status.code(), Some(2), "usage");
    let doctor = program(top.path(), &["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(out(&doctor).contains("knows no hub"), "{}", out(&doctor));
    assert_eq!(program(top.path(), &["status"]).status.code(), Some(1), "nothing runs");
}

/// Join, run, ship, look, stop: each with the program itself.
#[tokio::test]
async fn the_program_ships_and_stops_when_it_is_told_to() {
    let hub = Hub::start(1);
    let host = Host::new(&hub);
    let data = host.home().path().display().to_string();
    let call = async |arguments: &[&str]| {
        let mut command = AsyncCommand::new(PROGRAM);
        command.args(["--data", &data]).args(arguments).current_dir(host.beside("."));
        command.stdin(Stdio::null()).output().await.unwrap()
    };
    let joined = call(&["join", &hub.token().to_string()]).await;
    assert!(joined.status.success(), "{}", err(&joined));
    assert!(out(&joined).starts_with("Joined as `vps1`, for the game server `main`."), "{}", out(&joined));

    let dir = host.dir().display().to_string();
    let mut agent = AsyncCommand::new(PROGRAM);
    agent.args(["--data", &data, "run", "--stats-dir", &dir]).current_dir(host.beside(".")).stdin(Stdio::null());
    let mut agent = agent.stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    hub.wait_for_status("a first look", |status| status.rescans >= Some(1)).await;
    host.write(R1, b"one");
    hub.wait_for_files(1).await;

    host.wait_for_status("the ack", |status| status.known_files == 1).await;
    host.write(R1, b"one and more");
    host.write("odd.txt", b"odd");
    host.wait_for_status("both files", |status| status.directories.iter().any(|one| one.files == Some(2))).await;
    let json: serde_json::Value = serde_json::from_str(&out(&call(&["status", "--json"]).await)).unwrap();
    assert_eq!(json["directories"][0]["files"], 2, "{json}");
    let status = call(&["status"]).await;
    assert!(status.status.success(), "{}", out(&status));
    assert!(out(&status).contains("connected"), "{}", out(&status));
    let again = call(&["run", "--stats-dir", &dir]).await;
    assert!(err(&again).contains("another slomix-agent runs"), "{}", err(&again));
    let doctor = call(&["doctor"]).await;
    assert!(out(&doctor).contains("is connected to"), "{}", out(&doctor));

    let pid = agent.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let ended = tokio::time::timeout(std::time::Duration::from_secs(30), agent.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0));
    let doctor = call(&["doctor"]).await;
    assert!(out(&doctor).contains("answers in"), "{}", out(&doctor));
}

/// The program at work on a joined machine.
async fn at_work(hub: &Hub, host: &Host) -> Child {
    join(&host.home(), &hub.token().to_string(), manner(false)).await.unwrap();
    let mut agent = AsyncCommand::new(PROGRAM);
    agent.arg("--data").arg(host.home().path()).args(["run", "--stats-dir"]).arg(host.dir());
    agent.env("SLOMIX_AGENT_LOG", "error").current_dir(host.beside(".")).stdin(Stdio::null());
    agent.kill_on_drop(true).spawn().unwrap()
}

/// A number that the kernel tells of a process: threads, or memory of its own in KiB.
fn kernel_says(process: &Child, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id().unwrap())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_program_at_rest_is_small() {
    let hub = Hub::start(1);
    let host = Host::new(&hub);
    let agent = at_work(&hub, &host).await;
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    assert!(kernel_says(&agent, "Threads:") <= 4);
    let kib = kernel_says(&agent, "RssAnon:");
    assert!(kib < 10 * 1024, "{kib} KiB");
}

#[tokio::test]
async fn a_backlog_of_ten_thousand_files_stays_small() {
    let hub = Hub::start(1);
    let host = Host::new(&hub);
    for number in 0..10_000 {
        host.write_aged(&format!("file {number}"), format!("{number:0>2000}").as_bytes(), 60);
    }
    let agent = at_work(&hub, &host).await;
    for part in 1..=100 {
        hub.wait_for_files(part * 100).await;
        assert!(kernel_says(&agent, "Threads:") <= 4);
        let kib = kernel_says(&agent, "RssAnon:");
        assert!(kib < 20 * 1024, "{kib} KiB after {part} %");
    }
}
