//! The tiles of an answer as they are painted, and what is written on them.

use eframe::egui::{RichText, Sense, Ui, vec2};

use crate::analysis::owners::Owners;
use crate::base::index::NodeIx;
use crate::base::units::{grouped, human_bytes, share};
use crate::gui::node_text;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::treemap::{TileTone, TreemapFace, TreemapTile};
use crate::query::subject::What;
use crate::query::tiles::{Tile, TileOf};
use crate::snapshot::Snapshot;

/// The tiles of an answer as they are painted: written once, not every frame. Those of one owner lie in a tile of it, and
/// these tiles come first.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) of: Option<(u64, bool)>,
    pub(super) owners: Vec<(String, u64)>,
    pub(super) tiles: Vec<TreemapTile>,
    pub(super) labels: Vec<String>,
}

/// What is written on tiles.
pub(super) struct Face<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) owners: Option<&'a Owners>,
    pub(super) tiles: &'a [Tile],
    pub(super) shown: &'a Shown,
}

/// Whose the modules are that the program has not brought along.
const INTERNALS: &str = "Runtime’s modules";
/// Longer names fit on no tile.
const MOST_LETTERS: usize = 60;

/// The name of `node`, cut to what may fit.
pub(super) fn short(snapshot: &Snapshot, node: NodeIx) -> String {
    node_text::spoken_name(snapshot, node)
        .chars()
        .take(MOST_LETTERS)
        .collect()
}

impl Shown {
    pub(super) fn new(snapshot: &Snapshot, tiles: &[Tile], owners: Option<&Owners>) -> Self {
        let mut shown = Self::default();
        let owner_of = |tile: &Tile| {
            let (node, owners) = (tile.node().filter(|_| tile.depth == 0)?, owners?);
            let owner = owners.of(node)?;
            Some(if owners.is_of_runtime(owner) {
                INTERNALS.to_owned()
            } else {
                owners.name(owner).to_string_lossy().into_owned()
            })
        };
        let of: Vec<Option<u32>> = tiles
            .iter()
            .map(|tile| Some(shown.add(owner_of(tile)?, tile.size)))
            .collect();
        let count = shown.owners.len() as u32;
        let outer = shown.owners.iter().map(|(_, size)| TreemapTile {
            parent: None,
            size: *size,
        });
        let inner = tiles.iter().zip(of).map(|(tile, owner)| TreemapTile {
            parent: tile.parent.map(|at| at + count).or(owner),
            size: tile.size,
        });
        shown.tiles = outer.chain(inner).collect();
        let label = |tile: &Tile| match tile.of {
            TileOf::Object(node) => short(snapshot, node),
            TileOf::Class(class, count) => {
                let name = snapshot.classes().class(class).name.to_string();
                let name: String = name.chars().take(MOST_LETTERS).collect();
                format!("{name} × {}", grouped(count))
            }
            TileOf::Rest => "the rest".to_owned(),
        };
        let names = shown.owners.iter().map(|(name, _)| name.clone());
        shown.labels = names.chain(tiles.iter().map(label)).collect();
        shown
    }

    /// Adds bytes to an owner; returns its tile.
    fn add(&mut self, owner: String, bytes: u64) -> u32 {
        let known = self.owners.iter().position(|(name, _)| *name == owner);
        let at = known.unwrap_or_else(|| {
            self.owners.push((owner, 0));
            self.owners.len() - 1
        });
        self.owners[at].1 += bytes;
        at as u32
    }

    /// The tile of an object, or the largest of a class.
    pub(super) fn find(&self, tiles: &[Tile], what: What) -> Option<u32> {
        let at = tiles.iter().position(|tile| tile.what() == Some(what))?;
        Some((self.owners.len() + at) as u32)
    }
}

impl Face<'_> {
    /// The tile of that place, if it is not an owner's.
    fn tile(&self, at: u32) -> Option<Tile> {
        let at = (at as usize).checked_sub(self.shown.owners.len())?;
        self.tiles.get(at).copied()
    }

    fn size(&self, at: u32) -> u64 {
        self.shown.tiles.get(at as usize).map_or(0, |tile| tile.size)
    }

    /// What the tile stands for, if it is one thing.
    pub(super) fn what(&self, at: u32) -> Option<What> {
        self.tile(at)?.what()
    }

    fn owner(&self, node: NodeIx) -> Option<String> {
        let owners = self.owners?;
        Some(owners.name(owners.of(node)?).to_string_lossy().into_owned())
    }

    pub(super) fn tooltip(&self, ui: &mut Ui, at: u32) {
        let Some(tile) = self.tile(at) else { return };
        let tokens = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(288.0, 20.0), Sense::hover());
        let mut strip = Strip::new(ui.painter(), rect);
        let (lead, owner) = match tile.of {
            TileOf::Object(node) => {
                node_text::write_node(&mut strip, self.snapshot, node, tokens);
                ("Retains", self.owner(node))
            }
            TileOf::Class(class, count) => {
                node_text::write_class(&mut strip, self.snapshot, class, tokens);
                let count = format!("× {}", grouped(count));
                strip
                    .space(6.0)
                    .text(&count, fonts::number(), tokens.text_subdued);
                let about = "Each of them is too small for a tile of its own".to_owned();
                ("Retain", Some(about))
            }
            TileOf::Rest => {
                strip.text("Everything else", fonts::body(), tokens.text_strong);
                ("Retains", None)
            }
        };
        let percent = share(tile.size, self.snapshot.total_size());
        let sizes = format!("{lead} {} B, {percent} of the heap", grouped(tile.size));
        for text in [Some(sizes), owner].into_iter().flatten() {
            let text = RichText::new(text);
            ui.label(text.font(fonts::number_small()).color(tokens.text_subdued));
        }
    }
}

impl TreemapFace for Face<'_> {
    fn label(&self, tile: u32) -> String {
        self.shown.labels.get(tile as usize).cloned().unwrap_or_default()
    }

    fn note(&self, tile: u32) -> String {
        human_bytes(self.size(tile))
    }

    fn spoken(&self, tile: u32) -> String {
        let size = self.size(tile);
        let percent = share(size, self.snapshot.total_size());
        let name = match self.what(tile) {
            Some(What::Object(node)) => node_text::spoken_node(self.snapshot, node),
            _ => self.label(tile),
        };
        format!("{name}, {}, {percent} of heap", human_bytes(size))
    }

    fn tone(&self, tile: u32) -> TileTone {
        match self.tile(tile) {
            Some(Tile { of: TileOf::Rest, .. }) => TileTone::Rest,
            _ => TileTone::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_one_owner_are_summed() {
        let mut shown = Shown::default();
        let added =
            [("a.js", 3), ("b.js", 4), ("a.js", 5)].map(|(name, bytes)| shown.add(name.into(), bytes));
        assert_eq!(added, [0, 1, 0]);
        assert_eq!(shown.owners, [("a.js".into(), 8), ("b.js".into(), 4)]);
    }
}
