//! Markup in every text that reaches a page or a document: words of rule files, names of
//! files, columns of tables, what a record says. It comes out escaped or not at all.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::material::{GBT_FILE, copy_of_rules, demo_file, demo_text, folder, project, write};
use crate::program::{json, nengli, prepare};

const MARKUP: &str = r#"<img src=x onerror=alert(1)><script>'"&</script>"#;

/// Puts markup behind every word for people that a rule file has.
fn mark(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let words = members.len() == 2 && members.contains_key("zh");
            for (key, inner) in members.iter_mut() {
                match inner {
                    Value::String(text) if words && (key == "zh" || key == "en") => {
                        text.push_str(MARKUP);
                    }
                    inner => mark(inner),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(mark),
        _ => {}
    }
}

/// The rules of the project with markup in all their words.
fn marked_rules() -> tempfile::TempDir {
    let rules = copy_of_rules();
    let mut folders = vec![rules.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                let mut file = json(&fs::read_to_string(&path).unwrap());
                mark(&mut file);
                fs::write(&path, file.to_string()).unwrap();
            }
        }
    }
    rules
}

/// The page is whole, has its own tags, and none of the markup.
#[track_caller]
fn is_clean(page: &Path, escaped: bool) {
    let text = fs::read_to_string(page).unwrap();
    assert!(text.starts_with("<!doctype html>") && text.ends_with("</html>\n"));
    for tag in ["<img", "<script", "</script", "onerror=alert(1)>"] {
        assert!(!text.contains(tag), "{tag} in {}", page.display());
    }
    if escaped {
        assert!(
            text.contains("&lt;img src=x onerror=alert(1)&gt;"),
            "{text}"
        );
    }
    // Nothing is run and nothing fetched, even so.
    assert!(text.contains("default-src 'none'"));
    // Every tag that opens is one of the page's own.
    for part in text.split('<').skip(1) {
        let name: String = part
            .chars()
            .skip_while(|c| *c == '/' || *c == '!')
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        assert!(
            [
                "doctype", "html", "head", "meta", "title", "style", "body", "main", "h1", "h2",
                "h3", "p", "dl", "dt", "dd", "div", "table", "caption", "thead", "tbody", "tr",
                "th", "td", "code", "span", "br", "ul", "ol", "li", "a", "section", "header",
                "footer", "details", "summary", "strong", "em", "small", "pre", "nav", "time",
            ]
            .contains(&name.as_str()),
            "<{name}> in {}",
            page.display()
        );
    }
}

#[test]
fn markup_in_rules_tables_and_names_of_files_is_escaped() {
    let here = folder();
    let rules = marked_rules();
    // Otherwise nothing would have an impact.
    let gbt = rules.path().join(GBT_FILE);
    let text = fs::read_to_string(&gbt).unwrap();
    let moved = text
        .replace(
            r#""from":66,"is":"mild","to":89"#,
            r#""from":67,"is":"mild","to":89"#,
        )
        .replace(
            r#""from":46,"is":"moderate","to":65"#,
            r#""from":46,"is":"moderate","to":66"#,
        );
    assert_ne!(moved, text);
    let other = copy_of_rules();
    let mut file = json(&moved);
    mark(&mut file);
    fs::write(other.path().join(GBT_FILE), file.to_string()).unwrap();

    let heping = project().join("tests/cases/rights/heping.case.json");
    let heping = fs::read_to_string(heping).unwrap().replace('\n', " ");
    let demo = demo_text().replace('\n', " ");
    let bad = json!({"case_id": MARKUP, MARKUP: MARKUP}).to_string();
    let cases = write(
        here.path(),
        "<img src=x>.jsonl",
        format!("{demo}\n{heping}\n{bad}\n"),
    );
    // Records of other rules, one of them altered to say markup.
    let records = prepare(["batch", "--record", "-"])
        .input(format!("{demo}\n{heping}\n"))
        .end()
        .quietly(0)
        .out;
    let mut altered = json(records.lines().next().unwrap());
    altered["determination"]["assessments"][0]["level"]["key"] = json!(MARKUP);
    altered["determination"]["findings"] = json!([]);
    altered["determination"]["rulebook"]["version"] = json!(MARKUP);
    altered["determination"][MARKUP] = json!(MARKUP);
    let records = write(
        here.path(),
        "<script>.jsonl",
        format!("{records}{altered}\n{bad}\n"),
    );
    // A table whose head, cells and words are markup.
    let examples = project().join("examples/audit");
    let read = |name: &str| fs::read_to_string(examples.join(name)).unwrap();
    let head = MARKUP.replace('"', "\"\"");
    let table = read("decisions.csv")
        .replacen("进食", &format!("\"{head}\""), 1)
        .replacen("d-002", &format!("\"{head}\""), 1)
        .replacen("轻度失能", &format!("\"{head}\""), 1);
    let table = write(here.path(), "<img src=y>.csv", table);
    let mut mapping = json(&read("mapping.json"));
    mapping["answers"]["B.1.1"] = json!(MARKUP);
    let mapping = write(here.path(), "mapping.json", mapping.to_string());

    let w = OsStr::new;
    let page = here.path().join("page.html");
    for lang in ["zh", "en"] {
        for line in [
            [w("replay"), records.as_ref(), w("--all")].as_slice(),
            &[w("audit"), table.as_ref(), w("--map"), mapping.as_ref()],
            &[
                w("impact"),
                w("--to"),
                other.path().as_ref(),
                cases.as_ref(),
            ],
            &[w("coverage"), cases.as_ref()],
        ] {
            let end = [
                w("--rules"),
                rules.path().as_ref(),
                w("--lang"),
                w(lang),
                w("--report"),
                page.as_ref(),
            ];
            let ended = nengli(line.iter().copied().chain(end));
            assert!(ended.code < 2, "{line:?}: {}", ended.err);
            // A page of coverage names rows by their places, and no words.
            is_clean(&page, line[0] != "coverage");
            fs::remove_file(&page).unwrap();
        }
    }
}

/// Documents for other systems have no narrative: their texts are JSON strings, and none
/// is declared to be markup.
#[test]
fn markup_in_rules_is_no_narrative() {
    let rules = marked_rules();
    let demo = demo_file();
    let w = OsStr::new;
    for line in [
        [w("export"), w("fhir")].as_slice(),
        &[w("export"), w("response"), demo.as_ref()],
        &[w("export"), w("observations"), demo.as_ref()],
    ] {
        let end = [w("--rules"), rules.path().as_ref()];
        let bundle = nengli(line.iter().copied().chain(end)).quietly(0).json();
        let mut todo = vec![&bundle];
        while let Some(value) = todo.pop() {
            match value {
                Value::Object(members) => {
                    assert!(
                        !members.contains_key("div"),
                        "a narrative came in: escape it"
                    );
                    todo.extend(members.values());
                }
                Value::Array(list) => todo.extend(list),
                _ => {}
            }
        }
    }
}

/// A case itself has no place for markup: wherever it stands, the case is refused.
#[test]
fn markup_in_a_case_is_refused() {
    for at in [
        "/case_id",
        "/jurisdiction",
        "/assessments/0/instrument",
        "/assessments/0/answers/B.1.1",
    ] {
        let mut case = json(&demo_text());
        case["jurisdiction"] = json!("120101");
        *case.pointer_mut(at).unwrap() = json!(MARKUP);
        let ended = prepare(["assess", "-", "--json"])
            .input(case.to_string())
            .end();
        let ended = ended.quietly(1);
        assert!(!ended.out.contains("<img"), "{at}: {}", ended.out);
    }
}
