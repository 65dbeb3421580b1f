//! Text to search terms: lower case, accents folded, ids whole and in parts, words of several words (`LatencyHigh`)
//! whole and in parts, scripts without spaces as pairs of characters. `themes/assets/search.js` cuts queries in the same way; the two must not differ.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters after which a word is cut, so that pasted keys and hashes cost little.
const LONGEST: usize = 24;
/// Bytes above which a run of letters is a key or a hash and no name of several words.
const LONGEST_NAME: usize = 60;

/// Calls `emit` with each term of `text`, in order.
pub(super) fn each(text: &str, emit: &mut impl FnMut(&str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let (mut seen, mut special, mut humped) = (0, false, false);
        while at < bytes.len() && PART[usize::from(bytes[at])] {
            let is_capital = bytes[at].is_ascii_uppercase();
            seen |= bytes[at];
            special |= bytes[at] == b'-' || is_capital;
            humped |= is_capital && at > start;
            at += 1;
        }
        match &text[start..at] {
            "" => {}
            run if seen >= 0x80 => {
                folded(run, emit);
                humps(run, |part| folded(part, emit));
            }
            run if special => {
                ascii(run, emit);
                if humped {
                    humps(run, |part| ascii(part, emit));
                }
            }
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

/// Calls `each` with the parts of words that are written as one: `Latency` and `High` of `LatencyHigh`, `http` and
/// `server` of `HTTPServer`. A word without such parts is passed over.
fn humps(run: &str, mut each: impl FnMut(&str)) {
    let name = Some(run).filter(|run| run.len() <= LONGEST_NAME);
    for word in name.into_iter().flat_map(|name| name.split('-')) {
        let mut start = 0;
        for end in cuts(word) {
            each(&word[start..end]);
            start = end;
        }
        if start > 0 {
            each(&word[start..]);
        }
    }
}

/// Tells where the parts of a word begin: at a capital after a small letter or a digit, and at the last of several
/// capitals before a small letter.
fn cuts(word: &str) -> impl Iterator<Item = usize> {
    let mut before = (false, false);
    word.char_indices().filter_map(move |(at, c)| {
        let next = word[at + c.len_utf8()..].chars().next();
        let is_capital = c.is_uppercase();
        let (after_small, after_capital) =
            std::mem::replace(&mut before, (c.is_lowercase() || c.is_numeric(), is_capital));
        let starts = after_small || after_capital && next.is_some_and(char::is_lowercase);
        (is_capital && starts).then_some(at)
    })
}

/// Puts a name of several words in one, as a query for it is: `checkout_latency_high` and `CheckoutLatencyHigh` both
/// are `checkoutlatencyhigh`.
pub(super) fn joint(name: &str) -> String {
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    fold(&letters).chars().take(LONGEST).collect()
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

/// Folds case, accents and compatibility forms.
fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c })
        .nfc()
        .collect()
}

/// Emits the folded words of a run, cut where the script changes.
fn folded(run: &str, emit: &mut impl FnMut(&str)) {
    for words in fold(run).split(|c: char| !c.is_alphanumeric() && c != '-') {
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
