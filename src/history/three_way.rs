//! What a merge did to a value, from its base and its parents: one table for every field and every text.

/// What a merge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ruling {
    /// It has what its parents add up to: those with this value made it.
    Follow,
    /// Its parents disagree: whoever merged settled it.
    Resolution,
    /// It dropped what a parent changed though no other parent touched it.
    Discard,
    /// It has what none of its parents has, though they do not disagree.
    Evil,
}

/// Rules on a merge with the value `value`; the base is nothing where the bases themselves disagree.
pub(super) fn rule<V: PartialEq>(base: Option<&V>, parents: &[V], value: &V) -> Ruling {
    match computed(base, parents) {
        None => Ruling::Resolution,
        Some(result) if result == value => Ruling::Follow,
        Some(_) if parents.contains(value) => Ruling::Discard,
        Some(_) => Ruling::Evil,
    }
}

/// Computes what parents add up to: the base where none changed it, what the changed ones agree on, or nothing.
pub(super) fn computed<'v, V: PartialEq>(base: Option<&'v V>, parents: &'v [V]) -> Option<&'v V> {
    let mut changed = parents.iter().filter(|parent| Some(*parent) != base);
    let Some(first) = changed.next() else { return base };
    changed.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [char; 4] = ['a', 'b', 'c', 'd'];

    /// The table as it is written down: the base, who differs from it, the value.
    fn written(base: Option<char>, parents: &[char], value: char) -> Ruling {
        let differing: Vec<char> =
            parents.iter().copied().filter(|parent| base != Some(*parent)).collect();
        let disagree = differing.windows(2).any(|pair| pair[0] != pair[1]);
        let expected = differing.last().copied().or(base);
        match (disagree, expected == Some(value), parents.contains(&value)) {
            (true, ..) => Ruling::Resolution,
            (false, true, _) => Ruling::Follow,
            (false, false, true) => Ruling::Discard,
            (false, false, false) => Ruling::Evil,
        }
    }

    /// Lists all ways to give values to so many parents.
    fn choices(parents: usize) -> Vec<Vec<char>> {
        let longer = |one: Vec<char>| VALUES.map(|value| [&one[..], &[value]].concat());
        (0..parents).fold(vec![Vec::new()], |all, _| all.into_iter().flat_map(longer).collect())
    }

    #[test]
    fn every_merge_of_four_parents_and_four_values_is_ruled_once_as_written() {
        let bases = VALUES.map(Some).into_iter().chain([None]);
        let mut ruled = 0;
        for (base, count) in bases.flat_map(|base| (1..=4).map(move |count| (base, count))) {
            for parents in choices(count) {
                for value in VALUES {
                    let ruling = rule(base.as_ref(), &parents, &value);
                    assert_eq!(
                        ruling,
                        written(base, &parents, value),
                        "{base:?} {parents:?} {value}"
                    );
                    let mut turned = parents.clone();
                    turned.reverse();
                    assert_eq!(
                        ruling,
                        rule(base.as_ref(), &turned, &value),
                        "the order of parents counts"
                    );
                    let has_it = parents.contains(&value);
                    assert!(ruling != Ruling::Follow || has_it, "nobody to follow");
                    ruled += 1;
                }
            }
        }
        assert_eq!(ruled, 5 * (4 + 16 + 64 + 256) * 4);
    }
}
