//! What was written into the machine when it was made? An inventory with chassis, board and product.

/// The image, 256 bytes.
pub(crate) fn image(serial: &str) -> Vec<u8> {
    let chassis = area(&[0x17], &["CH-1", &format!("C-{serial}")]);
    let board = area(&[0, 0, 0, 0], &["SimCo", "SimBoard", &format!("B-{serial}"), "BP-1", "f"]);
    let product = area(&[0], &["SimCo", "SimServer", "PP-1", "v1", serial, "asset-42", "f"]);
    let board_at = 1 + chassis.len() / 8;
    let product_at = board_at + board.len() / 8;
    let mut bytes = vec![1, 0, 1, board_at as u8, product_at as u8, 0, 0];
    bytes.push(checksum(&bytes));
    bytes.extend([chassis, board, product].concat());
    bytes.resize(256, 0);
    bytes
}

fn area(beginning: &[u8], texts: &[&str]) -> Vec<u8> {
    let mut bytes = vec![1, 0];
    bytes.extend(beginning);
    for text in texts {
        bytes.push(0xc0 | text.len() as u8);
        bytes.extend(text.as_bytes());
    }
    bytes.push(0xc1);
    while (bytes.len() + 1) % 8 != 0 {
        bytes.push(0);
    }
    bytes[1] = ((bytes.len() + 1) / 8) as u8;
    let sum = checksum(&bytes);
    bytes.push(sum);
    bytes
}

fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)).wrapping_neg()
}
