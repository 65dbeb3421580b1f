//! The nearest known word to one that is not known: what "did you mean" offers.

/// Returns the candidate that differs least from `word`, unless all differ too much. Letters are compared without
/// case; the first of equals wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    within(word, (word.chars().count() / 3).max(1), candidates)
}

/// Returns the candidate that differs least from `word` and in at most `limit` letters.
pub fn within<'a>(
    word: &str,
    limit: usize,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let length = folded.chars().count();
    let mut best: Option<(usize, &str)> = None;
    // Every letter more or less is a difference: most candidates need no closer look.
    for candidate in candidates {
        if candidate.is_ascii() && candidate.len().abs_diff(length) > limit {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &candidate.to_lowercase());
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns `did you mean X` when a candidate is near enough.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, candidates).map(|near| format!("did you mean `{near}`"))
}

/// Returns the only candidate that a word can mean: the one with the same letters and digits, else the one that is spelled
/// nearly so, with the same digits in the same order. Nothing where two are near.
pub fn meant<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 6).max(1);
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let bare = |text: &str| -> String {
        text.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let near: Vec<&str> = candidates
        .into_iter()
        .filter(|one| digits(one) == digits(word))
        .filter(|one| bare(one) == bare(word) || within(word, limit, [*one]).is_some())
        .collect();
    let mut same = near.iter().filter(|one| bare(one) == bare(word));
    match (same.next(), same.next(), near.as_slice()) {
        (Some(only), None, _) | (None, None, [only]) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        let keys = ["owner", "status", "title"];
        assert_eq!(nearest("onwer", keys), Some("owner"));
        assert_eq!(nearest("OWNER", keys), Some("owner"));
        assert_eq!(nearest("statsu", keys), Some("status"));
        assert_eq!(nearest("weight", keys), None);
        assert_eq!(nearest("", keys), None);
        assert_eq!(did_you_mean("titel", keys).as_deref(), Some("did you mean `title`"));
    }

    #[test]
    fn only_what_nothing_else_can_be_is_meant() {
        for (word, candidates, expected) in [
            ("back-out", &["backout", "back-in"][..], Some("backout")),
            ("boil-the-watr", &["boil-the-water", "pour"], Some("boil-the-water")),
            ("step-1", &["step-2"], None),
            ("on-linux", &["on-macos"], None),
            ("stesp", &["steps", "stem"], Some("steps")),
            ("stes", &["steps", "stems"], None),
            ("a--b", &["a-b", "ab"], None),
        ] {
            assert_eq!(meant(word, candidates.iter().copied()), expected, "{word}");
        }
    }
}
