//! A name or an identity number at every place of a case where a text can stand: nothing
//! of it comes out of any command, in what is printed or in a page.
//!
//! What may stand in a case instead is a pseudonym of letters, digits and `. _ : -`, which
//! every command repeats: that one is a name written together cannot be seen.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;

use nengli::case::{Background, Reason, Relation, Setting};
use nengli::rulebook::FactType;
use serde_json::{Value, json};

use crate::material::{demo_text, folder, project, rulebook, write};
use crate::program::{nengli, prepare};

/// Texts that tell who somebody is, and the part of each that must not come back.
const WHO: [(&str, &str); 5] = [
    ("110105194912310021", "11010519491231002"),
    ("11010519491231002X", "11010519491231002"),
    ("id:110105194912310021", "11010519491231002"),
    ("王小明", "王小明"),
    ("Wang Xiaoming, 3 East Road", "Xiaoming"),
];

/// A case with something at every place that the schema has.
fn full() -> Value {
    let mut case: Value = serde_json::from_str(&demo_text()).unwrap();
    case["jurisdiction"] = json!("120101");
    case["replaces"] = json!("demo-0000");
    case["costs"] = json!([{"setting": "home", "month": "2026-06", "fen": 200_000, "days": 30}]);
    case["used"] = json!([{"programme": "ltci", "fen": 1}]);
    case["interpretations"] = json!({"gbt-42195-2022/uplift": "single"});
    case["facts"] = json!({"birth_date": "1941-03-02", "receives": ["care-voucher"]});
    let form = &mut case["assessments"][0];
    form["assessors"] = json!([{"id": "a-17", "background": "nursing"}]);
    form["informant"] = json!({"relation": "self"});
    form["reason"] = json!("initial");
    case
}

/// Nothing that the schema names is absent from the full case: a new place must come in.
#[test]
fn the_case_is_full() {
    let schema = fs::read_to_string(project().join("schemas/case.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut wanted = BTreeSet::new();
    let mut todo = vec![&schema];
    while let Some(value) = todo.pop() {
        match value {
            Value::Object(members) => {
                if let Some(Value::Object(properties)) = members.get("properties") {
                    wanted.extend(properties.keys().cloned());
                }
                todo.extend(members.values());
            }
            Value::Array(list) => todo.extend(list),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    let case = full();
    let mut todo = vec![&case];
    while let Some(value) = todo.pop() {
        match value {
            Value::Object(members) => {
                found.extend(members.keys().cloned());
                todo.extend(members.values());
            }
            Value::Array(list) => todo.extend(list),
            _ => {}
        }
    }
    // Facts are all tried, each in turn.
    let facts: BTreeSet<&String> = rulebook().facts().map(|fact| &fact.id).collect();
    let absent = wanted.difference(&found);
    let absent: Vec<&String> = absent.filter(|key| !facts.contains(key)).collect();
    assert!(absent.is_empty(), "{absent:?}");
    // The closed lists have words of their own, and no free text.
    assert!(Background::ALL.len() + Reason::ALL.len() + Relation::ALL.len() > 3);
    assert!(!Setting::ALL.is_empty());
    let ended = prepare(["assess", "-", "--json"])
        .input(case.to_string())
        .end();
    ended.quietly(0);
}

/// The full case with a text at each place: as it is, in a list, and as a key.
fn with(who: &str) -> Vec<Value> {
    let mut places = Vec::new();
    let case = full();
    let mut todo = vec![(String::new(), &case)];
    while let Some((at, value)) = todo.pop() {
        match value {
            Value::Object(members) => {
                for (key, inner) in members {
                    todo.push((format!("{at}/{}", key.replace('/', "~1")), inner));
                }
            }
            Value::Array(list) => {
                for (i, inner) in list.iter().enumerate() {
                    todo.push((format!("{at}/{i}"), inner));
                }
            }
            _ => {}
        }
        places.push(at);
    }
    let mut out = Vec::new();
    for at in places {
        for value in [json!(who), json!([who]), json!({ "x": who })] {
            let mut case = full();
            *case.pointer_mut(&at).unwrap() = value;
            out.push(case);
        }
        // A short key is repeated so that it can be found (`docs/contract.md`); never one
        // with the digits of a number, and never one of a sentence.
        let mut case = full();
        if let Some(Value::Object(members)) = case.pointer_mut(&at)
            && (who.contains("1949") || who.chars().count() > 32)
        {
            members.insert(who.to_owned(), json!(1));
            out.push(case);
        }
    }
    // Every fact and every answer that there is.
    for fact in rulebook().facts() {
        let mut case = full();
        case["facts"][&fact.id] = json!(who);
        out.push(case.clone());
        if matches!(fact.kind, FactType::Choices | FactType::Programmes) {
            case["facts"][&fact.id] = json!([who]);
            out.push(case);
        }
    }
    for instrument in rulebook().instruments() {
        let codes = instrument.items().map(|item| item.code.to_string());
        let fields = instrument.definition().fields.iter();
        for code in codes.chain(fields.map(|field| field.code.to_string())) {
            let form = json!({"instrument": instrument.id(), "date": "2026-06-20",
                              "answers": {&code: who}});
            let mut case = full();
            case["assessments"] = json!([form]);
            out.push(case.clone());
            case["assessments"][0]["answers"][&code] = json!([who]);
            out.push(case);
        }
    }
    out
}

/// Everything that a run said, and what it wrote.
fn said(line: &[&OsStr], files: &[&std::path::Path]) -> String {
    let ended = nengli(line);
    let mut said = ended.out + &ended.err;
    for file in files {
        said.push_str(&fs::read_to_string(file).unwrap_or_default());
    }
    assert!(!said.is_empty(), "{line:?}");
    said
}

#[test]
fn nobody_is_named_by_any_command() {
    let here = folder();
    let rules = project().join("rules");
    for (who, part) in WHO {
        let cases = with(who);
        assert!(cases.len() > 300, "{}", cases.len());
        let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
        let file = write(here.path(), "cases.jsonl", lines);
        let file = file.as_os_str();
        let page = here.path().join("page.html");
        let html = page.as_os_str();
        let w = OsStr::new;
        for line in [
            [w("batch"), file].as_slice(),
            &[w("batch"), w("--record"), file],
            &[w("replay"), file, w("--all"), w("--report"), html],
            &[w("replay"), file, w("--json")],
            &[w("coverage"), file, w("--all"), w("--report"), html],
            &[w("coverage"), file, w("--json")],
            &[
                w("impact"),
                w("--to"),
                rules.as_ref(),
                file,
                w("--report"),
                html,
            ],
            &[w("impact"), w("--to"), rules.as_ref(), file, w("--json")],
            &[
                w("export"),
                w("csv"),
                w("gbt-42195-2022"),
                w("--cases"),
                file,
            ],
        ] {
            for lang in ["en", "zh"] {
                let line: Vec<&OsStr> =
                    line.iter().copied().chain([w("--lang"), w(lang)]).collect();
                let said = said(&line, &[&page]);
                assert!(!said.contains(part), "{line:?}: {part}");
            }
        }
        // Every line was refused: none was decided with the text in it.
        let batch = nengli([w("batch"), file]);
        for (case, answer) in cases.iter().zip(batch.json_lines()) {
            assert!(answer["rejected"].is_array(), "{case}");
        }
    }
}

/// The commands of one case, with a handful of places: the same reader stands behind all.
#[test]
fn nobody_is_named_by_the_commands_of_one_case() {
    let here = folder();
    let good = write(here.path(), "good.json", full().to_string());
    for (who, part) in WHO {
        for at in [
            "/case_id",
            "/replaces",
            "/facts/receives/0",
            "/assessments/0/assessors/0/id",
        ] {
            let mut case = full();
            *case.pointer_mut(at).unwrap() = json!(who);
            let file = write(here.path(), "case.json", case.to_string());
            let (file, good) = (file.as_os_str(), good.as_os_str());
            let w = OsStr::new;
            for line in [
                [w("assess"), file].as_slice(),
                &[w("assess"), file, w("--lang"), w("zh")],
                &[w("assess"), file, w("--json"), w("--trace")],
                &[w("assess"), file, w("--record")],
                &[w("assess"), file, w("--why")],
                &[w("assess"), file, w("--what-if")],
                &[w("compare"), file, good],
                &[w("compare"), good, file],
                &[w("export"), w("response"), file],
                &[w("export"), w("observations"), file],
            ] {
                let said = said(line, &[]);
                assert!(!said.contains(part), "{line:?} with {who} at {at}: {said}");
            }
        }
        // Asked on the command line, as a value or where a code should stand.
        let good = good.to_str().unwrap();
        for asked in [
            format!("--what-if={who}"),
            format!("--what-if={who}=1"),
            format!("--what-if=economic_status={who}"),
            format!("--what-if=jurisdiction={who}"),
            format!("--what-if=B.1.1={who}"),
            format!("--why={who}"),
        ] {
            let ended = nengli(["assess", good, &asked]);
            assert_ne!(ended.code, 0, "{asked}");
            let said = ended.out + &ended.err;
            assert!(!said.contains(part), "{asked}: {said}");
        }
    }
}

/// A record whose determination was rewritten, at every place of it.
#[test]
fn nobody_is_named_by_a_record_that_was_altered() {
    let here = folder();
    let record = prepare(["assess", "--record", "-"]).input(full().to_string());
    let record = record.end().quietly(0).json();
    let mut places = Vec::new();
    let mut todo = vec![(String::new(), &record)];
    while let Some((at, value)) = todo.pop() {
        match value {
            Value::Object(members) => {
                for (key, inner) in members {
                    todo.push((format!("{at}/{}", key.replace('/', "~1")), inner));
                }
            }
            Value::Array(list) => {
                for (i, inner) in list.iter().enumerate().take(2) {
                    todo.push((format!("{at}/{i}"), inner));
                }
            }
            _ => {}
        }
        places.push(at);
    }
    // Each place with one of them, and with another.
    for turn in [0, 3] {
        let altered = places.iter().enumerate().map(|(i, at)| {
            let mut record = record.clone();
            *record.pointer_mut(at).unwrap() = json!(WHO[(i + turn) % WHO.len()].0);
            format!("{record}\n")
        });
        let file = write(here.path(), "records.jsonl", altered.collect::<String>());
        let page = here.path().join("page.html");
        let w = OsStr::new;
        for line in [
            [
                w("replay"),
                file.as_ref(),
                w("--all"),
                w("--report"),
                page.as_ref(),
            ]
            .as_slice(),
            &[w("replay"), file.as_ref(), w("--json")],
            &[w("coverage"), file.as_ref()],
        ] {
            let said = said(line, &[&page]);
            for (_, part) in WHO {
                let found = said.lines().find(|line| line.contains(part));
                assert_eq!(found, None, "{line:?}");
            }
        }
    }
}

/// A table of another system with a name in every cell in turn.
#[test]
fn nobody_is_named_by_an_audit_or_a_sheet() {
    let here = folder();
    let mapping = project().join("examples/audit/mapping.json");
    let table = fs::read_to_string(project().join("examples/audit/decisions.csv")).unwrap();
    let sheet = fs::read_to_string(project().join("examples/sheet/ltci.csv")).unwrap();
    let replaced = |line: &str, who: &str| -> Vec<String> {
        let cells: Vec<&str> = line.split(',').collect();
        let with = |i: usize| {
            let mut cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            cells[i] = format!("\"{who}\"");
            cells.join(",")
        };
        (0..cells.len()).map(with).collect()
    };
    for (who, part) in WHO {
        let mut lines = table.lines();
        let head = lines.next().unwrap();
        let rows = replaced(lines.next().unwrap(), who).join("\n");
        let file = write(here.path(), "table.csv", format!("{head}\n{rows}\n"));
        let page = here.path().join("page.html");
        let w = OsStr::new;
        for more in [
            [w("--all"), w("--report"), page.as_ref()].as_slice(),
            &[w("--json")],
        ] {
            let mut line = vec![w("audit"), file.as_ref(), w("--map"), mapping.as_ref()];
            line.extend(more);
            let said = said(&line, &[&page]);
            assert!(!said.contains(part), "{line:?}: {said}");
        }
        // As the names of columns: each in turn of a few, since the head is read alone.
        for head in replaced(head, who).iter().step_by(7) {
            let file = write(here.path(), "head.csv", format!("{head}\n"));
            let line = [w("audit"), file.as_ref(), w("--map"), mapping.as_ref()];
            assert!(!said(&line, &[]).contains(part), "{head}");
        }
        // A cell with a comma in it is not cut here.
        let rows: Vec<&str> = sheet.lines().collect();
        let plain = rows.iter().skip(1).filter(|row| !row.contains('"'));
        let more: Vec<String> = plain.flat_map(|row| replaced(row, who)).collect();
        let filled = [
            rows.as_slice(),
            &more.iter().map(String::as_str).collect::<Vec<_>>(),
        ];
        let mut sheets = vec![filled.concat().join("\n")];
        for head in replaced(rows[0], who).iter().step_by(7) {
            sheets.push(sheet.replacen(rows[0], head, 1));
        }
        for sheet in sheets {
            let file = write(here.path(), "sheet.csv", sheet);
            let said = said(&[w("import"), w("csv"), file.as_ref()], &[]);
            assert!(!said.contains(part), "{said}");
        }
    }
}

/// A questionnaire that was filled in elsewhere, with a name at every place.
#[test]
fn nobody_is_named_by_a_document_of_another_system() {
    let here = folder();
    let demo = crate::material::demo_file();
    let bundle = nengli(["export".as_ref(), "response".as_ref(), demo.as_os_str()]);
    let bundle = bundle.quietly(0).json();
    let mut places = Vec::new();
    let mut todo = vec![(String::new(), &bundle)];
    while let Some((at, value)) = todo.pop() {
        match value {
            Value::Object(members) => {
                for (key, inner) in members {
                    todo.push((format!("{at}/{key}"), inner));
                }
            }
            Value::Array(list) => {
                for (i, inner) in list.iter().enumerate().take(2) {
                    todo.push((format!("{at}/{i}"), inner));
                }
            }
            Value::String(_) => places.push(at),
            _ => {}
        }
    }
    assert!(places.len() > 20, "{}", places.len());
    // Each place with two of them, so that the runs are not too many.
    for (i, at) in places.iter().enumerate() {
        for (who, part) in [WHO[i % WHO.len()], WHO[(i + 3) % WHO.len()]] {
            let mut bundle = bundle.clone();
            *bundle.pointer_mut(at).unwrap() = json!(who);
            let file = write(here.path(), "bundle.json", bundle.to_string());
            let ended = nengli(["import".as_ref(), "fhir".as_ref(), file.as_os_str()]);
            let said = ended.out + &ended.err;
            assert!(!said.contains(part), "{who} at {at}: {said}");
        }
    }
}
