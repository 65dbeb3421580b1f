//! The site: every route and what stands on it.
