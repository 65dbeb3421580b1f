//! The head of the overview: whether the pack has a home, an owner and money, and whether it is owned, controlled and
//! measured, by the documents whose kinds answer these questions.

use serde::Serialize;

use super::address::encode;
use super::lists::{of_kind, standings};
use super::unit::Unit;
use super::view::Linked;
use crate::kinds::Aspect;
use crate::settings::Audience;

/// The head of the overview.
#[derive(Debug, Hash, Serialize)]
pub(super) struct TilesView {
    ticks: Vec<Tick>,
    tiles: Vec<Tile>,
}

/// Something that the pack has or lacks.
#[derive(Debug, Hash, Serialize)]
struct Tick {
    what: &'static str,
    /// Empty when it lacks it.
    said: String,
}

#[derive(Debug, Hash, Serialize)]
struct Tile {
    title: &'static str,
    question: &'static str,
    kinds: Vec<TileKind>,
}

#[derive(Debug, Hash, Serialize)]
struct TileKind {
    kind: Linked,
    /// How its documents stand; empty when there is none.
    words: String,
}

pub(super) fn view(unit: &Unit) -> TilesView {
    TilesView {
        ticks: ticks(unit),
        tiles: vec![
            tile(unit, Aspect::Owned, "Owned", "Who answers for it?"),
            tile(unit, Aspect::Controlled, "Controlled", "Is what can go wrong under control?"),
            tile(unit, Aspect::Measured, "Measured", "Can it be told whether it is worth it?"),
        ],
    }
}

fn ticks(unit: &Unit) -> Vec<Tick> {
    let (home, people) = (&unit.facts().home, &unit.packs().people);
    let team = home
        .team
        .as_ref()
        .map(|id| people.team(id).map_or_else(|| id.clone(), |at| people.teams[at].name.clone()));
    let owner = home.operational_owner.as_ref().map(|(id, _)| unit.registry().who(id).name);
    // How much it costs is not for everybody.
    let is_public = unit.edition.inputs.settings.audience == Audience::Public;
    let budget = home.run_budget.clone();
    let money = budget
        .map(|sum| if is_public { "is written down".to_owned() } else { format!("{sum} a year") });
    [("A home", team), ("An operational owner", owner), ("Money to run it", money)]
        .map(|(what, said)| Tick { what, said: said.unwrap_or_default() })
        .into()
}

fn tile(unit: &Unit, asked: Aspect, title: &'static str, question: &'static str) -> Tile {
    let kinds = unit.packs().kinds.iter().enumerate();
    let answering = kinds.filter(|(_, kind)| kind.answers == Some(asked));
    let view = |(at, kind): (usize, &crate::kinds::Kind)| TileKind {
        kind: Linked {
            text: kind.plural.clone(),
            href: unit.routes.kind(at).map_or_else(String::new, encode),
        },
        words: standings(unit, &of_kind(unit, at)),
    };
    Tile { title, question, kinds: answering.map(view).collect() }
}
