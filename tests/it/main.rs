//! All integration tests, in one binary: one module for each part.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests make and read real files"
)]

mod adoption;
mod any_way;
mod approvals;
mod approve;
mod badges;
mod board;
mod book;
mod calendar;
mod compare;
mod consent;
mod damage;
mod digest;
mod document;
mod duties;
mod explain;
mod figures;
mod fix;
mod fixture;
mod formats;
mod gates;
mod git;
mod goalposts;
mod history;
mod hostile;
mod kept;
mod lab;
mod lineage;
mod lock;
mod log;
mod merging;
mod next_change;
mod night;
mod output;
mod profiles;
mod propose;
mod quiet;
mod retold;
mod review;
mod rows;
mod rules;
mod schema;
mod search;
mod serve;
mod signatures;
mod signed;
mod site;
mod site_build;
mod status;
mod story;
mod suites;
mod tags;
mod tidy;
mod told;
mod trust;
mod warm;
mod watch;
