//! `readymark schema`: JSON Schemas of what people write, with the kinds of the repository.

use super::arguments::Schema;
use super::commands::{open, say, work_tree};
use super::files::put;
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::nearest::did_you_mean;
use crate::pack::scope::scope;
use crate::schema::{all, named};
use crate::visible::visible;

pub(super) fn schema(
    schema: &Schema,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let project = open(&schema.dir, true, surroundings, streams)?;
    let snapshot = work_tree(&project)?;
    let reader = project.repository.reader()?;
    let scope = scope(&snapshot, &project.folder, &project.settings, &reader.with(&snapshot), None);
    let schemas = all(&scope.kinds, &project.settings.locators);
    if let Some(folder) = &schema.out {
        for one in &schemas {
            put(&folder.join(format!("{}.json", one.name)), &one.text())?;
        }
        say(streams, &format!("Wrote {} schemas into {}", schemas.len(), folder.display()));
    } else if let Some(name) = &schema.name {
        let Some(one) = named(&schemas, &scope.kinds, name) else {
            let names = schemas.iter().map(|one| one.name.rsplit('/').next().unwrap_or_default());
            let help = did_you_mean(name, names)
                .unwrap_or_else(|| "`readymark schema` lists what there is".to_owned());
            return Err(Failure::new(format!("nothing to describe is called `{name}`")).help(help));
        };
        let _ = write!(streams.out, "{}", one.text());
    } else {
        for one in &schemas {
            let name = one.name.trim_start_matches("kinds/");
            let _ = writeln!(streams.out, "{name:<16} {}", visible(&one.about));
        }
    }
    Ok(Exit::Clean)
}
