//! The readiness of a pack over its versions as a picture: a bar for each gate in each version, as high as the share of
//! the required weight that is met, with the sign of its verdict below and a mark where the bar was moved. The same
//! stands in words in the table beside it.

use std::fmt::Write as _;

use super::readiness::{Stands, Track, tracks};
use crate::badge::{Tone, escape, shortened};

/// Widths and heights in pixels.
const LEFT: usize = 210;
const TOP: usize = 120;
const COLUMN: usize = 64;
const ROW: usize = 92;
const FULL: usize = 50;

/// Draws the picture.
pub(super) fn svg(stands: &Stands<'_>) -> String {
    let tracks = tracks(stands);
    let (width, height) = (LEFT + COLUMN * stands.len() + 90, TOP + ROW * tracks.len());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Readiness over the versions\">\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#fff\"/>\
         <g font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"12\" fill=\"#24292f\">"
    );
    for (at, (version, _)) in stands.iter().enumerate() {
        let x = LEFT + COLUMN * at + COLUMN / 2;
        let y = TOP - 14;
        // A string takes any writing.
        let _ = write!(
            out,
            "<text x=\"{x}\" y=\"{y}\" transform=\"rotate(-40 {x} {y})\">{}</text>",
            escape(&shortened(&version.name, 18))
        );
    }
    tracks.iter().enumerate().for_each(|(at, track)| row(&mut out, track, TOP + ROW * at));
    out.push_str("</g></svg>\n");
    out
}

fn row(out: &mut String, track: &Track<'_>, top: usize) {
    let name = escape(&shortened(track.name, 27));
    let _ = write!(out, "<text x=\"14\" y=\"{}\">{name}</text>", top + FULL);
    for (at, stand) in track.stands.iter().enumerate() {
        let Some((gate, raised)) = stand else { continue };
        let x = LEFT + COLUMN * at;
        bar(out, (x + 12, top), gate.progress, gate.tone);
        if !raised.is_empty() {
            let _ = write!(
                out,
                "<path d=\"M{x} {top}v{FULL}\" stroke=\"#24292f\" stroke-dasharray=\"3 3\"/>\
                 <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">▲</text>",
                top + FULL + 18
            );
        }
    }
}

fn bar(out: &mut String, (x, top): (usize, usize), progress: u32, tone: Tone) {
    let height = FULL * usize::try_from(progress).unwrap_or_default().min(100) / 100;
    let (width, colour) = (COLUMN - 24, tone.colour());
    let _ = write!(
        out,
        "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{FULL}\" fill=\"none\" stroke=\"{colour}\"/>\
         <rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"/>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
        top + FULL - height,
        x + width / 2,
        top + FULL + 18,
        sign(tone)
    );
}

fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "✓",
        Tone::Caution => "◐",
        Tone::Bad => "✕",
        Tone::Neutral => "?",
    }
}
