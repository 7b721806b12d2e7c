//! An instrument of one's own, as a rule file alone: no code knows it by name.

use std::error::Error;
use std::io::{self, Write};

use nengli::{Answer, Assessment, Case, Rulebook, date};

const STAIRS: &str = r#"{
  "kind": "instrument", "schema": 1, "id": "ward-stairs",
  "names": { "zh": "病区楼梯试验", "en": "Ward stairs test" },
  "in_force": { "from": "2026-01-01", "grade": "B" },
  "documents": [
    { "id": "ward-7", "names": { "zh": "七病区规程", "en": "Rules of ward 7" }, "own": true,
      "clauses": { "1": { "zh": "试验", "en": "the test" } } }
  ],
  "levels": [
    { "code": 0, "key": "free", "names": { "zh": "自由", "en": "free" } },
    { "code": 1, "key": "watched", "names": { "zh": "看护", "en": "watched" } }
  ],
  "domains": [
    { "code": "1", "names": { "zh": "楼梯", "en": "stairs" }, "items": [
      { "code": "1.1", "names": { "zh": "上楼", "en": "up" }, "cite": ["ward-7.1"], "grade": "B",
        "options": [
          { "score": 1, "key": "alone", "label": { "zh": "自己", "en": "alone" } },
          { "score": 0, "key": "helped", "label": { "zh": "帮扶", "en": "helped" } } ] },
      { "code": "1.2", "names": { "zh": "下楼", "en": "down" }, "cite": ["ward-7.1"], "grade": "B",
        "options": [
          { "score": 1, "key": "alone", "label": { "zh": "自己", "en": "alone" } },
          { "score": 0, "key": "helped", "label": { "zh": "帮扶", "en": "helped" } } ] } ] }
  ],
  "steps": [
    { "id": "sum", "names": { "zh": "合计", "en": "sum" }, "cite": ["ward-7.1"], "grade": "B",
      "rule": { "sum": { "of": ["1.1", "1.2"] } } },
    { "id": "level", "names": { "zh": "等级", "en": "level" }, "cite": ["ward-7.1"], "grade": "B",
      "rule": { "band": { "of": "sum", "rows": [
        { "from": 2, "to": 2, "is": "free" }, { "from": 0, "to": 1, "is": "watched" } ] } } }
  ],
  "result": { "scores": ["sum"], "total": "sum", "level": "level" }
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let rulebook = Rulebook::builtin()?.with_files([("own/ward-stairs.json", STAIRS)])?;

    let mut form = Assessment::new("ward-stairs", date(2026, 6, 20));
    form.answers.insert("1.1".into(), Answer::from("alone"));
    form.answers.insert("1.2".into(), Answer::from(0));
    let mut case = Case::new("own-1", date(2026, 6, 30));
    case.assessments.push(form);

    let determination = rulebook.assess(&case)?;
    let mut out = io::stdout().lock();
    for result in &determination.assessments {
        let level = result.level.as_ref().map(|level| level.key.as_str());
        writeln!(
            out,
            "{}: {}",
            result.instrument,
            level.unwrap_or("undetermined")
        )?;
    }
    Ok(())
}
