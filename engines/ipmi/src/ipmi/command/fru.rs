//! What was written into the machine when it was made? Get FRU Inventory Area Info and Read FRU Data: IPMI 2.0, chapter 34; the
//! form of the data is that of the Platform Management FRU Information Storage Definition 1.3.

use zeroize::Zeroizing;

use super::{Command, MalformedPacket, STORAGE, byte, plain, word};

/// The inventory of the machine itself, as opposed to that of its parts.
const MACHINE: u8 = 0x00;
/// How much is read. The areas that matter are at the beginning, and take a few hundred bytes.
pub(crate) const INVENTORY_BYTES_MAX: u16 = 2_048;

/// Get FRU Inventory Area Info.
pub(crate) struct GetFruSize;

impl Command for GetFruSize {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x10;
    const ATTEMPT: &'static str = "read how long the inventory is";
    /// In bytes.
    type Reply = u16;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([MACHINE])
    }

    fn read(data: &[u8]) -> Result<u16, MalformedPacket> {
        word(data, 0)
    }
}

/// Read FRU Data.
pub(crate) struct ReadFru {
    pub(crate) offset: u16,
    pub(crate) count: u8,
}

impl Command for ReadFru {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x11;
    const ATTEMPT: &'static str = "read the inventory";
    const BUSY: Option<u8> = Some(0x81);
    type Reply = Vec<u8>;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        let [low, high] = self.offset.to_le_bytes();
        plain([MACHINE, low, high, self.count])
    }

    fn read(data: &[u8]) -> Result<Vec<u8>, MalformedPacket> {
        let count = usize::from(byte(data, 0)?);
        data.get(1..1 + count).map(<[u8]>::to_vec).ok_or(super::CUT_OFF)
    }
}

/// What an inventory says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inventory {
    pub(crate) manufacturer: Option<String>,
    pub(crate) product: Option<String>,
    pub(crate) product_serial: Option<String>,
    pub(crate) chassis_serial: Option<String>,
    pub(crate) board_serial: Option<String>,
}

impl Inventory {
    /// An inventory that makes no sense has nothing to say: many machines were never given one.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let area = |place: usize| {
            let offset = usize::from(*bytes.get(place)?) * 8;
            let length = usize::from(*bytes.get(offset + 1)?) * 8;
            (offset > 0).then_some(()).and(bytes.get(offset..offset + length))
        };
        if bytes.first().is_none_or(|version| version & 0x0f != 1) {
            return Self::default();
        }
        let (chassis, board, product) = (fields(area(2), 3), fields(area(3), 6), fields(area(4), 3));
        let text = |fields: &[Option<String>], index: usize| fields.get(index).cloned().flatten();
        Self {
            manufacturer: text(&product, 0).or_else(|| text(&board, 0)),
            product: text(&product, 1).or_else(|| text(&board, 1)),
            product_serial: text(&product, 4),
            chassis_serial: text(&chassis, 1),
            board_serial: text(&board, 2),
        }
    }
}

/// The texts of an area, the first of which begins at this byte. Each has a byte before it with its encoding and length.
fn fields(area: Option<&[u8]>, first: usize) -> Vec<Option<String>> {
    const END: u8 = 0xc1;
    let mut found = Vec::new();
    let mut rest = area.and_then(|area| area.get(first..)).unwrap_or_default();
    while let [head, after @ ..] = rest {
        let length = usize::from(head & 0x3f);
        if *head == END || length > after.len() {
            break;
        }
        let (text, behind) = after.split_at(length);
        found.push(decoded(head >> 6, text));
        rest = behind;
    }
    found
}

fn decoded(encoding: u8, bytes: &[u8]) -> Option<String> {
    let text: String = match encoding {
        0b01 => bytes.iter().flat_map(|byte| [byte & 0x0f, byte >> 4]).map(binary_coded).collect(),
        0b10 => six_bits(bytes),
        0b11 => bytes.iter().map(|byte| char::from(*byte)).filter(|letter| !letter.is_control()).collect(),
        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let text = text.trim();
    // What factories write where they have nothing to write.
    let is_empty = text.is_empty() || text.chars().all(|letter| matches!(letter, '0' | '.' | '-' | ' '));
    (!is_empty).then(|| text.to_owned())
}

/// Digits, a blank, a dash and a point.
fn binary_coded(nibble: u8) -> char {
    match nibble {
        0..=9 => char::from(b'0' + nibble),
        0x0b => '-',
        0x0c => '.',
        _ => ' ',
    }
}

/// Four letters in three bytes, each 0x20 too small.
fn six_bits(bytes: &[u8]) -> String {
    let bit = |index: usize| bytes[index / 8] >> (index % 8) & 1;
    let letter = |number: usize| char::from(0x20 + (0..6).map(|place| bit(number * 6 + place) << place).sum::<u8>());
    (0..bytes.len() * 8 / 6).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn area(beginning: &[u8], texts: &[&str]) -> Vec<u8> {
        let mut bytes = [&[1, 0], beginning].concat();
        for text in texts {
            bytes.push(0xc0 | text.len() as u8);
            bytes.extend(text.as_bytes());
        }
        bytes.push(0xc1);
        bytes.resize((bytes.len() + 1).next_multiple_of(8), 0);
        bytes[1] = (bytes.len() / 8) as u8;
        bytes
    }

    #[test]
    fn serial_numbers_are_found() {
        let chassis = area(&[0x17], &["CH-1", "CSER-1"]);
        let board = area(&[0, 0, 0, 0], &["LabCo", "LabBoard", "BSER-1", "BP-1"]);
        let product = area(&[0], &["LabCo", "LabServer", "PP-1", "v1", "PSER-1", "asset-42"]);
        let at = |before: usize| (1 + before / 8) as u8;
        let header = [1, 0, at(0), at(chassis.len()), at(chassis.len() + board.len()), 0, 0, 0];
        let read = Inventory::read(&[&header[..], &chassis, &board, &product].concat());
        let text = |text: &str| Some(text.to_owned());
        let expected = Inventory {
            manufacturer: text("LabCo"),
            product: text("LabServer"),
            product_serial: text("PSER-1"),
            chassis_serial: text("CSER-1"),
            board_serial: text("BSER-1"),
        };
        assert_eq!(read, expected);
        assert_eq!(Inventory::read(&[0; 64]), Inventory::default());
    }

    #[test]
    fn texts_have_four_encodings() {
        assert_eq!(decoded(0b11, b"S-1 "), Some("S-1".to_owned()));
        assert_eq!(decoded(0b01, &[0x21, 0xb3]), Some("123-".to_owned()));
        // "IPMI", the example of the storage definition.
        assert_eq!(decoded(0b10, &[0x29, 0xdc, 0xa6]), Some("IPMI".to_owned()));
        assert_eq!(decoded(0b00, &[0xab, 0x01]), Some("ab01".to_owned()));
        assert_eq!(decoded(0b11, b"0000000"), None);
    }

    proptest! {
        #[test]
        fn any_inventory_is_read_without_a_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..400), begins_well: bool) {
            if let (true, Some(version)) = (begins_well, bytes.first_mut()) {
                *version = 1;
            }
            let _ = Inventory::read(&bytes);
        }
    }
}
