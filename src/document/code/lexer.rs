//! The lexer: walks over code once and marks comments, strings, numbers, words, variables and flags.

use super::{Kind, Language, Lexicon, push};
use crate::document::html::push_text;
use crate::document::text::prefix;

/// How far the lexer looks ahead on a line, so that long lines cost no more than short ones.
const WINDOW: usize = 200;

/// Reads a language made of words, strings and comments.
pub(super) fn words(out: &mut String, lexicon: &Lexicon, code: &str) {
    let mut lexer = Lexer { lexicon, language: lexicon.language, code, at: 0, line_start: true };
    let mut plain = 0;
    while lexer.at < code.len() {
        let start = lexer.at;
        let token = lexer.token();
        if lexer.at == start {
            lexer.at += code[start..].chars().next().map_or(1, char::len_utf8);
        }
        if let Some(kind) = token {
            push_text(out, &code[plain..start]);
            push(out, kind, &code[start..lexer.at]);
            plain = lexer.at;
        }
        lexer.note_line(start);
    }
    push_text(out, &code[plain..]);
}

struct Lexer<'a> {
    lexicon: &'a Lexicon,
    language: &'static Language,
    code: &'a str,
    at: usize,
    /// Whether only space and list dashes were seen on the line.
    line_start: bool,
}

impl Lexer<'_> {
    /// Steps over one piece and says what it is; plain pieces may be stepped over, too.
    fn token(&mut self) -> Option<Kind> {
        let byte = self.code.as_bytes()[self.at];
        if byte.is_ascii_whitespace() {
            self.at += 1;
            return None;
        }
        if self.comment() {
            return Some(Kind::Comment);
        }
        if self.line_key() {
            return Some(Kind::Key);
        }
        if self.string() {
            let key = self.language.key == Some(':')
                && !self.language.key_starts_line
                && self.followed_by(':');
            return Some(if key { Kind::Key } else { Kind::String });
        }
        self.sign(byte).or_else(|| if self.is_word(byte) { self.word() } else { None })
    }

    fn note_line(&mut self, start: usize) {
        let seen = &self.code.as_bytes()[start..self.at];
        if seen.contains(&b'\n') {
            self.line_start = seen.ends_with(b"\n");
        } else if !seen.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'-')) {
            self.line_start = false;
        }
    }

    fn rest(&self) -> &str {
        &self.code[self.at..]
    }

    fn before(&self) -> Option<u8> {
        self.at.checked_sub(1).map(|at| self.code.as_bytes()[at])
    }

    fn comment(&mut self) -> bool {
        let language = self.language;
        if let Some((open, close)) = language.block_comment
            && self.rest().starts_with(open)
        {
            let inner = &self.rest()[open.len()..];
            self.at += open.len() + inner.find(close).map_or(inner.len(), |end| end + close.len());
            return true;
        }
        let spaced = !language.spaced_comments
            || self.before().is_none_or(|byte| byte.is_ascii_whitespace() || byte == b';');
        if spaced && language.line_comments.iter().any(|sign| self.rest().starts_with(sign)) {
            self.at += line_length(self.rest());
            return true;
        }
        false
    }

    /// A key with all before its sign, where only the start of a line can be a key.
    fn line_key(&mut self) -> bool {
        let (true, true, Some(sign)) =
            (self.line_start, self.language.key_starts_line, self.language.key)
        else {
            return false;
        };
        let rest = self.rest();
        if rest.starts_with("- ") {
            return false;
        }
        let line = &rest[..line_length(prefix(rest, WINDOW))];
        let Some(end) =
            line.find([sign, '#', '{', '[']).filter(|end| line[*end..].starts_with(sign))
        else {
            self.line_start = false;
            return false;
        };
        let after = line[end + 1..].chars().next();
        let ends = sign == '=' || after.is_none_or(char::is_whitespace);
        let key = line[..end].trim_end();
        if !ends || key.is_empty() || key == "-" {
            return false;
        }
        self.at += key.len();
        true
    }

    fn string(&mut self) -> bool {
        let rest = self.rest();
        let Some(quote) = self.language.quotes.iter().find(|quote| rest.starts_with(quote.open))
        else {
            return false;
        };
        let bytes = rest.as_bytes();
        let mut at = quote.open.len();
        while at < bytes.len() {
            if bytes[at] == b'\n' && !quote.lines {
                break;
            }
            if bytes[at..].starts_with(quote.close.as_bytes()) {
                at += quote.close.len();
                break;
            }
            at += if quote.escapes
                && bytes[at] == b'\\'
                && bytes.get(at + 1).is_some_and(|next| *next != b'\n')
            {
                2
            } else {
                1
            };
        }
        while !rest.is_char_boundary(at) {
            at += 1;
        }
        self.at += at;
        true
    }

    /// Variables, flags and numbers: what starts with a sign of its own.
    fn sign(&mut self, byte: u8) -> Option<Kind> {
        let glued = self.before().is_some_and(|before| self.is_word(before));
        if self.language.variables.as_bytes().contains(&byte) && self.variable() {
            return Some(Kind::Variable);
        }
        if byte == b'-'
            && self.language.flags
            && self.before().is_none_or(|before| before.is_ascii_whitespace())
        {
            let length = self
                .rest()
                .bytes()
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                .count();
            if self.rest()[..length].bytes().any(|byte| byte.is_ascii_alphanumeric()) {
                self.at += length;
                return Some(Kind::Flag);
            }
        }
        if byte.is_ascii_digit() && !glued {
            self.at += number_length(self.rest().as_bytes());
            return Some(Kind::Number);
        }
        None
    }

    /// `$name`, `${...}`, `$1`, `$(NAME)` in makefiles.
    fn variable(&mut self) -> bool {
        let inner = &self.rest()[1..];
        let length = match inner.bytes().next() {
            Some(b'{') => {
                let window = &inner.as_bytes()[..inner.len().min(WINDOW)];
                let end = memchr::memchr2(b'}', b'\n', window).filter(|end| window[*end] == b'}');
                end.map_or(0, |end| end + 1)
            }
            Some(b'?' | b'!' | b'#' | b'*' | b'@' | b'$') => 1,
            _ => inner
                .bytes()
                .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                .count(),
        };
        if length > 0 {
            self.at += 1 + length;
        }
        length > 0
    }

    fn is_word(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric()
            || byte == b'_'
            || byte >= 0x80
            || self.language.word.as_bytes().contains(&byte)
    }

    fn word(&mut self) -> Option<Kind> {
        let start = self.at;
        let length = self.rest().bytes().take_while(|byte| self.is_word(*byte)).count();
        self.at += length;
        let word = &self.code[start..self.at];
        if self.is_keyword(word) {
            return Some(Kind::Keyword);
        }
        if self
            .language
            .key
            .is_some_and(|sign| !self.language.key_starts_line && self.followed_by(sign))
        {
            return Some(Kind::Key);
        }
        (self.language.functions && self.rest().starts_with('(')).then_some(Kind::Function)
    }

    fn is_keyword(&self, word: &str) -> bool {
        const LONGEST: usize = 24;
        let keywords = &self.lexicon.keywords;
        if !self.language.any_case {
            return keywords.contains(word);
        }
        word.len() <= LONGEST && keywords.contains(word.to_ascii_lowercase().as_str())
    }

    /// Whether a sign comes next, once and not doubled.
    fn followed_by(&self, sign: char) -> bool {
        let rest = self.rest().trim_start_matches([' ', '\t']);
        rest.strip_prefix(sign)
            .is_some_and(|rest| !rest.starts_with(sign) && !rest.starts_with('~'))
    }
}

fn line_length(text: &str) -> usize {
    memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())
}

fn number_length(bytes: &[u8]) -> usize {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'%');
    let length = bytes.iter().take_while(|byte| inside(byte)).count();
    if length > 1 && bytes[length - 1] == b'.' { length - 1 } else { length }
}

/// Reads tags, attributes and comments.
pub(super) fn markup(out: &mut String, code: &str) {
    let mut rest = code;
    while let Some(open) = rest.find('<') {
        push_text(out, &rest[..open]);
        rest = &rest[open..];
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
            push(out, Kind::Comment, &rest[..end]);
            rest = &rest[end..];
            continue;
        }
        rest = tag(out, rest);
    }
    push_text(out, rest);
}

/// Writes one tag and returns what follows.
fn tag<'a>(out: &mut String, code: &'a str) -> &'a str {
    let is_name = |char: char| {
        char.is_alphanumeric() || matches!(char, '-' | '_' | ':' | '.' | '/' | '!' | '?')
    };
    let name = 1 + code[1..].find(|char| !is_name(char)).unwrap_or(code.len() - 1);
    push(out, Kind::Keyword, &code[..name]);
    let mut rest = &code[name..];
    while let Some(char) = rest.chars().next() {
        let length = match char {
            '<' => return rest,
            '>' => {
                push(out, Kind::Keyword, ">");
                return &rest[1..];
            }
            '"' | '\'' => {
                let end = rest[1..].find(char).map_or(rest.len(), |end| end + 2);
                push(out, Kind::String, &rest[..end]);
                end
            }
            char if is_name(char) => {
                let end = rest.find(|char| !is_name(char)).unwrap_or(rest.len());
                push(out, Kind::Key, &rest[..end]);
                end
            }
            char => {
                push_text(out, &rest[..char.len_utf8()]);
                char.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    rest
}
