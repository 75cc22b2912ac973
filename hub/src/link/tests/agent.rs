//! The other end: as little of an agent as can join and ship.

use std::net::SocketAddr;
use std::sync::Arc;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Endpoint};
use rustls::pki_types::CertificateDer;
use slomix_line::tcp::{self, Limits};
use slomix_line::{Connection, ConnectionError, ReadError, ReadExactError, RecvStream, Way};
use slomix_shared::identity::{
    AgentId, BootId, CaPin, HUB_NAME, JoinToken, SigningKey, TlsKey, join_client, link_client,
};
use slomix_shared::wire::{
    Ack, Batch, BatchHead, CERTIFICATE_BINDING, CertificateReply, CertificateRequest, CloseCode, FrameHeader,
    JoinReply, JoinRequest, ManifestEntry, Message, ResetCode, decode, encode,
};

use crate::link::keys::random;

pub(super) struct TestAgent {
    pub(super) id: AgentId,
    pub(super) signing_key: SigningKey,
    pub(super) tls_key: TlsKey,
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) pin: CaPin,
    pub(super) address: SocketAddr,
    pub(super) way: Way,
}

/// How the hub ended a stream or a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    Reset(ResetCode),
    Closed(CloseCode),
    /// An alert of TLS.
    Alert(u8),
    Otherwise(String),
}

impl From<ConnectionError> for Ended {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::Closed(code) => Self::Closed(code),
            ConnectionError::Alert { alert, raised_here: false, .. } => Self::Alert(alert),
            other => Self::Otherwise(other.to_string()),
        }
    }
}

/// As an agent has them.
pub(super) const LIMITS: Limits = Limits {
    bi: 100,
    uni: 100,
    window: 256 * 1024,
    idle: std::time::Duration::from_secs(30),
    keep_alive: std::time::Duration::from_secs(15),
};

pub(super) async fn connect(
    way: Way,
    config: rustls::ClientConfig,
    address: SocketAddr,
) -> Result<Connection, ConnectionError> {
    match way {
        Way::Udp => {
            let config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(config).unwrap()));
            let endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
            Ok(endpoint.connect_with(config, address, HUB_NAME).unwrap().await?.into())
        }
        Way::Tcp => tcp::dial(address, Arc::new(config), LIMITS).await.unwrap(),
    }
}

/// Reads the one frame of a stream.
pub(super) async fn read<T: Message>(stream: &mut RecvStream) -> Result<T, Ended> {
    let ended = |error| match error {
        ReadError::Reset(code) => Ended::Reset(code),
        ReadError::Lost(error) => error.into(),
        ReadError::Stopped => Ended::Otherwise(error.to_string()),
    };
    let exactly = |error| match error {
        ReadExactError::Read(error) => ended(error),
        ReadExactError::FinishedEarly => Ended::Otherwise(error.to_string()),
    };
    let header = stream.read_exact(FrameHeader::LEN).await.map_err(exactly)?;
    let header = FrameHeader::parse(header.first_chunk().unwrap(), T::LIMIT).unwrap();
    let body = stream.read_exact(header.body_len()).await.map_err(exactly)?;
    assert!(!stream.read(&mut Vec::new(), 1).await.map_err(ended)?, "nothing follows the message");
    Ok(decode(&header, &body).unwrap())
}

/// Opens a stream, sends these bytes, and reads the answer.
pub(super) async fn ask<T: Message>(connection: &Connection, bytes: &[u8]) -> Result<T, Ended> {
    let (mut send, mut answer) = connection.open_bi().await?;
    // A hub that has seen enough stops the stream; what it says then is read from the answer.
    let _ = send.write_all(bytes).await;
    send.finish();
    read(&mut answer).await
}

pub(super) async fn join_with(way: Way, token: &JoinToken, request: &JoinRequest) -> Result<JoinReply, Ended> {
    let connection = connect(way, join_client(token.pin).unwrap(), token.address.parse().unwrap()).await?;
    ask(&connection, &encode(request).unwrap()).await
}

impl TestAgent {
    pub(super) async fn join(way: Way, token: &JoinToken) -> Result<Self, String> {
        let signing_key = SigningKey::from_seed(&random().unwrap());
        let tls_key = TlsKey::from_seed(&random().unwrap());
        let request = JoinRequest::new(token.secret.as_bytes(), &tls_key.signing_request().unwrap(), &signing_key);
        match join_with(way, token, &request).await {
            Ok(JoinReply::Joined(joined)) => Ok(Self {
                id: joined.agent,
                signing_key,
                tls_key,
                chain: joined.certificates.into_iter().map(|der| CertificateDer::from(der.into_vec())).collect(),
                pin: token.pin,
                address: token.address.parse().unwrap(),
                way,
            }),
            Ok(JoinReply::Refused { reason }) => Err(reason),
            other => Err(format!("{other:?}")),
        }
    }

    pub(super) async fn connect(&self) -> Result<Connection, ConnectionError> {
        self.connect_over(self.way).await
    }

    pub(super) async fn connect_over(&self, way: Way) -> Result<Connection, ConnectionError> {
        connect(way, link_client(self.pin, self.chain.clone(), &self.tls_key).unwrap(), self.address).await
    }

    /// Asks for a certificate for a fresh key over `connection`, which speaks `alpn`.
    pub(super) async fn ask_certificate(
        &self,
        connection: &Connection,
        alpn: &[u8],
    ) -> Result<CertificateReply, Ended> {
        let csr = TlsKey::from_seed(&random().unwrap()).signing_request().unwrap();
        let request = CertificateRequest::new(self.id, &csr, &binding(connection, alpn), &self.signing_key);
        ask(connection, &encode(&request).unwrap()).await
    }

    /// The same agent with a renewed certificate.
    pub(super) async fn renewed(&self, connection: &Connection) -> Self {
        let tls_key = TlsKey::from_seed(&random().unwrap());
        let csr = tls_key.signing_request().unwrap();
        let request = CertificateRequest::new(
            self.id,
            &csr,
            &binding(connection, slomix_shared::wire::ALPN_LINK),
            &self.signing_key,
        );
        let reply = ask(connection, &encode(&request).unwrap()).await.unwrap();
        let CertificateReply::Certified(certified) = reply else { panic!("{reply:?}") };
        let chain = certified.certificates.into_iter().map(|der| CertificateDer::from(der.into_vec())).collect();
        Self { tls_key, chain, signing_key: self.signing_key.clone(), ..*self }
    }

    /// A batch of these files.
    pub(super) fn batch(&self, sequence: u64, files: &[(&str, &[u8])]) -> Batch {
        let manifest = files.iter().map(|(name, content)| ManifestEntry::of(name, content, 0)).collect();
        let head = BatchHead::new(self.id, BootId::from_bytes([7; 16]), sequence, 0, manifest);
        Batch::seal(&head, files.iter().map(|(_, content)| content.to_vec()).collect(), &self.signing_key).unwrap()
    }
}

/// What ties a request to a connection that speaks `alpn`; something else where it speaks another.
pub(super) fn binding(connection: &Connection, alpn: &[u8]) -> [u8; 32] {
    match connection {
        Connection::Quic(quic) => {
            let mut binding = [0; 32];
            quic.export_keying_material(&mut binding, CERTIFICATE_BINDING, alpn).unwrap();
            binding
        }
        _ if connection.alpn().as_deref() == Some(alpn) => connection.binding().unwrap(),
        Connection::Tcp(_) => [0; 32],
    }
}

pub(super) async fn ship(connection: &Connection, batch: &Batch) -> Result<Ack, Ended> {
    ask(connection, &encode(batch).unwrap()).await
}

/// Why the hub closed the connection.
pub(super) async fn closed(connection: &Connection) -> Ended {
    let closed = tokio::time::timeout(std::time::Duration::from_secs(20), connection.closed());
    closed.await.expect("the hub closes the connection").into()
}
