//! Takes connections, and no more of them than the hub can bear: whoever says nothing is left, and has no part of what
//! the other listeners, agents and the database need.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// Connections of one listener at once; others wait until one of these ends.
const MOST: usize = 256;
/// How long a connection may take to say what it wants, at first and between two requests.
pub(super) const HEAD: Duration = Duration::from_secs(10);
/// After a connection that could not be taken, as when too many files are open.
const AGAIN: Duration = Duration::from_secs(1);

/// Who is at the other end of a request's connection: a caller, or a proxy in front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Answers until `stop` is true or its sender is gone, and then lets requests under way end.
pub(super) async fn run(listener: TcpListener, routes: Router, head: Duration, mut stop: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    let (room, under_way) = (Arc::new(Semaphore::new(MOST)), GracefulShutdown::new());
    loop {
        let accept = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = accept => accepted,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::debug!("an HTTP connection could not be taken: {error}");
                tokio::time::sleep(AGAIN).await;
                continue;
            }
        };
        let routes = TowerToHyperService::new(routes.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(address));
            routes.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!("an HTTP connection ended badly: {error}");
            }
            drop(place);
        });
    }
    drop(listener);
    under_way.shutdown().await;
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    async fn asked(at: std::net::SocketAddr) -> String {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn who_says_nothing_is_left_and_keeps_nobody_out() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let routes = Router::new().route("/", get(async || "well"));
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(run(listener, routes, Duration::from_millis(100), stopped));
        let mut silent = Vec::new();
        for _ in 0..MOST + 20 {
            silent.push(TcpStream::connect(at).await.unwrap());
        }
        assert!(asked(at).await.ends_with("well"));
        let mut nothing = Vec::new();
        silent[0].read_to_end(&mut nothing).await.unwrap();
        assert!(nothing.is_empty() || nothing.starts_with(b"HTTP/1.1 408"));
        stop.send_replace(true);
        task.await.unwrap();
    }
}
