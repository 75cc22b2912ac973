//! As little of an agent as can join, ship and listen, on the real wire.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Endpoint};
use rustls::pki_types::CertificateDer;
use slomix_line::tcp::{self, Limits};
use slomix_line::{Connection, ConnectionError, RecvStream, SendStream, Way};
use slomix_shared::identity::{
    AgentId, BootId, CaPin, HUB_NAME, JoinToken, SigningKey, TlsKey, join_client, link_client,
};
use slomix_shared::wire::{
    Ack, AckOutcome, AgentNotice, AgentStatus, Batch, BatchHead, CertificateReply, CertificateRequest, CloseCode,
    ControlReply, ControlRequest, FileOutcome, FrameHeader, GapReply, GapReport, HubNotice, JoinReply, JoinRequest,
    ManifestEntry, Message, ResetCode, decode, encode,
};
use tokio::time::timeout;

/// Longer than anything here takes, on any machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keys and certificate of an agent that has joined.
pub(crate) struct LinkAgent {
    id: AgentId,
    signing_key: SigningKey,
    tls_key: TlsKey,
    chain: Vec<CertificateDer<'static>>,
    pin: CaPin,
}

/// A connected agent.
pub(crate) struct LinkConnection<'a> {
    agent: &'a LinkAgent,
    connection: Connection,
}

const LIMITS: Limits =
    Limits { bi: 8, uni: 8, window: 256 * 1024, idle: Duration::from_secs(30), keep_alive: Duration::from_secs(15) };

async fn connect(way: Way, config: rustls::ClientConfig, address: SocketAddr) -> Result<Connection, ConnectionError> {
    if way == Way::Tcp {
        return tcp::dial(address, Arc::new(config), LIMITS).await.unwrap();
    }
    let config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(config).unwrap()));
    let endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    Ok(endpoint.connect_with(config, address, HUB_NAME).unwrap().await?.into())
}

async fn read<T: Message>(stream: &mut RecvStream) -> Option<T> {
    let header = stream.read_exact(FrameHeader::LEN).await.ok()?;
    let header = FrameHeader::parse(header.first_chunk().unwrap(), T::LIMIT).unwrap();
    let body = stream.read_exact(header.body_len()).await.ok()?;
    Some(decode(&header, &body).unwrap())
}

async fn ask<T: Message>(connection: &Connection, message: &impl Message) -> Option<T> {
    ask_in_bytes(connection, &encode(message).unwrap()).await
}

async fn ask_in_bytes<T: Message>(connection: &Connection, frame: &[u8]) -> Option<T> {
    let (mut send, mut answer) = connection.open_bi().await.ok()?;
    send.write_all(frame).await.ok()?;
    send.finish();
    timeout(PATIENCE, read(&mut answer)).await.expect("the hub answers")
}

impl LinkAgent {
    /// Joins with a token; `seed` tells agents apart.
    pub(crate) async fn join(token: &JoinToken, seed: u8) -> Self {
        Self::join_as(token, seed.into()).await
    }

    /// Joins with a token, as one of very many.
    pub(crate) async fn join_as(token: &JoinToken, number: u64) -> Self {
        let seed = |key: u8| {
            let mut seed = [key; 32];
            seed[..8].copy_from_slice(&number.to_le_bytes());
            seed
        };
        let (signing_key, tls_key) = (SigningKey::from_seed(&seed(1)), TlsKey::from_seed(&seed(2)));
        let request = JoinRequest::new(token.secret.as_bytes(), &tls_key.signing_request().unwrap(), &signing_key);
        let connection =
            connect(Way::Udp, join_client(token.pin).unwrap(), token.address.parse().unwrap()).await.unwrap();
        match ask(&connection, &request).await {
            Some(JoinReply::Joined(joined)) => Self {
                id: joined.agent,
                signing_key,
                tls_key,
                chain: joined.certificates.into_iter().map(|der| CertificateDer::from(der.into_vec())).collect(),
                pin: token.pin,
            },
            other => panic!("{other:?}"),
        }
    }

    /// Asks to be let in again, as one whose certificate is lost, and takes what it gets.
    pub(crate) async fn ask_again(&mut self, address: SocketAddr) -> CertificateReply {
        let connection = connect(Way::Udp, join_client(self.pin).unwrap(), address).await.unwrap();
        let binding = connection.binding().unwrap();
        let tls_key = TlsKey::from_seed(&[99; 32]);
        let csr = tls_key.signing_request().unwrap();
        let request = CertificateRequest::new(self.id, &csr, &binding, &self.signing_key);
        let reply: CertificateReply = ask(&connection, &request).await.unwrap();
        if let CertificateReply::Certified(certified) = &reply {
            self.tls_key = tls_key;
            self.chain = certified.certificates.iter().map(|der| CertificateDer::from(der.to_vec())).collect();
        }
        reply
    }

    pub(crate) async fn connect(&self, address: SocketAddr) -> LinkConnection<'_> {
        self.connect_over(Way::Udp, address).await
    }

    pub(crate) async fn connect_over(&self, way: Way, address: SocketAddr) -> LinkConnection<'_> {
        let config = link_client(self.pin, self.chain.clone(), &self.tls_key).unwrap();
        LinkConnection { agent: self, connection: connect(way, config, address).await.unwrap() }
    }

    /// The frame of a batch of these files, of another start of the agent for each `boot`.
    pub(crate) fn batch_frame(&self, boot: u8, sequence: u64, files: &[(&str, &[u8])]) -> Vec<u8> {
        encode(&self.batch_of(boot, sequence, files)).unwrap()
    }

    /// A batch of these files, as (name, content).
    fn batch(&self, sequence: u64, files: &[(&str, &[u8])]) -> Batch {
        self.batch_of(7, sequence, files)
    }

    fn batch_of(&self, boot: u8, sequence: u64, files: &[(&str, &[u8])]) -> Batch {
        let manifest = files.iter().map(|(name, content)| ManifestEntry::of(name, content, 0)).collect();
        let head = BatchHead::new(self.id, BootId::from_bytes([boot; 16]), sequence, 0, manifest);
        Batch::seal(&head, files.iter().map(|(_, content)| content.to_vec()).collect(), &self.signing_key).unwrap()
    }
}

impl LinkConnection<'_> {
    /// Ships files; the outcome for each, or none where the hub did not take the batch.
    pub(crate) async fn ship(&self, sequence: u64, files: &[(&str, &[u8])]) -> Option<Vec<AckOutcome>> {
        let ack: Ack = ask(&self.connection, &self.agent.batch(sequence, files)).await?;
        assert_eq!(ack.sequence, sequence);
        Some(ack.items.into_iter().map(|item| item.outcome).collect())
    }

    /// Begins to ship files and stops in the middle of the batch, which stays open with what is returned.
    pub(crate) async fn begin(&self, sequence: u64, files: &[(&str, &[u8])]) -> (SendStream, RecvStream) {
        let (mut send, answer) = self.connection.open_bi().await.unwrap();
        let frame = encode(&self.agent.batch(sequence, files)).unwrap();
        send.write_all(&frame[..frame.len() / 2]).await.unwrap();
        (send, answer)
    }

    /// Tells of lost files.
    pub(crate) async fn report(&self, report: &GapReport) -> Option<GapReply> {
        ask(&self.connection, report).await
    }

    /// Says how it is.
    pub(crate) async fn tell(&self, status: AgentStatus) {
        self.notify(&AgentNotice::Status(Box::new(status))).await;
    }

    /// Tells anything.
    pub(crate) async fn notify(&self, notice: &AgentNotice) {
        let mut stream = self.connection.open_uni().await.unwrap();
        stream.write_all(&encode(notice).unwrap()).await.unwrap();
        stream.finish();
    }

    /// Sends the frame of a batch as it is; what the hub says to it.
    pub(crate) async fn ship_frame(&self, frame: &[u8]) -> Ack {
        ask_in_bytes(&self.connection, frame).await.expect("the hub takes the batch")
    }

    /// A request for a certificate, made for this connection.
    pub(crate) fn certificate_frame(&self) -> Vec<u8> {
        let csr = TlsKey::from_seed(&[98; 32]).signing_request().unwrap();
        let binding = self.connection.binding().unwrap();
        encode(&CertificateRequest::new(self.agent.id, &csr, &binding, &self.agent.signing_key)).unwrap()
    }

    /// Sends such a frame as it is.
    pub(crate) async fn ask_certificate(&self, frame: &[u8]) -> CertificateReply {
        ask_in_bytes(&self.connection, frame).await.expect("the hub answers")
    }

    /// Sends the frame of a notice as it is.
    pub(crate) async fn notify_frame(&self, frame: &[u8]) {
        let mut stream = self.connection.open_uni().await.unwrap();
        stream.write_all(frame).await.unwrap();
        stream.finish();
        stream.stopped().await.unwrap();
    }

    /// The next request of the hub, answered by what `answer` makes of it; none: the stream is given up.
    pub(crate) async fn asked(&self, answer: impl FnOnce(&ControlRequest) -> Option<ControlReply>) -> ControlRequest {
        let (mut send, mut stream) =
            timeout(PATIENCE, self.connection.accept_bi()).await.expect("the hub asks").unwrap();
        let request = read::<ControlRequest>(&mut stream).await.unwrap();
        if let Some(reply) = answer(&request) {
            send.write_all(&encode(&reply).unwrap()).await.unwrap();
            send.finish();
        } else {
            send.reset(ResetCode::NotStored);
        }
        request
    }

    /// The next verdicts.
    pub(crate) async fn verdicts(&self) -> Vec<FileOutcome> {
        let next = async {
            let mut stream = self.connection.accept_uni().await.unwrap();
            read::<HubNotice>(&mut stream).await
        };
        match timeout(PATIENCE, next).await.expect("the hub tells") {
            Some(HubNotice::Outcomes { files }) => files,
            other => panic!("{other:?}"),
        }
    }

    /// Why the hub closed the connection.
    pub(crate) async fn closed(&self) -> CloseCode {
        match timeout(PATIENCE, self.connection.closed()).await.expect("the hub closes the connection") {
            ConnectionError::Closed(code) => code,
            other => panic!("{other}"),
        }
    }
}
