//! What takes longer than twenty minutes: the commands of `docs/verification.md`, wrapped.

use std::fs;

use crate::shell::{Figure, Shell};
use crate::supply::under;
use crate::target;

/// As `fuzz/Cargo.toml` has them.
const TARGETS: [&str; 5] = ["case", "record", "rules", "mapping", "abi"];

/// Every target for so long, one after another. A target that fails stops none.
pub(crate) fn fuzz(seconds: u32) -> Result<(), String> {
    let mut faults = Vec::new();
    for target in TARGETS {
        let mut fuzz = under("nightly");
        fuzz.args(["fuzz", "run", target, "--"]);
        fuzz.arg(format!("-max_total_time={seconds}"));
        fuzz.args(["-max_len=65536", "-print_final_stats=1"]);
        let mut shell = shell(&format!("fuzz-{target}"))?;
        faults.extend(shell.run(&mut fuzz).err());
        let account = shell.finish();
        for Figure { name, number, .. } in account.figures {
            println!("{target:<10}{number:>14} {name}, {} s", account.seconds);
        }
    }
    match faults.as_slice() {
        [] => Ok(()),
        faults => Err(faults.join("\n")),
    }
}

/// The corpus of the border of C: the core itself forbids `unsafe`.
pub(crate) fn miri() -> Result<(), String> {
    let mut miri = under("nightly");
    miri.args(["miri", "test", "--locked", "-p", "nengli-abi"]);
    miri.args(["--test", "fuzz_replay", "--", "--nocapture"]);
    // The corpus is read from files.
    miri.env("MIRIFLAGS", "-Zmiri-disable-isolation");
    let mut shell = shell("miri")?;
    let outcome = shell.run(&mut miri);
    let seconds = shell.finish().seconds;
    outcome.map(|_| println!("miri: nothing found, {seconds} s"))
}

fn shell(name: &str) -> Result<Shell, String> {
    let folder = target().map_err(|error| error.to_string())?.join("verify");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let log = folder.join(format!("{name}.log"));
    Shell::new(name.to_owned(), &log).map_err(|error| error.to_string())
}
