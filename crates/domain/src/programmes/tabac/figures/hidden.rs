//! Which rates keep to themselves: a group that is too small points at somebody, and so does one that a reader finds by adding
//! lines and taking others away.

use std::collections::BTreeMap;

use crate::figures::LEAST;

/// The lines of a table that keep their rates to themselves, given the whole of each, when the sum of all is told: those that
/// are too small, then the next smallest until two at least are hidden and what they make together is not too small.
pub fn lines(wholes: &[usize]) -> Vec<bool> {
    let least = LEAST as usize;
    let mut hidden: Vec<bool> = wholes.iter().map(|whole| (1..least).contains(whole)).collect();
    loop {
        let of_hidden = || wholes.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(whole, _)| *whole);
        let (count, sum) = (of_hidden().count(), of_hidden().sum::<usize>());
        let told = wholes.iter().enumerate().filter(|(rank, whole)| !hidden[*rank] && **whole > 0);
        let next = told.min_by_key(|(_, whole)| **whole).map(|(rank, _)| rank);
        match next.filter(|_| count > 0 && (count < 2 || sum < least)) {
            Some(rank) => hidden[rank] = true,
            None => return hidden,
        }
    }
}

/// The same for several tables that part the same people, given the line of each person in each table and how many lines each
/// has. Those who stand in the same line of every table are a block: blocks are hidden as the lines of one table are, and a
/// line is told when it holds every hidden block, or none. Whatever is added or taken away then makes whole blocks, or the
/// hidden ones together.
pub fn in_tables<const N: usize>(people: &[[usize; N]], lengths: [usize; N]) -> [Vec<bool>; N] {
    let mut blocks: BTreeMap<[usize; N], usize> = BTreeMap::new();
    for person in people {
        *blocks.entry(*person).or_default() += 1;
    }
    let hidden = lines(&blocks.values().copied().collect::<Vec<_>>());
    let kept: Vec<[usize; N]> =
        blocks.into_keys().zip(hidden).filter(|(_, hidden)| *hidden).map(|(at, _)| at).collect();
    std::array::from_fn(|table| {
        let holds_some = |line| kept.iter().any(|at| at[table] == line) && kept.iter().any(|at| at[table] != line);
        (0..lengths[table]).map(holds_some).collect()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hidden_lines_are_two_at_least_and_not_too_small_together() {
        for (wholes, expected) in [
            (&[][..], &[][..]),
            (&[0, 40, 11], &[false, false, false]),
            (&[3, 40, 11], &[true, false, true]),
            (&[3, 40, 10], &[true, false, true]),
            (&[3, 4, 40, 12], &[true, true, false, true]),
            (&[1, 2, 3, 30], &[true, true, true, true]),
            (&[0, 3, 40], &[false, true, true]),
            (&[10], &[true]),
        ] {
            assert_eq!(lines(wholes), expected, "{wholes:?}");
        }
    }

    /// So many people in each pair of lines.
    fn people(blocks: &[([usize; 2], usize)]) -> Vec<[usize; 2]> {
        blocks.iter().flat_map(|(at, count)| std::iter::repeat_n(*at, *count)).collect()
    }

    #[test]
    fn a_line_of_one_table_is_not_had_from_the_other() {
        // Two stands of one structure, two of another: the small stand would be its structure but for the other stand.
        let told = people(&[([0, 0], 3), ([1, 0], 20), ([2, 1], 12), ([3, 1], 30)]);
        assert_eq!(in_tables(&told, [4, 2]), [vec![true, false, true, false], vec![true, true]]);
        // Both small stands are of one structure, which holds all that is hidden.
        let told = people(&[([0, 0], 3), ([1, 0], 12), ([2, 1], 30), ([3, 1], 30)]);
        assert_eq!(in_tables(&told, [4, 2]), [vec![true, true, false, false], vec![false, false]]);
        // No line is small, and three people are what a structure has more than its stand.
        let told = people(&[([0, 0], 40), ([1, 0], 3), ([1, 1], 20)]);
        assert_eq!(in_tables(&told, [2, 2]), [vec![false, false], vec![true, true]]);
        assert_eq!(in_tables(&[], [2, 1]), [vec![false, false], vec![false]]);
    }

    proptest! {
        /// Every sum and difference of told lines that makes a group of people makes no small one.
        #[test]
        fn nothing_small_is_had_by_subtraction(
            blocks in proptest::collection::btree_map((0..3_usize, 0..3_usize), 1..30_usize, 1..7),
        ) {
            let blocks: Vec<([usize; 2], usize)> = blocks.into_iter().map(|((a, b), count)| ([a, b], count)).collect();
            let all: usize = blocks.iter().map(|(_, count)| count).sum();
            prop_assume!(all >= LEAST as usize);
            let hidden = in_tables(&people(&blocks), [3, 3]);
            let mut told: Vec<Vec<i32>> = vec![vec![1; blocks.len()]];
            for table in 0..2 {
                for line in (0..3).filter(|line| !hidden[table][*line]) {
                    told.push(blocks.iter().map(|(at, _)| i32::from(at[table] == line)).collect());
                }
            }
            for mix in 0..3_usize.pow(u32::try_from(told.len()).expect("few lines")) {
                let mut sum = vec![0; blocks.len()];
                for (rank, line) in told.iter().enumerate() {
                    let times = i32::try_from(mix / 3_usize.pow(u32::try_from(rank).expect("few")) % 3).expect("0 to 2") - 1;
                    sum.iter_mut().zip(line).for_each(|(sum, has)| *sum += times * has);
                }
                if sum.iter().all(|times| [0, 1].contains(times)) {
                    let count: usize = blocks.iter().zip(&sum).filter(|(_, times)| **times == 1).map(|((_, count), _)| count).sum();
                    prop_assert!(count == 0 || count >= LEAST as usize, "{count} people of {blocks:?}, hidden {hidden:?}");
                }
            }
        }
    }
}
