//! Whole reports, as they are printed: one of each instrument and of each place, in both
//! languages, in `tests/reports/`. What a line says is read there in review.
//!
//! `NENGLI_BLESS=1 cargo test -p nengli-cli --test reports` writes them anew.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../../../tests/common/checked_in.rs"]
mod checked_in;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use checked_in::folder_must_be;
use nengli::{Lang, Options, Rulebook, explain};

/// Name of the report, and its case under `tests/cases/`.
const REPORTS: &[(&str, &str)] = &[
    ("gbt-42195-2022", "gbt-42195-2022/levels-alone"),
    (
        "gbt-42195-2022-coma",
        "gbt-42195-2022/coma-with-items-missing",
    ),
    ("mzt-039-2013", "mzt-039-2013/both-uplifts-add-up"),
    ("nhc-48-2019", "nhc-48-2019/sums-and-syndromes"),
    ("nhsa-37-2021", "nhsa-37-2021/adl-45-with-cognition-lost"),
    (
        "nhsa-37-2021-self",
        "nhsa-37-2021-self/class-a-one-class-b-three",
    ),
    ("tekun-self-care", "tekun-self-care/four-not-alone"),
    ("place-000000", "rights/nation"),
    ("place-110105-without-rules", "rights/beijing"),
    ("place-120000", "rights/tianjin"),
    ("place-120101", "rights/heping"),
    ("place-120117", "rights/ninghe"),
    ("place-130000", "rights/hebei"),
    ("place-130800", "rights/chengde"),
    ("place-130802", "rights/shuangqiao"),
    ("place-370000", "rights/shandong"),
    ("place-370900", "rights/taian"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The report as it is printed, without the digest: another rule elsewhere is no reason
/// to read it anew.
fn report(rulebook: &Rulebook, case: &str, lang: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_nengli"))
        .current_dir(root())
        .args(["--lang", lang, "assess", "--full"])
        .arg(format!("tests/cases/{case}.case.json"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{case}");
    let text = String::from_utf8(output.stdout).unwrap();
    let digest = rulebook.digest().get(..23).unwrap();
    assert!(text.contains(digest), "{case}");
    text.replace(digest, "sha256:")
}

#[test]
fn reports_are_as_they_were_read() {
    let rulebook = Rulebook::builtin().unwrap();
    let mut reports = BTreeMap::new();
    for (name, case) in REPORTS {
        for lang in ["zh", "en"] {
            reports.insert(format!("{name}.{lang}.txt"), report(&rulebook, case, lang));
        }
    }
    folder_must_be(&root().join("tests/reports"), &reports);
}

/// Every instrument and every place with rules has its report.
#[test]
fn nothing_is_left_out() {
    let rulebook = Rulebook::builtin().unwrap();
    let (mut instruments, mut places) = (BTreeSet::new(), BTreeSet::new());
    for (_, case) in REPORTS {
        let path = root().join(format!("tests/cases/{case}.case.json"));
        let text = fs::read_to_string(path).unwrap();
        let determination = rulebook.assess_text(&text, Options::default()).unwrap();
        let forms = determination.assessments.iter();
        instruments.extend(forms.map(|form| form.instrument.clone()));
        places.extend(determination.jurisdiction);
    }
    for instrument in rulebook.instruments() {
        assert!(instruments.contains(instrument.id()), "{}", instrument.id());
    }
    for file in rulebook.programme_files() {
        assert!(
            places.contains(file.jurisdiction.as_str()),
            "{}",
            file.jurisdiction
        );
    }
    let bare = |place: &&String| {
        let mut files = rulebook.programme_files();
        !files.any(|file| file.jurisdiction == **place)
    };
    assert!(places.iter().any(|place| bare(&place)), "one without rules");
}

/// No line is longer than a terminal, and none shows a key in place of a word.
#[test]
fn lines_are_words_and_fit() {
    let rulebook = Rulebook::builtin().unwrap();
    for (name, case) in REPORTS {
        for (lang, word) in [("zh", Lang::Zh), ("en", Lang::En)] {
            for line in report(&rulebook, case, lang).lines() {
                assert!(console::measure_text_width(line) <= 100, "{name}: {line}");
                assert!(!line.contains(['{', '}']), "{name}: {line}");
                assert_eq!(line, line.trim_end(), "{name}: {line:?}");
                let keys = [
                    "finding.", "status.", "group.", "want.", "cond.", "due.", "：none",
                ];
                for key in keys {
                    assert!(!line.contains(key), "{name}: {line}");
                }
            }
            assert!(!explain::heading("findings", word).contains("section."));
        }
    }
}
