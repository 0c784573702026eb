//! The dominator tree as tiles: what takes the room under an object, some levels deep.

use rayon::iter::{IndexedParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSlice as _;
use rustc_hash::FxHashMap;

use super::Query;
use super::passing::Passing;
use super::subject::What;
use crate::analysis::dominator_order::DominatorOrder;
use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, Ix as _, NodeIx, to_u32};
use crate::base::task::{Cancelled, Task};
use crate::graph::NodeKind;
use crate::snapshot::Snapshot;

/// Asks for the heaviest of what an object immediately dominates, for the heaviest of what those dominate, and so on; what is
/// too light for a tile of its own, by class. In place of a synthetic node (the groups of roots) stands what it dominates.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiles {
    /// The object whose retained size is the whole area.
    pub node: NodeIx,
    /// How many levels of tiles.
    pub depth: u32,
    /// How many tiles at most in one, of objects and of classes each, the rest aside.
    pub most: usize,
    /// Tiles below this share of the whole area belong to the rest.
    pub least_share: f32,
    /// Only these objects take room.
    pub only: Option<Passing>,
}

/// A tile. The tiles in one sum, with its own shallow size, to its area; so do those without a parent for the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The tile it lies in, by its place in the answer; none on the first level.
    pub parent: Option<u32>,
    /// What it stands for.
    pub of: TileOf,
    /// Its area in bytes: what would go with it, of that which takes room.
    pub size: u64,
    /// Its level, from 0.
    pub depth: u32,
}

/// What a tile stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileOf {
    /// An object, with all it dominates.
    Object(NodeIx),
    /// So many objects of a class, each too light for a tile, with all they dominate.
    Class(ClassIx, u64),
    /// Everything else together.
    Rest,
}

impl Tile {
    /// The object it stands for.
    pub const fn node(&self) -> Option<NodeIx> {
        match self.of {
            TileOf::Object(node) => Some(node),
            TileOf::Class(..) | TileOf::Rest => None,
        }
    }

    /// What it stands for, if it is one thing.
    pub const fn what(&self) -> Option<What> {
        match self.of {
            TileOf::Object(node) => Some(What::Object(node)),
            TileOf::Class(class, _) => Some(What::Class(class)),
            TileOf::Rest => None,
        }
    }
}

/// How many nodes are looked at between two questions whether to go on.
const CHUNK: usize = 1 << 16;

/// A tile, or the whole, whose inner tiles are looked for.
struct Open {
    tile: Option<u32>,
    node: NodeIx,
    heavy: Vec<(u64, NodeIx)>,
    light: FxHashMap<ClassIx, Light>,
}

/// What is too light for tiles of its own, of one class.
#[derive(Clone, Copy, Default)]
struct Light {
    size: u64,
    count: u64,
}

impl Light {
    fn add(&mut self, other: Self) {
        self.size += other.size;
        self.count += other.count;
    }
}

impl Query for Tiles {
    type Over = Snapshot;
    type Answer = Vec<Tile>;

    /// Level after level, outer tiles before inner ones; in each tile the heaviest objects come first, then the heaviest
    /// classes, the rest last. A pass over all dominators a level, however many tiles.
    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<Tile>, Cancelled> {
        let sizes = Sizes::of(snapshot, self.only.as_ref(), task)?;
        let least = share_of(sizes.of_all_under(self.node), self.least_share);
        let mut tiles: Vec<Tile> = Vec::new();
        let open = |tile, node| Open {
            tile,
            node,
            heavy: Vec::new(),
            light: FxHashMap::default(),
        };
        let mut level = vec![open(None, self.node)];
        for depth in 0..self.depth {
            fill(snapshot, &sizes, &mut level, least, task)?;
            let mut next = Vec::new();
            for opened in level {
                let parent = opened.tile;
                let inner = self.inner(snapshot, &sizes, opened, least);
                for (of, size) in inner {
                    if let TileOf::Object(node) = of {
                        next.push(open(Some(to_u32(tiles.len())), node));
                    }
                    tiles.push(Tile {
                        parent,
                        of,
                        size,
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

    fn doing(&self) -> Option<&'static str> {
        Some("Laying out the treemap")
    }
}

impl Tiles {
    /// What lies in a tile; nothing where a single tile would say no more than the tile itself.
    fn inner(&self, snapshot: &Snapshot, sizes: &Sizes<'_>, opened: Open, least: u64) -> Vec<(TileOf, u64)> {
        let Open {
            tile,
            node,
            mut heavy,
            mut light,
        } = opened;
        heavy.sort_unstable_by_key(|&(size, node)| (!size, node));
        for (size, node) in heavy.drain(self.most.min(heavy.len())..) {
            let class = light.entry(snapshot.class_of(node)).or_default();
            class.add(Light { size, count: 1 });
        }
        let mut classes: Vec<(ClassIx, Light)> = light.into_iter().collect();
        classes.retain(|(_, light)| light.size >= least);
        classes.sort_unstable_by_key(|&(class, light)| (!light.size, class));
        classes.truncate(self.most);
        let shown: u64 = heavy.iter().map(|&(size, _)| size).sum();
        let shown: u64 = shown + classes.iter().map(|(_, light)| light.size).sum::<u64>();
        let rest = sizes.of_all_under(node) - sizes.own(node) - shown;
        let is_leaf = heavy.is_empty() && classes.is_empty() && tile.is_some();
        let objects = heavy.into_iter().map(|(size, node)| (TileOf::Object(node), size));
        let classes = classes.into_iter().map(|(class, light)| {
            let Light { size, count } = light;
            (TileOf::Class(class, count), size)
        });
        let rest = (rest > 0 && !is_leaf).then_some((TileOf::Rest, rest));
        objects.chain(classes).chain(rest).collect()
    }
}

/// How much room nodes take.
enum Sizes<'a> {
    /// Their retained sizes.
    Retained(&'a Snapshot),
    /// Of what they dominate, only that which passes.
    Only(&'a Snapshot, &'a Passing, Vec<u64>),
}

impl<'a> Sizes<'a> {
    fn of(snapshot: &'a Snapshot, only: Option<&'a Passing>, task: &Task) -> Result<Self, Cancelled> {
        let Some(only) = only else {
            return Ok(Self::Retained(snapshot));
        };
        let dominators = snapshot.dominators();
        let order = DominatorOrder::from_dominators(dominators, task)?;
        let mut under = vec![0; dominators.all().len()];
        // From the end, so that what a node dominates is complete when it is added to what is above.
        for position in (0..order.len()).rev() {
            task.check_at(position)?;
            let Some(node) = order.node(position) else {
                continue;
            };
            if only.contains(node) {
                under[node.at()] += snapshot.shallow_size(node);
            }
            let above = dominators.of(node);
            if above != node {
                under[above.at()] += under[node.at()];
            }
        }
        Ok(Self::Only(snapshot, only, under))
    }

    fn of_all_under(&self, node: NodeIx) -> u64 {
        match self {
            Self::Retained(snapshot) => snapshot.retained_size(node),
            Self::Only(_, _, under) => under[node.at()],
        }
    }

    fn own(&self, node: NodeIx) -> u64 {
        match self {
            Self::Only(_, only, _) if !only.contains(node) => 0,
            Self::Retained(snapshot) | Self::Only(snapshot, ..) => snapshot.shallow_size(node),
        }
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

/// Finds what the open ones dominate: objects of at least `least` bytes, others by class; that of synthetic nodes in their
/// place.
#[expect(clippy::iter_over_hash_type, reason = "sums are the same in any order")]
fn fill(
    snapshot: &Snapshot,
    sizes: &Sizes<'_>,
    level: &mut [Open],
    least: u64,
    task: &Task,
) -> Result<(), Cancelled> {
    let mut outer: Vec<(usize, NodeIx)> = level.iter().map(|open| open.node).enumerate().collect();
    while !outer.is_empty() {
        let mut pseudo = Vec::new();
        let Children { heavy, light } = children(snapshot, sizes, &outer, least, task)?;
        for (at, child) in heavy {
            if snapshot.graph().kind(child) == NodeKind::Synthetic {
                pseudo.push((at, child));
            } else {
                level[at].heavy.push((sizes.of_all_under(child), child));
            }
        }
        for ((at, class), more) in light {
            level[at].light.entry(class).or_default().add(more);
        }
        outer = pseudo;
    }
    Ok(())
}

/// What some nodes immediately dominate, each with the number beside that node.
#[derive(Default)]
struct Children {
    /// In file order.
    heavy: Vec<(usize, NodeIx)>,
    light: FxHashMap<(usize, ClassIx), Light>,
}

impl Children {
    /// With those that stand behind them in the file.
    #[expect(clippy::iter_over_hash_type, reason = "sums are the same in any order")]
    fn with(mut self, mut behind: Self) -> Self {
        self.heavy.append(&mut behind.heavy);
        for (key, more) in behind.light {
            self.light.entry(key).or_default().add(more);
        }
        self
    }
}

/// The nodes that one of `outer` immediately dominates: those of at least `least` bytes, the others by class.
fn children(
    snapshot: &Snapshot,
    sizes: &Sizes<'_>,
    outer: &[(usize, NodeIx)],
    least: u64,
    task: &Task,
) -> Result<Children, Cancelled> {
    let immediate = snapshot.dominators().all();
    let mut is_outer = BitSet::new(immediate.len());
    let mut number = FxHashMap::default();
    for &(at, node) in outer {
        is_outer.insert(node);
        number.insert(node, at);
    }
    let look = |(nth, chunk): (usize, &[NodeIx])| {
        let mut found = Children::default();
        let chunk = if task.check().is_ok() { chunk } else { &[] };
        for (at, &above) in chunk.iter().enumerate() {
            let node = NodeIx::new(nth * CHUNK + at);
            if !is_outer.contains(above) || node == above {
                continue;
            }
            let Some(&number) = number.get(&above) else {
                continue;
            };
            let size = sizes.of_all_under(node);
            if size >= least {
                found.heavy.push((number, node));
            } else if size > 0 && snapshot.graph().kind(node) != NodeKind::Synthetic {
                let class = found.light.entry((number, snapshot.class_of(node))).or_default();
                class.add(Light { size, count: 1 });
            }
        }
        found
    };
    // Reduced in the order of the file, whichever chunk is done first.
    let children = immediate
        .par_chunks(CHUNK)
        .enumerate()
        .map(look)
        .reduce(Children::default, Children::with);
    task.check()?;
    Ok(children)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::filters::NodeFilter;
    use crate::graph::ObjectId;
    use crate::query::passing::FindPassing;
    use crate::query::testing::{ask, named, snapshot};

    const HEAP: &str = r#"
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> a:object/10 -x-> x:object/100 -y-> y:object/300
        a -z-> z:object/90
        window -b-> b:object/60
        root -element:1-> gc="(GC roots)":synthetic/0 -element:1-> s="(Strong roots)":synthetic/0 -element:1-> r:object/200
        s -element:2-> small:object/2
    "#;

    fn tiles(question: &Tiles, snapshot: &Snapshot) -> Vec<String> {
        let name = |of: TileOf| match of {
            TileOf::Object(node) => snapshot.name(node).to_string(),
            TileOf::Class(class, count) => format!("{count}×{}", snapshot.classes().class(class).name),
            TileOf::Rest => "…".to_owned(),
        };
        let line = |tile: &Tile| {
            let parent = tile.parent.map_or("-".to_owned(), |parent| parent.to_string());
            format!("{} {} {} in {parent}", tile.depth, name(tile.of), tile.size)
        };
        ask(question, snapshot).iter().map(line).collect()
    }

    fn whole(snapshot: &Snapshot) -> Tiles {
        Tiles {
            node: snapshot.graph().root(),
            depth: 9,
            most: 9,
            least_share: 0.1,
            only: None,
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
            [
                "0 window 568 in -",
                "0 1×r 200 in -",
                "0 … 2 in -",
                "1 a 500 in 0",
                "1 … 60 in 0"
            ]
        );
        let question = Tiles {
            node: named(&snapshot, "a"),
            least_share: 0.9,
            ..whole(&snapshot)
        };
        assert_eq!(tiles(&question, &snapshot), ["0 … 490 in -"]);
    }

    #[test]
    fn what_is_too_light_is_told_by_class() {
        let entry = |at| format!("window -a{at}-> a{at}=Entry:object/10 -n-> n{at}=Name:object/5\n");
        let other = |at| format!("window -b{at}-> b{at}=Other:object/{}\n", at % 2);
        let lines: String = (0..40).flat_map(|at| [entry(at), other(at)]).collect();
        let heap = format!("root:synthetic/0 -shortcut:w-> window:object/8\n{lines}");
        let snapshot = snapshot(&heap);
        let question = Tiles {
            node: named(&snapshot, "window"),
            ..whole(&snapshot)
        };
        assert_eq!(
            tiles(&question, &snapshot),
            ["0 40×Entry 600 in -", "0 … 20 in -"],
            "what an entry dominates is its own"
        );
        let all = Tiles {
            least_share: 0.0,
            most: 3,
            ..question
        };
        let sum: u64 = ask(&all, &snapshot)
            .iter()
            .map(|tile| u64::from(tile.depth == 0) * tile.size)
            .sum();
        assert_eq!(sum, 620);
    }

    #[test]
    fn only_what_passes_takes_room() {
        let heap = HEAP
            .replace("y:object/300", "y:object/300 #101")
            .replace("z:object/90", "z:object/90 #103");
        let snapshot = snapshot(&heap);
        let filter = NodeFilter::AllocatedBetween {
            after: ObjectId(100),
            through: ObjectId(103),
        };
        let question = Tiles {
            only: ask(&FindPassing { filter }, &snapshot),
            ..whole(&snapshot)
        };
        assert_eq!(
            tiles(&question, &snapshot),
            [
                "0 window 390 in -",
                "1 a 390 in 0",
                "2 x 300 in 1",
                "2 z 90 in 1",
                "3 y 300 in 2"
            ]
        );
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
            let sum: u64 = inner.map(|inner| inner.size).sum();
            if let Some(node) = tile.node() {
                assert_eq!(sum + snapshot.shallow_size(node), tile.size, "{tile:?}");
            }
        }
    }
}
