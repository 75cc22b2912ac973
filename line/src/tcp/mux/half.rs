//! The two halves of a stream.

use std::collections::VecDeque;

use super::{Breach, FIRST_CREDIT, ROOM};
use crate::tcp::record::{MOST_DATA, Record};

/// What this side writes.
#[derive(Debug)]
pub(in crate::tcp) struct Sending {
    queue: VecDeque<u8>,
    credit: usize,
    pub(super) last_turn: u64,
    pub(in crate::tcp) priority: i32,
    end: End,
    /// The receiver's code, where it wants no more.
    pub(in crate::tcp) stop: Option<u32>,
    /// Nobody here asks after it any more.
    released: bool,
}

/// How far the end of what is sent has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Open,
    /// The writer has ended the stream; the other side does not know yet.
    Ending,
    /// The other side is told.
    Told,
    /// The other side has it all.
    Taken,
    /// Given up; the other side does not know yet.
    GivingUp(u32),
    /// Given up, and the other side is told.
    GivenUp,
}

impl Sending {
    pub(super) fn new() -> Self {
        Self {
            queue: VecDeque::new(),
            credit: FIRST_CREDIT as usize,
            last_turn: 0,
            priority: 0,
            end: End::Open,
            stop: None,
            released: false,
        }
    }

    /// Nobody writes to it any more: what was written goes on its way.
    pub(in crate::tcp) fn release(&mut self) {
        self.finish();
        self.released = true;
    }

    /// Takes as many of the bytes as there is room for; how many those were.
    pub(in crate::tcp) fn write(&mut self, bytes: &[u8]) -> usize {
        let taken = bytes.len().min(ROOM.saturating_sub(self.queue.len()));
        self.queue.extend(&bytes[..taken]);
        taken
    }

    pub(in crate::tcp) fn is_open(&self) -> bool {
        self.end == End::Open
    }

    /// Whether the other side has it all.
    pub(in crate::tcp) fn is_taken(&self) -> bool {
        self.end == End::Taken
    }

    pub(in crate::tcp) fn finish(&mut self) {
        if self.is_open() {
            self.end = End::Ending;
        }
    }

    /// Gives up what was not taken yet.
    pub(in crate::tcp) fn give_up(&mut self, code: u32) {
        if matches!(self.end, End::Open | End::Ending | End::Told) {
            self.queue = VecDeque::new();
            self.end = End::GivingUp(code);
        }
    }

    pub(super) fn stopped(&mut self, code: u32) {
        if self.stop.is_none() {
            self.stop = Some(code);
            self.give_up(code);
        }
    }

    pub(super) fn taken(&mut self) -> Result<(), Breach> {
        match self.end {
            End::Told => self.end = End::Taken,
            End::GivingUp(_) | End::GivenUp => {}
            End::Open | End::Ending | End::Taken => return Err(Breach::Direction),
        }
        Ok(())
    }

    pub(super) fn credit(&mut self, bytes: u32) {
        self.credit = self.credit.saturating_add(bytes as usize);
    }

    /// Nothing of it is left to send, to hear or to ask.
    pub(super) fn is_over(&self) -> bool {
        self.released && matches!(self.end, End::Taken | End::GivenUp)
    }

    pub(super) fn has_data(&self) -> bool {
        !self.queue.is_empty() && self.credit > 0
    }

    pub(super) fn give_word(&mut self, stream: u32, out: &mut Vec<u8>) {
        match self.end {
            End::GivingUp(code) => {
                Record::Reset { stream, code }.write(out);
                self.end = End::GivenUp;
            }
            End::Ending if self.queue.is_empty() => {
                Record::Finish { stream }.write(out);
                self.end = End::Told;
            }
            _ => {}
        }
    }

    pub(super) fn give_data(&mut self, stream: u32, out: &mut Vec<u8>) {
        let bytes = self.queue.len().min(self.credit).min(MOST_DATA);
        Record::Data { stream, bytes: bytes as u32 }.write(out);
        out.extend(self.queue.drain(..bytes));
        self.credit -= bytes;
        self.give_word(stream, out);
    }
}

/// What this side reads.
#[derive(Debug)]
pub(in crate::tcp) struct Receiving {
    queue: VecDeque<u8>,
    window: usize,
    /// Bytes that the sender may still send.
    credit: usize,
    finished: bool,
    /// The sender's code, where it gave up.
    reset: Option<u32>,
    /// Nobody reads on, with this code for the sender.
    stop: Option<u32>,
    told: Told,
    /// Nobody here asks after it any more.
    released: bool,
}

/// What the sender knows of how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    Stop,
    Taken,
}

impl Receiving {
    pub(super) fn new(window: u32) -> Self {
        Self {
            queue: VecDeque::new(),
            window: window as usize,
            credit: FIRST_CREDIT as usize,
            finished: false,
            reset: None,
            stop: None,
            told: Told::Nothing,
            released: false,
        }
    }

    pub(super) fn data(&mut self, bytes: &VecDeque<u8>, length: usize) -> Result<(), Breach> {
        if self.finished || self.reset.is_some() {
            return Err(Breach::Direction);
        }
        self.credit = self.credit.checked_sub(length).ok_or(Breach::Credit)?;
        if self.stop.is_none() {
            let (first, second) = bytes.as_slices();
            let from_first = length.min(first.len());
            self.queue.extend(&first[..from_first]);
            self.queue.extend(&second[..length - from_first]);
        }
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<(), Breach> {
        if self.finished || self.reset.is_some() {
            return Err(Breach::Direction);
        }
        self.finished = true;
        Ok(())
    }

    pub(super) fn reset(&mut self, code: u32) {
        // What was whole before stays so.
        if !self.finished && self.reset.is_none() {
            self.reset = Some(code);
            self.queue = VecDeque::new();
        }
    }

    /// Moves at most so many bytes to `into`. None: nothing there yet; false: the end; the error is the sender's code.
    pub(in crate::tcp) fn read(&mut self, into: &mut Vec<u8>, most: usize) -> Result<Option<bool>, u32> {
        if let Some(code) = self.reset {
            return Err(code);
        }
        if self.queue.is_empty() {
            return Ok(self.finished.then_some(false));
        }
        let bytes = most.min(self.queue.len());
        into.extend(self.queue.drain(..bytes));
        Ok(Some(true))
    }

    /// Nobody reads on.
    pub(in crate::tcp) fn stop(&mut self, code: u32) {
        if self.stop.is_none() {
            self.stop = Some(code);
            self.queue = VecDeque::new();
        }
    }

    pub(in crate::tcp) fn release(&mut self) {
        self.stop(0);
        self.released = true;
    }

    pub(in crate::tcp) fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// Nothing of it is left to hear, to tell or to read.
    pub(super) fn is_over(&self) -> bool {
        self.released && (self.told == Told::Taken || self.reset.is_some())
    }

    pub(super) fn give_word(&mut self, stream: u32, out: &mut Vec<u8>) {
        if self.finished {
            if self.told != Told::Taken {
                self.told = Told::Taken;
                Record::Taken { stream }.write(out);
            }
            return;
        }
        if self.reset.is_some() {
            return;
        }
        if let Some(code) = self.stop {
            if self.told == Told::Nothing {
                self.told = Told::Stop;
                Record::Stop { stream, code }.write(out);
            }
            return;
        }
        // In halves of the window, so that credit is no record for every few bytes.
        let wanted = self.window - self.queue.len().min(self.window);
        if wanted >= self.credit + self.window / 2 {
            let bytes = wanted - self.credit;
            self.credit = wanted;
            Record::Credit { stream, bytes: bytes as u32 }.write(out);
        }
    }
}
