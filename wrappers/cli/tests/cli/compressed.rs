//! Gzip and Zstandard, in and out.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use crate::material::{folder, refused_case, short_case, write};
use crate::program::{nengli, prepare};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text).unwrap();
    out.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 1).unwrap()
}

fn unzipped(path: &Path) -> String {
    let mut text = String::new();
    let mut file = flate2::read::MultiGzDecoder::new(File::open(path).unwrap());
    file.read_to_string(&mut text).unwrap();
    text
}

fn cases() -> String {
    (0..300)
        .map(|i| match i % 3 {
            0 => refused_case(&format!("c-{i}")) + "\n",
            _ => short_case(&format!("c-{i}")) + "\n",
        })
        .collect()
}

/// Whatever the file is called, and from standard input too.
#[test]
fn compressed_cases_are_read_as_plain_ones() {
    let here = folder();
    let text = cases();
    let plain = prepare(["batch", "-"])
        .input(text.as_str())
        .end()
        .quietly(1);
    for bytes in [gzip(text.as_bytes()), zstd(text.as_bytes())] {
        let piped = prepare(["batch", "-"])
            .input(bytes.clone())
            .end()
            .quietly(1);
        assert_eq!(piped.out, plain.out);
        for name in ["cases.jsonl", "cases.jsonl.gz", "cases.jsonl.zst"] {
            let file = write(here.path(), name, &bytes);
            let ended = nengli(["batch".as_ref(), file.as_os_str()]).quietly(1);
            assert_eq!(ended.out, plain.out);
        }
    }
}

#[test]
fn what_is_written_is_compressed_by_its_name_or_as_asked() {
    let here = folder();
    let text = cases();
    let plain = prepare(["batch", "-"])
        .input(text.as_str())
        .end()
        .quietly(1);
    let out = |name: &str, more: &[&str]| {
        let path = here.path().join(name);
        let mut args = vec!["batch", "-", "-o", path.to_str().unwrap()];
        args.extend(more);
        let ended = prepare(args).input(text.as_str()).end().quietly(1);
        assert_eq!(ended.out, "");
        path
    };
    assert_eq!(unzipped(&out("a.jsonl.gz", &[])), plain.out);
    assert_eq!(
        unzipped(&out("b.jsonl", &["--compress", "gzip"])),
        plain.out
    );
    let read =
        |path: &Path| String::from_utf8(zstd::decode_all(File::open(path).unwrap()).unwrap());
    assert_eq!(read(&out("a.jsonl.zst", &[])).unwrap(), plain.out);
    assert_eq!(
        read(&out("b.gz", &["--compress", "zstd"])).unwrap(),
        plain.out
    );
    assert_eq!(fs::read_to_string(out("a.jsonl", &[])).unwrap(), plain.out);
}

#[test]
fn records_are_replayed_from_compressed_files_of_a_folder() {
    let here = folder();
    for (name, id) in [("a.jsonl.gz", "a"), ("b.jsonl.zst", "b"), ("c.jsonl", "c")] {
        let out = here.path().join(name);
        prepare(["batch", "-", "--record", "-o", out.to_str().unwrap()])
            .input(short_case(id))
            .end()
            .quietly(0);
    }
    let ended = nengli(["replay".as_ref(), here.path().as_os_str()]).quietly(0);
    assert!(ended.out.contains('3'), "{}", ended.out);
    let one = here.path().join("a.jsonl.gz");
    let counted = nengli(["coverage".as_ref(), one.as_os_str(), "--json".as_ref()]);
    counted.quietly(0);
}

/// The cases before the fault are decided; the message names the file.
#[test]
fn a_compressed_file_cut_off_is_a_fault() {
    let here = folder();
    let text = cases();
    for bytes in [gzip(text.as_bytes()), zstd(text.as_bytes())] {
        let half = bytes.split_at(bytes.len() - 6).0;
        let file = write(here.path(), "half.jsonl", half);
        let ended = nengli(["batch".as_ref(), file.as_os_str()]);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
        assert!(ended.err.contains("half.jsonl"), "{ended:?}");
        for line in ended.json_lines() {
            assert!(line["case_id"].is_string());
        }
    }
}

/// A few thousand bytes that become a gigabyte: one line too long, memory as always.
#[test]
fn a_bomb_is_a_line_too_long() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    let blank = vec![b' '; 1 << 20];
    for _ in 0..256 {
        encoder.write_all(&blank).unwrap();
    }
    encoder.write_all(b"\n").unwrap();
    encoder.write_all(short_case("a").as_bytes()).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 18);
    let ended = prepare(["batch", "-"]).input(bomb).end().quietly(1);
    let lines = ended.json_lines();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["rejected"][0]["kind"], "not_json");
    assert_eq!(lines[1]["case_id"], "a");
}
