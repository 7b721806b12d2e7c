//! How much memory a run takes at most, as the system counts it.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How a run that was watched ended.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    /// Its peak, in MiB; none where the system does not say.
    pub(crate) peak: Option<u64>,
}

/// Runs a command to its end, without input.
pub(crate) fn watch(mut command: Command) -> Watched {
    let folder = tempfile::tempdir().unwrap();
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let file = |path| Stdio::from(fs::File::create(path).unwrap());
    command
        .stdin(Stdio::null())
        .stdout(file(&out))
        .stderr(file(&err));
    let mut child = command.spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(240);
    let mut peak = None;
    let status = loop {
        // The mark only rises: the last that is seen is the highest but for a moment.
        peak = peak.max(mark(&child));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > end {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{command:?} was still running");
        }
        thread::sleep(Duration::from_millis(1));
    };
    Watched {
        code: status.code(),
        out: fs::read_to_string(out).unwrap(),
        err: fs::read_to_string(err).unwrap(),
        peak,
    }
}

/// The highest its memory has been, in MiB.
fn mark(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024)
}
