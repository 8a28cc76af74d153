//! How do words and sentences stand on the wire?
//!
//! A word is its length and its bytes; the length takes one to five bytes. A word without bytes ends a sentence.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// A word longer than this ends the connection.
const WORD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// A sentence with more words than this ends the connection.
const WORDS_MAX: usize = 4096;

/// The next sentence, or nothing if the other side is done.
pub(crate) async fn read_sentence<R: AsyncRead + Unpin>(reader: &mut R) -> io::Result<Option<Vec<String>>> {
    let mut words = Vec::new();
    let mut bytes = 0;
    loop {
        let Some(length) = read_length(reader, words.is_empty()).await? else { return Ok(None) };
        if length == 0 {
            return Ok(Some(words));
        }
        bytes += length;
        if bytes > WORD_BYTES_MAX || words.len() == WORDS_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut word = vec![0; length];
        reader.read_exact(&mut word).await?;
        // A router takes any bytes; what is not UTF-8 is shown with replacement characters here.
        words.push(String::from_utf8_lossy(&word).into_owned());
    }
}

/// Nothing if the stream ends where a sentence may end.
async fn read_length<R: AsyncRead + Unpin>(reader: &mut R, may_end: bool) -> io::Result<Option<usize>> {
    let mut first = [0_u8; 1];
    if reader.read(&mut first).await? == 0 {
        return if may_end { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
    }
    let first = first[0];
    let (more, high) = match first {
        0x00..=0x7F => (0, first),
        0x80..=0xBF => (1, first & 0x3F),
        0xC0..=0xDF => (2, first & 0x1F),
        0xE0..=0xEF => (3, first & 0x0F),
        0xF0 => (4, 0),
        // Control bytes that nothing uses.
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    let mut rest = [0_u8; 4];
    reader.read_exact(&mut rest[..more]).await?;
    let length = rest[..more].iter().fold(usize::from(high), |length, byte| (length << 8) | usize::from(*byte));
    Ok(Some(length))
}

/// Appends a sentence as it stands on the wire.
pub(crate) fn write_sentence<'word>(bytes: &mut Vec<u8>, words: impl IntoIterator<Item = &'word str>) {
    for word in words {
        write_length(bytes, word.len());
        bytes.extend_from_slice(word.as_bytes());
    }
    bytes.push(0);
}

fn write_length(bytes: &mut Vec<u8>, length: usize) {
    let be = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    match length {
        0..=0x7F => bytes.push(be[3]),
        0x80..=0x3FFF => bytes.extend([be[2] | 0x80, be[3]]),
        0x4000..=0x1F_FFFF => bytes.extend([be[1] | 0xC0, be[2], be[3]]),
        0x20_0000..=0x0FFF_FFFF => bytes.extend([be[0] | 0xE0, be[1], be[2], be[3]]),
        _ => bytes.extend([0xF0, be[0], be[1], be[2], be[3]]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_length_comes_back() {
        for length in [1, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1F_FFFF, 0x20_0000] {
            let word = "x".repeat(length);
            let mut bytes = Vec::new();
            write_sentence(&mut bytes, ["/a", &word]);
            let read = read_sentence(&mut &bytes[..]).await.expect("a sentence");
            assert_eq!(read, Some(vec!["/a".to_owned(), word]), "{length}");
        }
    }

    #[tokio::test]
    async fn what_is_too_long_or_broken_off_is_refused() {
        for bytes in [&[0xF8][..], &[0xF0, 0xFF, 0xFF, 0xFF, 0xFF], &[0x05, b'a'], &[0xE8, 0, 0, 0]] {
            assert!(read_sentence(&mut &bytes[..]).await.is_err(), "{bytes:?}");
        }
        assert_eq!(read_sentence(&mut &[][..]).await.ok(), Some(None));
    }
}
