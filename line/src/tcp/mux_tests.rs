use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;
use slomix_shared::wire::CloseCode;

use super::mux::{Breach, FIRST_CREDIT, Mux, ROOM};
use super::record::{LEN, MOST_DATA, Record};
use crate::ConnectionError;

const WINDOW: u32 = 3 * FIRST_CREDIT;

/// Two sides with the bytes between them.
struct Pair {
    sides: [Mux; 2],
    /// On their way to each side.
    between: [VecDeque<u8>; 2],
    heard: [VecDeque<u8>; 2],
}

impl Pair {
    /// A caller and a listener that grant each other so many streams of each kind.
    fn new(streams: u32) -> Self {
        let mut sides = [Mux::new(false, WINDOW), Mux::new(true, WINDOW)];
        for side in &mut sides {
            side.grant(false, streams);
            side.grant(true, streams);
        }
        Self { sides, between: Default::default(), heard: Default::default() }
    }

    /// Lets a side say what it has to say.
    fn say(&mut self, side: usize) {
        let mut out = Vec::new();
        self.sides[side].give_out(&mut out);
        self.between[1 - side].extend(out);
    }

    /// Lets a side hear so many bytes.
    fn hear(&mut self, side: usize, bytes: usize) -> Result<(), Breach> {
        let bytes = bytes.min(self.between[side].len());
        let heard: Vec<u8> = self.between[side].drain(..bytes).collect();
        self.heard[side].extend(heard);
        self.sides[side].take_in(&mut self.heard[side])
    }

    /// Until neither has anything to say.
    fn settle(&mut self) {
        loop {
            self.say(0);
            self.say(1);
            if self.between.iter().all(VecDeque::is_empty) {
                return;
            }
            self.hear(0, usize::MAX).unwrap();
            self.hear(1, usize::MAX).unwrap();
        }
    }

    fn write(&mut self, side: usize, id: u32, bytes: &[u8]) -> usize {
        self.sides[side].stream(id).unwrap().send.as_mut().unwrap().write(bytes)
    }

    fn read(&mut self, side: usize, id: u32) -> (Vec<u8>, Result<Option<bool>, u32>) {
        let receiving = self.sides[side].stream(id).unwrap().receive.as_mut().unwrap();
        let mut read = Vec::new();
        loop {
            match receiving.read(&mut read, usize::MAX) {
                Ok(Some(true)) => {}
                end => return (read, end),
            }
        }
    }
}

#[test]
fn records_read_back_and_unknown_kinds_do_not() {
    let records = [
        Record::Data { stream: 7, bytes: 9 },
        Record::Finish { stream: u32::MAX },
        Record::Reset { stream: 1, code: 2 },
        Record::Stop { stream: 3, code: 4 },
        Record::Taken { stream: 5 },
        Record::Credit { stream: 6, bytes: 7 },
        Record::GrantBi { streams: 8 },
        Record::GrantUni { streams: 9 },
        Record::Ping,
        Record::Close { code: 10 },
    ];
    let mut kinds = Vec::new();
    for record in records {
        let mut bytes = Vec::new();
        record.write(&mut bytes);
        kinds.push(bytes[0]);
        assert_eq!(Record::read(&bytes.try_into().unwrap()), Some(record));
    }
    // They are part of the protocol.
    assert_eq!(kinds, (0..10).collect::<Vec<u8>>());
    assert_eq!(Record::read(&[10; LEN]), None);
}

#[test]
fn nothing_is_opened_without_a_grant_and_what_is_over_makes_room() {
    let mut pair = Pair::new(0);
    pair.settle();
    assert_eq!((pair.sides[0].open(false), pair.sides[0].open(true)), (None, None));
    pair.sides[1].grant(false, 2);
    pair.settle();
    let [first, second] = [0, 1].map(|_| pair.sides[0].open(false).unwrap());
    assert_eq!(pair.sides[0].open(false), None);
    assert_eq!(pair.sides[0].open(true), None, "one kind says nothing of the other");
    // The second is heard of first, and opens the first.
    pair.write(0, second, b"x");
    pair.settle();
    assert_eq!([0, 1].map(|_| pair.sides[1].accept(false)), [Some(first), Some(second)]);
    assert_eq!(pair.sides[1].accept(false), None);
    for side in [0, 1] {
        let stream = pair.sides[side].stream(first).unwrap();
        stream.send.as_mut().unwrap().release();
        stream.receive.as_mut().unwrap().release();
    }
    pair.settle();
    assert_eq!(pair.sides[0].len(), 1);
    assert!(pair.sides[0].open(false).is_some());
    assert_eq!(pair.sides[0].open(false), None);
}

#[test]
fn what_lies_unread_has_a_bound_and_flows_on_when_it_is_read() {
    let mut pair = Pair::new(1);
    pair.settle();
    let id = pair.sides[0].open(true).unwrap();
    let mut written = 0;
    loop {
        let more = pair.write(0, id, &vec![7; ROOM]);
        pair.settle();
        if more == 0 {
            break;
        }
        written += more;
    }
    assert_eq!(written, WINDOW as usize + ROOM, "a window there, and the room here");
    let mut read = 0;
    for _ in 0..4 {
        read += pair.read(1, id).0.len();
        pair.settle();
    }
    assert_eq!(read, written);
    assert_eq!(pair.write(0, id, &vec![7; ROOM]), ROOM);
}

#[test]
fn the_urgent_stream_goes_first_and_equals_take_turns() {
    let mut pair = Pair::new(3);
    pair.settle();
    let ids = [0, 1, 2].map(|_| pair.sides[0].open(true).unwrap());
    for id in ids {
        pair.write(0, id, &vec![1; MOST_DATA + 1]);
    }
    pair.sides[0].stream(ids[2]).unwrap().send.as_mut().unwrap().priority = 1;
    let mut order = Vec::new();
    loop {
        let mut out = Vec::new();
        pair.sides[0].give_out(&mut out);
        let mut rest = &out[..];
        while let Some((header, after)) = rest.split_first_chunk() {
            let Some(Record::Data { stream, bytes }) = Record::read(header) else { panic!() };
            order.push(stream);
            rest = &after[bytes as usize..];
        }
        if out.is_empty() {
            break;
        }
    }
    assert_eq!(order, [ids[2], ids[2], ids[0], ids[1], ids[0], ids[1]]);
}

#[test]
fn codes_arrive_in_both_directions() {
    let mut pair = Pair::new(2);
    pair.settle();
    let [given_up, stopped] = [0, 1].map(|_| pair.sides[0].open(true).unwrap());
    pair.write(0, given_up, b"half of it");
    pair.write(0, stopped, b"nobody wants this");
    pair.settle();
    pair.sides[0].stream(given_up).unwrap().send.as_mut().unwrap().give_up(4);
    pair.sides[1].stream(stopped).unwrap().receive.as_mut().unwrap().stop(3);
    pair.settle();
    assert_eq!(pair.read(1, given_up).1, Err(4));
    assert_eq!(pair.sides[0].stream(stopped).unwrap().send.as_ref().unwrap().stop, Some(3));
    pair.sides[1].close(CloseCode::Revoked);
    pair.settle();
    assert_eq!(pair.sides[1].ended(), Some(&ConnectionError::ClosedHere));
    assert_eq!(pair.sides[0].ended(), Some(&ConnectionError::Closed(CloseCode::Revoked)));
}

#[test]
fn what_came_before_the_close_can_still_be_read() {
    let mut pair = Pair::new(1);
    pair.settle();
    let id = pair.sides[0].open(true).unwrap();
    pair.write(0, id, b"last words");
    pair.sides[0].stream(id).unwrap().send.as_mut().unwrap().release();
    pair.settle();
    pair.sides[0].close(CloseCode::Done);
    pair.settle();
    assert!(pair.sides[1].ended().is_some());
    assert_eq!(pair.read(1, id), (b"last words".to_vec(), Ok(Some(false))));
}

#[test]
fn whoever_does_not_keep_to_it_is_found_out() {
    let hear = |records: &[Record], data: &[u8]| {
        let mut side = Mux::new(true, WINDOW);
        side.grant(false, 1);
        side.grant(true, 1);
        side.give_out(&mut Vec::new());
        let mut bytes = Vec::new();
        for record in records {
            record.write(&mut bytes);
        }
        bytes.extend_from_slice(data);
        side.take_in(&mut bytes.into())
    };
    let data = |stream, bytes| Record::Data { stream, bytes };
    assert_eq!(hear(&[data(0, 0), data(2, 0)], b""), Ok(()));
    assert_eq!(hear(&[data(4, 0)], b""), Err(Breach::Ungranted), "a second one");
    assert_eq!(hear(&[data(6, 0)], b""), Err(Breach::Ungranted), "a second one way");
    assert_eq!(hear(&[data(1, 0)], b""), Err(Breach::Ungranted), "one that this side would open");
    assert_eq!(hear(&[data(3, 0)], b""), Err(Breach::Direction), "on a way that only this side writes");
    assert_eq!(hear(&[Record::Credit { stream: 2, bytes: 1 }], b""), Err(Breach::Direction));
    assert_eq!(hear(&[data(0, MOST_DATA as u32 + 1)], b""), Err(Breach::Oversize));
    assert_eq!(hear(&[Record::Finish { stream: 0 }, data(0, 0)], b""), Err(Breach::Direction));
    assert_eq!(hear(&[Record::Finish { stream: 0 }, Record::Finish { stream: 0 }], b""), Err(Breach::Direction));
    assert_eq!(hear(&[Record::Taken { stream: 0 }], b""), Err(Breach::Direction), "it had nothing yet");
    assert_eq!(hear(&[], &[200; LEN]), Err(Breach::Kind));

    let mut side = Mux::new(true, WINDOW);
    side.grant(true, 1);
    side.give_out(&mut Vec::new());
    let mut flood = Vec::new();
    for _ in 0..=FIRST_CREDIT as usize / MOST_DATA {
        data(2, MOST_DATA as u32).write(&mut flood);
        flood.extend(vec![0; MOST_DATA]);
    }
    assert_eq!(side.take_in(&mut flood.into()), Err(Breach::Credit));
}

/// What a side does next.
#[derive(Debug, Clone)]
enum Step {
    Open(bool),
    Write(usize, usize),
    Finish(usize),
    Say,
    Hear(usize),
    Read(usize),
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let step = prop_oneof![
        any::<bool>().prop_map(Step::Open),
        (0_usize..6, 1_usize..50_000).prop_map(|(stream, bytes)| Step::Write(stream, bytes)),
        (0_usize..6).prop_map(Step::Finish),
        Just(Step::Say),
        (1_usize..40_000).prop_map(Step::Hear),
        (0_usize..6).prop_map(Step::Read),
    ];
    (0_usize..2, step)
}

/// What was written to and read from the streams, by the side that wrote.
#[derive(Default)]
struct Told {
    ids: Vec<u32>,
    written: BTreeMap<u32, Vec<u8>>,
    read: BTreeMap<u32, Vec<u8>>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn streams_arrive_whole_in_order_and_once_however_the_bytes_are_cut(
        steps in proptest::collection::vec(step(), 1..200),
    ) {
        let mut pair = Pair::new(3);
        let mut told = [Told::default(), Told::default()];
        let mut mark = 0_u8;
        for (side, step) in steps {
            match step {
                Step::Open(one_way) => told[side].ids.extend(pair.sides[side].open(one_way)),
                Step::Write(at, bytes) => {
                    let Some(id) = told[side].ids.get(at).copied() else { continue };
                    let Some(sending) = pair.sides[side].stream(id).and_then(|stream| stream.send.as_mut()) else { continue };
                    if !sending.is_open() {
                        continue;
                    }
                    mark = mark.wrapping_add(1);
                    let content: Vec<u8> = (0..bytes).map(|at| mark ^ at as u8).collect();
                    let taken = sending.write(&content);
                    told[side].written.entry(id).or_default().extend(&content[..taken]);
                }
                Step::Finish(at) => {
                    let Some(id) = told[side].ids.get(at).copied() else { continue };
                    if let Some(sending) = pair.sides[side].stream(id).and_then(|stream| stream.send.as_mut()) {
                        sending.finish();
                    }
                }
                Step::Say => pair.say(side),
                Step::Hear(bytes) => prop_assert_eq!(pair.hear(side, bytes), Ok(())),
                Step::Read(at) => {
                    let Some(id) = told[1 - side].ids.get(at).copied() else { continue };
                    if pair.sides[side].stream(id).is_some() {
                        let read = pair.read(side, id).0;
                        told[1 - side].read.entry(id).or_default().extend(read);
                    }
                }
            }
        }
        // Everything is ended and read up.
        for side in [0, 1] {
            for id in told[side].ids.clone() {
                pair.sides[side].stream(id).unwrap().send.as_mut().unwrap().finish();
            }
        }
        for _ in 0..40 {
            pair.settle();
            for side in [0, 1] {
                for id in told[1 - side].ids.clone() {
                    if pair.sides[side].stream(id).is_some() {
                        let read = pair.read(side, id).0;
                        told[1 - side].read.entry(id).or_default().extend(read);
                    }
                }
            }
        }
        for side in [0, 1] {
            for id in told[side].ids.clone() {
                prop_assert_eq!(told[side].read.get(&id).cloned().unwrap_or_default(),
                    told[side].written.get(&id).cloned().unwrap_or_default());
                prop_assert_eq!(pair.read(1 - side, id).1, Ok(Some(false)));
                prop_assert!(pair.sides[side].stream(id).unwrap().send.as_ref().unwrap().is_taken());
            }
        }
    }

    #[test]
    fn no_records_of_the_other_side_make_it_panic_or_hold_more_than_it_granted(
        records in proptest::collection::vec((0_u8..11, 0_u32..40, prop_oneof![0_u32..20_000, any::<u32>()]), 0..200),
        cut in 1_usize..64,
    ) {
        let mut side = Mux::new(true, WINDOW);
        side.grant(false, 4);
        side.grant(true, 4);
        side.give_out(&mut Vec::new());
        let mut bytes = Vec::new();
        for (kind, stream, number) in records {
            bytes.push(kind);
            bytes.extend(stream.to_be_bytes());
            bytes.extend(number.to_be_bytes());
            if kind == 0 {
                bytes.extend(vec![7; (number as usize).min(MOST_DATA)]);
            }
        }
        let (mut heard, mut out) = (VecDeque::new(), Vec::new());
        for chunk in bytes.chunks(cut * 512) {
            heard.extend(chunk);
            if side.take_in(&mut heard).is_err() || side.ended().is_some() {
                break;
            }
            side.give_out(&mut out);
            prop_assert!(heard.len() < LEN + MOST_DATA, "what is whole is taken");
            prop_assert!(side.len() <= 8);
            while let Some(id) = side.accept(true) {
                let mut read = Vec::new();
                let receiving = side.stream(id).unwrap().receive.as_mut().unwrap();
                while receiving.read(&mut read, usize::MAX) == Ok(Some(true)) {}
                prop_assert!(read.len() <= WINDOW as usize);
            }
            out.clear();
        }
    }
}
