//! Which document is meant, and who must approve it by the rules of what is committed.

use std::sync::Arc;

use crate::Failure;
use crate::approvals::{Policy, PolicyFiles, Wanted, approvers};
use crate::document::front_matter;
use crate::pack::raci::MATRIX;
use crate::pack::{Artifact, Packs};
use crate::project::{Project, join};
use crate::source::{ReadBlob, Snapshot};

/// Finds a document by its id, with or without its pack, or by its path.
pub(super) fn found<'p>(packs: &'p Packs, name: &str) -> Result<&'p Artifact, Failure> {
    let (pack, id) = name.split_once(':').map_or((None, name), |(pack, id)| (Some(pack), id));
    let has_name = |artifact: &&Arc<Artifact>| {
        let in_pack = pack.is_none_or(|pack| packs.packs[artifact.pack].id == pack);
        in_pack && artifact.id.eq_ignore_ascii_case(id) || artifact.path.as_str() == name
    };
    let found: Vec<&Arc<Artifact>> = packs.artifacts.iter().filter(has_name).collect();
    match found.as_slice() {
        [artifact] => Ok(artifact),
        [] => {
            let has_row = |artifact: &&Arc<Artifact>| {
                artifact.records.iter().any(|record| record.id.eq_ignore_ascii_case(id))
            };
            if let Some(artifact) = packs.artifacts.iter().find(has_row) {
                return Err(Failure::new(format!("`{name}` is a row of {}", artifact.id))
                    .help(format!("name the document: {}", artifact.id)));
            }
            let mut ids = packs.artifacts.iter().map(|artifact| artifact.id.as_str());
            let failure = Failure::new(format!("nothing here is called `{name}`"));
            Err(match crate::nearest::did_you_mean(id, &mut ids) {
                Some(help) => failure.help(help),
                None => failure,
            })
        }
        several => {
            let names = several
                .iter()
                .map(|artifact| format!("{}:{}", packs.packs[artifact.pack].id, artifact.id));
            Err(Failure::new(format!("several documents are called `{name}`"))
                .help(format!("name one: {}", names.collect::<Vec<_>>().join(", "))))
        }
    }
}

/// Finds a document by its name, or the document with a row of this id, and the row.
pub(super) fn found_part<'p>(
    packs: &'p Packs,
    name: &str,
) -> Result<(&'p Artifact, Option<&'p str>), Failure> {
    let (pack, id) = name.split_once(':').map_or((None, name), |(pack, id)| (Some(pack), id));
    let own = packs.artifacts.iter();
    let own = own.filter(|it| pack.is_none_or(|pack| packs.packs[it.pack].id == pack));
    let rows = own.flat_map(|it| it.records.iter().map(move |row| (&**it, row)));
    let rows: Vec<_> = rows.filter(|(_, row)| row.id.eq_ignore_ascii_case(id)).collect();
    match (found(packs, name), rows.as_slice()) {
        (Err(_), [(artifact, row)]) => Ok((artifact, Some(&row.id))),
        (found, _) => found.map(|artifact| (artifact, None)),
    }
}

/// Reads the rules of a document's pack, and names who must approve it by them: nobody when no rule says it.
pub(super) fn wanted(
    project: &Project,
    packs: &Packs,
    artifact: &Artifact,
    part: Option<&str>,
) -> Result<(Policy, Vec<String>), Failure> {
    let snapshot = project.committed()?;
    let policy = policy(project, packs, &snapshot, artifact.pack)?;
    let reader = project.repository.reader()?;
    let file = snapshot.file(artifact.path.as_str());
    let bytes = file.map(|file| reader.read(file.blob)).transpose();
    let bytes = bytes.map_err(|lack| Failure::new(format!("{}: {lack}", artifact.path)))?;
    let text = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default());
    let own = approvers(&text, &front_matter::read(&text).0);
    let wanted = policy.wanted(Wanted {
        id: &artifact.id,
        path: &artifact.path,
        kind: packs.kinds.get(artifact.kind),
        approvers: &own,
        part,
    });
    Ok((policy, wanted))
}

/// Writes roles and persons as the registry has them.
pub(super) fn named(packs: &Packs, wanted: &[String]) -> String {
    wanted.iter().map(|party| packs.people.written(party)).collect::<Vec<_>>().join(" and ")
}

/// Reads the rules of one pack.
fn policy(
    project: &Project,
    packs: &Packs,
    snapshot: &Snapshot,
    pack: usize,
) -> Result<Policy, Failure> {
    let reader = project.repository.reader()?;
    let bytes = |path: &str| snapshot.file(path).and_then(|file| reader.read(file.blob).ok());
    let has_matrix = |artifact: &&Arc<Artifact>| {
        packs.kinds.get(artifact.kind).is_some_and(|kind| kind.table(MATRIX).is_some())
    };
    let own = packs.artifacts[packs.of(pack)].iter().filter(has_matrix);
    let matrices = own.filter_map(|artifact| {
        Some((artifact.path.clone(), artifact.kind, bytes(artifact.path.as_str())?))
    });
    let files = PolicyFiles {
        people: bytes(&join(&project.folder, "people.toml")),
        pack: bytes(&join(&packs.packs[pack].folder, "pack.toml")),
        matrices: matrices.collect(),
    };
    Ok(Policy::read(&files, &packs.kinds))
}
