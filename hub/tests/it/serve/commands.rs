//! Commands that reach a hub while it serves.

use std::os::unix::fs::PermissionsExt;
use std::sync::Mutex;

use slomix_hub::data_dir::DataDir;
use slomix_hub::pipeline::verify::signatures::check_signatures;
use slomix_hub::serve::admin::{CallError, Connected, Invite, REQUEST_LIMIT, Rebuild, Retry, Revoke, Step, call};
use slomix_hub::store::Durability;
use slomix_hub::store::tables::ROUND;
use slomix_shared::identity::SigningKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::super::link_agent::LinkAgent;
use super::{config, evening, invite, rows, start, stats, status, until};

fn unheard(_: Step) {}

/// Says one line to a hub, and gives all that it answers.
async fn say(data: &DataDir, line: &[u8]) -> String {
    let mut socket = UnixStream::connect(data.path().join("admin.sock")).await.unwrap();
    // A hub that has heard enough closes, whatever is still on its way.
    let _ = socket.write_all(line).await;
    let mut answer = String::new();
    let _ = socket.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn a_hub_that_serves_rebuilds_and_retries_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let data = DataDir::open(dir.path()).unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let evening = evening();
    let link = agent.connect(hub.addresses().link).await;
    link.ship(1, &stats(&evening)).await.unwrap();
    link.ship(2, &[("2026-03-06-231500-supply-round-1.txt", b"not much")]).await.unwrap();
    let store = hub.store();
    until("all is derived", async || store.pending_count().await.unwrap() == 0).await;

    let mut tx = store.begin(Durability::Relaxed).await.unwrap();
    tx.execute("damage", "update round_player set kills = 999", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(status(&hub).await["database"]["engine"].as_str().unwrap().starts_with("SQLite 3."));
    let steps = Mutex::new(Vec::new());
    let rebuilt = call(&data, &Rebuild {}, &|step| steps.lock().unwrap().push(step)).await.unwrap();
    assert!(rebuilt.rows > 0 && rebuilt.blocks > 0, "{rebuilt:?}");
    assert!(steps.lock().unwrap().iter().all(|step: &Step| step.unit == "blocks" && step.done <= step.all));
    assert_eq!(call(&data, &Rebuild {}, &unheard).await.unwrap().rows, 0);
    assert_eq!(rows(store, ROUND).await, stats(&evening).len() as i64);

    let retry = Retry { file: None, accept: false, reason: String::new() };
    let retried = call(&data, &retry, &unheard).await.unwrap();
    assert_eq!((retried.tried, retried.freed, retried.still_quarantined), (1, 0, 1));
    assert_eq!(retried.files[0].name, "2026-03-06-231500-supply-round-1.txt");
    assert_eq!(retried.became, [("quarantined".to_owned(), 1)].into());
    let unknown = Retry { file: Some("nothing".to_owned()), ..retry };
    let refused = call(&data, &unknown, &unheard).await.unwrap_err();
    assert!(refused.to_string().starts_with("no quarantined file is called nothing"), "{refused}");

    assert_eq!(status(&hub).await["guid_collisions"], serde_json::json!([]));
    let mut tx = store.begin(Durability::Relaxed).await.unwrap();
    for end in ["0", "F"] {
        let sql = format!(
            "insert into player_guid (session, player, guid, block) \
             select m.session, m.player, p.guid || '{}', e.block from session_member m \
             join player p on p.id = m.player join epoch e on e.session = m.session order by m.player limit 1",
            end.repeat(24)
        );
        tx.execute("write", &sql, vec![]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let told = status(&hub).await;
    assert_eq!(told["guid_collisions"][0]["full"].as_array().unwrap().len(), 2, "{told}");
    hub.stop().await;
}

#[tokio::test]
async fn agents_are_invited_and_taken_off_by_the_hub_that_serves() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let data = DataDir::open(dir.path()).unwrap();
    let address = Some(hub.addresses().link.to_string());
    let invited = call(&data, &Invite { name: "vienna".to_owned(), server: None, address }, &unheard).await.unwrap();
    let agent = LinkAgent::join(&invited.token.parse().unwrap(), 1).await;
    let link = agent.connect(hub.addresses().link).await;
    link.ship(1, &[("a", b"b")]).await.unwrap();
    let connected = call(&data, &Connected {}, &unheard).await.unwrap();
    let ids: Vec<_> = status(&hub).await["agents"].as_array().unwrap().iter().map(|line| line["id"].clone()).collect();
    assert_eq!(connected.iter().map(|line| line.id.as_str().into()).collect::<Vec<serde_json::Value>>(), ids);
    assert!(connected[0].way == "udp" && connected[0].address.starts_with("127.0.0.1:"), "{connected:?}");
    let revoked = call(&data, &Revoke { name: "vienna".to_owned() }, &unheard).await.unwrap();
    assert_eq!((revoked.name.as_str(), revoked.server.as_str()), ("vienna", "main"));
    assert_eq!(link.ship(2, &[("c", b"d")]).await, None, "nothing more is taken");
    assert!(call(&data, &Connected {}, &unheard).await.unwrap().is_empty());

    // What it shipped is verified by its key, for ever.
    let hub_key = hub.keys().signing_key.verifying_key();
    let signed = check_signatures(hub.store(), Some(&hub_key), |_| {}).await.unwrap();
    assert!(signed.is_sound() && signed.batches == 1, "{signed:?}");
    // So is what its rules said: a good round could be taken out by a word.
    for (verdict, rules, misjudged) in [("reject", "a rule", 1), ("none", "", 0)] {
        let mut tx = hub.store().begin(Durability::Full).await.unwrap();
        let sql = "update receipt set verdict = $1, rules = $2";
        tx.execute("damage", sql, slomix_hub::values![verdict, rules]).await.unwrap();
        tx.commit().await.unwrap();
        let signed = check_signatures(hub.store(), Some(&hub_key), |_| {}).await.unwrap();
        assert_eq!((signed.misjudged.len(), signed.is_sound()), (misjudged, misjudged == 0), "{signed:?}");
    }
    let mut tx = hub.store().begin(Durability::Full).await.unwrap();
    tx.execute("damage", "update artifact set name = 'b'", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    let signed = check_signatures(hub.store(), Some(&hub_key), |_| {}).await.unwrap();
    assert_eq!((signed.broken.len(), signed.unlisted), (0, vec!["b, batch 1".to_owned()]));
    let mut tx = hub.store().begin(Durability::Full).await.unwrap();
    let other = SigningKey::from_seed(&[9; 32]).verifying_key();
    let sql = "update agent set signing_key = $1";
    tx.execute("damage", sql, slomix_hub::values![other.as_bytes().as_slice()]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(check_signatures(hub.store(), Some(&hub_key), |_| {}).await.unwrap().broken.len(), 1);
    hub.stop().await;
}

#[tokio::test]
async fn nonsense_is_answered_and_ends_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let data = DataDir::open(dir.path()).unwrap();
    let unknown = say(&data, b"{\"slomix_admin\":1,\"command\":\"dance\",\"arguments\":{}}\n").await;
    assert!(unknown.contains("failed") && unknown.contains("`dance`"), "{unknown}");
    let newer = say(&data, b"{\"slomix_admin\":9,\"command\":\"rebuild\",\"arguments\":{}}\n").await;
    assert!(newer.contains("version 1") && newer.contains("not 9"), "{newer}");
    let garbage = say(&data, b"GET / HTTP/1.1\n").await;
    assert!(garbage.starts_with("{\"failed\":"), "{garbage}");
    let misfit = say(&data, b"{\"slomix_admin\":1,\"command\":\"agent revoke\",\"arguments\":{\"name\":7}}\n").await;
    assert!(misfit.starts_with("{\"failed\":"), "{misfit}");
    let endless = say(&data, &vec![b' '; usize::try_from(REQUEST_LIMIT).unwrap() + 10]).await;
    assert!(endless.is_empty() || endless.contains("at most"), "{endless}");
    // One who hangs up in the middle of a line, and one who never speaks.
    drop(UnixStream::connect(dir.path().join("admin.sock")).await.unwrap());
    let _silent = UnixStream::connect(dir.path().join("admin.sock")).await.unwrap();
    assert_eq!(call(&data, &Rebuild {}, &unheard).await.unwrap().rows, 0);
    hub.stop().await;
}

#[tokio::test]
async fn the_socket_is_the_hubs_users_alone_and_goes_with_the_hub() {
    // A path that is longer than a socket's name may be.
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("a-long-name".repeat(12));
    let data = DataDir::open(&deep).unwrap();
    let socket = deep.join("admin.sock");
    // As a killed hub leaves it.
    std::fs::write(&socket, "").unwrap();
    let hub = start(config(), &deep).await.unwrap();
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(call(&data, &Rebuild {}, &unheard).await.unwrap().rows, 0);
    hub.stop().await;
    assert!(!socket.exists());
    let nobody = call(&data, &Rebuild {}, &unheard).await.unwrap_err();
    assert!(matches!(nobody, CallError::NobodyServes(_)), "{nobody}");
}
