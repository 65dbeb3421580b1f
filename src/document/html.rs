//! Safe HTML: escaping, the allow-list for raw HTML and for link schemes.
