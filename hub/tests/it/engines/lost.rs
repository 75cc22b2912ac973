//! A server that goes away and comes back, and a database that is somebody else's.

use slomix_hub::store::{DatabaseUrl, Durability, Store, StoreError};
use slomix_shared::sim::Accidents;

use super::OnServer;
use crate::pipeline::evenings;

const END_SESSIONS: &str =
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'NAME'";

impl OnServer {
    /// Ends every session of the hub, as a server that restarts does.
    async fn cut(&self) {
        self.run("postgres", &END_SESSIONS.replace("NAME", &self.database)).await;
    }

    /// Lets nobody in, or everybody again.
    async fn open(&self, open: bool) {
        self.run("postgres", &format!("alter database {} allow_connections {open}", self.database)).await;
    }
}

#[tokio::test]
async fn a_lost_session_is_made_anew_and_holds_the_database_again() {
    let Some(place) = OnServer::new().await else { return };
    let bench = place.bench().await;
    bench.store.hold().await.unwrap();
    let files = evenings(5, 1, Accidents::default());
    bench.keep(&files[..2]).await;
    place.cut().await;
    bench.keep(&files[2..]).await;
    place.cut().await;
    bench.derive().await;

    let other = place.store().await;
    assert!(matches!(other.hold().await, Err(StoreError::Held { .. })), "it was taken again");

    place.open(false).await;
    place.cut().await;
    let refused = bench.store.begin(Durability::Full).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unreachable { .. }), "{refused}");
    bench.store.answers().await.unwrap_err();
    place.open(true).await;
    bench.store.answers().await.unwrap();
    assert_eq!(bench.keep(&files[..1]).await, [false], "nothing of it is lost");
    assert_eq!(bench.store.pending_count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_transaction_that_loses_its_session_fails_and_leaves_nothing() {
    let Some(place) = OnServer::new().await else { return };
    let store = place.store().await;
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.execute(
        "write",
        "insert into derivation (id, version) values (1, 7) on conflict (id) do update set version = 7",
        vec![],
    )
    .await
    .unwrap();
    place.cut().await;
    let lost = tx.commit().await.unwrap_err();
    assert!(matches!(lost, StoreError::Database { .. }) && !lost.is_disk_full(), "{lost}");
    assert!(store.expect_derivation(7).await.unwrap(), "it was not written");
}

#[tokio::test]
async fn one_hub_works_on_a_database() {
    let Some(place) = OnServer::new().await else { return };
    let (one, other) = (place.store().await, place.store().await);
    one.hold().await.unwrap();
    let refused = other.hold().await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "another slomix-hub works on the database {}: stop it, or give this one a database of its own",
            place.url()
        )
    );
    // What a command writes beside it takes its turn.
    other.begin(Durability::Full).await.unwrap().commit().await.unwrap();
    one.begin(Durability::Full).await.unwrap().commit().await.unwrap();
    one.close().await;
    other.hold().await.unwrap();
}

#[tokio::test]
async fn a_database_that_took_the_place_of_another_takes_nothing() {
    let Some(place) = OnServer::new().await else { return };
    let bench = place.bench().await;
    let database = &place.database;
    place.cut().await;
    place.run("postgres", &format!("drop database {database}")).await;
    assert!(bench.store.begin(Durability::Full).await.is_err());
    place.run("postgres", &format!("create database {database}")).await;
    let gone = bench.store.begin(Durability::Full).await.unwrap_err();
    assert!(matches!(gone, StoreError::Gone { .. }), "{gone}");
    place.store().await;
    let gone = bench.store.begin(Durability::Full).await.unwrap_err();
    assert!(matches!(gone, StoreError::Gone { .. }), "another one has the tables: {gone}");
}

#[tokio::test]
async fn what_keeps_a_hub_out_is_said_with_the_fix_and_without_the_password() {
    let Some(place) = OnServer::new().await else { return };
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody: DatabaseUrl = format!("postgres://stats:hush@127.0.0.1:{port}/slomix").parse().unwrap();
    place.run("postgres", "create database latin encoding 'LATIN1' locale 'C' template template0").await;
    place.run("postgres", "create role guest login").await;
    let server = &place.server;
    let urls = [nobody, server.url("nowhere"), server.url("latin"), server.url_of("guest", &place.database)];
    let mut said = Vec::new();
    for url in urls {
        let refused = Store::connect(&url).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unreachable { .. }), "{refused:?}");
        let socket = server.directory().display().to_string();
        said.push(refused.to_string().replace(&port.to_string(), "PORT").replace(&socket, "SOCKET"));
    }
    let said = said.join("\n").replace(&place.database, "DATABASE");
    assert!(!said.contains("hush"));
    insta::assert_snapshot!(said);
}
