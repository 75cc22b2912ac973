//! Many streams on one: what is known of them, without any I/O.
//!
//! A stream's number says who opened it (bit 0: the side that accepted the connection) and whether it goes both ways
//! (bit 1: one way); the rest counts. A first record about a stream opens it and all before it. Either side may open
//! only as many as the other granted, and a stream that is over makes room for another. Every stream begins with credit
//! for [`FIRST_CREDIT`] bytes each way.

mod half;

use std::collections::{BTreeMap, VecDeque};

use slomix_shared::wire::CloseCode;

use super::record::{LEN, MOST_DATA, Record};
use crate::ConnectionError;
pub(super) use half::{Receiving, Sending};

/// Credit of a stream that was just opened. Bytes.
pub(super) const FIRST_CREDIT: u32 = 64 * 1024;
/// Bytes of one stream that may wait here to be sent.
pub(super) const ROOM: usize = 64 * 1024;
/// About so much is sent in one go.
const BURST: usize = 32 * 1024;

const ACCEPTED: u32 = 1;
const ONE_WAY: u32 = 2;

/// One side of a connection.
#[derive(Debug)]
pub(super) struct Mux {
    /// Bit 0 of the streams that this side opens.
    side: u32,
    window: u32,
    streams: BTreeMap<u32, Stream>,
    /// Both ways, one way: each of these.
    kinds: [Kind; 2],
    turn: u64,
    ping: bool,
    ended: Option<ConnectionError>,
    close: Option<CloseCode>,
    gone: bool,
}

/// Streams of one kind.
#[derive(Debug, Default)]
struct Kind {
    /// Opened here, and how many may be.
    opened: u32,
    granted: u32,
    /// Opened there, how many of them are over, how many may be open at a time, and how many were granted.
    theirs: u32,
    over: u32,
    most: u32,
    told: u32,
    waiting: VecDeque<u32>,
}

impl Kind {
    /// How many streams the other side may open, if that is news.
    fn grant(&self) -> Option<u32> {
        let grant = self.over.saturating_add(self.most);
        (grant > self.told).then_some(grant)
    }
}

/// What is left of one stream.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) send: Option<Sending>,
    pub(super) receive: Option<Receiving>,
}

/// The other side does what no side does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Breach {
    #[error("a record of an unknown kind came")]
    Kind,
    #[error("more data than fits one record came")]
    Oversize,
    #[error("a stream came that was not granted")]
    Ungranted,
    #[error("more bytes of a stream came than there was credit for")]
    Credit,
    #[error("a record came for a stream that goes the other way, or has ended")]
    Direction,
}

impl Mux {
    /// A side that `accepted` the connection, or called. It lets the other side have nothing yet.
    pub(super) fn new(accepted: bool, window: u32) -> Self {
        Self {
            side: if accepted { ACCEPTED } else { 0 },
            window: window.max(FIRST_CREDIT),
            streams: BTreeMap::new(),
            kinds: [Kind::default(), Kind::default()],
            turn: 0,
            ping: false,
            ended: None,
            close: None,
            gone: false,
        }
    }

    fn kind(&mut self, id: u32) -> &mut Kind {
        &mut self.kinds[usize::from(id & ONE_WAY != 0)]
    }

    /// How many streams the other side may have open at a time. What was granted stays so.
    pub(super) fn grant(&mut self, one_way: bool, most: u32) {
        self.kinds[usize::from(one_way)].most = most;
    }

    /// Opens a stream; none without a grant.
    pub(super) fn open(&mut self, one_way: bool) -> Option<u32> {
        let side = self.side;
        let kind = &mut self.kinds[usize::from(one_way)];
        if kind.opened >= kind.granted {
            return None;
        }
        let id = kind.opened << 2 | if one_way { ONE_WAY } else { 0 } | side;
        kind.opened += 1;
        let receive = (!one_way).then(|| Receiving::new(self.window));
        self.streams.insert(id, Stream { send: Some(Sending::new()), receive });
        Some(id)
    }

    /// The next stream that the other side opened.
    pub(super) fn accept(&mut self, one_way: bool) -> Option<u32> {
        self.kinds[usize::from(one_way)].waiting.pop_front()
    }

    pub(super) fn stream(&mut self, id: u32) -> Option<&mut Stream> {
        self.streams.get_mut(&id)
    }

    /// Closes the connection; all that is under way is lost.
    pub(super) fn close(&mut self, why: CloseCode) {
        if self.ended.is_none() {
            self.close = Some(why);
            self.end(ConnectionError::ClosedHere);
        }
    }

    /// The connection is over. What has come can still be read.
    pub(super) fn end(&mut self, why: ConnectionError) {
        self.ended.get_or_insert(why);
    }

    /// Nothing carries it any more.
    pub(super) fn go(&mut self) {
        self.gone = true;
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    pub(super) fn ended(&self) -> Option<&ConnectionError> {
        self.ended.as_ref()
    }

    /// Says that all is well with the next records.
    pub(super) fn ping(&mut self) {
        self.ping = true;
    }

    /// Takes in what has come, as far as it is whole, and leaves the rest in `bytes`.
    pub(super) fn take_in(&mut self, bytes: &mut VecDeque<u8>) -> Result<(), Breach> {
        while self.ended.is_none() && bytes.len() >= LEN {
            let mut header = [0; LEN];
            header.iter_mut().zip(bytes.iter()).for_each(|(to, from)| *to = *from);
            let record = Record::read(&header).ok_or(Breach::Kind)?;
            if let Record::Data { stream, bytes: length } = record {
                let length = length as usize;
                if length > MOST_DATA {
                    return Err(Breach::Oversize);
                }
                if bytes.len() < LEN + length {
                    return Ok(());
                }
                bytes.drain(..LEN);
                self.receiving(stream)?.map_or(Ok(()), |receiving| receiving.data(bytes, length))?;
                bytes.drain(..length);
            } else {
                bytes.drain(..LEN);
                self.take(record)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, record: Record) -> Result<(), Breach> {
        match record {
            Record::Finish { stream } => {
                if let Some(receiving) = self.receiving(stream)? {
                    receiving.finish()?;
                }
            }
            Record::Reset { stream, code } => {
                if let Some(receiving) = self.receiving(stream)? {
                    receiving.reset(code);
                }
                self.sweep(stream);
            }
            Record::Stop { stream, code } => {
                if let Some(sending) = self.sending(stream)? {
                    sending.stopped(code);
                }
            }
            Record::Taken { stream } => {
                if let Some(sending) = self.sending(stream)? {
                    sending.taken()?;
                }
                self.sweep(stream);
            }
            Record::Credit { stream, bytes } => {
                if let Some(sending) = self.sending(stream)? {
                    sending.credit(bytes);
                }
            }
            Record::GrantBi { streams } => self.kinds[0].granted = self.kinds[0].granted.max(streams),
            Record::GrantUni { streams } => self.kinds[1].granted = self.kinds[1].granted.max(streams),
            Record::Close { code } => self.end(ConnectionError::Closed(CloseCode::from_number(code.into()))),
            Record::Data { .. } | Record::Ping => {}
        }
        Ok(())
    }

    /// The half of a stream that the other side writes; none where that is over.
    fn receiving(&mut self, id: u32) -> Result<Option<&mut Receiving>, Breach> {
        if id & 1 == self.side && id & ONE_WAY != 0 {
            return Err(Breach::Direction);
        }
        self.open_theirs(id)?;
        Ok(self.streams.get_mut(&id).and_then(|stream| stream.receive.as_mut()))
    }

    /// The half of a stream that this side writes; none where that is over.
    fn sending(&mut self, id: u32) -> Result<Option<&mut Sending>, Breach> {
        if id & 1 != self.side && id & ONE_WAY != 0 {
            return Err(Breach::Direction);
        }
        self.open_theirs(id)?;
        Ok(self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut()))
    }

    /// Opens a stream that the other side speaks of for the first time, and those before it.
    fn open_theirs(&mut self, id: u32) -> Result<(), Breach> {
        let index = id >> 2;
        if id & 1 == self.side {
            return if index < self.kind(id).opened { Ok(()) } else { Err(Breach::Ungranted) };
        }
        let window = self.window;
        let one_way = id & ONE_WAY != 0;
        if index >= self.kind(id).told {
            return Err(Breach::Ungranted);
        }
        while self.kind(id).theirs <= index {
            let kind = self.kind(id);
            let opened = kind.theirs << 2 | id & 3;
            kind.theirs += 1;
            kind.waiting.push_back(opened);
            let send = (!one_way).then(Sending::new);
            self.streams.insert(opened, Stream { send, receive: Some(Receiving::new(window)) });
        }
        Ok(())
    }

    /// Lets go of the halves of a stream that are over, and of the stream with its last half.
    pub(super) fn sweep(&mut self, id: u32) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        stream.send.take_if(|sending| sending.is_over());
        stream.receive.take_if(|receiving| receiving.is_over());
        if stream.send.is_none() && stream.receive.is_none() {
            self.streams.remove(&id);
            if id & 1 != self.side {
                self.kind(id).over += 1;
            }
        }
    }

    /// Writes the next records to `out`: about a burst of them. None are left where it stays empty.
    pub(super) fn give_out(&mut self, out: &mut Vec<u8>) {
        if self.ended.is_some() {
            if let Some(code) = self.close.take() {
                Record::Close { code: code.number() }.write(out);
            }
            return;
        }
        if std::mem::take(&mut self.ping) {
            Record::Ping.write(out);
        }
        let ids: Vec<u32> = self.streams.keys().copied().collect();
        for id in ids {
            if let Some(stream) = self.streams.get_mut(&id) {
                stream.send.iter_mut().for_each(|sending| sending.give_word(id, out));
                stream.receive.iter_mut().for_each(|receiving| receiving.give_word(id, out));
            }
            self.sweep(id);
        }
        for (kind, record) in
            self.kinds.iter_mut().zip([|streams| Record::GrantBi { streams }, |streams| Record::GrantUni { streams }])
        {
            if let Some(grant) = kind.grant() {
                kind.told = grant;
                record(grant).write(out);
            }
        }
        while out.len() < BURST {
            // The most urgent one, and of those the one whose last turn was the longest ago.
            let next = self
                .streams
                .iter_mut()
                .filter_map(|(id, stream)| Some((*id, stream.send.as_mut()?)))
                .filter(|(_, sending)| sending.has_data())
                .min_by_key(|(_, sending)| (std::cmp::Reverse(sending.priority), sending.last_turn));
            let Some((id, sending)) = next else { break };
            self.turn += 1;
            sending.last_turn = self.turn;
            sending.give_data(id, out);
            self.sweep(id);
        }
    }

    /// How many streams are known, for tests.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.streams.len()
    }
}
