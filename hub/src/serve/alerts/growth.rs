/// A number that has not grown for so long is what it is.
const CALM_MS: i64 = 60 * 60_000;

/// By how much a number is above what it was when it last stood still.
#[derive(Debug, Clone, Copy)]
pub(super) struct Growth {
    calm: i64,
    last: i64,
    grew_ms: i64,
}

impl Growth {
    /// From this number on.
    pub(super) fn from(count: i64, now_ms: i64) -> Self {
        Self { calm: count, last: count, grew_ms: now_ms }
    }

    /// Takes in what it is now.
    pub(super) fn by(&mut self, count: i64, now_ms: i64) -> i64 {
        if count > self.last || now_ms < self.grew_ms {
            self.grew_ms = now_ms;
        }
        self.last = count;
        self.calm = self.calm.min(count);
        if now_ms - self.grew_ms >= CALM_MS {
            self.calm = count;
        }
        count - self.calm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_until_it_has_stood_still() {
        let mut growth = Growth::from(7, 0);
        let mut by = |count, minute: i64| growth.by(count, minute * 60_000);
        assert_eq!([by(7, 1), by(8, 2), by(10, 3), by(10, 62)], [0, 1, 3, 3]);
        assert_eq!([by(10, 63), by(11, 64), by(5, 65), by(6, 66)], [0, 1, 0, 1]);
    }
}
