//! Tells whether an SVG picture only draws: no script, no event handler, no style that loads, nothing from elsewhere.
//! A strict scan and no parser: what it does not know it refuses.

/// Elements that draw, group, describe or fill. `a` is here too: where it leads is checked.
const DRAWING: &[&str] = &[
    "a",
    "circle",
    "clippath",
    "defs",
    "desc",
    "ellipse",
    "filter",
    "g",
    "image",
    "line",
    "lineargradient",
    "marker",
    "mask",
    "metadata",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialgradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textpath",
    "title",
    "tspan",
    "use",
    "view",
];

/// Returns what makes an SVG picture more than a picture; nothing when it is only that.
pub(super) fn fault(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("is not UTF-8 text".to_owned()) };
    scan(text.trim_start_matches('\u{feff}')).err()
}

fn scan(text: &str) -> Result<(), String> {
    let mut rest = text.trim_start();
    let mut elements = 0;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        rest = if let Some(comment) = rest.strip_prefix("!--") {
            after(comment, "-->")?
        } else if rest.starts_with("?xml ") {
            after(rest, "?>")?
        } else if rest.starts_with("!DOCTYPE") {
            doctype(rest)?
        } else if let Some(end) = rest.strip_prefix('/') {
            after(end, ">")?
        } else {
            elements += 1;
            element(rest)?
        };
    }
    if elements == 0 { Err("holds no picture".to_owned()) } else { Ok(()) }
}

fn after<'t>(text: &'t str, end: &str) -> Result<&'t str, String> {
    text.split_once(end).map(|(_, rest)| rest).ok_or_else(|| "ends too early".to_owned())
}

/// A document type may name itself, but declare nothing.
fn doctype(text: &str) -> Result<&str, String> {
    let (declared, rest) = text.split_once('>').ok_or("ends too early")?;
    if declared.contains('[') { Err("declares entities".to_owned()) } else { Ok(rest) }
}

/// Reads one opening tag; returns what follows it.
fn element(text: &str) -> Result<&str, String> {
    let end = text.find(|letter: char| letter.is_whitespace() || "/>".contains(letter));
    let (name, mut rest) = text.split_at(end.ok_or("ends too early")?);
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let local = local.to_lowercase();
    let is_filter = local.strip_prefix("fe").is_some_and(|kind| kind != "image");
    let is_note = ["sodipodi", "inkscape", "rdf", "cc", "dc"].contains(&prefix);
    if !is_note && !is_filter && !DRAWING.contains(&local.as_str()) {
        return Err(format!("holds <{name}>"));
    }
    loop {
        rest = rest.trim_start();
        if let Some(rest) = rest.strip_prefix("/>") {
            return Ok(rest);
        }
        if let Some(rest) = rest.strip_prefix('>') {
            return if local == "style" { style(rest) } else { Ok(rest) };
        }
        let (key, value) = rest.split_once('=').ok_or("ends too early")?;
        let quote = value.trim_start().chars().next().filter(|quote| "\"'".contains(*quote));
        let quote = quote.ok_or("holds an attribute without quotes")?;
        let (value, following) =
            value.trim_start()[1..].split_once(quote).ok_or("ends too early")?;
        attribute(&local, key.trim(), value)?;
        rest = following;
    }
}

fn attribute(element: &str, key: &str, value: &str) -> Result<(), String> {
    let key = key.to_lowercase();
    let (prefix, local) = key.split_once(':').unwrap_or(("", &key));
    let refused = Err(format!("holds {key}=\"{}\"", value.chars().take(40).collect::<String>()));
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "-_.:".contains(letter);
    if !key.chars().all(is_name) || local.starts_with("on") || key == "xml:base" {
        return refused;
    }
    if key == "xmlns" || prefix == "xmlns" {
        // A prefix may not make other elements out of the notes of drawing programs.
        let is_note = ["sodipodi", "inkscape", "rdf", "cc", "dc"].contains(&local);
        let drawing = value == "http://www.w3.org/2000/svg";
        let foreign = value.contains('&') || value.to_lowercase().contains("xhtml");
        return if foreign || (is_note && drawing) { refused } else { Ok(()) };
    }
    if ["href", "src", "data", "action", "formaction", "to", "from", "values"].contains(&local) {
        return if leads_nowhere_else(element, value) { Ok(()) } else { refused };
    }
    if loads(value) { refused } else { Ok(()) }
}

/// A place in the picture, a picture inside it, or where a click on a link leads.
fn leads_nowhere_else(element: &str, value: &str) -> bool {
    let value = value.trim_start();
    let is_inner = ["png", "jpeg", "jpg", "gif", "webp"]
        .iter()
        .any(|kind| value.starts_with(&format!("data:image/{kind};base64,")));
    let is_web = ["https://", "http://", "mailto:"].iter().any(|start| value.starts_with(start));
    value.starts_with('#')
        || (element == "image" && is_inner)
        || (element == "a" && is_web && !value.contains(char::is_control))
}

/// Tells whether a value of style would load something: any `url` but that of a place in the picture.
fn loads(value: &str) -> bool {
    let value = value.to_lowercase();
    let mut urls = value.split("url").skip(1).map(str::trim_start);
    let elsewhere = urls.any(|url| {
        url.strip_prefix('(')
            .is_some_and(|url| !url.trim_start().trim_start_matches(['"', '\'']).starts_with('#'))
    });
    let in_style = ["@", "expression", "javascript", "image(", "image-set("];
    elsewhere
        || value.contains('\\')
        || in_style.iter().any(|word| value.contains(word))
        || (value.contains("url") && value.contains('&'))
}

/// Reads the text of a style element; returns what follows it.
fn style(text: &str) -> Result<&str, String> {
    let (css, rest) = text.split_once("</style>").ok_or("ends too early")?;
    let css = css.trim();
    let inner = css.strip_prefix("<![CDATA[").and_then(|css| css.strip_suffix("]]>"));
    let css = inner.unwrap_or(css);
    if css.contains(['<', '&']) || loads(css) {
        return Err("holds a style that loads something".to_owned());
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_pictures() {
        for svg in [
            "<svg/>",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<!-- by a program --><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 9 9'><g fill=\"url(#f)\"><title>a &lt; b</title><path d=\"M0 0\"/></g></svg>",
            "<svg><style>.a { fill: #f00; mask: url(#m) }</style><style><![CDATA[.b{}]]></style></svg>",
            "<svg xmlns:xlink=\"http://www.w3.org/1999/xlink\"><a xlink:href=\"https://example.org/\"><use xlink:href=\"#x\"/></a></svg>",
            "<svg xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\"><inkscape:grid id=\"g\"/></svg>",
            "<svg><image href=\"data:image/png;base64,AAAA\"/><filter><feGaussianBlur stdDeviation=\"2\"/></filter></svg>",
        ] {
            assert_eq!(fault(svg.as_bytes()), None, "{svg}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for svg in [
            "",
            "<svg><script>alert(1)</script></svg>",
            "<svg><SCRIPT href='x.js'/></svg>",
            "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script>",
            "<svg xmlns:inkscape=\"http://www.w3.org/2000/svg\"><inkscape:script>alert(1)</inkscape:script></svg>",
            "<svg xmlns:dc=\"http://www.w3.org/1999/xhtml\"><dc:script>alert(1)</dc:script></svg>",
            "<svg xmlns:dc=\"http://www.w3.org/1999/&#120;html\"><dc:img/></svg>",
            "<svg onload=\"alert(1)\"/>",
            "<svg\tOnLoad = 'alert(1)'/>",
            "<svg><g onclick=alert(1)></g></svg>",
            "<svg><foreignObject><div/></foreignObject></svg>",
            "<svg><use href=\"other.svg#x\"/></svg>",
            "<svg><use href=\"data:image/svg+xml;base64,AAAA\"/></svg>",
            "<svg><image href=\"https://example.org/beacon.png\"/></svg>",
            "<svg><a href=\"javascript:alert(1)\"><path/></a></svg>",
            "<svg><a href=\"&#106;avascript:alert(1)\"><path/></a></svg>",
            "<svg><a href=\" java\nscript:alert(1)\"><path/></a></svg>",
            "<svg><animate attributeName=\"href\" to=\"javascript:alert(1)\"/></svg>",
            "<svg><set attributeName=\"onclick\" to=\"alert(1)\"/></svg>",
            "<svg><style>@import 'https://example.org/x.css';</style></svg>",
            "<svg><style>.a{fill:u\\72l(https://example.org)}</style></svg>",
            "<svg><style>.a{fill:url( 'https://example.org')}</style></svg>",
            "<svg><rect style=\"fill:url(//example.org/x)\"/></svg>",
            "<svg><feImage href=\"#x\"/></svg>",
            "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>&a;</svg>",
            "<?xml-stylesheet href=\"x.xsl\"?><svg/>",
            "<html><body onload='alert(1)'></html>",
            "<svg><![CDATA[<script>]]></svg>",
            "<svg><title>x</title",
            "<svg xml:base=\"https://example.org/\"><use href=\"#x\"/></svg>",
        ] {
            assert!(fault(svg.as_bytes()).is_some(), "{svg}");
        }
        assert!(fault(b"<svg>\xff</svg>").is_some());
    }
}
