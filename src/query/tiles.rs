//! The dominator tree as tiles: what takes the room under an object, some levels deep.

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::Query;
use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::task::{Cancelled, Task};
use crate::graph::NodeKind;
use crate::snapshot::Snapshot;

/// Asks for the heaviest of what an object immediately dominates, for the heaviest of what those dominate, and so on. In
/// place of a synthetic node (the groups of roots) stands what it dominates.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiles {
    /// The object whose retained size is the whole area.
    pub node: NodeIx,
    /// How many levels of tiles.
    pub depth: u32,
    /// How many tiles at most in one, the rest aside.
    pub most: usize,
    /// Tiles below this share of the whole area belong to the rest.
    pub least_share: f32,
}

/// A tile. The tiles in one sum, with its own shallow size, to its retained size; so do those without a parent for the
/// whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The tile it lies in, by its place in the answer; none on the first level.
    pub parent: Option<u32>,
    /// The object; none for everything else together.
    pub node: Option<NodeIx>,
    /// Its area in bytes.
    pub retained_size: u64,
    /// Its level, from 0.
    pub depth: u32,
}

/// A tile, or the whole, whose inner tiles are looked for.
struct Open {
    tile: Option<u32>,
    node: NodeIx,
    inner: Vec<(u64, NodeIx)>,
}

impl Query for Tiles {
    type Over = Snapshot;
    type Answer = Vec<Tile>;

    /// Level after level, outer tiles before inner ones; in each tile the heaviest come first, the rest last. A pass over
    /// all dominators a level, however many tiles.
    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<Tile>, Cancelled> {
        let least = share_of(snapshot.retained_size(self.node), self.least_share);
        let mut tiles: Vec<Tile> = Vec::new();
        let open = |tile, node| Open {
            tile,
            node,
            inner: Vec::new(),
        };
        let mut level = vec![open(None, self.node)];
        for depth in 0..self.depth {
            fill(snapshot, &mut level, least, task)?;
            let mut next = Vec::new();
            for Open {
                tile,
                node,
                mut inner,
            } in level
            {
                inner.sort_unstable_by_key(|&(size, node)| (!size, node));
                inner.truncate(self.most);
                let shown: u64 = inner.iter().map(|&(size, _)| size).sum();
                let rest = snapshot.retained_size(node) - snapshot.shallow_size(node) - shown;
                let is_leaf = inner.is_empty() && tile.is_some();
                for (size, node) in inner {
                    next.push(open(Some(to_u32(tiles.len())), node));
                    tiles.push(Tile {
                        parent: tile,
                        node: Some(node),
                        retained_size: size,
                        depth,
                    });
                }
                if rest > 0 && !is_leaf {
                    tiles.push(Tile {
                        parent: tile,
                        node: None,
                        retained_size: rest,
                        depth,
                    });
                }
            }
            if next.is_empty() {
                break;
            }
            level = next;
        }
        Ok(tiles)
    }
}

/// The least size, above 0, that is `share` of `size`.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a threshold for pictures: a float rounds it, and saturates"
)]
fn share_of(size: u64, share: f32) -> u64 {
    ((size as f64 * f64::from(share)).ceil() as u64).max(1)
}

/// Finds what the open ones dominate of at least `least` bytes, that of synthetic nodes in their place.
fn fill(snapshot: &Snapshot, level: &mut [Open], least: u64, task: &Task) -> Result<(), Cancelled> {
    let mut outer: Vec<(usize, NodeIx)> = level.iter().map(|open| open.node).enumerate().collect();
    while !outer.is_empty() {
        let mut pseudo = Vec::new();
        for (at, child) in heavy_children(snapshot, &outer, least, task)? {
            if snapshot.graph().kind(child) == NodeKind::Synthetic {
                pseudo.push((at, child));
            } else {
                level[at].inner.push((snapshot.retained_size(child), child));
            }
        }
        outer = pseudo;
    }
    Ok(())
}

/// The nodes of at least `least` retained bytes that one of `outer` immediately dominates, in file order, each with the
/// number beside that one.
fn heavy_children(
    snapshot: &Snapshot,
    outer: &[(usize, NodeIx)],
    least: u64,
    task: &Task,
) -> Result<Vec<(usize, NodeIx)>, Cancelled> {
    let immediate = snapshot.dominators().all();
    let mut is_outer = BitSet::new(immediate.len());
    let mut number = FxHashMap::default();
    for &(at, node) in outer {
        is_outer.insert(node);
        number.insert(node, at);
    }
    let children = immediate.par_iter().enumerate().filter_map(|(at, &above)| {
        if task.check_at(at).is_err() || !is_outer.contains(above) {
            return None;
        }
        let node = NodeIx::new(at);
        let is_heavy = node != above && snapshot.retained_size(node) >= least;
        is_heavy.then(|| Some((*number.get(&above)?, node)))?
    });
    let children = children.collect();
    task.check()?;
    Ok(children)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, named, snapshot};

    const HEAP: &str = r#"
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> a:object/10 -x-> x:object/100 -y-> y:object/300
        a -z-> z:object/90
        window -b-> b:object/60
        root -element:1-> gc="(GC roots)":synthetic/0 -element:1-> s="(Strong roots)":synthetic/0 -element:1-> r:object/200
        s -element:2-> small:object/2
    "#;

    fn tiles(question: &Tiles, snapshot: &Snapshot) -> Vec<String> {
        let name =
            |node: Option<NodeIx>| node.map_or("…".to_owned(), |node| snapshot.name(node).to_string());
        let line = |tile: &Tile| {
            let parent = tile.parent.map_or("-".to_owned(), |parent| parent.to_string());
            format!(
                "{} {} {} in {parent}",
                tile.depth,
                name(tile.node),
                tile.retained_size
            )
        };
        ask(question, snapshot).iter().map(line).collect()
    }

    fn whole(snapshot: &Snapshot) -> Tiles {
        Tiles {
            node: snapshot.graph().root(),
            depth: 9,
            most: 9,
            least_share: 0.1,
        }
    }

    #[test]
    fn tiles_lie_in_tiles_and_pseudo_roots_are_passed_over() {
        let snapshot = snapshot(HEAP);
        // 770 bytes in all: 77 are a tenth.
        assert_eq!(
            tiles(&whole(&snapshot), &snapshot),
            [
                "0 window 568 in -",
                "0 r 200 in -",
                "0 … 2 in -",
                "1 a 500 in 0",
                "1 … 60 in 0",
                "2 x 400 in 3",
                "2 z 90 in 3",
                "3 y 300 in 5",
            ]
        );
    }

    #[test]
    fn depth_and_number_are_limited() {
        let snapshot = snapshot(HEAP);
        let question = Tiles {
            depth: 2,
            most: 1,
            ..whole(&snapshot)
        };
        assert_eq!(
            tiles(&question, &snapshot),
            ["0 window 568 in -", "0 … 202 in -", "1 a 500 in 0", "1 … 60 in 0"]
        );
        let question = Tiles {
            node: named(&snapshot, "a"),
            least_share: 0.9,
            ..whole(&snapshot)
        };
        assert_eq!(tiles(&question, &snapshot), ["0 … 490 in -"]);
    }

    #[test]
    fn inner_tiles_sum_to_the_outer() {
        let snapshot = snapshot(HEAP);
        let question = Tiles {
            least_share: 0.0,
            ..whole(&snapshot)
        };
        let tiles = ask(&question, &snapshot);
        for (at, tile) in tiles.iter().enumerate() {
            let inner = tiles.iter().filter(|inner| inner.parent == Some(to_u32(at)));
            let sum: u64 = inner.map(|inner| inner.retained_size).sum();
            if let Some(node) = tile.node {
                assert_eq!(sum + snapshot.shallow_size(node), tile.retained_size, "{tile:?}");
            }
        }
    }
}
