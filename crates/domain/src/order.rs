//! Stable sorting with one body for every type. The standard sort is compiled anew for each type, which costs the
//! client's download 3 kB a time; its lists are short.

use std::cmp::Ordering;

/// Sorts by a key, computed once for each; equal keys stay in the order they had.
pub fn sort_by_key<T, K: Ord>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let keys: Vec<K> = list.iter().map(key).collect();
    let order = ranks(keys.len(), &|a, b| keys[a].cmp(&keys[b]));
    let mut from: Vec<Option<T>> = std::mem::take(list).into_iter().map(Some).collect();
    list.extend(order.into_iter().filter_map(|rank| from[rank].take()));
}

/// The ranks of the items in their order: insertion by bisection.
fn ranks(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut ranks = Vec::with_capacity(count);
    for rank in 0..count {
        let at = ranks.partition_point(|before| compare(*before, rank) != Ordering::Greater);
        ranks.insert(at, rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_stay_in_the_order_they_had() {
        let mut list = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e'), (2, 'f')];
        let mut expected = list.clone();
        expected.sort_by_key(|(key, _)| *key);
        sort_by_key(&mut list, |(key, _)| *key);
        assert_eq!(list, expected);
        sort_by_key(&mut list, |(key, _)| std::cmp::Reverse(*key));
        assert_eq!(list.iter().map(|(_, name)| *name).collect::<String>(), "acfbed");
    }
}
