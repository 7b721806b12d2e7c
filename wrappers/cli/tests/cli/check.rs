//! `nengli check`: proves the rules, and names what is wrong with them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::material::{GBT, GBT_FILE, copy_of_rules, demo_file, folder, rulebook, write};
use crate::program::{cells, json as parse, must_say, nengli};

fn check(dir: &Path) -> crate::program::Ended {
    nengli(["check".as_ref(), dir.as_os_str()])
}

fn check_json(dir: &Path) -> crate::program::Ended {
    nengli(["check".as_ref(), dir.as_os_str(), "--json".as_ref()])
}

/// A copy of the rules in which the instrument was changed.
fn broken(change: impl FnOnce(&mut Value)) -> TempDir {
    let rules = copy_of_rules();
    let path = rules.path().join(GBT_FILE);
    let mut instrument = parse(&fs::read_to_string(&path).unwrap());
    change(&mut instrument);
    fs::write(path, instrument.to_string()).unwrap();
    rules
}

/// Where the rows of the preliminary level (C.3) stand.
fn rows(instrument: &Value) -> String {
    let steps = instrument["steps"].as_array().unwrap();
    let i = steps.iter().position(|step| step["id"] == "C.3").unwrap();
    format!("/steps/{i}/rule/band/rows")
}

fn set(instrument: &mut Value, at: &str, value: Value) {
    *instrument.pointer_mut(at).expect(at) = value;
}

/// A fault that can be put into the instrument: its name, what to do, and where it
/// is then found.
struct Fault {
    name: &'static str,
    make: fn(&mut Value) -> String,
}

/// The rows of C.3 are 90, 66-89, 46-65, 30-45, 0-29.
const FAULTS: [Fault; 6] = [
    Fault {
        name: "gap",
        make: |instrument| {
            let rows = rows(instrument);
            set(instrument, &format!("{rows}/1/from"), json!(67));
            rows
        },
    },
    Fault {
        name: "overlap",
        make: |instrument| {
            let rows = rows(instrument);
            set(instrument, &format!("{rows}/3/to"), json!(46));
            format!("{rows}/3")
        },
    },
    Fault {
        name: "dead_row",
        make: |instrument| {
            let rows = rows(instrument);
            let list = instrument.pointer_mut(&rows).unwrap();
            let dead = json!({"from": 91, "to": 99, "is": "complete"});
            list.as_array_mut().unwrap().push(dead);
            format!("{rows}/5")
        },
    },
    Fault {
        name: "unknown_level",
        make: |instrument| {
            let rows = rows(instrument);
            set(instrument, &format!("{rows}/4/is"), json!("helpless"));
            format!("{rows}/4/is")
        },
    },
    Fault {
        name: "missing_citation",
        make: |instrument| {
            set(instrument, "/domains/1/items/2/cite", json!([]));
            "/domains/1/items/2/cite".to_owned()
        },
    },
    Fault {
        name: "duplicate_code",
        make: |instrument| {
            set(instrument, "/domains/1/items/1/code", json!("B.1.1"));
            "/domains/1/items/1/code".to_owned()
        },
    },
];

/// The faults that `check` finds, as JSON and in words alike.
fn found(rules: &Path) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut list: Vec<(String, String, String)> =
        check_json(rules).quietly(1).json()["diagnostics"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|fault| {
                (
                    text(&fault["file"]),
                    text(&fault["at"]),
                    text(&fault["kind"]),
                )
            })
            .collect();
    let words = check(rules).in_vain(1).err;
    for (file, at, kind) in &list {
        let named = words
            .lines()
            .any(|line| line.contains(&format!("{file}#{at}:")) && line.contains(kind));
        assert!(named, "{file}#{at}: {kind} in\n{words}");
    }
    // A fact that a broken instrument gives is given by nothing: that follows from it.
    list.retain(|(file, at, _)| (file.as_str(), at.as_str()) != ("facts", "/facts/dementia"));
    list
}

fn in_instrument(at: &str, kind: &str) -> (String, String, String) {
    (GBT_FILE.to_owned(), at.to_owned(), kind.to_owned())
}

#[test]
fn the_rules_hold_together() {
    let text = nengli(["check"]).quietly(0).out;
    for instrument in rulebook().instruments() {
        must_say(&text, instrument.id());
        for step in &instrument.definition().steps {
            must_say(&text, &step.id);
        }
    }
    // What was proved, and over how many states: the 91 totals at least.
    must_say(&text, "91");
    must_say(&text, "states");
    must_say(&text, "all 5 levels are reached");
    must_say(&text, rulebook().version());
    must_say(&text, rulebook().digest());
    assert!(!text.contains("NOT SOUND"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn what_was_proved_as_json() {
    let ended = nengli(["check", "--json"]).quietly(0);
    let answer = ended.json();
    assert_eq!(answer["sound"], true);
    assert_eq!(answer["digest"], rulebook().digest());
    let proofs = &answer["proofs"];
    assert_eq!(*proofs, serde_json::to_value(rulebook().check()).unwrap());
    let gbt = proofs
        .as_array()
        .unwrap()
        .iter()
        .find(|proof| proof["instrument"] == GBT)
        .unwrap();
    let states = |value: &Value| value["states"].as_u64().unwrap();
    let lines = gbt["lines"].as_array().unwrap();
    assert_eq!(states(gbt), lines.iter().map(states).sum::<u64>());
    assert!(states(gbt) > 91);
    // 33 x 16 x 29 x 16 sums of the domains.
    let total = lines.iter().find(|line| line["step"] == "total").unwrap();
    assert_eq!(states(total), 244_992);
    let band = lines.iter().find(|line| line["step"] == "C.3").unwrap();
    assert_eq!(states(band), 91);
}

#[test]
fn a_folder_of_rules() {
    let rules = copy_of_rules();
    assert_eq!(check(rules.path()).quietly(0).out, nengli(["check"]).out);
    // The same, said in the other way.
    let ended = nengli([
        "check".as_ref(),
        "--rules".as_ref(),
        rules.path().as_os_str(),
    ]);
    assert_eq!(ended.quietly(0).out, nengli(["check"]).out);
}

#[test]
fn each_fault_is_named() {
    for fault in &FAULTS {
        let mut at = String::new();
        let rules = broken(|instrument| at = (fault.make)(instrument));
        let found = found(rules.path());
        assert!(
            found.contains(&in_instrument(&at, fault.name)),
            "{} at {at} in {found:?}",
            fault.name
        );
        // What else is said follows from it; a fault alone is alone.
        if fault.name != "duplicate_code" {
            assert_eq!(found.len(), 1, "{found:?}");
        }
    }
}

#[test]
fn two_faults_at_once_are_both_named() {
    // A code of an item that stands twice leaves another that is nowhere, and sums
    // that are of nothing: the code of a field has no such consequences.
    let mut faults = FAULTS;
    faults[5].make = |instrument| {
        let fields = instrument["fields"].as_array_mut().unwrap();
        let i = fields.len() - 2;
        fields[i]["code"] = fields[i - 1]["code"].clone();
        format!("/fields/{i}/code")
    };
    for (i, one) in faults.iter().enumerate() {
        for other in &faults[..i] {
            let mut at = (String::new(), String::new());
            let rules = broken(|instrument| {
                at = ((other.make)(instrument), (one.make)(instrument));
            });
            let mut expected = [
                in_instrument(&at.0, other.name),
                in_instrument(&at.1, one.name),
            ];
            expected.sort();
            assert_eq!(found(rules.path()), expected);
        }
    }
    // And all six.
    let mut expected = Vec::new();
    let rules = broken(|instrument| {
        for fault in &faults {
            expected.push(in_instrument(&(fault.make)(instrument), fault.name));
        }
    });
    expected.sort();
    assert_eq!(found(rules.path()), expected);
}

/// Neither is a consequence of the other.
#[test]
fn a_code_that_stands_twice_hides_no_unknown_level() {
    let [_, _, _, level, _, code] = &FAULTS;
    let mut at = String::new();
    let rules = broken(|instrument| {
        at = (level.make)(instrument);
        (code.make)(instrument);
    });
    let found = found(rules.path());
    assert!(found.contains(&in_instrument(&at, level.name)), "{found:?}");
}

#[test]
fn faults_of_two_files_are_both_named() {
    let rules = broken(|instrument| {
        set(instrument, "/domains/0/items/0/cite", json!([]));
    });
    let path = rules.path().join("jurisdictions.json");
    let mut places = parse(&fs::read_to_string(&path).unwrap());
    let first = places["jurisdictions"][0]["code"].clone();
    places["jurisdictions"][1]["code"] = first;
    fs::write(path, places.to_string()).unwrap();
    let found = found(rules.path());
    assert!(found.contains(&in_instrument(
        "/domains/0/items/0/cite",
        "missing_citation"
    )));
    let twice = (
        "jurisdictions.json",
        "/jurisdictions/1/code",
        "duplicate_code",
    );
    assert!(
        found
            .iter()
            .any(|(file, at, kind)| (file.as_str(), at.as_str(), kind.as_str()) == twice),
        "{found:?}"
    );
}

#[test]
fn a_citation_of_nothing() {
    let rules = broken(|instrument| {
        set(instrument, "/steps/0/cite", json!(["gbt-42195-2022.Z.9"]));
    });
    let found = found(rules.path());
    assert_eq!(
        found,
        [in_instrument("/steps/0/cite/0", "unknown_citation")]
    );
}

#[test]
fn a_rule_file_that_is_not_json() {
    let rules = copy_of_rules();
    write(rules.path(), "facts.json", "{");
    let found = found(rules.path());
    assert!(
        found
            .iter()
            .any(|(file, at, kind)| file == "facts.json" && at.is_empty() && kind == "shape"),
        "{found:?}"
    );
}

#[test]
fn a_rule_file_that_is_not_utf8() {
    let rules = copy_of_rules();
    let file = write(rules.path(), "facts.json", b"\"\xff\"");
    check(rules.path()).fault_of(&file);
}

#[test]
fn a_rule_file_of_an_unknown_key() {
    let rules = broken(|instrument| instrument["colour"] = json!("red"));
    let found = found(rules.path());
    assert_eq!(found, [in_instrument("", "shape")]);
    must_say(&check(rules.path()).err, "`colour`");
}

#[test]
fn several_faults_of_form_are_all_named() {
    let rules = broken(|instrument| {
        set(instrument, "/domains/0/items/0/grade", json!("D"));
        set(instrument, "/domains/1/items/0/names", json!("bed"));
        set(instrument, "/steps/2/cite", json!(7));
    });
    let found = found(rules.path());
    for at in [
        "/domains/0/items/0/grade",
        "/domains/1/items/0/names",
        "/steps/2/cite",
    ] {
        assert!(found.contains(&in_instrument(at, "shape")), "{found:?}");
    }
}

#[test]
fn a_rule_file_with_a_key_twice() {
    let rules = copy_of_rules();
    let path = rules.path().join(GBT_FILE);
    let text = fs::read_to_string(&path).unwrap();
    let id = format!("\"id\": \"{GBT}\",");
    assert!(text.contains(&id));
    fs::write(path, text.replacen(&id, &format!("{id} {id}"), 1)).unwrap();
    let found = found(rules.path());
    assert!(found.contains(&in_instrument("/id", "shape")), "{found:?}");
}

#[test]
fn broken_rules_decide_nothing() {
    let mut at = String::new();
    let rules = broken(|instrument| at = (FAULTS[0].make)(instrument));
    for args in [
        &["assess", demo_file().to_str().unwrap()][..],
        &["assess", "--json", demo_file().to_str().unwrap()],
        &["batch", demo_file().to_str().unwrap()],
        &["rules"],
        &["schema", "case"],
    ] {
        let mut args = args.to_vec();
        args.extend(["--rules", rules.path().to_str().unwrap()]);
        let ended = nengli(args).in_vain(2);
        assert!(
            ended.err.contains(&format!("{GBT_FILE}#{at}")),
            "{}",
            ended.err
        );
    }
}

#[test]
fn a_folder_that_cannot_be_used() {
    let here = folder();
    let absent = here.path().join("absent");
    let empty = here.path().join("empty");
    fs::create_dir(&empty).unwrap();
    write(&empty, "notes.txt", "no rules");
    let file = write(here.path(), "rules.json", "{}");
    for dir in [&absent, &empty, &file] {
        check(dir).fault_of(dir);
        check_json(dir).fault_of(dir);
        for option in ["--rules", "--with"] {
            nengli(["check".as_ref(), option.as_ref(), dir.as_os_str()]).fault_of(dir);
            nengli([
                "assess".as_ref(),
                demo_file().as_os_str(),
                option.as_ref(),
                dir.as_os_str(),
            ])
            .fault_of(dir);
        }
    }
}

// ---- layers -----------------------------------------------------------------

#[test]
fn layers_against_those_above() {
    let proofs = rulebook().compare_layers();
    let answer = nengli(["check", "--json"]).quietly(0).json();
    assert_eq!(answer["layers"], serde_json::to_value(&proofs).unwrap());
    assert_eq!(answer["sound"], true);

    let text = nengli(["check"]).quietly(0).out;
    let count = |key: &str| {
        let of = |proof: &&nengli::entitlement::LayerProof| proof.verdict.as_str() == key;
        proofs.iter().filter(of).count()
    };
    for verdict in ["holds", "own_scheme", "narrower_text"] {
        assert!(count(verdict) > 0, "{verdict}");
        must_say(&text, &format!("{} {verdict}", count(verdict)));
    }
    must_say(&text, &format!("{} comparisons", proofs.len()));
    // A row for each that does not simply hold.
    let rows = text.lines().filter(|line| {
        let verdict = line.split('┆').nth(4).map_or("", str::trim);
        ["own_scheme", "discretion", "narrower_text"].contains(&verdict)
    });
    assert_eq!(rows.count(), proofs.len() - count("holds"));
    // For whom the text falls below.
    let fallen = proofs.iter().find(|proof| {
        proof.verdict.as_str() == "narrower_text" && proof.person.contains_key("fact:age")
    });
    must_say(
        &text,
        &format!("age {}", fallen.unwrap().person["fact:age"]),
    );
}

/// A list that lacks what the one above it has is a breach.
#[test]
fn a_breach_fails() {
    let here = folder();
    let list = json!({
        "kind": "programmes", "schema": 1, "id": "short-list", "jurisdiction": "120101",
        "names": {"zh": "短清单", "en": "A short list"}, "source": "list",
        "in_force": {"from": "2026-01-01", "grade": "A"},
        "documents": [{
            "id": "short-list", "names": {"zh": "短清单", "en": "A short list"},
            "clauses": {"1": {"zh": "第一项", "en": "the first item"}},
        }],
        "layers": [{
            "programme": "ability-assessment", "force": "right",
            "who": {"fact": {"id": "age", "at_least": 70}},
            "benefit": {"service": {
                "names": {"zh": "评估", "en": "assessment"}, "service": "ability_assessment",
            }},
            "cite": ["short-list.1"], "grade": "A",
        }],
    });
    write(here.path(), "short-list.json", list.to_string());
    let with = here.path().to_str().unwrap();
    let ended = nengli(["check", "--with", with]).quietly(1);
    must_say(&ended.out, "DO NOT HOLD TOGETHER");
    must_say(&ended.out, "120101 ┆ 000000 ┆ ability-assessment");
    // The one whom the list leaves out.
    must_say(&ended.out, "breach ┆ age 65");
    must_say(&cells(&ended.out, 5), "lacks an item of the list of 000000");
    let answer = nengli(["check", "--json", "--with", with])
        .quietly(1)
        .json();
    assert_eq!(answer["sound"], false);
}

/// The made-up county of the examples: its list gives more and holds; the broken one
/// leaves somebody out, who is named.
#[test]
fn a_county_that_gives_more_and_one_that_leaves_somebody_out() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let more = format!("{examples}/county");
    let answer = nengli(["check", "--json", "--with", &more])
        .quietly(0)
        .json();
    let of_county = |answer: &Value| -> Vec<Value> {
        let layers = answer["layers"].as_array().unwrap().clone();
        let own = layers.into_iter();
        own.filter(|layer| layer["jurisdiction"] == "370999")
            .collect()
    };
    let layers = of_county(&answer);
    assert!(layers.len() > 17, "{}", layers.len());
    for layer in &layers {
        assert_eq!(layer["verdict"], "holds", "{layer}");
    }

    let less = format!("{examples}/county-broken");
    let answer = nengli(["check", "--json", "--with", &less])
        .quietly(1)
        .json();
    let breaches: Vec<Value> = of_county(&answer)
        .into_iter()
        .filter(|layer| layer["verdict"] == "breach")
        .collect();
    // Against the city, the province and the nation; in nothing else.
    assert_eq!(breaches.len(), 3, "{breaches:?}");
    for breach in &breaches {
        assert_eq!(breach["programme"], "welfare-visits");
        assert_eq!(breach["person"]["fact:no_carer"], "false", "{breach}");
    }
}
