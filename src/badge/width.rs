//! How wide a text is drawn: the advances of a wide sans-serif face for Latin letters, whole squares for East Asian ones,
//! nothing for marks that stand over others.

use unicode_normalization::UnicodeNormalization;

/// The advances of the letters from space to `~`, in thousandths of the size of the face.
#[rustfmt::skip]
const LATIN: [u32; 95] = [
    352, 394, 459, 818, 636, 1076, 727, 269, 454, 454, 636, 818, 364, 454, 364, 454,
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 454, 454, 818, 818, 818, 545,
    1000, 684, 686, 698, 771, 632, 575, 775, 751, 421, 455, 693, 557, 843, 748, 787,
    603, 787, 695, 684, 616, 732, 684, 989, 685, 615, 685, 454, 454, 454, 818, 636,
    636, 601, 623, 521, 623, 596, 352, 623, 633, 274, 344, 592, 274, 973, 633, 607,
    623, 623, 427, 521, 394, 633, 592, 818, 592, 592, 525, 635, 454, 635, 818,
];

/// The size of the face, in tenths of a pixel.
const SIZE: u32 = 110;

/// Adds up the advances of a text, in tenths of a pixel.
pub(super) fn width(text: &str) -> u32 {
    // Accents of letters are nothing by themselves.
    let thousandths: u32 = text.nfd().map(advance).sum();
    (thousandths * SIZE).div_ceil(1000)
}

fn advance(letter: char) -> u32 {
    let known = u32::from(letter).checked_sub(32).and_then(|at| usize::try_from(at).ok());
    match letter {
        _ if let Some(width) = known.and_then(|at| LATIN.get(at)) => *width,
        '·' => 454,
        '…' => 1000,
        _ if is_over_others(letter) => 0,
        _ if is_wide(letter) => 1000,
        // Greek, Cyrillic, Hebrew, Arabic and others: about as wide as a small letter.
        _ => 650,
    }
}

/// Marks over, under and inside other letters, and signs that only steer.
fn is_over_others(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'
        | '\u{93c}' | '\u{941}'..='\u{948}' | '\u{94d}'
        | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{1160}'..='\u{11ff}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Letters that fill a square; of a Korean syllable its first part.
fn is_wide(letter: char) -> bool {
    matches!(letter,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}

/// Tells whether a text is read from right to left: its first letter of either sort is.
pub(super) fn is_right_to_left(text: &str) -> bool {
    let mut sorts = text.chars().filter(|letter| letter.is_alphabetic()).map(|letter| {
        matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
    });
    sorts.next().unwrap_or_default()
}
