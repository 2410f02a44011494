//! Numbers as people write them: `1,234.5`, `1.234,5`, `12.5k`, `1000 req/s`, `1309 ± 52%`.
//!
//! Whether a comma stands between thousands or before decimals is decided for all texts of a file together.

/// What a comma in a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Comma {
    /// It stands between thousands, if anywhere.
    #[default]
    Thousands,
    /// It stands before decimals.
    Decimal,
}

/// A comma that may stand for either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnclearComma {
    /// A number with it.
    pub(crate) example: String,
    /// The column that it stands in.
    pub(crate) column: usize,
}

/// A number, and what stands after it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written<'t> {
    /// Its value.
    pub(crate) number: f64,
    /// Its unit, if any.
    pub(crate) unit: &'t str,
}

/// What one number says of the commas in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Thousands,
    Decimal,
    Either,
    /// A plain number without a comma; whether it has a point before decimals.
    Plain(bool),
}

impl Comma {
    /// What commas stand for in these texts, each with its column and whether that one holds whole numbers by its name.
    ///
    /// # Errors
    ///
    /// When every number with a comma has three digits after it, and nothing else tells.
    pub(crate) fn of<'t>(texts: impl Iterator<Item = (usize, bool, &'t str)>) -> Result<Self, UnclearComma> {
        let (mut thousands, mut decimal, mut has_point) = (false, false, false);
        let mut either: Vec<(usize, bool, &str)> = Vec::new();
        let mut plain: Vec<usize> = Vec::new();
        for (column, is_whole, text) in texts {
            match sign(text) {
                Some(Sign::Thousands) => thousands = true,
                Some(Sign::Decimal) => decimal = true,
                Some(Sign::Either) => either.push((column, is_whole, text)),
                Some(Sign::Plain(point)) => {
                    has_point |= point;
                    plain.push(column);
                }
                None => {}
            }
        }
        if decimal && !thousands {
            return Ok(Self::Decimal);
        }
        let Some((column, _, example)) = either.first().copied() else { return Ok(Self::Thousands) };
        // A count can't have decimals, and nobody writes 900 beside 1,250 where the comma is the decimal sign.
        let is_count = either.iter().any(|(_, is_whole, _)| *is_whole);
        let has_plain_beside = either.iter().any(|(column, ..)| plain.contains(column));
        if thousands || has_point || is_count || has_plain_beside {
            return Ok(Self::Thousands);
        }
        Err(UnclearComma { example: example.trim().to_owned(), column })
    }
}

/// The part of a text that is a number, and the rest.
fn number_part(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let body = text.strip_prefix(['-', '+', '~', '≈']).unwrap_or(text).trim_start();
    let begin = text.len() - body.len();
    let end = body
        .char_indices()
        .find(|(place, c)| {
            let is_exponent = matches!(c, 'e' | 'E')
                && body
                    .get(place + 1..)
                    .is_some_and(|rest| rest.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit()))
                && body.get(..*place).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit() || c == '.'));
            let is_sign =
                matches!(c, '+' | '-') && body.get(..*place).is_some_and(|before| before.ends_with(['e', 'E']));
            !(c.is_ascii_digit() || matches!(c, '.' | ',' | '\'') || is_exponent || is_sign)
        })
        .map_or(body.len(), |(place, _)| place);
    let (number, rest) = text.split_at_checked(begin + end)?;
    number.contains(|c: char| c.is_ascii_digit()).then_some((number.trim_start_matches(['~', '≈']), rest.trim_start()))
}

fn sign(text: &str) -> Option<Sign> {
    let (number, rest) = number_part(text)?;
    // A date or a version is no number with something after it.
    let is_number = !rest.contains(|c: char| c.is_ascii_digit()) || rest.contains(['±', '(']);
    let number = Some(number.trim_start_matches(['-', '+'])).filter(|_| is_number)?;
    let (commas, points) = (number.matches(',').count(), number.matches('.').count());
    let grouped = |text: &str, by: char| {
        let mut groups = text.split(by);
        let first = groups.next().unwrap_or_default();
        (1..=3).contains(&first.len())
            && first != "0"
            && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
    };
    Some(match (commas, points) {
        (0, 0) => Sign::Plain(false),
        (0, 1) => Sign::Plain(true),
        (0, _) if grouped(number, '.') => Sign::Decimal,
        (0, _) => return None,
        (1, 0) if !grouped(number, ',') => Sign::Decimal,
        (1, 0) => Sign::Either,
        (_, 0) if grouped(number, ',') => Sign::Thousands,
        (_, 0) => return None,
        _ if number.rfind(',') < number.rfind('.') => Sign::Thousands,
        _ => Sign::Decimal,
    })
}

/// Reads a number and its unit; `None` where the text does not begin with a number.
pub(crate) fn written(text: &str, comma: Comma) -> Option<Written<'_>> {
    let (number, rest) = number_part(text)?;
    let plain: String = match comma {
        Comma::Thousands => number.chars().filter(|c| !matches!(c, ',' | '\'')).collect(),
        Comma::Decimal if number.contains(',') => {
            number.chars().filter(|c| !matches!(c, '.' | '\'')).map(|c| if c == ',' { '.' } else { c }).collect()
        }
        Comma::Decimal => number.to_owned(),
    };
    let number: f64 = plain.parse().ok()?;
    // What stands after ± is how sure the number is.
    let (rest, _) = rest.split_once('±').or_else(|| rest.split_once("+/-")).unwrap_or((rest, ""));
    let (rest, _) = rest.split_once('(').unwrap_or((rest, ""));
    let rest = rest.trim();
    let scaled = |prefix: &[char], factor: f64| {
        let unit = rest.strip_prefix(prefix)?;
        let is_alone = unit.is_empty() || unit.starts_with([' ', '/']);
        is_alone.then(|| Written { number: number * factor, unit: unit.trim_start() })
    };
    let written = scaled(&['k', 'K'], 1e3)
        .or_else(|| scaled(&['M'], 1e6))
        .or_else(|| scaled(&['G'], 1e9))
        .unwrap_or(Written { number, unit: rest });
    written.number.is_finite().then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_their_units() {
        let table = [
            ("1,234.5", Comma::Thousands, Some((1234.5, ""))),
            ("1.234,5", Comma::Decimal, Some((1234.5, ""))),
            ("12.5k", Comma::Thousands, Some((12_500.0, ""))),
            ("12.5k req/s", Comma::Thousands, Some((12_500.0, "req/s"))),
            ("1000 req/s", Comma::Thousands, Some((1000.0, "req/s"))),
            ("1309 ± 52%", Comma::Thousands, Some((1309.0, ""))),
            ("1,431,759 ops/sec ±1.93%", Comma::Thousands, Some((1_431_759.0, "ops/sec"))),
            ("45%", Comma::Thousands, Some((45.0, "%"))),
            ("1e-3 s", Comma::Thousands, Some((0.001, "s"))),
            ("4,2", Comma::Decimal, Some((4.2, ""))),
            ("-4,2E-05", Comma::Decimal, Some((-4.2e-5, ""))),
            ("1'250", Comma::Thousands, Some((1250.0, ""))),
            ("105 ms", Comma::Thousands, Some((105.0, "ms"))),
            ("5 MB", Comma::Thousands, Some((5.0, "MB"))),
            ("fast", Comma::Thousands, None),
            ("", Comma::Thousands, None),
            ("-", Comma::Thousands, None),
            ("1.2.3", Comma::Thousands, None),
            ("NaN", Comma::Thousands, None),
        ];
        for (text, comma, expected) in table {
            assert_eq!(written(text, comma).map(|written| (written.number, written.unit)), expected, "{text}");
        }
    }

    #[test]
    fn commas_are_settled_by_all_numbers_together() {
        let comma = |texts: &[(usize, bool, &str)]| Comma::of(texts.iter().copied()).map_err(|unclear| unclear.example);
        assert_eq!(comma(&[(0, false, "1,250"), (1, false, "20.1")]), Ok(Comma::Thousands));
        assert_eq!(comma(&[(0, false, "1,250"), (0, false, "900")]), Ok(Comma::Thousands));
        assert_eq!(comma(&[(0, true, "12,500")]), Ok(Comma::Thousands));
        assert_eq!(comma(&[(0, false, "1,234,567"), (0, false, "1,250")]), Ok(Comma::Thousands));
        assert_eq!(comma(&[(0, false, "4,25"), (1, false, "1,250")]), Ok(Comma::Decimal));
        assert_eq!(comma(&[(0, false, "0,350")]), Ok(Comma::Decimal));
        assert_eq!(comma(&[(0, false, "1.250,5")]), Ok(Comma::Decimal));
        assert_eq!(comma(&[(0, false, "1,250"), (0, false, "2,500")]), Err("1,250".to_owned()));
        assert_eq!(comma(&[(0, false, "1.5"), (0, false, "gin")]), Ok(Comma::Thousands));
    }
}
