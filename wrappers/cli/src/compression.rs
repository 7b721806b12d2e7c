//! Gzip and Zstandard around streams of lines.
//!
//! What is read is told by its first bytes, whatever the file is called, so that standard
//! input works too. What is written is told by the end of the file's name, or asked for.

use std::io::{self, BufRead, BufReader, BufWriter, Cursor, Read, Write};
use std::path::Path;

use clap::ValueEnum;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;

/// Bytes that are read or written at a time.
const BUFFER: usize = 1 << 16;
const GZIP: [u8; 2] = [0x1F, 0x8B];
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compression {
    /// Gzip (`.gz`).
    Gzip,
    /// Zstandard (`.zst`).
    Zstd,
}

impl Compression {
    /// As the name of a file says.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let end = path.extension()?;
        if end.eq_ignore_ascii_case("gz") {
            Some(Self::Gzip)
        } else if end.eq_ignore_ascii_case("zst") {
            Some(Self::Zstd)
        } else {
            None
        }
    }
}

/// A path without the end that says how it is compressed: what the file is within.
pub(crate) fn within(path: &Path) -> &Path {
    match (Compression::of(path), path.file_stem()) {
        (Some(_), Some(stem)) => Path::new(stem),
        _ => path,
    }
}

/// The bytes as they were before they were compressed, if they were. A stream cut off in
/// the middle, or with other bytes after its end, is an error.
pub(crate) fn reader<'r>(input: impl Read + Send + 'r) -> io::Result<Box<dyn BufRead + Send + 'r>> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut head = Vec::new();
    input.by_ref().take(4).read_to_end(&mut head)?;
    let (gzip, zstd) = (head.starts_with(&GZIP), head == ZSTD);
    let whole = Cursor::new(head).chain(input);
    Ok(if gzip {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(whole)))
    } else if zstd {
        let decoder = zstd::Decoder::with_buffer(whole)?;
        Box::new(BufReader::with_capacity(BUFFER, decoder))
    } else {
        Box::new(whole)
    })
}

/// Writes as it is told, through one buffer.
pub(crate) enum Writer<W: Write> {
    Plain(BufWriter<W>),
    Gzip(BufWriter<GzEncoder<W>>),
    Zstd(BufWriter<zstd::Encoder<'static, W>>),
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(output: W, compression: Option<Compression>) -> io::Result<Self> {
        let buffer = BUFFER;
        Ok(match compression {
            None => Self::Plain(BufWriter::with_capacity(buffer, output)),
            Some(Compression::Gzip) => {
                let encoder = GzEncoder::new(output, flate2::Compression::default());
                Self::Gzip(BufWriter::with_capacity(buffer, encoder))
            }
            Some(Compression::Zstd) => {
                let mut encoder = zstd::Encoder::new(output, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                encoder.include_checksum(true)?;
                Self::Zstd(BufWriter::with_capacity(buffer, encoder))
            }
        })
    }

    /// Writes what is still held, and the end of the stream.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(mut output) => output.flush(),
            Self::Gzip(output) => output.into_inner()?.finish()?.flush(),
            Self::Zstd(output) => output.into_inner()?.finish()?.flush(),
        }
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(output) => output.write(bytes),
            Self::Gzip(output) => output.write(bytes),
            Self::Zstd(output) => output.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(output) => output.flush(),
            Self::Gzip(output) => output.flush(),
            Self::Zstd(output) => output.flush(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(text: &[u8], compression: Option<Compression>) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, compression).unwrap();
        writer.write_all(text).unwrap();
        writer.finish().unwrap();
        out
    }

    fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        reader(bytes)?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn what_was_written_is_read_again() {
        let long = b"{\"case_id\":\"a\"}\n".repeat(20_000);
        for text in [&b""[..], b"a", b"ab", b"abc\n", b"\xEF\xBB\xBF{}\n", &long] {
            for compression in [None, Some(Compression::Gzip), Some(Compression::Zstd)] {
                let bytes = written(text, compression);
                assert_eq!(read(&bytes).unwrap(), text);
                assert_eq!(compression.is_none(), bytes == text);
                // Files of several machines put together.
                let twice = [bytes.clone(), bytes].concat();
                assert_eq!(read(&twice).unwrap(), [text, text].concat());
            }
        }
    }

    #[test]
    fn a_stream_cut_off_is_an_error() {
        let text = b"{\"case_id\":\"a\"}\n".repeat(2_000);
        for compression in [Compression::Gzip, Compression::Zstd] {
            let bytes = written(&text, Some(compression));
            for length in [5, bytes.len() / 2, bytes.len() - 1] {
                assert!(read(bytes.split_at(length).0).is_err(), "{length}");
            }
        }
    }

    #[test]
    fn a_changed_byte_is_an_error() {
        let text = b"{\"case_id\":\"a\"}\n".repeat(2_000);
        for compression in [Compression::Gzip, Compression::Zstd] {
            let mut bytes = written(&text, Some(compression));
            let middle = bytes.len() / 2;
            *bytes.get_mut(middle).unwrap() ^= 1;
            assert!(read(&bytes).is_err());
        }
    }

    #[test]
    fn names_say_what_is_within() {
        assert_eq!(within(Path::new("a/b.jsonl.gz")), Path::new("b.jsonl"));
        assert_eq!(within(Path::new("a/b.csv.ZST")), Path::new("b.csv"));
        assert_eq!(within(Path::new("a/b.jsonl")), Path::new("a/b.jsonl"));
        assert_eq!(within(Path::new("-")), Path::new("-"));
    }
}
