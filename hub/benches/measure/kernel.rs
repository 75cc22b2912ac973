//! What the kernel knows of a process.

use std::fs;

/// Memory and threads of a process.
pub(crate) struct Memory {
    resident_kib: u64,
    anonymous_kib: u64,
    shared_out_kib: u64,
    most_kib: u64,
    threads: u64,
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mib = |kib: u64| kib as f64 / 1024.0;
        write!(
            f,
            "RSS {:.1} MiB, anonymous {:.1}, PSS {:.1}, highest RSS {:.1}, {} threads",
            mib(self.resident_kib),
            mib(self.anonymous_kib),
            mib(self.shared_out_kib),
            mib(self.most_kib),
            self.threads
        )
    }
}

/// Of this process, now.
pub(crate) fn memory(pid: u32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    Memory {
        resident_kib: number(&status, "VmRSS:"),
        anonymous_kib: number(&status, "RssAnon:"),
        shared_out_kib: number(&rollup, "Pss:"),
        most_kib: number(&status, "VmHWM:"),
        threads: number(&status, "Threads:"),
    }
}

/// Seconds of processor time that this process has taken so far.
pub(crate) fn processor_seconds(pid: u32) -> f64 {
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process runs");
    // The program's name may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let field = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (field(11) + field(12)) / ticks
}

fn number(text: &str, name: &str) -> u64 {
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}
