//! Numbers from their bytes, where they are written plainly. The result is the float that the standard library reads.

/// Powers of ten that a float holds exactly.
const POWERS: [f64; 19] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

/// Digits with at most one point among them. Whole numbers below 2^53 and their quotients by these powers are exact
/// or rounded once, and so the float next to the text; `None` for all that is longer or written in another way.
#[inline]
pub(super) fn decimal(text: &[u8]) -> Option<f64> {
    let mut digits: u64 = 0;
    let mut point = None;
    for (place, &byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
        } else if byte == b'.' && point.is_none() {
            point = Some(place);
        } else {
            return None;
        }
    }
    let (decimals, length) = match point {
        Some(place) => (text.len() - place - 1, text.len() - 1),
        None => (0, text.len()),
    };
    // Nineteen digits do not overflow.
    let power = POWERS.get(decimals)?;
    (0 < length && length <= 19 && digits < 1 << 53).then(|| digits as f64 / power)
}

/// As [`decimal`], and with an exponent or more digits by way of the standard library. No sign but in the exponent, and
/// nothing that is only nearly a number.
#[inline]
pub(super) fn float(text: &[u8]) -> Option<f64> {
    decimal(text).or_else(|| float_by_library(text))
}

#[cold]
fn float_by_library(text: &[u8]) -> Option<f64> {
    let is_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    let begins_with_digit = text.first().is_some_and(u8::is_ascii_digit);
    if !begins_with_digit || !text.iter().all(is_number) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A whole number of at most 15 digits and nothing else.
#[inline]
pub(super) fn whole(text: &[u8]) -> Option<u64> {
    if text.is_empty() || 15 < text.len() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, &byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then(|| number * 10 + u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        for text in ["", ".", "-1", "+1", "1.2.3", "NaN", "inf", " 1", "1e3", "0x10", "1_000"] {
            assert_eq!(decimal(text.as_bytes()), None, "{text}");
        }
        for text in ["", "-1", "e5", "1e", "1-2", "inf", "1e5x", "--1"] {
            assert_eq!(float(text.as_bytes()), None, "{text}");
        }
        for text in ["", "1.0", "-1", "1234567890123456", "1e3"] {
            assert_eq!(whole(text.as_bytes()), None, "{text}");
        }
        assert_eq!(whole(b"123456789012345"), Some(123_456_789_012_345));
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_standard_library(text in "[0-9]{0,19}(\\.[0-9]{0,12})?(e-?[0-9]{1,2})?") {
            let expected: Option<f64> = text.parse().ok();
            if let Some(number) = decimal(text.as_bytes()) {
                prop_assert_eq!(Some(number.to_bits()), expected.map(f64::to_bits));
            }
            if let Some(number) = float(text.as_bytes()) {
                prop_assert_eq!(Some(number.to_bits()), expected.map(f64::to_bits));
            }
        }
    }
}
