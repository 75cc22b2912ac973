//! The other end: as little of an agent as can join and ship.

use std::net::SocketAddr;
use std::sync::Arc;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Connection, ConnectionError, Endpoint, ReadError, ReadExactError, RecvStream};
use rustls::pki_types::CertificateDer;
use slomix_shared::identity::{
    AgentId, BootId, CaPin, HUB_NAME, JoinToken, SigningKey, TlsKey, join_client, link_client,
};
use slomix_shared::wire::{
    ALPN_LINK, Ack, Batch, BatchHead, CERTIFICATE_BINDING, CertificateReply, CertificateRequest, CloseCode,
    FrameHeader, JoinReply, JoinRequest, ManifestEntry, Message, ResetCode, decode, encode,
};

use crate::link::keys::random;

pub(super) struct TestAgent {
    pub(super) id: AgentId,
    pub(super) signing_key: SigningKey,
    pub(super) tls_key: TlsKey,
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) pin: CaPin,
    pub(super) address: SocketAddr,
}

/// How the hub ended a stream or a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    Reset(ResetCode),
    Closed(CloseCode),
    Otherwise(String),
}

impl From<ConnectionError> for Ended {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::ApplicationClosed(close) => {
                Self::Closed(CloseCode::from_number(close.error_code.into_inner()))
            }
            other => Self::Otherwise(other.to_string()),
        }
    }
}

pub(super) async fn connect(config: rustls::ClientConfig, address: SocketAddr) -> Result<Connection, ConnectionError> {
    let config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(config).unwrap()));
    let endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    endpoint.connect_with(config, address, HUB_NAME).unwrap().await
}

/// Reads the one frame of a stream.
pub(super) async fn read<T: Message>(stream: &mut RecvStream) -> Result<T, Ended> {
    let ended = |error| match error {
        ReadError::Reset(code) => Ended::Reset(ResetCode::from_number(code.into_inner())),
        ReadError::ConnectionLost(error) => error.into(),
        other => Ended::Otherwise(other.to_string()),
    };
    let exactly = |error| match error {
        ReadExactError::ReadError(error) => ended(error),
        early @ ReadExactError::FinishedEarly(_) => Ended::Otherwise(early.to_string()),
    };
    let mut header = [0; FrameHeader::LEN];
    stream.read_exact(&mut header).await.map_err(exactly)?;
    let header = FrameHeader::parse(&header, T::LIMIT).unwrap();
    let mut body = vec![0; header.body_len()];
    stream.read_exact(&mut body).await.map_err(exactly)?;
    assert!(stream.read_to_end(0).await.map_err(|error| Ended::Otherwise(error.to_string()))?.is_empty());
    Ok(decode(&header, &body).unwrap())
}

/// Opens a stream, sends these bytes, and reads the answer.
pub(super) async fn ask<T: Message>(connection: &Connection, bytes: &[u8]) -> Result<T, Ended> {
    let (mut send, mut answer) = connection.open_bi().await?;
    // A hub that has seen enough stops the stream; what it says then is read from the answer.
    let _ = send.write_all(bytes).await;
    let _ = send.finish();
    read(&mut answer).await
}

pub(super) async fn join_with(token: &JoinToken, request: &JoinRequest) -> Result<JoinReply, Ended> {
    let connection = connect(join_client(token.pin).unwrap(), token.address.parse().unwrap()).await?;
    ask(&connection, &encode(request).unwrap()).await
}

impl TestAgent {
    pub(super) async fn join(token: &JoinToken) -> Result<Self, String> {
        let signing_key = SigningKey::from_seed(&random().unwrap());
        let tls_key = TlsKey::from_seed(&random().unwrap());
        let request = JoinRequest::new(token.secret.as_bytes(), &tls_key.signing_request().unwrap(), &signing_key);
        match join_with(token, &request).await {
            Ok(JoinReply::Joined(joined)) => Ok(Self {
                id: joined.agent,
                signing_key,
                tls_key,
                chain: joined.certificates.into_iter().map(|der| CertificateDer::from(der.into_vec())).collect(),
                pin: token.pin,
                address: token.address.parse().unwrap(),
            }),
            Ok(JoinReply::Refused { reason }) => Err(reason),
            other => Err(format!("{other:?}")),
        }
    }

    pub(super) async fn connect(&self) -> Result<Connection, ConnectionError> {
        connect(link_client(self.pin, self.chain.clone(), &self.tls_key).unwrap(), self.address).await
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
        let request = CertificateRequest::new(self.id, &csr, &binding(connection, ALPN_LINK), &self.signing_key);
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

/// What ties a request to a connection.
pub(super) fn binding(connection: &Connection, alpn: &[u8]) -> [u8; 32] {
    let mut binding = [0; 32];
    connection.export_keying_material(&mut binding, CERTIFICATE_BINDING, alpn).unwrap();
    binding
}

pub(super) async fn ship(connection: &Connection, batch: &Batch) -> Result<Ack, Ended> {
    ask(connection, &encode(batch).unwrap()).await
}

/// Why the hub closed the connection.
pub(super) async fn closed(connection: &Connection) -> Ended {
    let closed = tokio::time::timeout(std::time::Duration::from_secs(20), connection.closed());
    closed.await.expect("the hub closes the connection").into()
}
