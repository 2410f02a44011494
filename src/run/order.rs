//! In which order the cells of a block are measured: at random, and each cell at each position equally often.
//!
//! A machine that warms up or slows down while it measures makes later runs differ from earlier ones. Where each cell
//! comes first, second and so on equally often, that falls on all of them alike. Latin squares do so: Fisher, "The
//! Design of Experiments" (1935), chapter V.

use crate::stats::SplitMix64;

/// The cells, 0 to `cells` − 1, in the order of block `block`, from 0. Any `cells` blocks that follow each other from a
/// multiple of `cells` on have each cell once at each position; for two cells that is ABBA or BAAB or their like.
pub fn order(cells: usize, block: u32, seed: u64) -> Vec<usize> {
    if cells == 0 {
        return Vec::new();
    }
    let square = block as usize / cells;
    let mut random = SplitMix64::new(seed ^ (square as u64).wrapping_mul(0xd6e8_feb8_6659_fd93));
    let (rows, columns, symbols) =
        (permutation(cells, &mut random), permutation(cells, &mut random), permutation(cells, &mut random));
    let row = rows.get(block as usize % cells).copied().unwrap_or_default();
    columns.iter().filter_map(|column| symbols.get((row + column) % cells).copied()).collect()
}

/// The numbers from 0 to `length` − 1, each order equally likely: Fisher and Yates.
fn permutation(length: usize, random: &mut SplitMix64) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..length).collect();
    for last in (1..length).rev() {
        let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
        numbers.swap(last, random.below(bound) as usize);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_order() {
        let orders = |seed| (0..20).map(|block| order(5, block, seed)).collect::<Vec<_>>();
        assert_eq!(orders(7), orders(7));
        assert_ne!(orders(7), orders(8));
        assert_eq!(order(0, 3, 1), Vec::<usize>::new());
        assert_eq!(order(1, 3, 1), [0]);
    }

    #[test]
    fn each_cell_has_each_position_equally_often() {
        for cells in [2_usize, 3, 7] {
            let mut counts = vec![vec![0; cells]; cells];
            for block in 0..cells as u32 * 3 {
                for (position, cell) in order(cells, block, 42).into_iter().enumerate() {
                    counts[cell][position] += 1;
                }
            }
            assert!(counts.iter().flatten().all(|count| *count == 3), "{counts:?}");
        }
    }

    #[test]
    fn positions_of_the_first_block_are_random() {
        // Chi-square with 16 degrees of freedom, over 5 cells and 5 positions: 39.3 is exceeded once in a thousand.
        const CELLS: usize = 5;
        const SEEDS: u64 = 2_000;
        let mut counts = [[0.0; CELLS]; CELLS];
        for seed in 0..SEEDS {
            for (position, cell) in order(CELLS, 0, seed).into_iter().enumerate() {
                counts[cell][position] += 1.0;
            }
        }
        let expected = SEEDS as f64 / CELLS as f64;
        let chi_square: f64 = counts.iter().flatten().map(|count: &f64| (count - expected).powi(2) / expected).sum();
        assert!(chi_square < 39.3, "{chi_square}");
    }

    #[test]
    fn any_cell_may_follow_any_other() {
        let mut follows = [[0; 4]; 4];
        for seed in 0..200 {
            for pair in order(4, 0, seed).windows(2) {
                follows[pair[0]][pair[1]] += 1;
            }
        }
        for (cell, others) in follows.iter().enumerate() {
            assert!(others.iter().enumerate().all(|(other, count)| (0 < *count) == (other != cell)), "{follows:?}");
        }
    }
}
