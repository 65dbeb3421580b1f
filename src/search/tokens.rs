//! Text to search terms: lower case, accents folded, ids whole and in parts, scripts without spaces as pairs of
//! characters. `themes/assets/search.js` cuts queries in the same way; the two must not differ.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters after which a word is cut, so that pasted keys and hashes cost little.
const LONGEST: usize = 24;

/// Calls `emit` with each term of `text`, in order.
pub(super) fn each(text: &str, emit: &mut impl FnMut(&str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let (mut seen, mut special) = (0, false);
        while at < bytes.len() && PART[usize::from(bytes[at])] {
            seen |= bytes[at];
            special |= bytes[at] == b'-' || bytes[at].is_ascii_uppercase();
            at += 1;
        }
        match &text[start..at] {
            "" => {}
            run if seen >= 0x80 => folded(run, emit),
            run if special => ascii(run, emit),
            run => plain(run, emit),
        }
        at += 1;
    }
}

/// Bytes that can be part of a term: letters, digits, an id's hyphens and everything beyond ASCII.
const PART: [bool; 256] = {
    let mut part = [true; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        part[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'-';
        byte += 1;
    }
    part
};

/// The usual case: small letters and digits.
fn plain(word: &str, emit: &mut impl FnMut(&str)) {
    if word.len() > 1 {
        emit(&word[..word.len().min(LONGEST)]);
    }
}

/// Letters of both cases, digits and hyphens, without a heap.
fn ascii(run: &str, emit: &mut impl FnMut(&str)) {
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..run.len()) else {
        return joined(&run.to_ascii_lowercase(), emit);
    };
    lower.copy_from_slice(run.as_bytes());
    lower.make_ascii_lowercase();
    joined(std::str::from_utf8(lower).unwrap_or_default(), emit);
}

/// Emits words that may have hyphens between them: whole when they read like an id, and in parts.
fn joined(words: &str, emit: &mut impl FnMut(&str)) {
    if !words.as_bytes().contains(&b'-') {
        return word(words, emit);
    }
    let whole = words.trim_matches('-');
    if whole.contains('-')
        && whole.contains(|c: char| c.is_ascii_digit())
        && whole.chars().count() <= LONGEST
    {
        emit(whole);
    }
    whole.split('-').for_each(|part| word(part, emit));
}

/// Emits a word of two characters or more.
fn word(word: &str, emit: &mut impl FnMut(&str)) {
    if word.len() <= LONGEST {
        if word.chars().nth(1).is_some() {
            emit(word);
        }
    } else {
        let end = word.char_indices().nth(LONGEST).map_or(word.len(), |(at, _)| at);
        emit(&word[..end]);
    }
}

/// Folds case, accents and compatibility forms, and cuts where the script changes.
fn folded(run: &str, emit: &mut impl FnMut(&str)) {
    let folded: String = run
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c })
        .nfc()
        .collect();
    for words in folded.split(|c: char| !c.is_alphanumeric() && c != '-') {
        let mut rest = words;
        while let Some(first) = rest.chars().next() {
            let dense = is_dense(first);
            let end = rest.find(|c| is_dense(c) != dense).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            if dense {
                pairs(run, emit);
            } else {
                joined(run, emit);
            }
            rest = after;
        }
    }
}

/// Emits each two neighbours and the last character, so that every character starts a term.
fn pairs(run: &str, emit: &mut impl FnMut(&str)) {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    starts.windows(3).for_each(|pair| emit(&run[pair[0]..pair[2]]));
    if let [.., last, _] = starts[..] {
        emit(&run[last..]);
    }
}

/// Tells characters of scripts that put no spaces between words.
fn is_dense(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}
