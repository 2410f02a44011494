//! The colours of a picture, reduced to the 256 that an indexed PNG can name.

/// An opaque colour: red, green, blue.
pub(super) type Rgb = [u8; 3];

/// The most colours that one byte per pixel can name.
pub(super) const MAX_COLORS: usize = 256;

/// The palette for colours with the number of pixels that have them: exact if there are at most [`MAX_COLORS`].
///
/// Otherwise the most frequent colours (background, text, lines and bands) are kept exactly, and the rest, which is the
/// smoothing between them, is divided by median cut (Heckbert, 1982). The order of `colors` decides between equals.
pub(super) fn reduce(mut colors: Vec<(Rgb, u64)>) -> Vec<Rgb> {
    colors.sort_by(|(one, one_count), (other, other_count)| other_count.cmp(one_count).then(one.cmp(other)));
    if colors.len() <= MAX_COLORS {
        return colors.into_iter().map(|(color, _)| color).collect();
    }
    let rest = colors.split_off(EXACT_COLORS);
    let mut palette: Vec<Rgb> = colors.into_iter().map(|(color, _)| color).collect();
    let mut boxes = vec![Box::new(rest)];
    while palette.len() + boxes.len() < MAX_COLORS {
        let widest = boxes.iter().enumerate().max_by_key(|(index, cut)| (cut.urgency(), usize::MAX - index));
        let Some(index) = widest.filter(|(_, cut)| 0 < cut.urgency()).map(|(index, _)| index) else { break };
        let (low, high) = boxes.swap_remove(index).cut();
        boxes.extend([low, high]);
    }
    palette.extend(boxes.iter().map(Box::mean));
    palette
}

/// The place in `palette` of the colour that is most like `color`.
pub(super) fn nearest(palette: &[Rgb], color: Rgb) -> u8 {
    let distance = |other: &Rgb| {
        let square = |channel: usize| {
            let difference = u32::from(color[channel].abs_diff(other[channel]));
            SENSITIVITY[channel] * difference * difference
        };
        square(0) + square(1) + square(2)
    };
    // Distance and index in one number: no branches, and the first of equals.
    let found = (0..=u32::from(u8::MAX)).zip(palette).map(|(index, other)| distance(other) << 8 | index).min();
    found.unwrap_or_default() as u8
}

/// How many of the most frequent colours keep their exact value: enough for both sides of every edge between two
/// of the twelve series colours, their bands, the grid and the texts.
const EXACT_COLORS: usize = 96;

/// How much a difference in red, green and blue is seen, in that order.
const SENSITIVITY: [u32; 3] = [2, 4, 1];

/// Colours that share one entry of the palette.
struct Box {
    colors: Vec<(Rgb, u64)>,
    /// The channel in which they differ most, and how much.
    channel: usize,
    spread: u64,
    weight: u64,
}

impl Box {
    fn new(colors: Vec<(Rgb, u64)>) -> Self {
        let spread = |channel: usize| {
            let values = colors.iter().map(|(color, _)| color[channel]);
            let range = values.clone().max().unwrap_or_default() - values.min().unwrap_or_default();
            u64::from(range) * u64::from(SENSITIVITY[channel])
        };
        let channel = [1, 0, 2].into_iter().max_by_key(|&channel| spread(channel)).unwrap_or_default();
        let spread = spread(channel);
        let weight = colors.iter().map(|(_, count)| count).sum();
        Self { colors, channel, spread, weight }
    }

    /// How much is gained by cutting: wide boxes first, and of these the ones that more pixels fall into.
    fn urgency(&self) -> u64 {
        self.spread * self.spread * self.weight.isqrt()
    }

    /// Two boxes with about half of the pixels each.
    fn cut(mut self) -> (Self, Self) {
        let channel = self.channel;
        self.colors.sort_unstable_by_key(|(color, _)| (color[channel], *color));
        let mut below = 0;
        let half = self.colors.iter().position(|(_, count)| {
            below += count;
            self.weight <= 2 * below
        });
        let middle = half.unwrap_or_default().clamp(1, self.colors.len() - 1);
        let high = self.colors.split_off(middle);
        (Self::new(self.colors), Self::new(high))
    }

    fn mean(&self) -> Rgb {
        [0, 1, 2].map(|channel| {
            let sum: u64 = self.colors.iter().map(|(color, count)| u64::from(color[channel]) * count).sum();
            ((sum + self.weight / 2) / self.weight.max(1)) as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_colors_are_kept_exactly_and_the_most_frequent_comes_first() {
        let colors = vec![([0, 0, 0], 5), ([255, 255, 255], 1000), ([10, 20, 30], 5)];
        assert_eq!(reduce(colors), [[255, 255, 255], [0, 0, 0], [10, 20, 30]]);
        assert_eq!(reduce(Vec::new()), Vec::<Rgb>::new());
    }

    #[test]
    fn many_colors_are_reduced_with_little_loss() {
        let colors: Vec<(Rgb, u64)> =
            (0..4096u32).map(|n| ([(n % 16 * 17) as u8, (n / 16 % 16 * 17) as u8, (n / 256 * 17) as u8], 1)).collect();
        let palette = reduce(colors.clone());
        assert_eq!(palette.len(), MAX_COLORS);
        for (color, _) in colors {
            let found = palette[usize::from(nearest(&palette, color))];
            let off = color.iter().zip(found).map(|(one, other)| one.abs_diff(other)).max();
            assert!(off <= Some(85), "{color:?} became {found:?}");
        }
    }

    #[test]
    fn frequent_colors_survive_a_crowd() {
        let mut colors: Vec<(Rgb, u64)> = (0..=255).map(|n| ([n, n / 2, 255 - n], 3)).collect();
        colors.extend((0..=255).map(|n| ([n, 255, n / 3], 3)));
        colors.push(([1, 2, 3], 1_000_000));
        let palette = reduce(colors);
        assert_eq!(palette[usize::from(nearest(&palette, [1, 2, 3]))], [1, 2, 3]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn a_palette_is_never_too_large_and_does_not_depend_on_the_order(
            mut colors in prop::collection::btree_map(any::<Rgb>(), 1u64..1000, 0..600)
                .prop_map(|colors| colors.into_iter().collect::<Vec<_>>())
        ) {
            let palette = reduce(colors.clone());
            prop_assert!(palette.len() <= MAX_COLORS);
            colors.reverse();
            prop_assert_eq!(reduce(colors), palette);
        }
    }
}
