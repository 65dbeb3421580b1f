//! A review for a terminal.

use super::Review;
use super::told::{Item, Piece, Section, grounds, headline, rest, sections};
use crate::visible::visible;

/// Writes a review; nothing where there is nothing to say.
pub(super) fn write(review: &Review) -> String {
    if review.is_empty() {
        return String::new();
    }
    let sections: String = sections(review).iter().map(section).collect();
    let (headline, rest, grounds) = (headline(review), rest(review), pieces(&grounds(review)));
    format!("{headline}\n{sections}\n{rest}\n{grounds}\n")
}

fn section(section: &Section) -> String {
    let items: String = section.items.iter().map(item).collect();
    format!("\n{} ({})\n{items}", section.title, section.items.len())
}

fn item(item: &Item) -> String {
    let below = item.below.iter().map(|line| format!("    {}\n", pieces(line)));
    format!("  {}\n", pieces(&item.pieces)) + &below.collect::<String>()
}

fn pieces(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Ours(text) => text.clone(),
        Piece::Words(text) | Piece::Code(text) => visible(text),
    };
    pieces.iter().map(piece).collect()
}
