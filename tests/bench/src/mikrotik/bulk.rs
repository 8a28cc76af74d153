//! How long does it take at least to read both lists? A client that asks for them at once, and does nothing with the answer.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::sample::Sample;

const ROUNDS: usize = 5;
const LISTS: [&str; 2] = ["/ip/firewall/filter/print", "/ip/firewall/address-list/print"];

/// The median of some reads, and how many rows each gave.
pub(crate) fn read(address: SocketAddr, user: &str, password: &str) -> anyhow::Result<(Duration, usize)> {
    let mut client = Client::connect(address)?;
    client.ask(&["/login", &format!("=name={user}"), &format!("=password={password}")])?;
    client.until_done(1)?;
    let mut times = Vec::with_capacity(ROUNDS);
    let mut rows = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for (tag, list) in LISTS.iter().enumerate() {
            client.ask(&[list, &format!(".tag={tag}")])?;
        }
        rows = client.until_done(LISTS.len())?;
        times.push(begun.elapsed());
    }
    Ok((Sample::new(times).median(), rows))
}

struct Client {
    reader: BufReader<TcpStream>,
}

impl Client {
    fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).context("could not reach the simulated router")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { reader: BufReader::with_capacity(1 << 16, stream) })
    }

    /// Words of less than 128 bytes have a length of one byte.
    fn ask(&mut self, words: &[&str]) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        for word in words {
            bytes.push(u8::try_from(word.len()).ok().filter(|length| *length < 0x80).context("a word that is too long")?);
            bytes.extend_from_slice(word.as_bytes());
        }
        bytes.push(0);
        Ok(self.reader.get_mut().write_all(&bytes)?)
    }

    /// Reads so many answers, and counts their rows.
    fn until_done(&mut self, answers: usize) -> anyhow::Result<usize> {
        let (mut done, mut rows) = (0, 0);
        let mut is_first = true;
        while done < answers || !is_first {
            let word = self.word()?;
            if is_first {
                anyhow::ensure!(!word.starts_with(b"!trap") && !word.starts_with(b"!fatal"), "the simulated router refused a read");
                rows += usize::from(word == b"!re");
                done += usize::from(word == b"!done");
            }
            is_first = word.is_empty();
        }
        Ok(rows)
    }

    /// The next word; an empty one ends a sentence.
    fn word(&mut self) -> anyhow::Result<Vec<u8>> {
        let first = self.byte()?;
        let length = match first {
            0..0x80 => usize::from(first),
            0x80..0xC0 => (usize::from(first & 0x3F) << 8) | usize::from(self.byte()?),
            _ => anyhow::bail!("a word that is too long"),
        };
        let mut word = vec![0; length];
        self.reader.read_exact(&mut word)?;
        Ok(word)
    }

    fn byte(&mut self) -> anyhow::Result<u8> {
        let mut byte = [0];
        self.reader.read_exact(&mut byte)?;
        Ok(byte[0])
    }
}
