//! How is a small ISO image written? ISO 9660 (ECMA-119) with Joliet names, one directory, a handful of files.
//!
//! The crates that write images can do far more (boot records, partitions, Rock Ridge) and weigh far more; a cloud-init image
//! needs one directory with lower-case names. Numbers of sections are those of ECMA-119.

/// A file of the image's only directory.
pub(crate) struct File {
    /// Lower-case letters and `-`; Joliet keeps it as it is.
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
}

const SECTOR: usize = 2_048;
/// The system area that nobody uses (6.2.1).
const SYSTEM_SECTORS: usize = 16;
/// Where things are: two descriptors and their end, two pairs of path tables, two directories, the files.
const PRIMARY: usize = SYSTEM_SECTORS;
const JOLIET: usize = PRIMARY + 1;
const TERMINATOR: usize = JOLIET + 1;
const PATH_TABLES: usize = TERMINATOR + 1;
const DIRECTORIES: usize = PATH_TABLES + 4;
const FILES: usize = DIRECTORIES + 2;
const IMAGE_BYTES_MAX: usize = 16 << 20;
/// A path table that holds the root alone (9.4).
const PATH_TABLE_BYTES: u32 = 10;

/// An image with the given label. The error says why there can be none.
pub(crate) fn image(label: &str, files: &[File]) -> Result<Vec<u8>, String> {
    let mut placed = Vec::new();
    let mut next = FILES;
    for file in files {
        placed.push((next, file));
        next += file.bytes.len().div_ceil(SECTOR).max(1);
    }
    if next * SECTOR > IMAGE_BYTES_MAX {
        return Err("the cloud-init image would be larger than 16MB; shorten `packages` and `commands`".to_owned());
    }
    let mut image = vec![0_u8; next * SECTOR];
    let sectors = u32::try_from(next).map_err(|_| "the image is too large".to_owned())?;
    put(&mut image, PRIMARY, &descriptor(label, sectors, &Names::Plain));
    put(&mut image, JOLIET, &descriptor(label, sectors, &Names::Joliet));
    put(&mut image, TERMINATOR, &[255, b'C', b'D', b'0', b'0', b'1', 1]);
    for (index, names) in [Names::Plain, Names::Joliet].iter().enumerate() {
        let directory = number(DIRECTORIES + index);
        put(&mut image, PATH_TABLES + 2 * index, &path_table(directory.to_le_bytes(), 1_u16.to_le_bytes()));
        put(&mut image, PATH_TABLES + 2 * index + 1, &path_table(directory.to_be_bytes(), 1_u16.to_be_bytes()));
        put(&mut image, DIRECTORIES + index, &directory_of(DIRECTORIES + index, &placed, names)?);
    }
    for (sector, file) in placed {
        put(&mut image, sector, &file.bytes);
    }
    Ok(image)
}

/// The two spellings that an image has of everything.
enum Names {
    /// Upper case, eight and three letters: a reader without Joliet sees something at least.
    Plain,
    /// UCS-2, big endian, as it was written.
    Joliet,
}

impl Names {
    fn file(&self, name: &str, index: usize) -> Vec<u8> {
        match self {
            Self::Plain => {
                let letters: String = name.to_uppercase().chars().filter(char::is_ascii_alphanumeric).take(6).collect();
                format!("{letters}{index}.;1").into_bytes()
            }
            // Without a version, as the usual programs write it and every reader takes it.
            Self::Joliet => wide(name),
        }
    }

    fn label(&self, label: &str) -> [u8; 32] {
        match self {
            Self::Plain => padded(label.as_bytes(), b" "),
            Self::Joliet => padded(&wide(label), &[0, b' ']),
        }
    }

    fn sector(&self) -> usize {
        match self {
            Self::Plain => 0,
            Self::Joliet => 1,
        }
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn padded<const LENGTH: usize>(bytes: &[u8], filler: &[u8]) -> [u8; LENGTH] {
    let all = bytes.iter().chain(filler.iter().cycle()).take(LENGTH);
    let mut field = [0; LENGTH];
    field.iter_mut().zip(all).for_each(|(place, byte)| *place = *byte);
    field
}

fn number(sector: usize) -> u32 {
    u32::try_from(sector).unwrap_or(u32::MAX)
}

/// Little and big endian, one after the other (7.3.3).
fn both(value: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&value.to_le_bytes());
    bytes[4..].copy_from_slice(&value.to_be_bytes());
    bytes
}

fn both_short(value: u16) -> [u8; 4] {
    let mut bytes = [0; 4];
    bytes[..2].copy_from_slice(&value.to_le_bytes());
    bytes[2..].copy_from_slice(&value.to_be_bytes());
    bytes
}

fn put(image: &mut [u8], sector: usize, bytes: &[u8]) {
    let start = sector * SECTOR;
    if let Some(place) = image.get_mut(start..start + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

/// A primary or a supplementary volume descriptor (8.4, 8.5). Dates are left at zero, which means "none": the same values
/// give the same image.
fn descriptor(label: &str, sectors: u32, names: &Names) -> Vec<u8> {
    let is_joliet = matches!(names, Names::Joliet);
    let tables = number(PATH_TABLES + 2 * names.sector());
    let mut bytes = vec![0; SECTOR];
    let mut at = |offset: usize, part: &[u8]| bytes[offset..offset + part.len()].copy_from_slice(part);
    at(0, &[if is_joliet { 2 } else { 1 }]);
    at(1, b"CD001\x01");
    at(8, &[b' '; 32]);
    at(40, &names.label(label));
    at(80, &both(sectors));
    if is_joliet {
        // UCS-2, level 3.
        at(88, b"%/E");
    }
    at(120, &both_short(1));
    at(124, &both_short(1));
    at(128, &both_short(2_048));
    at(132, &both(PATH_TABLE_BYTES));
    at(140, &tables.to_le_bytes());
    at(148, &(tables + 1).to_be_bytes());
    at(156, &record(&[0], DIRECTORIES + names.sector(), SECTOR, true));
    at(190, &[b' '; 623]);
    for date in [813, 830, 847, 864] {
        at(date, b"0000000000000000\0");
    }
    at(881, &[1]);
    bytes
}

/// The root alone (9.4).
fn path_table(directory: [u8; 4], parent: [u8; 2]) -> Vec<u8> {
    let mut bytes = vec![1, 0];
    bytes.extend(directory);
    bytes.extend(parent);
    bytes.extend([0, 0]);
    bytes
}

fn directory_of(sector: usize, files: &[(usize, &File)], names: &Names) -> Result<Vec<u8>, String> {
    let mut entries: Vec<(Vec<u8>, usize, usize)> =
        files.iter().enumerate().map(|(index, (at, file))| (names.file(file.name, index), *at, file.bytes.len())).collect();
    // Readers search the directory: its records are in the order of their names (9.3).
    entries.sort();
    let mut bytes = record(&[0], sector, SECTOR, true);
    bytes.extend(record(&[1], sector, SECTOR, true));
    for (name, at, length) in entries {
        bytes.extend(record(&name, at, length, false));
    }
    if bytes.len() > SECTOR { Err("too many files for one directory".to_owned()) } else { Ok(bytes) }
}

/// A directory record (9.1). Its length is even.
fn record(name: &[u8], sector: usize, length: usize, is_directory: bool) -> Vec<u8> {
    let mut bytes = vec![0, 0];
    bytes.extend(both(number(sector)));
    bytes.extend(both(number(length)));
    bytes.extend([0; 7]);
    bytes.extend([if is_directory { 2 } else { 0 }, 0, 0]);
    bytes.extend(both_short(1));
    bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
    bytes.extend(name);
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes[0] = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_image() {
        let files = || [File { name: "user-data", bytes: b"#cloud-config\n".to_vec() }, File { name: "meta-data", bytes: vec![b'x'; 5_000] }];
        let one = image("cidata", &files()).expect("an image");
        assert_eq!(one, image("cidata", &files()).expect("an image"));
        assert_eq!(&one[PRIMARY * SECTOR..PRIMARY * SECTOR + 6], b"\x01CD001");
        assert_eq!(one.len(), (FILES + 1 + 3) * SECTOR);
    }

    #[test]
    fn too_much_is_refused() {
        assert!(image("cidata", &[File { name: "user-data", bytes: vec![0; IMAGE_BYTES_MAX] }]).is_err());
    }
}
