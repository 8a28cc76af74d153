//! What does a sensor's number mean? The factors of its record: IPMI 2.0, section 36.3 and table 43-1.

/// A number of a linear sensor: `(M x raw + B x 10^K1) x 10^K2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    unit: Unit,
    is_signed: bool,
    factor: f64,
    offset: f64,
}

/// The units that somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Celsius,
    Rpm,
}

impl Scale {
    /// From the body of a full record. `None`: it tells no number, or one that is not linear, or in a unit of no use here.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let &[units, base, modifier, linearization, m_low, m_high, b_low, b_high, _, exponents, ..] = body.get(15..)? else { return None };
        let unit = match base {
            1 => Unit::Celsius,
            18 => Unit::Rpm,
            _ => return None,
        };
        // A percentage, a rate, or one unit by another.
        let is_plain = units & 0x3f == 0 && modifier == 0 && linearization & 0x7f == 0;
        let is_signed = match units >> 6 {
            0 => false,
            2 => true,
            _ => return None,
        };
        let power = |exponent: u8| 10_f64.powi(i32::from(signed(u16::from(exponent & 0x0f), 4)));
        let number = |low: u8, high: u8| f64::from(signed(u16::from(low) | u16::from(high & 0xc0) << 2, 10));
        let after = power(exponents >> 4);
        let scale = Self { unit, is_signed, factor: number(m_low, m_high) * after, offset: number(b_low, b_high) * power(exponents) * after };
        is_plain.then_some(scale)
    }

    pub(crate) fn value(self, raw: u8) -> Option<(Unit, f64)> {
        let raw = if self.is_signed { f64::from(raw as i8) } else { f64::from(raw) };
        let value = self.factor * raw + self.offset;
        value.is_finite().then_some((self.unit, value))
    }
}

/// A number of so many bits in two's complement.
fn signed(number: u16, bits: u32) -> i16 {
    let shift = u16::BITS - bits;
    (number << shift) as i16 >> shift
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(numbers: [u8; 10]) -> Vec<u8> {
        [&[0; 15][..], &numbers].concat()
    }

    #[test]
    fn numbers_have_the_scale_of_the_record() {
        for (numbers, raw, expected) in [
            ([0x00, 1, 0, 0, 1, 0, 0, 0, 0, 0], 45, Some((Unit::Celsius, 45.0))),
            ([0x80, 1, 0, 0, 1, 0, 0, 0, 0, 0], 0xf6, Some((Unit::Celsius, -10.0))),
            ([0x00, 18, 0, 0, 100, 0, 0, 0, 0, 0], 60, Some((Unit::Rpm, 6_000.0))),
            // M 0x105, B -2 with exponent 1, all of it by 10.
            ([0x00, 18, 0, 0, 0x05, 0x40, 0xfe, 0xc0, 0, 0x11], 2, Some((Unit::Rpm, (522.0 - 20.0) * 10.0))),
            ([0x00, 18, 0, 0, 5, 0, 0, 0, 0, 0xf0], 3, Some((Unit::Rpm, 1.5))),
            ([0xc0, 1, 0, 0, 1, 0, 0, 0, 0, 0], 45, None),
            ([0x01, 18, 0, 0, 1, 0, 0, 0, 0, 0], 45, None),
            ([0x00, 4, 0, 0, 1, 0, 0, 0, 0, 0], 45, None),
            ([0x00, 1, 0, 7, 1, 0, 0, 0, 0, 0], 45, None),
        ] {
            assert_eq!(Scale::read(&body(numbers)).and_then(|scale| scale.value(raw)), expected, "{numbers:x?}");
        }
        assert_eq!(Scale::read(&body([0; 10])[..20]), None);
    }
}
