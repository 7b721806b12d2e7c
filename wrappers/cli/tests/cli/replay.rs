//! Records on the command line: `--record`, `replay`, `rules --export`.

use std::fs;
use std::path::{Path, PathBuf};

use nengli::{Options, Rulebook};
use serde_json::{Value, json};

use crate::common;
use crate::material::{
    GBT_FILE, copy_of_rules, demo_file, demo_text, folder, project, refused_case, rulebook,
    short_case, write,
};
use crate::program::{Ended, json as parse, must_say, nengli, prepare};

const MIB: usize = 1 << 20;

fn record(case: &str) -> String {
    let made = rulebook().record_text(case, Options::default());
    made.unwrap_or_else(|rejection| panic!("{rejection}"))
        .text()
}

fn replay(path: &Path, options: &[&str]) -> Ended {
    let args = ["replay".as_ref(), path.as_os_str()];
    nengli(args.into_iter().chain(options.iter().map(AsRef::as_ref)))
}

/// The demo, recorded and then changed; the seal is left as it was.
fn altered() -> String {
    let text = record(&demo_text()).replacen("\"total\":69", "\"total\":96", 1);
    assert_ne!(text, record(&demo_text()));
    text
}

/// A folder of rules in which 66 to 69 points are another level.
fn other_rules() -> tempfile::TempDir {
    let rules = copy_of_rules();
    let file = rules.path().join(GBT_FILE);
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replace(r#"{"from": 66,"#, r#"{"from": 70,"#);
    let text = text.replace(
        r#""to": 65, "is": "moderate""#,
        r#""to": 69, "is": "moderate""#,
    );
    fs::write(&file, text).unwrap();
    rules
}

fn counts(ended: &Ended) -> Vec<(String, u64)> {
    let rows = ended.out.lines().filter_map(|line| {
        let (name, count) = line.strip_prefix('│')?.strip_suffix('│')?.split_once('┆')?;
        Some((name.trim().to_owned(), count.trim().parse().ok()?))
    });
    rows.filter(|(_, count)| *count > 0).collect()
}

fn counted(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    let owned = expected
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count));
    owned.collect()
}

// ---- record ------------------------------------------------------------------

#[test]
fn a_record_of_one_case() {
    let ended = nengli([
        "assess".as_ref(),
        "--record".as_ref(),
        demo_file().as_os_str(),
    ]);
    let ended = ended.quietly(0);
    assert_eq!(ended.out, record(&demo_text()) + "\n");
    let traced = prepare(["assess", "--record", "--trace", "-"])
        .input(demo_text())
        .end()
        .quietly(0);
    assert!(traced.json()["determination"]["assessments"][0]["steps"].is_array());
    let here = folder();
    let file = write(here.path(), "traced.record.json", traced.out);
    replay(&file, &[]).quietly(0);
    // A refused case is its rejection.
    let ended = prepare(["assess", "--record", "-"])
        .input(refused_case("r"))
        .end()
        .quietly(1);
    assert_eq!(
        ended.json(),
        parse(&rulebook().assess_json(&refused_case("r")))
    );
    for other in ["--json", "--full", "--pretty"] {
        nengli(["assess", "--record", other, "-"]).in_vain(2);
    }
}

#[test]
fn a_batch_of_records_replays() {
    let here = folder();
    let input = format!(
        "{}\n\n{}\n",
        demo_text().replace('\n', " "),
        short_case("b")
    );
    let file = write(here.path(), "cases.jsonl", input);
    let out = here.path().join("records.jsonl");
    nengli([
        "batch".as_ref(),
        "--record".as_ref(),
        file.as_os_str(),
        "-o".as_ref(),
        out.as_os_str(),
    ])
    .quietly(0);
    let lines = [record(&demo_text()), record(&short_case("b"))];
    assert_eq!(fs::read_to_string(&out).unwrap(), lines.join("\n") + "\n");
    let ended = replay(&out, &[]).quietly(0);
    assert_eq!(counts(&ended), counted(&[("same", 2)]));
    assert_eq!(replay(&out, &["--json"]).quietly(0).out, "");
}

// ---- replay ------------------------------------------------------------------

/// Every record of the project, and every case of it recorded.
#[test]
fn every_record_and_every_case_of_the_project() {
    let cases = project().join("tests/cases");
    let files = u64::try_from(common::records(&cases).len()).unwrap();
    assert!(files > 1);
    let ended = replay(&cases, &[]).quietly(0);
    assert_eq!(counts(&ended), counted(&[("same", files)]));

    let mut text = String::new();
    let mut count = 0;
    for file in common::find(&cases).0 {
        let case = fs::read_to_string(file.case).unwrap();
        if let Ok(made) = rulebook().record_text(&case, Options::default()) {
            text.push_str(&made.text());
            text.push('\n');
            count += 1;
        }
    }
    let ended = prepare(["replay", "-"]).input(text).end().quietly(0);
    assert_eq!(counts(&ended), counted(&[("same", count)]));
}

#[test]
fn a_folder_of_records() {
    let here = folder();
    let good = record(&demo_text());
    write(here.path(), "a.jsonl", format!("{good}\n{good}\n"));
    let pretty = serde_json::to_string_pretty(&parse(&good)).unwrap();
    write(here.path(), "deep/er/b.record.json", pretty + "\n");
    write(here.path(), "deep/c.record.json", altered());
    write(here.path(), "d.record.json", "\n");
    write(here.path(), "other.json", "{");
    let ended = replay(here.path(), &[]).quietly(1);
    let expected = [("same", 3), ("seal broken", 1), ("malformed", 1)];
    assert_eq!(counts(&ended), counted(&expected));
    let place = Path::new("deep").join("c.record.json");
    must_say(
        &ended.out,
        &format!("{}  demo-0001  seal broken", place.display()),
    );
}

#[test]
fn each_kind_is_answered_in_place_and_counted() {
    let good = record(&demo_text());
    let rejection = rulebook().assess_json(&refused_case("r"));
    let input = format!(
        "\u{feff}{good}\r\n\n{}\n{{\n{rejection}\n{}\n{{\"case_id\":\"x\"}}\n{good}",
        altered(),
        " ".repeat(MIB + 1),
    );
    let ended = prepare(["replay", "-", "--json"])
        .input(input.as_str())
        .end()
        .quietly(1);
    let lines = ended.json_lines();
    let found: Vec<Value> = lines
        .iter()
        .map(|line| json!([line["line"], line["status"], line["rejected"][0]["kind"]]))
        .collect();
    let expected = [
        json!([3, "seal_broken", null]),
        json!([4, "malformed", "not_json"]),
        json!([5, "rejection", null]),
        json!([6, "malformed", "not_json"]),
        json!([7, "malformed", "unknown_key"]),
    ];
    assert_eq!(found, expected);
    let difference = &lines[0]["differences"][0];
    assert_eq!(difference["at"], "/assessments/0/scores/total");
    assert_eq!(
        (&difference["recorded"], &difference["now"]),
        (&json!(96), &json!(69))
    );
    assert_eq!(difference["rule"], "gbt-42195-2022/total");

    let ended = prepare(["replay", "-"])
        .input(input.as_str())
        .end()
        .quietly(1);
    let expected = [
        ("same", 2),
        ("seal broken", 1),
        ("malformed", 3),
        ("rejections, no record", 1),
    ];
    assert_eq!(counts(&ended), counted(&expected));
    must_say(&ended.out, "standard input:3  demo-0001  seal broken");
    must_say(
        &ended.out,
        "/assessments/0/scores/total: recorded 96, now 69  [gbt-42195-2022/total]",
    );
    let ended = prepare(["replay", "-", "--lang", "zh"])
        .input(input)
        .end()
        .quietly(1);
    for words in [
        "封印不符",
        "记录为 96，现为 69",
        "不是有效记录",
        "相同",
        "规则版本",
    ] {
        must_say(&ended.out, words);
    }
}

/// In order, over more than one chunk, on however many cores.
#[test]
fn many_records_in_order() {
    let mut text = String::new();
    let mut wrong = Vec::new();
    for i in 1..=2_500 {
        let mut line = record(&short_case(&format!("c-{i}")));
        if i % 97 == 0 {
            line = line.replacen("\"due\":[]", "\"due\":[1]", 1);
        } else if i % 89 == 0 {
            line = line.replacen("2026-06-30", "2026-06-29", 1);
            wrong.push(json!([i, "seal_broken"]));
        }
        if i % 97 == 0 {
            wrong.push(json!([i, "malformed"]));
        }
        text.push_str(&line);
        text.push('\n');
    }
    let ended = prepare(["replay", "-", "--json"])
        .input(text.as_str())
        .end()
        .quietly(1);
    let found: Vec<Value> = ended
        .json_lines()
        .iter()
        .map(|line| json!([line["line"], line["status"]]))
        .collect();
    assert_eq!(found, wrong);
    // The first 20 lines are listed, and all of them when asked for.
    let ended = prepare(["replay", "-"])
        .input(text.as_str())
        .end()
        .quietly(1);
    let listed = |ended: &Ended| {
        ended
            .out
            .lines()
            .filter(|line| line.starts_with("  "))
            .count()
    };
    assert_eq!(listed(&ended), 20);
    must_say(&ended.out, "more lines; --all lists them");
    let ended = prepare(["replay", "-", "--all"])
        .input(text)
        .end()
        .quietly(1);
    assert!(listed(&ended) >= wrong.len());
    assert!(!ended.out.contains("--all"));
}

#[test]
fn what_cannot_be_read() {
    let here = folder();
    let absent = here.path().join("absent.jsonl");
    replay(&absent, &[]).fault_of(&absent);
    replay(here.path(), &[]).fault_of(here.path());
    nengli(["replay"]).in_vain(2);
    let good = write(here.path(), "a.jsonl", record(&demo_text()));
    let empty = here.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for archive in [absent.as_path(), &empty] {
        replay(&good, &["--archive", archive.to_str().unwrap()]).fault_of(archive);
    }
    let file = write(&empty, "x.json", "{}");
    replay(&good, &["--archive", empty.to_str().unwrap()]).fault_of(&file);
}

#[test]
fn nothing_in() {
    let ended = prepare(["replay", "-"]).input("\n \n").end().quietly(0);
    assert_eq!(counts(&ended), []);
}

// ---- other rules, and the archive ----------------------------------------------

fn export(rules: Option<&Path>, to: &Path) -> PathBuf {
    let mut args = vec!["rules", "--export", to.to_str().unwrap()];
    if let Some(rules) = rules {
        args.extend(["--rules", rules.to_str().unwrap()]);
    }
    let ended = nengli(args).quietly(0);
    let (digest, path) = ended.out.trim_end().split_once("  ").unwrap();
    assert!(digest.starts_with("sha256:"));
    PathBuf::from(path)
}

#[test]
fn a_record_of_another_rulebook() {
    let here = folder();
    let rules = other_rules();
    let rules = rules.path().to_str().unwrap();
    let file = here.path().join("records.jsonl");
    let ended = prepare(["batch", "-", "--record", "--rules", rules])
        .input(format!(
            "{}\n{}\n",
            demo_text().replace('\n', " "),
            short_case("b")
        ))
        .end()
        .quietly(0);
    fs::write(&file, ended.out).unwrap();

    // Under the rules in use: one differs, both are of another rulebook.
    let ended = replay(&file, &[]).quietly(1);
    let expected = [("same", 1), ("differs", 1), ("of these, other rulebook", 2)];
    assert_eq!(counts(&ended), counted(&expected));
    must_say(&ended.out, ":1  demo-0001  differs (other rulebook)");
    must_say(
        &ended.out,
        "/assessments/0/level/key: recorded \"severe\", now \"moderate\"",
    );
    let line = replay(&file, &["--json"]).quietly(1).json();
    assert_eq!(
        (&line["status"], &line["other_rulebook"]),
        (&json!("differs"), &json!(true))
    );
    // Under its own rules, by --rules and by the archive.
    replay(&file, &["--rules", rules]).quietly(0);
    let archive = here.path().join("archive");
    fs::create_dir(&archive).unwrap();
    export(None, &archive);
    let own = export(Some(Path::new(rules)), &archive);
    let option = ["--archive", archive.to_str().unwrap()];
    let ended = replay(&file, &option).quietly(0);
    let expected = [("same", 2), ("of these, under the archive", 2)];
    assert_eq!(counts(&ended), counted(&expected));
    // An export is named by its digest, and is what it says.
    let text = fs::read_to_string(&own).unwrap();
    let exported = Rulebook::from_export(&text).unwrap();
    let name = own.file_name().unwrap().to_str().unwrap();
    assert_eq!(
        format!("sha256:{name}"),
        format!("{}.json", exported.digest())
    );
    // Altered, it is not used.
    fs::write(
        &own,
        text.replacen("moderate dependency", "moderate  dependency", 1),
    )
    .unwrap();
    assert_ne!(fs::read_to_string(&own).unwrap(), text);
    replay(&file, &option).fault_of(&own);
    // Where the archive does not have it, the rules in use are asked.
    fs::remove_file(&own).unwrap();
    let ended = replay(&file, &option).quietly(1);
    assert_eq!(
        counts(&ended)[1..],
        counted(&[("differs", 1), ("of these, other rulebook", 2)])
    );
}

#[test]
fn an_export_into_a_file() {
    let here = folder();
    let file = here.path().join("rules.json");
    assert_eq!(export(None, &file), file);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text, rulebook().export() + "\n");
    let value = parse(&text);
    assert_eq!(value["digest"], rulebook().digest());
    assert_eq!(value["version"], rulebook().version());
    let paths: Vec<&String> = value["files"].as_object().unwrap().keys().collect();
    assert!(paths.contains(&&GBT_FILE.to_owned()));
    let absent = here.path().join("absent/rules.json");
    nengli(["rules", "--export", absent.to_str().unwrap()]).fault_of(&absent);
    nengli(["rules", "facts", "--export", file.to_str().unwrap()]).in_vain(2);
}

/// With files added, the archive gives the same rulebook back.
#[test]
fn an_export_with_files_added() {
    let here = folder();
    let ward = crate::material::ward("ward-stairs");
    let more = here.path().join("more");
    write(&more, "instruments/ward.json", ward.to_string());
    let archive = here.path().join("archive");
    fs::create_dir(&archive).unwrap();
    let with = ["--with", more.to_str().unwrap()];
    let path = archive.to_str().unwrap();
    nengli(["rules", "--export", path].into_iter().chain(with)).quietly(0);
    let ended = prepare(["assess", "-", "--record"].into_iter().chain(with))
        .input(crate::material::ward_case("ward-stairs"))
        .end()
        .quietly(0);
    let file = write(here.path(), "w.record.json", ended.out);
    // Without them the case is refused.
    let ended = replay(&file, &[]).quietly(1);
    must_say(&ended.out, "/assessments/0/instrument: refused now:");
    replay(&file, &["--archive", path]).quietly(0);
}

// ---- the report ----------------------------------------------------------------

/// One of each kind, and one that other rules decide otherwise.
fn mixed(here: &Path) -> PathBuf {
    let rules = other_rules();
    let rules = rules.path().to_str().unwrap();
    let other = prepare(["assess", "-", "--record", "--rules", rules])
        .input(demo_text())
        .end()
        .quietly(0);
    let rejection = rulebook().assess_json(&refused_case("r"));
    let good = record(&demo_text());
    let text = format!(
        "{good}\n{}\n{{\n{rejection}\n{}\n",
        altered(),
        other.out.trim_end()
    );
    write(here, "<b>&.jsonl", text)
}

#[test]
fn a_report_of_each_kind() {
    let here = folder();
    let file = mixed(here.path());
    let out = here.path().join("report.html");
    for (lang, words) in [
        (
            "en",
            [
                "4 of 5 did not come out as recorded.",
                "GB/T 42195-2022: ",
                "/assessments/*/level/key",
                "Broken seals",
                "<td class=\"number\">1</td>",
                "undetermined",
            ],
        ),
        (
            "zh",
            [
                "5 条中有 4 条与记录不符。",
                "GB/T 42195-2022：",
                "/assessments/*/level/key",
                "封印不符",
                "<td class=\"number\">1</td>",
                "当时被拒绝的个案",
            ],
        ),
    ] {
        let option = ["--report", out.to_str().unwrap(), "--lang", lang];
        let plain = replay(&file, &["--lang", lang]).quietly(1);
        let ended = replay(&file, &option).quietly(1);
        // What is printed, and how it ends, is as without a report.
        assert_eq!(ended.out, plain.out);
        let page = fs::read_to_string(&out).unwrap();
        for words in words.iter().take(5) {
            assert!(page.contains(words), "{words}");
        }
        // Self-contained and escaped.
        for not in ["<script", "http://", "https://", "<b>", "src=", "@import"] {
            assert!(!page.contains(not), "{not}");
        }
        assert!(page.contains("&lt;b&gt;&amp;.jsonl:5"));
        assert!(page.contains("demo-0001"));
        // The same page again, on however many threads.
        let mut once_more = option.to_vec();
        once_more.extend(["--threads", "1", "--json"]);
        replay(&file, &once_more).quietly(1);
        assert_eq!(fs::read_to_string(&out).unwrap(), page);
    }
    let left: Vec<_> = fs::read_dir(here.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

/// However many differ, the page stays of one size.
#[test]
fn a_report_does_not_grow_with_the_records() {
    let here = folder();
    let line = record(&demo_text()).replacen("\"total\":69", "\"total\":96", 1);
    let out = here.path().join("report.html");
    let mut sizes = Vec::new();
    for count in [50, 300] {
        let file = write(here.path(), "a.jsonl", format!("{line}\n").repeat(count));
        let option = ["--report", out.to_str().unwrap(), "--json"];
        replay(&file, &option).quietly(1);
        sizes.push(fs::metadata(&out).unwrap().len());
    }
    assert!(sizes[1] < sizes[0] + 200, "{sizes:?}");
}

#[test]
fn a_report_that_cannot_be_written() {
    let here = folder();
    let file = write(here.path(), "a.jsonl", record(&demo_text()));
    let absent = here.path().join("absent/report.html");
    for out in [absent.as_path(), here.path(), &file] {
        replay(&file, &["--report", out.to_str().unwrap()]).fault_of(out);
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), record(&demo_text()));
    // Nothing is written where the replay itself fails.
    let out = here.path().join("report.html");
    let gone = here.path().join("gone.jsonl");
    replay(&gone, &["--report", out.to_str().unwrap()]).fault_of(&gone);
    let left: Vec<_> = fs::read_dir(here.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
