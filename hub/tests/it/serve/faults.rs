//! What keeps a hub from starting or working, and how it says so.

use std::net::TcpListener;
use std::path::Path;

use slomix_hub::config::{Config, ConfigError};
use slomix_hub::serve::ServeError;

use super::{config, get, start};

async fn refused(config: Config, dir: &Path) -> ServeError {
    start(config, dir).await.err().expect("the hub does not start")
}

#[tokio::test]
async fn a_data_directory_is_one_hubs() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let message = refused(config(), dir.path()).await.to_string();
    let pid = std::process::id();
    assert!(message.starts_with(&format!("another slomix-hub (pid {pid}) works on ")), "{message}");
    // Somebody tidied the lock away: the hub answers all the same, and goes on doing so.
    std::fs::remove_file(dir.path().join("hub.lock")).unwrap();
    for _ in 0..2 {
        let error = refused(config(), dir.path()).await;
        assert!(matches!(error, ServeError::AdminSocket { .. }), "{error}");
    }
    hub.stop().await;
    start(config(), dir.path()).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_port_in_use_is_said_with_its_setting_and_nothing_stays_behind() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port();
    for section in ["http", "admin"] {
        let mut config = config();
        *(if section == "http" { &mut config.http } else { &mut config.admin }) = address;
        let message = refused(config, dir.path()).await.to_string();
        let expected = format!(
            "TCP port {port} at 127.0.0.1 is in use by another program: stop that, or set another `listen` in \
             [{section}] of the configuration"
        );
        assert_eq!(message, expected);
    }
    let busy = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut on_busy = config();
    on_busy.link.listen = busy.local_addr().unwrap();
    assert!(matches!(refused(on_busy, dir.path()).await, ServeError::Link(_)));
    start(config(), dir.path()).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_database_that_does_not_answer_makes_the_hub_unready_and_not_dead() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let (http, admin) = (hub.addresses().http, hub.addresses().admin);
    assert_eq!(get(http, "/healthz", "*/*").await, (200, "ok\n".to_owned()));
    assert_eq!(get(http, "/readyz", "*/*").await, (200, "ready\n".to_owned()));
    for (at, path) in [(http, "/status"), (http, "/metrics"), (admin, "/healthz")] {
        assert_eq!(get(at, path, "*/*").await.0, 404, "each listener has its own pages");
    }
    hub.store().close().await;
    let (code, reasons) = get(http, "/readyz", "*/*").await;
    assert_eq!(code, 503);
    assert!(reasons.contains("the database"), "{reasons}");
    assert_eq!(get(admin, "/status", "*/*").await.0, 503);
    assert_eq!(get(http, "/healthz", "*/*").await.0, 200);
    hub.stop().await;
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hub.toml");
    std::fs::write(&path, "[http]\nlisten = \"127.0.0.1:0\"\n\n[sessions]\ngap_minuets = 60\n").unwrap();
    let error = Config::load(Some(&path), |_| None).unwrap_err();
    assert!(matches!(error, ConfigError::UnknownKey { .. }));
    let expected =
        format!("{}, line 5: `gap_minuets` is no key of [sessions]; did you mean `gap_minutes`?", path.display());
    assert_eq!(error.to_string(), expected);
}
