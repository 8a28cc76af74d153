//! What does the guest start? 512 bytes for the 16-bit mode of a PC, the same from a disk and from the network: both load them to
//! the same place.

/// Where the firmware, and the network's boot program, load it to.
const ORIGIN: u16 = 0x7c00;
const SECTOR_BYTES: usize = 512;
const SIGNATURE: [u8; 2] = [0x55, 0xaa];
/// Where the number in `mov si, text` stands.
const TEXT_ADDRESS: std::ops::Range<usize> = 13..15;

/// Lets the power button be seen (ACPI's PM1 registers, which SeaBIOS puts at 0x600), writes the text to the first serial port,
/// and waits until the button is pressed; then it switches itself off.
const PROGRAM: &[u8] = &[
    0xfa, // cli
    0x31, 0xc0, // xor ax, ax
    0x8e, 0xd8, // mov ds, ax
    0xba, 0x02, 0x06, // mov dx, 0x602: which events are wanted
    0xb4, 0x01, // mov ah, 1: the power button
    0xef, // out dx, ax
    0xfc, // cld
    0xbe, 0x00, 0x00, // mov si, text
    // next:
    0xac, // lodsb
    0x84, 0xc0, // test al, al
    0x74, 0x06, // jz wait
    0xba, 0xf8, 0x03, // mov dx, 0x3f8: the serial port
    0xee, // out dx, al
    0xeb, 0xf5, // jmp next
    // wait:
    0xfb, // sti
    0xf4, // hlt: until the clock ticks
    0xba, 0x00, 0x06, // mov dx, 0x600: which events came
    0xed, // in ax, dx
    0xf6, 0xc4, 0x01, // test ah, 1
    0x74, 0xf6, // jz wait
    0xba, 0x04, 0x06, // mov dx, 0x604: what to do
    0xb8, 0x00, 0x20, // mov ax, 0x2000: soft off
    0xef, // out dx, ax
    0xeb, 0xee, // jmp wait
];

pub(crate) fn sector(text: &str) -> Vec<u8> {
    let mut sector = PROGRAM.to_vec();
    let address = ORIGIN + u16::try_from(sector.len()).expect("the program is short");
    sector[TEXT_ADDRESS].copy_from_slice(&address.to_le_bytes());
    sector.extend(text.bytes().chain(*b"\r\n\0"));
    assert!(sector.len() <= SECTOR_BYTES - SIGNATURE.len(), "the text is short");
    sector.resize(SECTOR_BYTES - SIGNATURE.len(), 0);
    sector.extend(SIGNATURE);
    sector
}
