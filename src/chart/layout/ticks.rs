//! Which tick labels are shown where not all of them have room.

/// The stretch that a label takes along its axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub(super) center: i32,
    pub(super) length: i32,
}

impl Extent {
    fn is_clear_of(&self, other: &Self, gap: i32) -> bool {
        (self.length + other.length) / 2 + gap <= (self.center - other.center).abs()
    }
}

/// The positions in `extents` whose labels can be shown with at least `gap` between neighbours.
///
/// Everything if there is room, otherwise the first, the last, and what fits between. Then all labels count as wide as
/// the widest, so that evenly spaced ticks stay evenly labelled.
pub(super) fn thin(extents: &[Extent], gap: i32) -> Vec<usize> {
    let all_fit = extents.iter().zip(extents.iter().skip(1)).all(|(one, next)| one.is_clear_of(next, gap));
    let (Some(first), Some(last), false) = (extents.first(), extents.last(), all_fit) else {
        return (0..extents.len()).collect();
    };
    let widest = extents.iter().map(|extent| extent.length).max().unwrap_or_default();
    let last_index = extents.len() - 1;
    let mut kept = vec![0];
    let mut previous = first;
    for (index, extent) in extents.iter().enumerate().take(last_index).skip(1) {
        let uniform = Extent { length: widest, ..*extent };
        if uniform.is_clear_of(&Extent { length: widest, ..*previous }, gap) && uniform.is_clear_of(last, gap) {
            kept.push(index);
            previous = extent;
        }
    }
    if last.is_clear_of(first, gap) {
        kept.push(last_index);
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn extents(places: &[(i32, i32)]) -> Vec<Extent> {
        places.iter().map(|&(center, length)| Extent { center, length }).collect()
    }

    #[test]
    fn labels_are_thinned_only_where_they_collide() {
        let cases: [(&[_], &[_]); 6] = [
            (&[], &[]),
            (&[(0, 100)], &[0]),
            (&[(0, 10), (20, 10), (40, 10)], &[0, 1, 2]),
            (&[(0, 10), (10, 10), (20, 10), (30, 10), (40, 10)], &[0, 2, 4]),
            (&[(0, 10), (10, 10), (20, 10), (30, 10)], &[0, 3]),
            (&[(0, 10), (5, 10)], &[0]),
        ];
        for (places, expected) in cases {
            assert_eq!(thin(&extents(places), 2), expected, "{places:?}");
        }
    }

    #[test]
    fn one_wide_label_does_not_make_the_others_uneven() {
        let places: Vec<_> = (0..13).map(|index| (index * 10, if index < 6 { 6 } else { 12 })).collect();
        assert_eq!(thin(&extents(&places), 2), [0, 2, 4, 6, 8, 10, 12]);
    }

    proptest! {
        #[test]
        fn kept_labels_never_overlap(steps in prop::collection::vec((0..60, 1..80), 0..30), gap in 0..10) {
            let mut center = 0;
            let extents: Vec<_> = steps
                .into_iter()
                .map(|(step, length)| {
                    center += step;
                    Extent { center, length }
                })
                .collect();
            let kept = thin(&extents, gap);
            prop_assert_eq!(kept.is_empty(), extents.is_empty());
            for pair in kept.windows(2) {
                prop_assert!(extents[pair[0]].is_clear_of(&extents[pair[1]], gap));
            }
        }
    }
}
