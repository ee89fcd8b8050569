//! The most memory that this process and its children held together, looked up in `/proc` fifty times a second.

use std::{
    fs, process,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// Watches until it is dropped.
pub(crate) struct PeakMemory {
    peak: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
}

impl PeakMemory {
    /// Begins to watch.
    pub(crate) fn watch() -> Self {
        let (peak, ended) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (seen, is_over) = (Arc::clone(&peak), Arc::clone(&ended));
        thread::spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                seen.fetch_max(resident_kibibytes(), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(20));
            }
        });
        Self { peak, ended }
    }

    /// The most so far, in MiB.
    pub(crate) fn mebibytes(&self) -> u64 {
        self.peak.load(Ordering::Relaxed) / 1_024
    }
}

impl Drop for PeakMemory {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

/// What this process and its children hold now.
fn resident_kibibytes() -> u64 {
    let own = process::id();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let statuses = entries.filter_map(|entry| {
        let is_process = entry.file_name().to_str()?.parse::<u32>().is_ok();
        is_process.then(|| fs::read_to_string(entry.path().join("status")).ok()).flatten()
    });
    let related = statuses.filter(|status| [field(status, "Pid:"), field(status, "PPid:")].contains(&Some(own.into())));
    related.filter_map(|status| field(&status, "VmRSS:")).sum()
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
