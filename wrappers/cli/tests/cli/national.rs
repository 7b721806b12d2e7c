//! All six instruments, by the command line.

use std::path::Path;

use nengli::instrument::definition::Item;
use serde_json::{Value, json};

use crate::material::{folder, project, rulebook, write};
use crate::model::{
    Answers, INSTRUMENTS, Readings, Rng, decide, ground_codes, item_codes, random_form,
};
use crate::program::{Ended, must_say, nengli, prepare, squeezed};

const LTCI: &str = "nhsa-37-2021";
const MZT: &str = "mzt-039-2013";
const NHC: &str = "nhc-48-2019";

/// A day on which the instrument was in force.
fn day(instrument: &str) -> &'static str {
    match instrument {
        MZT => "2015-06-01",
        _ => "2026-06-01",
    }
}

fn case(id: &str, instrument: &str, answers: &Answers) -> Value {
    json!({
        "case_id": id,
        "as_of": "2026-06-30",
        "assessments": [{"instrument": instrument, "date": day(instrument), "answers": answers}],
    })
}

/// A form of the insurance standard with the worst answer to every item.
fn worst() -> Answers {
    let codes = item_codes(LTCI).into_iter();
    codes.map(|code| (code, json!(0))).collect()
}

/// A form of care need without any trouble.
fn no_need() -> Answers {
    let best = |code: &str| match code.starts_with("3.4.") {
        true => json!(false),
        false => json!(0),
    };
    let codes = item_codes(NHC).into_iter();
    codes.map(|code| (code.clone(), best(&code))).collect()
}

// ---- batch ------------------------------------------------------------------

#[test]
fn two_hundred_forms_of_each_as_the_models_have_them() {
    let mut rng = Rng::new(200);
    let mut text = String::new();
    let mut expected = Vec::new();
    for i in 0..200 {
        for instrument in INSTRUMENTS {
            let answers = random_form(instrument, &mut rng);
            let verdict = decide(instrument, &answers, &Readings::new());
            let id = format!("{instrument}:{i}");
            text += &format!("{}\n", case(&id, instrument, &answers));
            expected.push((id, instrument, verdict));
        }
    }
    let here = folder();
    let file = write(here.path(), "mixed.jsonl", &text);
    let ended = nengli(["batch".as_ref(), file.as_os_str()]).quietly(0);
    let lines = ended.json_lines();
    assert_eq!(lines.len(), 1200);
    for (line, (id, instrument, verdict)) in lines.iter().zip(&expected) {
        assert_eq!(line["case_id"], *id);
        let result = &line["assessments"][0];
        assert_eq!(result["instrument"], *instrument);
        assert_eq!(result["level"]["code"].as_i64(), verdict.level, "{line}");
        let outcome = match verdict.level {
            Some(_) => "determined",
            None => "undetermined",
        };
        assert_eq!(result["outcome"], outcome, "{line}");
        // Complete forms, and yet one of the instruments has no table.
        assert!(verdict.level.is_some() || *instrument == NHC, "{line}");
    }
    // Every level of every instrument was met.
    for instrument in INSTRUMENTS {
        let levels: std::collections::BTreeSet<i64> = expected
            .iter()
            .filter(|(_, of, _)| *of == instrument)
            .filter_map(|(_, _, verdict)| verdict.level)
            .collect();
        let all = rulebook().instrument(instrument).unwrap().levels().len();
        assert!(
            levels.len() == all || instrument == NHC,
            "{instrument}: {levels:?}"
        );
    }
}

// ---- check ------------------------------------------------------------------

#[test]
fn every_instrument_is_proved() {
    let text = nengli(["check"]).quietly(0).out;
    for instrument in INSTRUMENTS {
        let states = rulebook().instrument(instrument).unwrap().prove().states;
        let heading = format!("{instrument}: {states} states");
        assert!(text.lines().any(|line| line == heading), "{heading}");
    }
    must_say(&text, "6 instruments");
}

/// 256 vectors: 189 of one outcome, 13 of none, 54 of two.
#[test]
fn the_predecessor_is_counted() {
    let text = nengli(["check"]).quietly(0).out;
    let text = squeezed(&text.replace('│', ""));
    let of = text.find("of256combinations").expect("the combinations");
    let counted: String = text[of..].chars().take(200).collect();
    let at = |words: &str| {
        let at = counted.find(words);
        at.unwrap_or_else(|| panic!("{words:?} in {counted}"))
    };
    assert!(at("189") < at("13none") && at("13none") < at("54several"));
}

// ---- rules ------------------------------------------------------------------

/// The cells of a Markdown row, in which a bar of the text is escaped.
fn row(line: &str) -> Vec<String> {
    let line = line.replace("\\|", "\u{1}");
    let inner = line
        .strip_prefix('|')
        .and_then(|line| line.strip_suffix('|'));
    let cells = inner.into_iter().flat_map(|inner| inner.split('|'));
    cells
        .map(|cell| cell.trim().replace('\u{1}', "|"))
        .collect()
}

fn names(item: &Item, lang: &str) -> String {
    match lang {
        "zh" => item.names.zh.clone(),
        _ => item.names.en.clone(),
    }
}

#[test]
fn a_sheet_of_every_instrument() {
    for id in INSTRUMENTS {
        let instrument = rulebook().instrument(id).unwrap();
        for lang in ["zh", "en"] {
            let sheet = nengli(["rules", id, "--lang", lang]).quietly(0).out;
            let markdown = nengli(["rules", id, "--lang", lang, "--markdown"])
                .quietly(0)
                .out;
            // Nothing of the terminal's tables is left in a document.
            assert!(!markdown.contains(['│', '┆', '═', '\u{1b}']), "{id}");
            let firsts: Vec<String> = markdown
                .lines()
                .filter_map(|line| row(line).into_iter().next())
                .collect();
            for code in item_codes(id).iter().chain(&ground_codes(id)) {
                must_say(&sheet, code);
                assert!(firsts.contains(code), "{id} {lang}: {code}");
            }
            for item in instrument.items() {
                must_say(&sheet, &names(item, lang));
                must_say(&markdown, &names(item, lang));
            }
            for level in &instrument.definition().levels {
                let name = match lang {
                    "zh" => &level.names.zh,
                    _ => &level.names.en,
                };
                // A table that the user supplies is not there to be shown.
                if id != NHC {
                    must_say(&markdown, name);
                }
            }
        }
    }
}

/// A row of a table has as many cells as its heading.
#[test]
fn the_tables_of_a_document_are_whole() {
    for id in INSTRUMENTS {
        let markdown = nengli(["rules", id, "--markdown"]).quietly(0).out;
        let mut width = None;
        for line in markdown.lines() {
            if !line.starts_with('|') {
                width = None;
                continue;
            }
            let cells = row(line).len();
            assert_eq!(*width.get_or_insert(cells), cells, "{id}: {line}");
        }
    }
}

/// Daily living severe: severe I, I, II, III by the worse of the other two.
#[test]
fn the_combination_table_can_be_read_beside_the_standard() {
    for (lang, levels) in [
        (
            "zh",
            ["重度失能Ⅰ级", "重度失能Ⅰ级", "重度失能Ⅱ级", "重度失能Ⅲ级"],
        ),
        (
            "en",
            [
                "severe dependency I",
                "severe dependency I",
                "severe dependency II",
                "severe dependency III",
            ],
        ),
    ] {
        let markdown = nengli(["rules", LTCI, "--lang", lang, "--markdown"])
            .quietly(0)
            .out;
        let mut expected = vec!["3"];
        expected.extend(levels);
        let found = markdown.lines().any(|line| row(line) == expected);
        assert!(found, "{expected:?} in\n{markdown}");
        for band in ["65–95", "45–60", "0–40", "4–15", "4–11", "2–3", "0–1"] {
            must_say(&markdown, band);
        }
    }
}

// ---- the report -------------------------------------------------------------

fn report(case: &Value, lang: &str, more: &[&str]) -> Ended {
    let mut args = vec!["assess", "-", "--lang", lang];
    args.extend(more);
    prepare(args).input(case.to_string()).end().quietly(0)
}

#[test]
fn a_report_says_what_is_to_be_confirmed() {
    let case = case("l-1", LTCI, &worst());
    for (lang, words, level) in [
        ("zh", "待与印刷本核对", "重度失能Ⅲ级"),
        (
            "en",
            "to be confirmed against the printed standard",
            "severe dependency III",
        ),
    ] {
        for more in [&[][..], &["--trace"]] {
            let text = report(&case, lang, more).out;
            must_say(&text, words);
            must_say(&text, level);
            must_say(&text, "2028-06-01");
        }
    }
}

/// What rests on no such table does not say so.
#[test]
fn a_report_of_other_evidence() {
    let answers = random_form("tekun-self-care", &mut Rng::new(3));
    let case = case("t-1", "tekun-self-care", &answers);
    let text = squeezed(&report(&case, "en", &[]).out);
    assert!(!text.contains("tobeconfirmed"), "{text}");
}

// ---- a table of one's own ---------------------------------------------------

fn assess(case: &Path, with: Option<&Path>) -> Ended {
    let mut args = vec!["assess".as_ref(), "--json".as_ref(), case.as_os_str()];
    if let Some(with) = with {
        args.extend(["--with".as_ref(), with.as_os_str()]);
    }
    nengli(args).quietly(0)
}

#[test]
fn a_supplied_table_grades() {
    let own = folder();
    let table = project().join("examples/rules/nhc-48-table.json");
    let table = std::fs::read(table).unwrap();
    write(own.path(), "tables/care-need.json", table);
    let mut answers = no_need();
    for code in ["3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.4.5"] {
        answers.insert(code.to_owned(), json!(true));
    }
    // 4 points: a mild ability; five syndromes: moderate in the invented table.
    answers.insert("3.1.6".to_owned(), json!(4));
    let here = folder();
    let case = case("n-1", NHC, &answers);
    let file = write(here.path(), "case.json", case.to_string());

    let without = assess(&file, None).json();
    assert_eq!(without["assessments"][0]["level"], Value::Null);
    assert_eq!(without["findings"][0]["code"], "level_not_in_rulebook");

    let with = assess(&file, Some(own.path())).json();
    let result = &with["assessments"][0];
    assert_eq!(
        result["level"],
        json!({"code": 2, "key": "moderate"}),
        "{with}"
    );
    assert_eq!(result["confidence"], "C");
    assert_eq!(with["findings"], json!([]));
    assert_ne!(with["rulebook"]["digest"], without["rulebook"]["digest"]);

    let dir = own.path().to_str().unwrap();
    must_say(&report(&case, "zh", &["--with", dir]).out, "待与印刷本核对");
    let proved = nengli(["check", "--with", dir]).quietly(0).out;
    assert!(!proved.contains("not in this rulebook"), "{proved}");
    let sheet = nengli(["rules", NHC, "--markdown", "--with", dir])
        .quietly(0)
        .out;
    must_say(&sheet, "41–60");
}

#[test]
fn the_care_levels_of_an_institution() {
    let own = folder();
    let map = project().join("examples/rules/institution-care-levels.json");
    write(own.path(), "home.json", std::fs::read(map).unwrap());
    let with = assess(&crate::material::demo_file(), Some(own.path())).json();
    let found = &with["care_levels"][0];
    assert_eq!(found["scheme"], "example-home");
    assert_eq!(found["basis"], "institution");
    // The demo is moderate.
    assert_eq!(found["key"], "care_3");
}
