//! One value of every message, with every optional field filled, for the tests.

use super::{
    Ack, AckItem, AckOutcome, AgentNotice, AgentStatus, Batch, BatchHead, BatchMark, CertificateReply,
    CertificateRequest, Certified, FileOutcome, FileState, Gap, GapReply, GapReport, HubNotice, JoinReply, JoinRequest,
    Joined, LeftBehind, ManifestEntry, Verdict, VerdictOutcome, WatchedDir,
};
use super::{
    ControlAnswer, ControlReply, ControlRequest, GamePlayer, GameStatus, GameTeam, Intent, LiveRound, LiveState,
    RoundPhase, Seat,
};
use crate::artifact::{ContentHash, Kind};
use crate::identity::{AgentId, BootId, Nonce, SigningKey};

pub(super) fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

pub(super) fn agent() -> AgentId {
    AgentId::from_bytes(*b"an agent's  name")
}

/// Two small files: a stats file with all that an entry can say, and one of no known kind.
pub(super) fn files() -> (Vec<ManifestEntry>, Vec<Vec<u8>>) {
    let contents = vec![b"a stats file\n".to_vec(), Vec::new()];
    let mut stats = ManifestEntry::of("2026-11-09-195037-supply-round-1.txt", &contents[0], 1_794_253_837_123);
    stats.closed_at_us = Some(1_794_253_837_123_456);
    stats.verdict = Some(Verdict { outcome: VerdictOutcome::Suspect, rules: vec!["stats.impossible".to_owned()] });
    (vec![stats, ManifestEntry::of("unheard-of.bin", &contents[1], -1)], contents)
}

pub(super) fn head() -> BatchHead {
    BatchHead::new(agent(), BootId::from_bytes([0xb0; 16]), 41, 1_794_253_837_200, files().0)
}

pub(super) fn batch() -> Batch {
    Batch::seal(&head(), files().1, &key()).unwrap()
}

pub(super) fn ack() -> Ack {
    let item = |content: &[u8], outcome| AckItem { hash: ContentHash::of(content), outcome };
    Ack {
        sequence: 41,
        items: vec![
            item(b"new", AckOutcome::Received),
            item(b"known", AckOutcome::Duplicate),
            item(b"odd", AckOutcome::refused("the hash differs")),
        ],
        sequence_reset: true,
    }
}

pub(super) fn agent_notice() -> AgentNotice {
    AgentNotice::Status(Box::new(AgentStatus {
        version: "0.1.0".to_owned(),
        clock_ms: Some(1_794_253_837_200),
        zone_offset_s: Some(3_600),
        started_at_ms: Some(1_794_250_000_000),
        unacked_files: Some(3),
        unacked_bytes: Some(700_000),
        oldest_unacked_age_ms: Some(12_000),
        acked_files: Some(4_711),
        refused_files: Some(1),
        dropped_files: Some(0),
        scan_found_missed: Some(2),
        rescans: Some(1_440),
        // Added after version 1: the golden bytes are without it.
        offered_again: None,
        spool_bytes: Some(1_048_576),
        watched: vec![WatchedDir {
            path: "/home/et/gamestats".to_owned(),
            files: Some(312),
            problem: Some("cannot be read: add the agent's user to the game's group".to_owned()),
        }],
        // Younger than the golden bytes, which a message without it must still equal.
        left_behind: Vec::new(),
        boot: None,
        began_after: None,
    }))
}

/// With what was added since, each of it left out by whoever has nothing to say of it.
pub(super) fn agent_notice_of_later() -> AgentNotice {
    let AgentNotice::Status(mut status) = agent_notice() else { unreachable!("it is a status") };
    status.offered_again = Some(2);
    status.left_behind = vec![LeftBehind { name: "huge.txt".to_owned(), size: 9_000_000 }];
    AgentNotice::Status(status)
}

/// Of an agent that tells what its data directory remembers.
pub(super) fn agent_notice_with_memory() -> AgentNotice {
    let AgentNotice::Status(mut status) = agent_notice_of_later() else { unreachable!("it is a status") };
    status.boot = Some(BootId::from_bytes([0xb1; 16]));
    status.began_after = Some(BatchMark { boot: BootId::from_bytes([0xb0; 16]), sequence: 41 });
    AgentNotice::Status(status)
}

pub(super) fn join_refused() -> JoinReply {
    JoinReply::Refused { reason: "the token was used before".to_owned() }
}

pub(super) fn certificate_refused() -> CertificateReply {
    CertificateReply::Refused { reason: "the proof does not fit".to_owned() }
}

pub(super) fn hub_notice() -> HubNotice {
    HubNotice::Outcomes {
        files: vec![FileOutcome {
            kind: Kind::Stats,
            name: "2026-11-09-195037-supply-round-1.txt".to_owned(),
            hash: ContentHash::of(b"a stats file\n"),
            state: FileState::Quarantined,
            reason: Some("the file is cut off".to_owned()),
        }],
    }
}

pub(super) fn hub_clock() -> HubNotice {
    HubNotice::Clock { clock_ms: 1_794_253_837_123 }
}

pub(super) fn offer_again() -> HubNotice {
    HubNotice::OfferAgain { since_ms: Some(1_794_253_837_123) }
}

pub(super) fn join_request() -> JoinRequest {
    JoinRequest::new(b"sixteen secret b", b"a signing request", &key())
}

pub(super) fn join_reply() -> JoinReply {
    JoinReply::Joined(Joined {
        agent: agent(),
        name: "vienna".to_owned(),
        server: "main".to_owned(),
        certificates: vec![b"leaf".to_vec().into(), b"authority".to_vec().into()],
        hub_key: vec![5; 32].into(),
        clock_ms: Some(1_794_253_837_200),
    })
}

pub(super) fn control_request(intent: Intent) -> ControlRequest {
    ControlRequest::new(Nonce::from_bytes([0xc0; 16]), 1_794_253_867_200, "root (console)", intent)
}

/// Every intent with every field filled.
pub(super) fn intents() -> Vec<Intent> {
    vec![
        Intent::Status,
        Intent::Players,
        Intent::ListMaps,
        Intent::Say { text: "five minutes".to_owned() },
        Intent::Kick { slot: 7, seconds: Some(60) },
        Intent::ChangeMap { map: "supply".to_owned() },
        Intent::Restart,
        Intent::Rcon { command: "sv_fps".to_owned() },
    ]
}

pub(super) fn players() -> Vec<GamePlayer> {
    let player = |name: &str, team| GamePlayer { name: name.to_owned(), team, score: -3, ping: 48 };
    vec![player("^1Alpha", Some(GameTeam::Axis)), player("zo\u{eb}", None)]
}

/// Every answer with every field filled.
pub(super) fn control_replies() -> Vec<ControlReply> {
    let status = GameStatus {
        hostname: Some("^1box".to_owned()),
        map: Some("supply".to_owned()),
        version: Some("ET Legacy v2.85.0".to_owned()),
        gametype: Some(3),
        timelimit_thousandths: Some(12_000),
        most_players: Some(24),
        needs_password: Some(true),
        players: players(),
    };
    let seat = Seat { slot: 1, name: "^1Alpha".to_owned(), score: 17, ping: Some(48), bot: true };
    let answers = [
        ControlAnswer::Status(Box::new(status)),
        ControlAnswer::Players { players: vec![seat] },
        ControlAnswer::Maps { maps: vec!["supply".to_owned()] },
        ControlAnswer::done("the map is supply now"),
        ControlAnswer::refused("rcon is off"),
        ControlAnswer::failed("the game server does not answer"),
    ];
    answers.into_iter().map(|answer| ControlReply { nonce: Nonce::from_bytes([0xc0; 16]), answer }).collect()
}

pub(super) fn live() -> AgentNotice {
    AgentNotice::Live(Box::new(LiveState {
        answers: Some(true),
        answered_age_ms: Some(12),
        map: Some("supply".to_owned()),
        timelimit_thousandths: Some(10_433),
        most_players: Some(24),
        players: Some(players()),
        round: Some(LiveRound {
            phase: RoundPhase::Over,
            phase_age_ms: Some(4_000),
            end_reason: Some("Timelimit hit.".to_owned()),
        }),
        // Added after version 1: the golden bytes are without them.
        silence: None,
        console: None,
    }))
}

/// The same with what was added since.
pub(super) fn live_of_later() -> AgentNotice {
    let AgentNotice::Live(mut live) = live() else { unreachable!("it is live") };
    live.answers = Some(false);
    live.silence = Some("the game server does not answer".to_owned());
    live.console = Some("the game server refuses the password".to_owned());
    AgentNotice::Live(live)
}

pub(super) fn certificate_request() -> CertificateRequest {
    CertificateRequest::new(agent(), b"a signing request", &[0xe1; 32], &key())
}

pub(super) fn certificate_reply() -> CertificateReply {
    CertificateReply::Certified(Certified {
        certificates: vec![b"leaf".to_vec().into(), b"authority".to_vec().into()],
        clock_ms: Some(1_794_253_837_200),
    })
}

pub(super) fn certificate_pending() -> CertificateReply {
    CertificateReply::Pending { since_ms: Some(1_794_253_837_200) }
}

/// A lost file of which all is known, and one of which little is.
pub(super) fn gap_report() -> GapReport {
    let known = Gap {
        kind: Kind::Proximity,
        name: "2026-11-09-195035-supply-round-1_engagements.txt".to_owned(),
        size: 1_234_567,
        modified_at_ms: 1_794_253_837_123,
        hash: Some(ContentHash::of(b"a track")),
        why: "its safe copy was dropped for the quota, and it is gone from its directory".to_owned(),
        noticed_at_ms: 1_794_253_900_000,
    };
    let unknown = Gap {
        kind: Kind::Unrecognised,
        name: "unheard-of.bin".to_owned(),
        size: 0,
        modified_at_ms: -1,
        hash: None,
        why: String::new(),
        noticed_at_ms: 0,
    };
    GapReport::new(vec![known, unknown])
}

pub(super) fn gap_replies() -> Vec<GapReply> {
    vec![GapReply::Noted, GapReply::Refused { reason: "the name is not a bare file name".to_owned() }]
}
