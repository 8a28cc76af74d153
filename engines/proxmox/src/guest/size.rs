//! How large is a disk in Proxmox VE's words? `32G`, `528K`, `4M`, `1T`, or bytes.

const UNITS: [(char, u64); 4] = [('K', 1 << 10), ('M', 1 << 20), ('G', 1 << 30), ('T', 1 << 40)];
pub(crate) const GIBIBYTE: u64 = 1 << 30;

pub(crate) fn parse(text: &str) -> Option<u64> {
    let (number, factor) = match text.chars().last().and_then(|last| UNITS.iter().find(|(unit, _)| *unit == last)) {
        Some((_, factor)) => (&text[..text.len() - 1], *factor),
        None => (text, 1),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}").parse::<u128>().ok()?;
    let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    u64::try_from(digits.checked_mul(u128::from(factor))? / scale).ok()
}

/// In gibibytes, which is what an allocation takes: never less than was asked for.
pub(crate) fn gibibytes(bytes: u64) -> u64 {
    bytes.div_ceil(GIBIBYTE)
}

/// Why a disk does not become smaller: its file system would be cut off.
pub(crate) fn shrinks(disk: &str, from: u64, to: u64) -> String {
    let gibibytes = |bytes: u64| format!("{}GB", bytes / GIBIBYTE);
    format!("{disk} has {} and cannot shrink to {}", gibibytes(from), gibibytes(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_every_unit() {
        for (text, bytes) in [("8G", 8 << 30), ("528K", 528 << 10), ("4M", 4 << 20), ("1T", 1 << 40), ("1.5G", 3 << 29), ("512", 512)] {
            assert_eq!(parse(text), Some(bytes), "{text}");
        }
        assert_eq!((parse("G"), parse(""), parse("8X")), (None, None, None));
        assert_eq!(gibibytes((8 << 30) + 1), 9);
    }
}
