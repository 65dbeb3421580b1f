//! `readymark verify`: whether a site is what was built. Ends with 0 when it is, with 1 when it is not.

use std::fmt::Write as _;

use super::arguments::Verify;
use super::commands::{plural, say};
use super::{Exit, Streams};
use crate::Failure;
use crate::output;
use crate::visible::visible;

pub(super) fn verify(verify: &Verify, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let found = output::verify(&verify.site)?;
    let mut lines = String::new();
    for (path, fault) in &found.faults {
        _ = writeln!(lines, "{:<7}  {}", fault.word(), visible(path));
    }
    let _ = streams.out.write_all(lines.as_bytes());
    let is_other = verify.digest.as_ref().is_some_and(|digest| *digest != found.digest);
    if is_other {
        say(streams, "The site as a whole is another one than the digest names");
    }
    let result = match found.faults.len() {
        0 => "all as built".to_owned(),
        wrong => format!("{wrong} not as built"),
    };
    let files = plural(found.files, "file");
    say(streams, &format!("Verified {files}: {result}; digest {}", found.digest));
    Ok(if is_other || !found.faults.is_empty() { Exit::Findings } else { Exit::Clean })
}
