//! Two sorted lists, met in one walk.

use std::cmp::Ordering;

/// Each of the first list with its partner in the second, by their keys. In both, keys
/// ascend.
pub(crate) fn with_partners<'k, 'l, K, L, A, B>(
    first: impl IntoIterator<Item = (&'k K, A)>,
    second: impl IntoIterator<Item = (&'l L, B)>,
) -> impl Iterator<Item = (&'k str, A, Option<B>)>
where
    K: AsRef<str> + ?Sized + 'k,
    L: AsRef<str> + ?Sized + 'l,
{
    let mut second = second.into_iter();
    let mut next = second.next();
    first.into_iter().map(move |(key, one)| {
        let key = key.as_ref();
        while let Some((other, _)) = &next {
            match other.as_ref().cmp(key) {
                Ordering::Less => next = second.next(),
                Ordering::Equal => {
                    let partner = next.take().map(|(_, partner)| partner);
                    next = second.next();
                    return (key, one, partner);
                }
                Ordering::Greater => break,
            }
        }
        (key, one, None)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partners_are_met_and_others_passed() {
        let first = [("b", 1), ("c", 2), ("e", 3), ("f", 4)];
        let second = [("a", 'a'), ("c", 'c'), ("d", 'd'), ("f", 'f'), ("g", 'g')];
        assert_eq!(
            with_partners(first, second).collect::<Vec<_>>(),
            [
                ("b", 1, None),
                ("c", 2, Some('c')),
                ("e", 3, None),
                ("f", 4, Some('f'))
            ]
        );
        assert_eq!(with_partners([("a", 1)], [("a", 2)]).count(), 1);
        assert_eq!(with_partners(first, [] as [(&str, ()); 0]).count(), 4);
    }
}
