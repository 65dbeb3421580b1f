//! Badges: one line of text as SVG and as JSON for shields. Its own writer; nothing here reads the pack.

use std::fmt::Write;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::document::html;

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
}

/// Describes the badge as a shields endpoint does.
impl Serialize for Badge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_error = self.tone == Tone::Bad || self.message.starts_with("undetermined");
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

impl Badge {
    /// Makes the badge of something that is not judged.
    pub(crate) fn nothing() -> Self {
        Self {
            label: "readiness".to_owned(),
            message: "not judged".to_owned(),
            tone: Tone::Neutral,
        }
    }

    /// Writes the badge as SVG; the texts keep their width whatever font is found.
    pub fn svg(&self) -> String {
        let (label, message) = (width(&self.label), width(&self.message));
        let (left, right) = (label + 2 * MARGIN, message + 2 * MARGIN);
        let title = escape(&format!("{}: {}", self.label, self.message));
        let (all, cut) = (pixels(left + right), pixels(left));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all}\" height=\"20\" viewBox=\"0 0 {all} 20\" \
             role=\"img\" aria-label=\"{title}\"><title>{title}</title>\
             <clipPath id=\"r\"><rect width=\"{all}\" height=\"20\" rx=\"3\"/></clipPath>\
             <g clip-path=\"url(#r)\"><rect width=\"{cut}\" height=\"20\" fill=\"#24292f\"/>\
             <rect x=\"{cut}\" width=\"{}\" height=\"20\" fill=\"{}\"/></g>\
             <g fill=\"#fff\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"11\">",
            pixels(right),
            self.tone.colour(),
        );
        text(&mut out, MARGIN, label, &self.label);
        text(&mut out, left + MARGIN, message, &self.message);
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

fn text(out: &mut String, x: u32, width: u32, text: &str) {
    // A string takes any writing.
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"14\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        pixels(x),
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

/// Adds up the advances of a text at 11 pixels, in tenths of a pixel.
fn width(text: &str) -> u32 {
    text.chars().map(advance).sum()
}

/// Returns about how wide a letter is in a wide sans-serif face at 11 pixels, in tenths of a pixel.
fn advance(letter: char) -> u32 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' => 30,
        ' ' | '.' | ',' | ':' | ';' | '·' => 40,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | 'I' | 'J' => 46,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 104,
        'A'..='Z' | '&' | '+' | '=' | '<' | '>' | '~' => 78,
        '0'..='9' | 'a'..='z' => 68,
        letter if letter < '\u{2e80}' => 72,
        _ => 114,
    }
}

/// Escapes text for XML; what XML cannot hold is dropped.
pub(crate) fn escape(text: &str) -> String {
    let held = text.chars().filter(|letter| !matches!(letter, '\u{fffe}' | '\u{ffff}'));
    let printable: String = held.map(|one| if one.is_control() { ' ' } else { one }).collect();
    html::escape(&printable)
}
