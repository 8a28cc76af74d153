//! What do two states say of the same addresses? Both are sorted, so that walking them abreast takes no search.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Iter;
use std::iter::Peekable;

/// Every key of two maps once, in order, with what each of them holds under it.
pub(crate) struct Abreast<'a, K, L, R> {
    left: Peekable<Iter<'a, K, L>>,
    right: Peekable<Iter<'a, K, R>>,
}

pub(crate) fn abreast<'a, K: Ord, L, R>(left: &'a BTreeMap<K, L>, right: &'a BTreeMap<K, R>) -> Abreast<'a, K, L, R> {
    Abreast { left: left.iter().peekable(), right: right.iter().peekable() }
}

impl<'a, K: Ord, L, R> Iterator for Abreast<'a, K, L, R> {
    type Item = (&'a K, Option<&'a L>, Option<&'a R>);

    fn next(&mut self) -> Option<Self::Item> {
        let order = match (self.left.peek(), self.right.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((left, _)), Some((right, _))) => left.cmp(right),
        };
        let left = self.left.next_if(|_| order.is_le());
        let right = self.right.next_if(|_| order.is_ge());
        let key = left.map(|(key, _)| key).or(right.map(|(key, _)| key))?;
        Some((key, left.map(|(_, value)| value), right.map(|(_, value)| value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_once_with_what_is_under_it() {
        let left: BTreeMap<u8, char> = [(1, 'a'), (2, 'b'), (5, 'c')].into();
        let right: BTreeMap<u8, &str> = [(2, "x"), (3, "y"), (5, "z"), (9, "w")].into();
        let walked: Vec<_> = abreast(&left, &right).map(|(key, left, right)| (*key, left.copied(), right.copied())).collect();
        let expected = [(1, Some('a'), None), (2, Some('b'), Some("x")), (3, None, Some("y")), (5, Some('c'), Some("z")), (9, None, Some("w"))];
        assert_eq!(walked, expected);
    }
}
