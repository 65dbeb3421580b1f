//! Code highlighting: one small table-driven lexer, languages as data.
