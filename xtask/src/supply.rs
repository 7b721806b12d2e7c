//! What the core is built on, and what is built on it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::shell::Shell;
use crate::steps::cargo;
use crate::{root, target};

/// The page that lists what the core depends on, each with its reason.
const PAGE: &str = "docs/dependencies.md";
/// The public interface of the core, an item a line.
const API: &str = "tests/public-api.txt";

struct Tool {
    package: &'static str,
    version: &'static str,
}

const DENY: Tool = Tool {
    package: "cargo-deny",
    version: "0.20.2",
};
const PUBLIC_API: Tool = Tool {
    package: "cargo-public-api",
    version: "0.52.0",
};
/// The form that `cargo-public-api` reads is written by a nightly compiler alone.
const NIGHTLY: &str = "nightly";

/// Each package of `cargo tree` has a row in the page, and each row its package.
pub(crate) fn dependencies(shell: &mut Shell) -> Result<(), String> {
    let mut tree = cargo();
    tree.args(["tree", "--locked", "-p", "nengli", "--edges", "normal"]);
    tree.args([
        "--no-default-features",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let tree = shell.run(&mut tree)?;
    let name = |line: &str| line.split(' ').next().map(str::to_owned);
    let mut built: BTreeSet<String> = tree.lines().filter_map(name).collect();
    built.remove("nengli");
    built.remove("");

    let page = fs::read_to_string(root().join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))?;
    let (_, page) = page
        .split_once("## The core alone")
        .ok_or("no such heading")?;
    let page = page.split("\n## ").next().unwrap_or_default();
    let row = |line: &str| {
        let (name, _) = line.strip_prefix("| `")?.split_once('`')?;
        Some(name.to_owned())
    };
    let listed: BTreeSet<String> = page.lines().filter_map(row).collect();
    if listed != built {
        let absent: Vec<_> = built.difference(&listed).collect();
        let left: Vec<_> = listed.difference(&built).collect();
        return Err(format!("{PAGE}: lacks {absent:?}, lists {left:?} in vain"));
    }
    shell.figure(
        "packages under the core, each with its reason",
        built.len(),
        "",
    );
    Ok(())
}

/// Licences, sources and doubles, of all packages that are built here.
pub(crate) fn deny(shell: &mut Shell) -> Result<(), String> {
    let deny = installed(shell, &DENY)?;
    for check in ["licenses", "bans", "sources"] {
        let mut command = Command::new(&deny);
        command.args(["--locked", "--workspace", "check", check]);
        shell.run(&mut command)?;
    }
    let lock = fs::read_to_string(root().join("Cargo.lock"));
    let lock = lock.map_err(|error| format!("Cargo.lock: {error}"))?;
    let packages = lock.matches("[[package]]").count();
    shell.figure(
        "packages of Cargo.lock, licence and source allowed",
        packages,
        "",
    );
    shell.note("advisories: not here, their database is fetched (see docs/dependencies.md)");
    Ok(())
}

pub(crate) fn api(shell: &mut Shell) -> Result<(), String> {
    let Some(found) = public_api(shell)? else {
        return Ok(());
    };
    let kept = fs::read_to_string(root().join(API)).map_err(|error| format!("{API}: {error}"))?;
    let (kept_lines, found_lines) = (lines(&kept), lines(&found));
    for line in kept_lines.difference(&found_lines) {
        shell.write(&format!("gone: {line}\n"));
    }
    for line in found_lines.difference(&kept_lines) {
        shell.write(&format!("new:  {line}\n"));
    }
    if kept != found {
        let (gone, new) = (
            kept_lines.difference(&found_lines).count(),
            found_lines.difference(&kept_lines).count(),
        );
        return Err(format!(
            "the public interface is not {API}: {gone} items gone, {new} new; the log lists \
             them; `cargo xtask verify --bless api` writes it anew"
        ));
    }
    shell.figure(
        "items of the public interface, as listed",
        kept.lines().count(),
        "",
    );
    Ok(())
}

pub(crate) fn bless_api() -> Result<(), String> {
    let folder = target().map_err(|error| error.to_string())?.join("verify");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let shell = Shell::new("api".to_owned(), &folder.join("api.log"));
    let mut shell = shell.map_err(|error| error.to_string())?;
    let found = public_api(&mut shell)?;
    let found = found.ok_or_else(|| format!("the toolchain {NIGHTLY} is not installed"))?;
    fs::write(root().join(API), found).map_err(|error| format!("{API}: {error}"))?;
    println!("{API} is written: read what changed");
    Ok(())
}

fn lines(text: &str) -> BTreeSet<&str> {
    text.lines().collect()
}

/// Every public item of the core with the feature `schemars`. Not the long pages, and not
/// what is derived: `Clone`, `Debug` and the like.
fn public_api(shell: &mut Shell) -> Result<Option<String>, String> {
    if !has_toolchain(shell, NIGHTLY) {
        shell.not_run(format!("the toolchain {NIGHTLY} is not installed"));
        return Ok(None);
    }
    let tool = installed(shell, &PUBLIC_API)?;
    let target = target().map_err(|error| error.to_string())?;
    let mut command = Command::new(tool);
    command.args(["--package", "nengli", "-sss", "--color", "never"]);
    command.arg("--target-dir").arg(target.join("public-api"));
    // Under cargo the compiler at hand is set: the tool asks for the nightly one itself.
    let out = shell.run(command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO"))?;
    let items = out
        .lines()
        .filter(|line| !line.contains("::_documentation"));
    Ok(Some(items.map(|line| format!("{line}\n")).collect()))
}

/// Its program, installed into the target folder if it is not there in this version.
fn installed(shell: &mut Shell, tool: &Tool) -> Result<PathBuf, String> {
    let folder = target().map_err(|error| error.to_string())?.join("tools");
    let program = folder.join("bin").join(tool.package);
    let mut asked = Command::new(&program);
    let version = shell.run(asked.arg("--version")).unwrap_or_default();
    if version.trim().ends_with(tool.version) {
        return Ok(program);
    }
    let mut install = cargo();
    // It only reads and compares: a build without optimisation is ready sooner.
    install.args(["install", "--debug", "--locked", "--version", tool.version]);
    install.arg("--root").arg(&folder).arg(tool.package);
    shell.run(install.env("CARGO_TARGET_DIR", folder.join("build")))?;
    Ok(program)
}

pub(crate) fn has_toolchain(shell: &mut Shell, toolchain: &str) -> bool {
    let mut command = Command::new("rustup");
    command.args(["run", toolchain, "rustc", "--version"]);
    shell.run(&mut command).is_ok()
}

/// Cargo of another toolchain.
pub(crate) fn under(toolchain: &str) -> Command {
    let mut command = Command::new("rustup");
    command
        .args(["run", toolchain, "cargo"])
        .env_remove("CARGO");
    command
}
