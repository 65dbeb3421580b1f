//! Badges: one line of text as SVG and as JSON for shields. Its own writer; nothing here reads the pack.

mod width;

use std::fmt::Write;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::document::html;
use width::{is_right_to_left, width};

/// What the colour of a badge means; the words always say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// In force, ready.
    Good,
    /// Ready with waivers, draft.
    Caution,
    /// Not ready.
    Bad,
    /// Closed, undetermined, nothing stated.
    Neutral,
}

impl Tone {
    /// Returns the word that pages use as a class.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Caution => "caution",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
        }
    }

    /// Draws its shape in a square of eight pixels: a tick, a triangle, a cross, a ring.
    fn shape(self) -> &'static str {
        match self {
            Self::Good => "M0.5 4.5 3 7 7.5 1",
            Self::Caution => "M4 0.8 7.6 7.2H0.4Z",
            Self::Bad => "M1 1 7 7M7 1 1 7",
            Self::Neutral => "M7.2 4A3.2 3.2 0 1 1 0.8 4A3.2 3.2 0 1 1 7.2 4Z",
        }
    }

    /// Returns a background on which white text has a contrast of at least 4.5 to 1.
    pub(crate) fn colour(self) -> &'static str {
        match self {
            Self::Good => "#1a7f37",
            Self::Caution => "#8a5a00",
            Self::Bad => "#b42318",
            Self::Neutral => "#57606a",
        }
    }
}

/// A badge: two texts and a tone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Badge {
    /// `day zero`.
    pub label: String,
    /// `not ready · 2 blockers`.
    pub message: String,
    /// The colour's meaning.
    pub tone: Tone,
    /// Which text and which day it speaks of: `8f3a1c2b7d, as of 5 May 2026`; may be empty.
    pub note: String,
}

/// Describes the badge as a shields endpoint does.
impl Serialize for Badge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_error = self.tone == Tone::Bad || self.message.contains("undetermined");
        let mut fields = serializer.serialize_struct("Badge", 5)?;
        fields.serialize_field("schemaVersion", &1)?;
        fields.serialize_field("label", &self.label)?;
        fields.serialize_field("message", &self.message)?;
        fields.serialize_field("color", self.tone.colour())?;
        fields.serialize_field("isError", &is_error)?;
        fields.end()
    }
}

/// Space on each side of a text, in tenths of a pixel.
const MARGIN: u32 = 60;

/// What the shape takes of the right box, in tenths of a pixel.
const SHAPE: u32 = 120;

/// More letters than that are not drawn; the title has all of them.
const LONGEST: usize = 80;

impl Badge {
    /// Makes the badge of something that is not judged.
    pub(crate) fn nothing() -> Self {
        Self {
            label: "readiness".to_owned(),
            message: "not judged".to_owned(),
            tone: Tone::Neutral,
            note: String::new(),
        }
    }

    /// Says everything in one line, for who cannot see it.
    fn title(&self) -> String {
        match self.note.as_str() {
            "" => format!("{}: {}", self.label, self.message),
            note => format!("{}: {} ({note})", self.label, self.message),
        }
    }

    /// Writes the badge as SVG; the texts keep their width whatever font is found.
    pub fn svg(&self) -> String {
        let (label, message) = (shortened(&self.label, LONGEST), shortened(&self.message, LONGEST));
        let left = width(&label) + 2 * MARGIN;
        let right = width(&message) + 2 * MARGIN + SHAPE;
        let title = escape(&self.title());
        let (all, cut) = (pixels(left + right), pixels(left));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all}\" height=\"20\" viewBox=\"0 0 {all} 20\" \
             role=\"img\" aria-label=\"{title}\"><title>{title}</title>\
             <clipPath id=\"r\"><rect width=\"{all}\" height=\"20\" rx=\"3\"/></clipPath>\
             <g clip-path=\"url(#r)\"><rect width=\"{cut}\" height=\"20\" fill=\"#24292f\"/>\
             <rect x=\"{cut}\" width=\"{}\" height=\"20\" fill=\"{}\"/></g>\
             <path transform=\"translate({} 6)\" d=\"{}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.6\"/>\
             <g fill=\"#fff\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"11\" text-anchor=\"middle\">",
            pixels(right),
            self.tone.colour(),
            pixels(left + MARGIN),
            self.tone.shape(),
        );
        text(&mut out, MARGIN, &label);
        text(&mut out, left + MARGIN + SHAPE, &message);
        out.push_str("</g></svg>\n");
        out
    }

    /// Writes the badge for a shields endpoint.
    pub fn json(&self) -> String {
        let mut json = serde_json::to_string(self).unwrap_or_default();
        json.push('\n');
        json
    }
}

/// Cuts a text to so many letters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most - 1).collect();
    format!("{}…", start.trim_end())
}

/// Draws a text around its middle, so that it stands where it should whichever way it is read.
fn text(out: &mut String, x: u32, text: &str) {
    let width = width(text);
    let direction = if is_right_to_left(text) { " direction=\"rtl\"" } else { "" };
    // A string takes any writing.
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"14\"{direction} textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        pixels(x + width / 2),
        pixels(width),
        escape(text)
    );
}

/// Writes tenths of a pixel as pixels.
fn pixels(tenths: u32) -> String {
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// Escapes text for XML; what XML cannot hold is dropped.
pub(crate) fn escape(text: &str) -> String {
    let held = text.chars().filter(|letter| !matches!(letter, '\u{fffe}' | '\u{ffff}'));
    let printable: String = held.map(|one| if one.is_control() { ' ' } else { one }).collect();
    html::escape(&printable)
}
