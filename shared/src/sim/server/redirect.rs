/// Bytes of text in one datagram at most.
const MOST: usize = 239;

/// Console output on its way to whoever gave the command.
#[derive(Debug, Default)]
pub(super) struct Redirect {
    held: Vec<u8>,
    sent: Vec<Vec<u8>>,
}

impl Redirect {
    /// One call of the engine's printf. What does not fit behind what is held sends that on first, even if it is nothing;
    /// what does not fit at all is cut.
    pub(super) fn print(&mut self, text: &[u8]) {
        if self.held.len() + text.len() > MOST {
            self.flush();
        }
        let fits = MOST - self.held.len();
        self.held.extend_from_slice(&text[..text.len().min(fits)]);
    }

    pub(super) fn flush(&mut self) {
        let text = std::mem::take(&mut self.held);
        self.sent.push([b"print\n", &text[..]].concat());
    }

    /// The datagrams; the last is sent whatever it holds.
    pub(super) fn end(mut self) -> Vec<Vec<u8>> {
        self.flush();
        self.sent
    }
}
