//! How deep is a JSON text nested? Asked before parsing: skipping an unknown field does not look at depth.

/// Whether brackets are open deeper than `depth_max` at any point. Does not check that the text is JSON.
pub(super) fn is_deeper_than(text: &[u8], depth_max: usize) -> bool {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > depth_max {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_count_outside_strings_only() {
        assert!(!is_deeper_than(br#"{"a":[1,{"b":2}]}"#, 3));
        assert!(is_deeper_than(br#"{"a":[1,{"b":2}]}"#, 2));
        assert!(!is_deeper_than(br#"{"a":"[[[[\"[[[["}"#, 1));
        assert!(!is_deeper_than(b"[][][]{}{}", 1));
    }
}
