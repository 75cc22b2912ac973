use std::sync::Arc;

use slomix_shared::wire::ResetCode;

use super::connection::Handle;
use super::mux::{Receiving, Sending};
use crate::{ConnectionError, ReadError, WriteError};

/// The writing end of a stream.
#[derive(Debug)]
pub struct SendStream {
    handle: Arc<Handle>,
    id: u32,
}

/// The reading end of a stream.
#[derive(Debug)]
pub struct RecvStream {
    handle: Arc<Handle>,
    id: u32,
}

fn code(number: u32) -> ResetCode {
    ResetCode::from_number(number.into())
}

impl SendStream {
    pub(super) fn new(handle: &Arc<Handle>, id: u32) -> Self {
        Self { handle: Arc::clone(handle), id }
    }

    fn change(&self, change: impl FnOnce(&mut Sending)) {
        let mut mux = self.handle.0.mux();
        if let Some(sending) = mux.stream(self.id).and_then(|stream| stream.send.as_mut()) {
            change(sending);
        }
        mux.sweep(self.id);
        drop(mux);
        self.handle.0.outgoing.notify_one();
    }

    pub(crate) async fn write_all(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let written = self.handle.0.wait(|mux| {
                if let Some(ended) = mux.ended() {
                    return Some(Err(WriteError::Lost(ended.clone())));
                }
                let Some(sending) = mux.stream(self.id).and_then(|stream| stream.send.as_mut()) else {
                    return Some(Err(WriteError::Finished));
                };
                if let Some(stop) = sending.stop {
                    return Some(Err(WriteError::Stopped(code(stop))));
                }
                if !sending.is_open() {
                    return Some(Err(WriteError::Finished));
                }
                Some(sending.write(rest)).filter(|written| *written > 0).map(Ok)
            });
            rest = &rest[written.await?..];
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self) {
        self.change(Sending::finish);
    }

    pub(crate) fn reset(&mut self, why: ResetCode) {
        self.change(|sending| sending.give_up(why.number()));
    }

    pub(crate) async fn stopped(&mut self) -> Result<Option<ResetCode>, ConnectionError> {
        self.handle
            .0
            .wait(|mux| {
                let ended = mux.ended().cloned();
                match mux.stream(self.id).and_then(|stream| stream.send.as_ref()) {
                    Some(sending) if sending.is_taken() => Some(Ok(None)),
                    Some(Sending { stop: Some(stop), .. }) => Some(Ok(Some(code(*stop)))),
                    Some(_) => ended.map(Err),
                    None => Some(ended.map_or(Ok(None), Err)),
                }
            })
            .await
    }

    pub(crate) fn set_priority(&mut self, priority: i32) {
        self.change(|sending| sending.priority = priority);
    }
}

impl Drop for SendStream {
    fn drop(&mut self) {
        self.change(Sending::release);
    }
}

impl RecvStream {
    pub(super) fn new(handle: &Arc<Handle>, id: u32) -> Self {
        Self { handle: Arc::clone(handle), id }
    }

    fn change(&self, change: impl FnOnce(&mut Receiving)) {
        let mut mux = self.handle.0.mux();
        if let Some(receiving) = mux.stream(self.id).and_then(|stream| stream.receive.as_mut()) {
            change(receiving);
        }
        mux.sweep(self.id);
        drop(mux);
        self.handle.0.outgoing.notify_one();
    }

    pub(crate) async fn read(&mut self, into: &mut Vec<u8>, most: usize) -> Result<bool, ReadError> {
        self.handle
            .0
            .wait(|mux| {
                let ended = mux.ended().cloned();
                let Some(receiving) = mux.stream(self.id).and_then(|stream| stream.receive.as_mut()) else {
                    return Some(Err(ReadError::Stopped));
                };
                if receiving.is_stopped() {
                    return Some(Err(ReadError::Stopped));
                }
                match receiving.read(into, most) {
                    Ok(Some(more)) => Some(Ok(more)),
                    Ok(None) => ended.map(|ended| Err(ended.into())),
                    Err(reset) => Some(Err(ReadError::Reset(code(reset)))),
                }
            })
            .await
    }

    pub(crate) fn stop(&mut self, why: ResetCode) {
        self.change(|receiving| receiving.stop(why.number()));
    }
}

impl Drop for RecvStream {
    fn drop(&mut self) {
        self.change(Receiving::release);
    }
}
