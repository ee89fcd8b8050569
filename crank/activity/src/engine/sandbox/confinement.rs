//! Confines the process of a query: the operating system limits its address space and processor time, lets it open only
//! the activity's files, and gives it no network. The process confines itself, and cannot undo it.

use std::io;
use std::path::Path;

use clap::Args;
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, PathBeneath, PathFd, PathFdError, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use rlimit::Resource;

use super::request;
use crate::engine::{Activity, QueryLimits};

/// Address space that is reserved and hardly used: the executable, the planning thread's stack, the first arenas.
const RESERVED_BYTES: u64 = 1536 << 20;
/// The same for every thread: the stacks of one worker and one file reader, and a share of the arenas.
const RESERVED_BYTES_EACH_THREAD: u64 = 64 << 20;
/// Open files in addition to those that the threads read from.
const OPEN_FILES: u64 = 64;
/// Seconds between the signal SIGXCPU at the soft limit and SIGKILL at the hard one.
const CPU_GRACE_SECONDS: u64 = 2;

/// The newest set of rules that the process asks for; an older kernel enforces the part that it knows.
const LANDLOCK: ABI = ABI::V6;

/// The limits that the process of a query sets for itself before it reads anything.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confinement {
    /// Bytes of address space.
    #[arg(long)]
    address_space: u64,
    /// Seconds of processor time, of all threads together.
    #[arg(long)]
    cpu_seconds: u64,
    /// Files that may be open at the same time.
    #[arg(long)]
    open_files: u64,
}

impl Confinement {
    /// The confinement that follows from a query's limits.
    ///
    /// The memory pool counts only what operators keep; batches between operators and the answer may take as much
    /// again.
    pub(super) fn new(limits: &QueryLimits) -> Self {
        let threads = whole(limits.threads.max(1));
        let reserved = RESERVED_BYTES.saturating_add(threads.saturating_mul(RESERVED_BYTES_EACH_THREAD));
        let used = whole(limits.memory_bytes).saturating_mul(2);
        Self {
            address_space: reserved.saturating_add(used),
            cpu_seconds: limits.seconds.saturating_mul(threads.saturating_add(1)),
            open_files: OPEN_FILES.saturating_add(threads.saturating_mul(4)),
        }
    }

    /// The limits as command-line arguments.
    pub(super) fn arguments(&self) -> [String; 3] {
        [
            format!("--address-space={}", self.address_space),
            format!("--cpu-seconds={}", self.cpu_seconds),
            format!("--open-files={}", self.open_files),
        ]
    }

    /// Sets the limits of this process and allows this thread, and those it starts, only to read files. Call it before
    /// there are other threads.
    pub(super) fn apply(&self) -> io::Result<()> {
        let limits = [
            (Resource::AS, self.address_space, self.address_space),
            (Resource::CPU, self.cpu_seconds, self.cpu_seconds.saturating_add(CPU_GRACE_SECONDS)),
            (Resource::NOFILE, self.open_files, self.open_files),
            (Resource::CORE, 0, 0),
            (Resource::FSIZE, 0, 0),
        ];
        for (resource, soft, hard) in limits {
            let (_, most) = resource.get()?;
            resource.set(soft.min(most), hard.min(most))?;
        }
        allow_reading([Path::new("/")].into_iter(), AccessFs::ReadFile | AccessFs::ReadDir).map(|_| ())
    }
}

fn whole(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Allows this thread, and those it starts, only to read the activity's files. Returns how far the kernel enforces it.
pub(super) fn allow_files(activity: &Activity) -> io::Result<RulesetStatus> {
    allow_reading(request::files(activity).into_iter(), AccessFs::ReadFile.into())
}

fn allow_reading<'a>(paths: impl Iterator<Item = &'a Path>, access: BitFlags<AccessFs>) -> io::Result<RulesetStatus> {
    let ruleset = Ruleset::default().handle_access(AccessFs::from_all(LANDLOCK));
    let ruleset = ruleset.and_then(|rules| rules.handle_access(AccessNet::from_all(LANDLOCK)));
    let ruleset = ruleset.and_then(|rules| rules.scope(Scope::from_all(LANDLOCK)));
    let mut ruleset = ruleset.and_then(Ruleset::create).map_err(io::Error::other)?;
    for path in paths {
        ruleset = match PathFd::new(path) {
            Ok(file) => ruleset.add_rule(PathBeneath::new(file, access)).map_err(io::Error::other)?,
            // The query will fail to open the file and then gives a better message.
            Err(PathFdError::OpenCall { .. }) => ruleset,
            Err(error) => return Err(io::Error::other(error)),
        };
    }
    let status = ruleset.restrict_self().map_err(|error: RulesetError| io::Error::other(error))?;
    Ok(status.ruleset)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs::{self, File};
    use std::net::TcpStream;
    use std::thread;

    use super::*;
    use crate::store::StoredTable;

    #[test]
    fn a_confined_thread_reads_the_activity_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("events"), "").unwrap();
        fs::write(path("secrets"), "").unwrap();
        let table = StoredTable {
            name: "events.trade".parse().unwrap(),
            columns: BTreeMap::new(),
            files: vec![path("events")],
        };
        let activity = Activity { tables: vec![table] };
        let (other, new) = (path("secrets"), path("new"));
        let confined = thread::spawn(move || {
            let is_enforced = allow_files(&activity).unwrap() == RulesetStatus::FullyEnforced;
            let [path] = request::files(&activity)[..] else { panic!("one file") };
            assert!(File::open(path).is_ok());
            let kinds = [
                File::open(other).map(|_| ()),
                File::create(new).map(|_| ()),
                fs::read_dir("/").map(|_| ()),
                File::options().append(true).open(path).map(|_| ()),
                TcpStream::connect("127.0.0.1:9").map(|_| ()),
            ];
            // A kernel without Landlock refuses nothing.
            (is_enforced, kinds.map(|result| result.map_err(|error| error.kind())))
        });
        let (is_enforced, results) = confined.join().unwrap();
        assert!(!is_enforced || results == [Err(io::ErrorKind::PermissionDenied); 5], "{results:?}");
    }

    #[test]
    fn the_confinement_of_a_process_follows_from_the_limits() {
        let limits = QueryLimits { threads: 2, memory_bytes: 1 << 20, seconds: 5, rows: 1 };
        let expected = ["--address-space=1746927616", "--cpu-seconds=15", "--open-files=72"];
        assert_eq!(Confinement::new(&limits).arguments(), expected.map(str::to_owned));
    }
}
