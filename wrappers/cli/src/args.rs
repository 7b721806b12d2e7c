//! The arguments.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use nengli::Lang;

use crate::compression::Compression;
use crate::export::Export;
use crate::import::Import;
use crate::parallel;

/// What the program is asked.
#[derive(Debug, Parser)]
#[command(
    name = "nengli",
    version,
    about = "Assess older adults by China's national standards: level, rights, who pays, clauses",
    after_help = "Exit status: 0 all decided or undetermined; 1 a case was rejected, a check failed,\n\
                  a record differs, is malformed or has a broken seal; 2 a file could not be read or written, is not UTF-8, is not JSON or is too large,\n\
                  or the arguments are unusable."
)]
pub(crate) struct Args {
    /// Use the rule files of this folder instead of the embedded ones.
    #[arg(long, value_name = "DIR", global = true, help_heading = "Everywhere")]
    pub(crate) rules: Option<PathBuf>,
    /// Add the rule files of this folder (an own county, an institution's map).
    #[arg(long, value_name = "DIR", global = true, help_heading = "Everywhere")]
    pub(crate) with: Vec<PathBuf>,
    /// Language of reports; by locale unless given.
    #[arg(long, value_enum, global = true, help_heading = "Everywhere")]
    lang: Option<LangArg>,
    /// When to use colours.
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        global = true,
        help_heading = "Everywhere"
    )]
    pub(crate) color: Color,
    /// Threads to work with; by default one for each core. The output is the same.
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..=256),
        global = true,
        help_heading = "Everywhere"
    )]
    threads: Option<u16>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LangArg {
    /// Chinese.
    Zh,
    /// English.
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Decide one case and print a report.
    Assess(Assess),
    /// Decide one case a line; write one determination (or rejection) a line.
    Batch(Batch),
    /// Check the seals of records, decide their cases again and list what differs.
    Replay(Replay),
    /// Say which rows of which rule files some cases exercised.
    Coverage(Coverage),
    /// Recompute decisions of another system from their answers and list what does not
    /// agree, by kind.
    Audit(Audit),
    /// Put the previous result of a person beside the new one, item by item.
    Compare(Compare),
    /// Count what another rulebook would change: levels, rights and money, over many cases.
    Impact(Impact),
    /// Write forms, cases and results in formats that other systems speak.
    #[command(subcommand)]
    Export(Export),
    /// Read a case from a format that other systems speak.
    #[command(subcommand)]
    Import(Import),
    /// Prove the rulebook and say over how many states.
    Check(Check),
    /// Print a JSON Schema, or the names of those there are.
    Schema(Schema),
    /// Show what the rulebook holds.
    Rules(Rules),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Assess {
    /// The case, a JSON file; `-` for standard input.
    pub(crate) file: PathBuf,
    /// Print the determination as JSON instead of the report.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the record: the case and its determination under a seal, as JSON.
    #[arg(long, conflicts_with_all = ["json", "full", "pretty"])]
    pub(crate) record: bool,
    /// With the full trace: each step, its inputs, row, result and citations.
    #[arg(long)]
    pub(crate) trace: bool,
    /// Every right with its reasons, and every question.
    #[arg(long, conflicts_with = "json")]
    pub(crate) full: bool,
    /// Tell why, from the right back to the item and the clause: of this programme, or of
    /// every level, right and payment.
    #[arg(
        long,
        value_name = "PROGRAMME",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["record", "trace", "full"]
    )]
    pub(crate) why: Option<String>,
    /// What would come out otherwise if an answer or fact were (`B.1.1=2`,
    /// `economic_status=none`, `jurisdiction=130802`; repeatable; nothing after `=` leaves
    /// it out). Alone: how far the next levels are, which answers carry the result, and
    /// what would settle what is open.
    #[arg(
        long,
        value_name = "CODE=VALUE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["record", "trace", "full", "why"]
    )]
    pub(crate) what_if: Vec<String>,
    /// Indent the JSON.
    #[arg(long, requires = "json")]
    pub(crate) pretty: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Batch {
    /// The cases, one JSON document a line; `-` for standard input.
    pub(crate) file: PathBuf,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Compress what is written; by the end of the name OUT (`.gz`, `.zst`) unless given.
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) compress: Option<Compression>,
    /// Write records: each case and its determination under a seal.
    #[arg(long)]
    pub(crate) record: bool,
    /// Go on behind the last whole line of OUT, where a batch was broken off; with the same
    /// cases, options and rules, which its last line is checked for.
    #[arg(long, requires = "output", conflicts_with = "compress")]
    pub(crate) resume: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// Records, one a line, or one in a file that ends in `.json`; a folder with such
    /// files (`*.jsonl`, `*.record.json`); `-` for lines from standard input.
    #[arg(value_name = "FILE|DIR")]
    pub(crate) path: PathBuf,
    /// Replay a record of another rulebook under the one of this folder, written by
    /// `rules --export`, that has the digest it names.
    #[arg(long, value_name = "DIR")]
    pub(crate) archive: Option<PathBuf>,
    /// Write a report, too: one HTML page that needs no network and no script.
    #[arg(long, value_name = "HTML")]
    pub(crate) report: Option<PathBuf>,
    /// List every difference, and not the first 20 alone.
    #[arg(long)]
    pub(crate) all: bool,
    /// Print a line of JSON for each record that is not the same, and nothing else.
    #[arg(long, conflicts_with = "all")]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Coverage {
    /// Cases or records, one a line, or one in a file that ends in `.json`; a folder with
    /// such files (`*.case.json`, `*.jsonl`); `-` for lines from standard input.
    #[arg(value_name = "FILE|DIR")]
    pub(crate) path: PathBuf,
    /// Print as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the rows that no case reached, one a line, and nothing else.
    #[arg(long, conflicts_with = "all")]
    pub(crate) unreached: bool,
    /// List every unreached row below the table, and not the first 20 alone.
    #[arg(long, conflicts_with = "json")]
    pub(crate) all: bool,
    /// Write a report to read in a browser.
    #[arg(long, value_name = "OUT.html")]
    pub(crate) report: Option<PathBuf>,
    /// Exit with 1 unless every row that a case can reach is reached.
    #[arg(long)]
    pub(crate) all_reached: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    /// The decisions: a table in a file that ends in `.csv`, else one JSON object a
    /// line; `-` for standard input.
    #[arg(required_unless_present = "check")]
    pub(crate) file: Option<PathBuf>,
    /// How its columns are read, a JSON file (`nengli schema mapping`). Where there are
    /// several, each row goes to the first whose `only` takes it.
    #[arg(long, value_name = "MAPPING", required = true)]
    pub(crate) map: Vec<PathBuf>,
    /// Prove the mapping against the rulebook, and read nothing.
    #[arg(long, conflicts_with_all = ["file", "json", "all", "csv", "output", "report"])]
    pub(crate) check: bool,
    /// Read a table, whatever the name of the file.
    #[arg(long)]
    pub(crate) csv: bool,
    /// List every conflict, and not the first 20 alone.
    #[arg(long)]
    pub(crate) all: bool,
    /// Print a line of JSON for each decision with conflicts, and nothing else.
    #[arg(long, conflicts_with = "all")]
    pub(crate) json: bool,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Write a page for people as well: counts, kinds with examples, instruments.
    #[arg(long, value_name = "HTML")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Compare {
    /// The previous result: a case or a record, a JSON file; `-` for standard input.
    pub(crate) previous: PathBuf,
    /// The new result: a case or a record, a JSON file; `-` for standard input.
    pub(crate) new: PathBuf,
    /// Print the succession as JSON instead of the tables.
    #[arg(long)]
    pub(crate) json: bool,
    /// What did not change too.
    #[arg(long, conflicts_with = "json")]
    pub(crate) full: bool,
    /// Indent the JSON.
    #[arg(long, requires = "json")]
    pub(crate) pretty: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Impact {
    /// The cases, one JSON document a line; `-` for standard input. Of a record its case
    /// is taken.
    pub(crate) file: PathBuf,
    /// The other rulebook: a folder of rule files, or a file written by `rules --export`.
    #[arg(long, value_name = "RULES")]
    pub(crate) to: PathBuf,
    /// Print the counts as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a page with tables and a map of the changes here.
    #[arg(long, value_name = "OUT.html")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// A folder of rule files; the rulebook in use unless given.
    pub(crate) dir: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// Which: see the list that is printed without a name.
    pub(crate) name: Option<String>,
    /// For `case`: with the codes and allowed answers of this instrument.
    #[arg(long, value_name = "ID", requires = "name")]
    pub(crate) instrument: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// An instrument, a programme, a place by its division code, a citation, or one
    /// of `facts`, `jurisdictions`, `fingerprints`.
    pub(crate) id: Option<String>,
    /// Print as JSON.
    #[arg(long, requires = "id")]
    pub(crate) json: bool,
    /// Write the whole rulebook as one JSON file, for the archive; into a folder under
    /// the name of its digest.
    #[arg(long, value_name = "FILE", conflicts_with = "id")]
    pub(crate) export: Option<PathBuf>,
    /// Print tables for a document, in Markdown.
    #[arg(long, requires = "id", conflicts_with = "json")]
    pub(crate) markdown: bool,
}

impl Args {
    /// Threads to work with.
    pub(crate) fn threads(&self) -> usize {
        self.threads.map_or_else(parallel::threads, usize::from)
    }

    /// The language of reports: as asked, else Chinese where the locale is.
    pub(crate) fn lang(&self) -> Lang {
        match self.lang {
            Some(LangArg::Zh) => Lang::Zh,
            Some(LangArg::En) => Lang::En,
            None => {
                let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                    .iter()
                    .filter_map(|name| std::env::var(name).ok())
                    .find(|value| !value.is_empty());
                match locale {
                    Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Lang::Zh,
                    _ => Lang::En,
                }
            }
        }
    }
}
