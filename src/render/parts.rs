//! The small parts that pages are full of, as filters of the theme: `{{ view.owner | who(up=page.up) }}`, where `up` leads
//! from the page to the version folder. Each text is escaped here, as the template engine does. Components of the engine
//! would do the same at several times the cost.

use tera::value::Key;
use tera::{Kwargs, State, Tera, TeraResult, Value, escape_html};

/// Writes a value as a part.
type Write = fn(&mut Part, &Value);

/// The parts by the names of their filters.
const PARTS: [(&str, Write); 11] = [
    ("change", Part::change),
    ("decided", Part::decided),
    ("doc", Part::doc),
    ("docs", Part::docs),
    ("linked", Part::linked),
    ("said", Part::said),
    ("several", Part::several),
    ("state", Part::state),
    ("trend", Part::trend),
    ("when", Part::when),
    ("who", Part::who),
];

/// Teaches the engine the parts.
pub(super) fn register(tera: &mut Tera) {
    for (name, write) in PARTS {
        tera.register_filter(name, move |value: &Value, given: Kwargs, _: &State<'_>| {
            let up = given.get::<&str>("up")?.unwrap_or_default();
            let mut part = Part { up: up.to_owned(), html: Vec::with_capacity(256) };
            write(&mut part, value);
            TeraResult::Ok(Value::safe_string(std::str::from_utf8(&part.html).unwrap_or_default()))
        });
    }
}

/// A part being written.
struct Part {
    up: String,
    html: Vec<u8>,
}

/// Returns a field; nothing when it is not there or says nothing.
fn field<'v>(value: &'v Value, name: &'static str) -> Option<&'v Value> {
    value.as_map()?.get(&Key::Str(name)).filter(|field| field.is_truthy())
}

fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_default()
}

impl Part {
    fn raw(&mut self, html: &str) {
        self.html.extend_from_slice(html.as_bytes());
    }

    /// Writes a field of a value as text.
    fn text(&mut self, value: &Value, name: &'static str) {
        let text = field(value, name).and_then(Value::as_str).unwrap_or_default();
        // Writing to memory cannot fail.
        _ = escape_html(text, &mut self.html);
    }

    fn open_link(&mut self, value: &Value) {
        self.raw("<a href=\"");
        self.html.extend_from_slice(self.up.as_bytes());
        self.text(value, "href");
        self.raw("\">");
    }

    /// Text, with a link where there is one.
    fn linked(&mut self, link: &Value) {
        self.linked_text(link, "text");
    }

    fn linked_text(&mut self, value: &Value, name: &'static str) {
        let leads = field(value, "href").is_some();
        if leads {
            self.open_link(value);
        }
        self.text(value, name);
        if leads {
            self.raw("</a>");
        }
    }

    /// A message, in which marks set off what people type.
    fn said(&mut self, text: &Value) {
        let text = text.as_str().unwrap_or_default();
        let parts: Vec<&str> = text.split('`').collect();
        for (at, part) in parts.iter().enumerate() {
            let is_code = at % 2 == 1 && at + 1 < parts.len();
            let is_open = at % 2 == 1 && !is_code;
            self.raw(if is_code {
                "<code>"
            } else if is_open {
                "`"
            } else {
                ""
            });
            // Writing to memory cannot fail.
            _ = escape_html(part, &mut self.html);
            self.raw(if is_code { "</code>" } else { "" });
        }
    }

    /// Links with commas between them.
    fn several(&mut self, links: &Value) {
        for (at, link) in items(links).iter().enumerate() {
            if at > 0 {
                self.raw(", ");
            }
            self.linked(link);
        }
    }

    /// A document, with its status.
    fn doc(&mut self, link: &Value) {
        // What was removed has no page.
        let is_there = field(link, "href").is_some();
        if is_there {
            self.open_link(link);
        }
        if field(link, "id").is_some() {
            self.raw("<span class=\"id\">");
            self.text(link, "id");
            self.raw("</span> ");
        }
        self.text(link, "title");
        if is_there {
            self.raw("</a>");
        }
        if field(link, "status").is_some() {
            self.raw(" <span class=\"state state-");
            self.text(link, "tone");
            self.raw("\">");
            self.text(link, "status");
            self.raw("</span>");
        }
        if field(link, "result").is_some() {
            let is_adverse = field(link, "adverse").is_some();
            self.raw(if is_adverse {
                " <span class=\"result result-adverse\">"
            } else {
                " <span class=\"result\">"
            });
            self.text(link, "result");
            self.raw("</span>");
        }
    }

    /// Documents as items of a list.
    fn docs(&mut self, links: &Value) {
        for link in items(links) {
            self.raw("\n<li>");
            self.doc(link);
            self.raw("</li>");
        }
    }

    /// How a document stands.
    fn state(&mut self, status: &Value) {
        self.raw("<span class=\"state state-");
        self.text(status, "tone");
        self.raw("\" title=\"");
        self.text(status, "means");
        self.raw("\">");
        self.text(status, "word");
        self.raw("</span>");
    }

    /// A picture of how a number went; words beside it say the same.
    fn trend(&mut self, trend: &Value) {
        self.raw(
            "<svg class=\"trend\" viewBox=\"0 0 160 40\" aria-hidden=\"true\" focusable=\"false\">",
        );
        for (name, class) in [("baseline", "trend-before"), ("target", "trend-aim")] {
            if field(trend, name).is_some() {
                self.raw("<line class=\"");
                self.raw(class);
                self.raw("\" x1=\"0\" x2=\"160\" y1=\"");
                self.text(trend, name);
                self.raw("\" y2=\"");
                self.text(trend, name);
                self.raw("\"/>");
            }
        }
        for line in field(trend, "lines").map_or(&[][..], items) {
            self.raw("<polyline points=\"");
            _ = escape_html(line.as_str().unwrap_or_default(), &mut self.html);
            self.raw("\"/>");
        }
        if let [x, y] = field(trend, "last").map_or(&[][..], items) {
            self.raw("<circle r=\"2.5\" cx=\"");
            _ = escape_html(x.as_str().unwrap_or_default(), &mut self.html);
            self.raw("\" cy=\"");
            _ = escape_html(y.as_str().unwrap_or_default(), &mut self.html);
            self.raw("\"/>");
        }
        self.raw("</svg>");
    }

    /// A person, or a role that nobody holds.
    fn who(&mut self, who: &Value) {
        if field(who, "vacant").is_some() {
            self.raw("<span class=\"vacant\">");
            self.text(who, "name");
            self.raw(": nobody holds this role</span>");
            return;
        }
        self.linked_text(who, "name");
        if field(who, "role").is_some() {
            self.raw(" <span class=\"quiet\">(");
            self.text(who, "role");
            self.raw(")</span>");
        }
    }

    /// A day, with the time for those who ask.
    fn when(&mut self, when: &Value) {
        self.raw("<time datetime=\"");
        self.text(when, "iso");
        self.raw("\" title=\"");
        self.text(when, "time");
        self.raw("\">");
        self.text(when, "day");
        self.raw("</time>");
    }

    /// When something was changed, and by whom.
    fn change(&mut self, change: &Value) {
        match field(change, "when") {
            Some(when) => self.when(when),
            None => self.raw("before the history of this clone"),
        }
        if let Some(who) = field(change, "who") {
            self.raw(" by ");
            self.who(who);
        }
    }

    /// Who decided, as the document says itself.
    fn decided(&mut self, decided: &Value) {
        self.text(decided, "verb");
        self.raw(" by ");
        if let Some(who) = field(decided, "who") {
            self.several(who);
        }
        self.raw(", as the document says");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_set_off_and_nothing_else_is_markup() {
        let said = |text: &str| {
            let mut part = Part { up: String::new(), html: Vec::new() };
            part.said(&Value::from(text));
            String::from_utf8(part.html).expect("text")
        };
        assert_eq!(said("it has no `drift_alert`"), "it has no <code>drift_alert</code>");
        assert_eq!(said("`a` or `<b>`"), "<code>a</code> or <code>&lt;b&gt;</code>");
        assert_eq!(said("one ` alone"), "one ` alone");
        assert_eq!(said("<i>plain</i>"), "&lt;i&gt;plain&lt;/i&gt;");
    }
}
