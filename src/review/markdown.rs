//! A review for a page of a forge: one comment that is written anew each time, never longer than the platforms take.

use std::fmt::Write as _;

use super::Review;
use super::told::{Item, Piece, Section, grounds, headline, rest, sections};
use crate::report::markdown::{code, join, plain};

/// The platforms refuse comments of more than 65,536 letters.
const MOST: usize = 60_000;
/// So many items of a list are told.
const LONGEST: usize = 50;

/// Writes a review; nothing where there is nothing to say.
pub(super) fn write(review: &Review) -> String {
    if review.is_empty() {
        return String::new();
    }
    // By this line the comment is found again.
    let mut parts = vec![format!("<!-- readymark:review -->\n### {}\n", headline(review))];
    parts.extend(sections(review).iter().map(section));
    let end = format!("\n{}\n\n{}\n", rest(review), pieces(&grounds(review)));
    join(&parts, MOST - end.len()) + &end
}

fn section(section: &Section) -> String {
    let mut text = format!("\n**{} ({})**\n\n", section.title, section.items.len());
    text.extend(section.items.iter().take(LONGEST).map(item));
    if section.items.len() > LONGEST {
        let _ = writeln!(text, "- and {} more", section.items.len() - LONGEST);
    }
    text
}

fn item(item: &Item) -> String {
    let below = item.below.iter().map(|line| format!("  - {}\n", pieces(line)));
    format!("- {}\n", pieces(&item.pieces)) + &below.collect::<String>()
}

fn pieces(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Ours(text) => text.clone(),
        Piece::Words(text) => plain(text),
        Piece::Code(text) => code(text),
    };
    pieces.iter().map(piece).collect()
}
