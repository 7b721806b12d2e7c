//! What `verify` runs: each step by what it shows, in the order in which it is run.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::shell::Shell;
use crate::{root, supply, target};

pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&mut Shell) -> Result<(), String>,
}

pub(crate) const STEPS: [Step; 14] = [
    Step {
        name: "build",
        what: "what the next steps run, built in release",
        run: build,
    },
    Step {
        name: "instruments",
        what: "every instrument against its independent model: whole enumerations, millions at random",
        run: instruments,
    },
    Step {
        name: "rights",
        what: "rights and payments of random people against the independent model",
        run: rights,
    },
    Step {
        name: "properties",
        what: "what holds of every form and every text; columns against the whole engine",
        run: properties,
    },
    Step {
        name: "dead-cells",
        what: "every cell of every rule file changes some result",
        run: dead_cells,
    },
    Step {
        name: "hostile",
        what: "hostile input refused, faults survived, the same bytes everywhere",
        run: hostile,
    },
    Step {
        name: "fuzz-replay",
        what: "the fuzzers' corpus and changes of it, through every reader",
        run: fuzz_replay,
    },
    Step {
        name: "check",
        what: "the rulebook proved, layers compared with those above them",
        run: check,
    },
    Step {
        name: "records",
        what: "cases sealed as records, read again and replayed the same",
        run: records,
    },
    Step {
        name: "features",
        what: "each combination of features without a warning",
        run: features,
    },
    Step {
        name: "msrv",
        what: "the core builds with the oldest Rust that it says it needs",
        run: msrv,
    },
    Step {
        name: "dependencies",
        what: "what the core is built on is what its page lists",
        run: supply::dependencies,
    },
    Step {
        name: "deny",
        what: "licences and sources that are allowed, no package in two versions unnamed",
        run: supply::deny,
    },
    Step {
        name: "api",
        what: "the public interface is the list that is checked in",
        run: supply::api,
    },
];

/// How many forms or people each kind of test tries, and persons are sealed: with these
/// all steps fit into twenty minutes of two cores, the build included.
const FORMS: &str = "150000";
const PEOPLE: &str = "150000";
const INPUTS: &str = "20000";
const CHANGES: &str = "10000";
const PERSONS: &str = "20000";

fn build(shell: &mut Shell) -> Result<(), String> {
    let mut build = cargo();
    build.args(["test", "--locked", "--release", "--no-run"]);
    build.args(PACKAGES);
    let tests = TESTS.iter();
    for test in tests.filter(|test| **test != "dead_cells" || has_dead_cells()) {
        build.args(["--test", test]);
    }
    shell.run(&mut build)?;
    nengli(shell).map(drop)
}

fn instruments(shell: &mut Shell) -> Result<(), String> {
    let tests = ["instruments", "model_agrees", "exhaustive"];
    test(shell, FORMS, &tests, &[])
}

fn rights(shell: &mut Shell) -> Result<(), String> {
    test(shell, PEOPLE, &["rights_agree"], &[])
}

fn properties(shell: &mut Shell) -> Result<(), String> {
    test(shell, INPUTS, &["properties", "columns"], &[])
}

fn dead_cells(shell: &mut Shell) -> Result<(), String> {
    if !has_dead_cells() {
        shell.not_run("there is no tests/dead_cells.rs");
        return Ok(());
    }
    test(shell, "", &["dead_cells"], &["--ignored"])
}

fn has_dead_cells() -> bool {
    root().join("tests/dead_cells.rs").exists()
}

fn hostile(shell: &mut Shell) -> Result<(), String> {
    test(shell, "", &["hostile", "rejections"], &[])?;
    let modules = [
        "hostile::",
        "faults::",
        "determinism::",
        "identity::",
        "markup::",
        "resume::",
        "compressed::",
    ];
    test(shell, "", &["cli"], &modules)
}

fn fuzz_replay(shell: &mut Shell) -> Result<(), String> {
    test(shell, CHANGES, &["fuzz_replay"], &[])
}

fn check(shell: &mut Shell) -> Result<(), String> {
    let nengli = nengli(shell)?;
    let since = Instant::now();
    let out = shell.run(Command::new(nengli).arg("check"))?;
    let time = since.elapsed();
    // "gbt-42195-2022: 246621 states", and at the end "62 comparisons: …".
    let states = |line: &str| -> Option<usize> {
        let (_, states) = line.strip_suffix(" states")?.rsplit_once(": ")?;
        states.parse().ok()
    };
    let comparisons = |line: &str| -> Option<usize> {
        let (count, _) = line.split_once(" comparisons: ")?;
        count.parse().ok()
    };
    let proved: Vec<usize> = out.lines().filter_map(states).collect();
    let compared: usize = out.lines().filter_map(comparisons).sum();
    if proved.is_empty() || compared == 0 {
        return Err("nengli check no longer says what it proved".to_owned());
    }
    shell.figure("instruments proved", proved.len(), "");
    shell.figure("states gone through", proved.iter().sum(), "states");
    shell.figure("texts compared with those above them", compared, "");
    let time = usize::try_from(time.as_millis()).unwrap_or(usize::MAX);
    shell.figure("time of nengli check", time, "ms");
    Ok(())
}

fn records(shell: &mut Shell) -> Result<(), String> {
    test(shell, "", &["records", "cases"], &[])?;
    let nengli = nengli(shell)?;
    let folder = target().map_err(|error| error.to_string())?;
    let population = folder.join("release/examples/population");
    let cases = folder.join("verify/cases.jsonl");
    let records = folder.join("verify/records.jsonl");
    let fault = |error: io::Error| error.to_string();
    let file = File::create(&cases).map_err(fault)?;
    shell.run_into(Command::new(population).arg(PERSONS), file)?;

    let mut batch = Command::new(&nengli);
    batch.args(["batch", "--record"]).arg(&cases);
    shell.run(batch.arg("-o").arg(&records))?;
    // Ends with 1 if a seal is broken or anything comes out otherwise.
    shell.run(Command::new(&nengli).arg("replay").arg(&records))?;
    let file = File::open(&records).map_err(fault)?;
    let sealed = BufReader::new(file).split(b'\n').count();
    shell.figure("cases sealed and replayed the same", sealed, "records");
    drop((fs::remove_file(&cases), fs::remove_file(&records)));
    Ok(())
}

fn features(shell: &mut Shell) -> Result<(), String> {
    let combinations: [&[&str]; 7] = [
        &["-p", "nengli", "--no-default-features"],
        &["-p", "nengli", "--all-targets"],
        &["-p", "nengli", "--all-features"],
        &["-p", "nengli-abi", "--no-default-features"],
        &["-p", "nengli-abi", "--all-targets"],
        &["-p", "nengli-cli", "--all-targets"],
        &["-p", "xtask", "--all-targets"],
    ];
    for combination in combinations {
        let mut clippy = cargo();
        clippy.args(["clippy", "--locked"]).args(combination);
        shell.run(clippy.args(["--", "-D", "warnings"]))?;
        shell.figure("combinations built without a warning", 1, "");
    }
    let wasm = "wasm32-unknown-unknown";
    let mut library = Command::new("rustc");
    library.args(["--print", "target-libdir", "--target", wasm]);
    if fs::exists(shell.run(&mut library)?.trim()).unwrap_or(false) {
        let mut build = cargo();
        build.args(["check", "--locked", "--target", wasm]);
        shell.run(build.args(["-p", "nengli-abi", "--no-default-features"]))?;
        shell.figure("combinations built without a warning", 1, "");
    } else {
        shell.note("WebAssembly: by wrappers/abi/build-wasm, the target is not installed");
    }
    Ok(())
}

/// Of the core alone, without the tests: their tools may ask for more.
fn msrv(shell: &mut Shell) -> Result<(), String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"));
    let manifest = manifest.map_err(|error| format!("Cargo.toml: {error}"))?;
    let stated = |line: &str| {
        let version = line.strip_prefix("rust-version = \"")?;
        Some(version.strip_suffix('"')?.to_owned())
    };
    let stated = manifest.lines().find_map(stated);
    let stated = stated.ok_or("Cargo.toml states no rust-version")?;
    let toolchain = format!("{stated}.0");
    if !supply::has_toolchain(shell, &toolchain) {
        shell.not_run(format!("the toolchain {toolchain} is not installed"));
        return Ok(());
    }
    let combinations: [&[&str]; 2] = [&["--no-default-features"], &["--all-features"]];
    for features in combinations {
        let mut check = supply::under(&toolchain);
        check.args(["check", "--locked", "-p", "nengli"]);
        shell.run(check.args(features))?;
        shell.figure(&format!("builds with Rust {toolchain}"), 1, "");
    }
    Ok(())
}

/// What the steps test: always together, so that each dependency is built once.
const PACKAGES: [&str; 6] = ["-p", "nengli", "-p", "nengli-cli", "-p", "nengli-abi"];

/// All test files that the steps run.
const TESTS: [&str; 13] = [
    "cases",
    "cli",
    "columns",
    "dead_cells",
    "exhaustive",
    "fuzz_replay",
    "hostile",
    "instruments",
    "model_agrees",
    "properties",
    "records",
    "rejections",
    "rights_agree",
];

/// Test files by name, in release. Each of the filters must find some test.
fn test(shell: &mut Shell, cases: &str, tests: &[&str], filters: &[&str]) -> Result<(), String> {
    let mut command = cargo();
    command
        .args(["test", "--locked", "--release"])
        .args(PACKAGES);
    for test in tests {
        command.args(["--test", test]);
    }
    command.args(["--", "--nocapture"]).args(filters);
    match cases {
        "" => command.env_remove("NENGLI_CASES"),
        cases => command.env("NENGLI_CASES", cases),
    };
    let out = shell.run(&mut command)?;
    let names = filters.iter().filter(|filter| !filter.starts_with('-'));
    for name in names {
        if !out.contains(&format!("test {name}")) {
            return Err(format!("no test is called {name}"));
        }
    }
    Ok(())
}

/// The command line and the example `population`, built as for the tests.
fn nengli(shell: &mut Shell) -> Result<PathBuf, String> {
    let mut build = cargo();
    build
        .args(["build", "--locked", "--release"])
        .args(PACKAGES);
    build.args(["--bin", "nengli", "--example", "population"]);
    shell.run(&mut build)?;
    let target = target().map_err(|error| error.to_string())?;
    Ok(target.join("release/nengli"))
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
