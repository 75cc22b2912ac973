//! Rate limits as Discord keeps them: so many calls in a window for each bucket, told in headers.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;

use super::calls::Call;

/// The calls of a bucket in the current window.
struct Window {
    began: Instant,
    used: u32,
}

pub(super) struct Buckets {
    limit: u32,
    length: Duration,
    windows: HashMap<String, Window>,
}

/// Where a call stands in its bucket.
pub(super) struct Standing {
    pub(super) allowed: bool,
    limit: u32,
    remaining: u32,
    pub(super) reset_after: Duration,
    name: String,
}

impl Buckets {
    /// Generous enough that only a test that wants to meets it.
    pub(super) fn new() -> Self {
        Self { limit: 50, length: Duration::from_secs(1), windows: HashMap::new() }
    }

    pub(super) fn set(&mut self, limit: u32, length: Duration) {
        *self = Self { limit, length, windows: HashMap::new() };
    }

    pub(super) fn count(&mut self, call: &Call) -> Standing {
        let now = Instant::now();
        let name = call.bucket();
        let window = self.windows.entry(name.clone()).or_insert(Window { began: now, used: 0 });
        if now.duration_since(window.began) >= self.length {
            *window = Window { began: now, used: 0 };
        }
        let allowed = window.used < self.limit;
        window.used += u32::from(allowed);
        Standing {
            allowed,
            limit: self.limit,
            remaining: self.limit - window.used,
            reset_after: (window.began + self.length).duration_since(now),
            name,
        }
    }
}

impl Standing {
    /// The headers that every answer carries.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        let bucket = self.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        for (name, value) in [
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-reset-after", format!("{:.3}", self.reset_after.as_secs_f64())),
            ("x-ratelimit-bucket", bucket),
        ] {
            headers.insert(name, value.parse().expect("a header value of plain letters"));
        }
    }
}
