//! Where the tiles of a treemap lie. No painting here.
//!
//! Squarified: the larger tiles come first, in rows (or columns) along the shorter side of what is left, each row as long as
//! that makes its tiles more like squares. Areas of siblings are as their sizes; what a parent has beyond its children stays
//! free. A parent keeps a bar for its title and a border, so areas are comparable within a parent only.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

/// What a treemap is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TreemapTile {
    /// The tile it lies in: one before it in the list.
    pub(crate) parent: Option<u32>,
    /// How much there is of it: bytes.
    pub(crate) size: u64,
}

/// A tile that has room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed {
    /// Its place in the list.
    pub(crate) tile: u32,
    /// Where it lies.
    pub(crate) rect: Rect,
    /// How many tiles it lies in.
    pub(crate) depth: u32,
    /// Which top-level tile it lies in: the how manieth, in the order of the list.
    pub(crate) top: u32,
    /// Do tiles lie in it? Then it has a bar with its title.
    pub(crate) is_parent: bool,
}

/// Height of the bar with a parent's title.
pub(crate) const TITLE: f32 = 18.0;

const BORDER: f32 = 3.0;
/// With less room than this inside, no children are shown.
const LEAST_INSIDE: f32 = 8.0;
/// What is thinner is not shown.
const LEAST_SIDE: f32 = 2.0;

/// The tiles of `tiles` that have room in `rect`, parents before what lies in them.
pub(crate) fn layout(tiles: &[TreemapTile], rect: Rect) -> Vec<Placed> {
    let under = Children::of(tiles);
    let whole = under.of_parent(None).iter().map(|&at| tiles[at as usize].size);
    let total = whole.fold(0, u64::saturating_add);
    let mut placed = Vec::new();
    place(tiles, under.of_parent(None), total, rect, None, &mut placed);
    let mut next = 0;
    while let Some(&parent) = placed.get(next) {
        let children = under.of_parent(Some(parent.tile));
        let inside = Rect::from_min_max(
            parent.rect.min + vec2(BORDER, TITLE),
            parent.rect.max - vec2(BORDER, BORDER),
        );
        if !children.is_empty() && inside.width() >= LEAST_INSIDE && inside.height() >= LEAST_INSIDE {
            placed[next].is_parent = true;
            let total = tiles[parent.tile as usize].size;
            place(tiles, children, total, inside, Some(parent), &mut placed);
        }
        next += 1;
    }
    placed
}

fn place(
    tiles: &[TreemapTile],
    children: &[u32],
    total: u64,
    rect: Rect,
    parent: Option<Placed>,
    placed: &mut Vec<Placed>,
) {
    let sizes: Vec<u64> = children.iter().map(|&at| tiles[at as usize].size).collect();
    for (at, (&tile, rect)) in children.iter().zip(squarify(rect, &sizes, total)).enumerate() {
        if rect.width() >= LEAST_SIDE && rect.height() >= LEAST_SIDE {
            placed.push(Placed {
                tile,
                rect,
                depth: parent.map_or(0, |parent| parent.depth + 1),
                top: parent.map_or(at as u32, |parent| parent.top),
                is_parent: false,
            });
        }
    }
}

/// The tiles by parent.
struct Children {
    /// Where the children of a tile begin among `tiles`; those of no tile come first.
    starts: Vec<u32>,
    tiles: Vec<u32>,
}

impl Children {
    fn of(tiles: &[TreemapTile]) -> Self {
        let row = |parent: Option<u32>| parent.map_or(0, |parent| parent as usize + 1);
        let mut starts = vec![0; tiles.len() + 2];
        for tile in tiles {
            starts[row(tile.parent) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut order: Vec<u32> = (0..tiles.len() as u32).collect();
        order.sort_by_key(|&at| row(tiles[at as usize].parent));
        Self { starts, tiles: order }
    }

    fn of_parent(&self, parent: Option<u32>) -> &[u32] {
        let row = parent.map_or(0, |parent| parent as usize + 1);
        &self.tiles[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}

/// Divides `rect`, which stands for `total`, among `sizes`; one rect for each, in their order.
fn squarify(rect: Rect, sizes: &[u64], total: u64) -> Vec<Rect> {
    let sum: f64 = sizes.iter().map(|&size| size as f64).sum();
    let scale = f64::from(rect.width()) * f64::from(rect.height()) / sum.max(total as f64).max(1.0);
    let mut order: Vec<usize> = (0..sizes.len()).filter(|&at| sizes[at] > 0).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(sizes[at]));
    let areas: Vec<f64> = order.iter().map(|&at| sizes[at] as f64 * scale).collect();

    let mut rects = vec![Rect::from_min_size(rect.min, Vec2::ZERO); sizes.len()];
    let mut left = Room::new(rect);
    let mut from = 0;
    while from < areas.len() {
        let side = left.shorter_side();
        let (mut to, mut sum) = (from + 1, areas[from]);
        let mut worst = worst_ratio(&areas[from..to], sum, side);
        while to < areas.len() {
            let longer = worst_ratio(&areas[from..=to], sum + areas[to], side);
            if longer > worst {
                break;
            }
            (worst, sum, to) = (longer, sum + areas[to], to + 1);
        }
        left.cut(&areas[from..to], sum, |at, rect| rects[order[from + at]] = rect);
        from = to;
    }
    rects
}

/// How far the least square tile of a row is from a square. `areas` descend.
fn worst_ratio(areas: &[f64], sum: f64, side: f64) -> f64 {
    let ratio = |area: f64| {
        let ratio = area * side * side / (sum * sum);
        ratio.max(1.0 / ratio)
    };
    let ends = [areas.first(), areas.last()].into_iter().flatten();
    ends.map(|&area| ratio(area)).fold(1.0, f64::max)
}

/// What of a rect is not given away. In doubles: of thousands of tiles, the last ones shall still touch the border.
struct Room {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Room {
    fn new(rect: Rect) -> Self {
        Self {
            left: f64::from(rect.left()),
            top: f64::from(rect.top()),
            right: f64::from(rect.right()),
            bottom: f64::from(rect.bottom()),
        }
    }

    fn shorter_side(&self) -> f64 {
        (self.right - self.left).min(self.bottom - self.top).max(1e-9)
    }

    /// Gives a row of tiles away, along the shorter side.
    fn cut(&mut self, areas: &[f64], sum: f64, mut put: impl FnMut(usize, Rect)) {
        let is_column = self.right - self.left >= self.bottom - self.top;
        let thickness = sum / self.shorter_side();
        let mut along = if is_column { self.top } else { self.left };
        for (at, area) in areas.iter().enumerate() {
            let end = along + area / thickness;
            let (min, max) = if is_column {
                ((self.left, along), (self.left + thickness, end))
            } else {
                ((along, self.top), (end, self.top + thickness))
            };
            put(at, Rect::from_min_max(self.point(min), self.point(max)));
            along = end;
        }
        if is_column {
            self.left += thickness;
        } else {
            self.top += thickness;
        }
    }

    fn point(&self, (x, y): (f64, f64)) -> Pos2 {
        pos2(x.min(self.right) as f32, y.min(self.bottom) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect::from_min_max(pos2(10.0, 20.0), pos2(810.0, 420.0));

    /// Sizes that are neither sorted nor alike, from a small generator.
    fn sizes(count: u64, seed: u64) -> Vec<u64> {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % 1000
        };
        (0..count).map(|_| next() * next()).collect()
    }

    fn overlap(a: Rect, b: Rect) -> f32 {
        let both = a.intersect(b);
        both.width().max(0.0) * both.height().max(0.0)
    }

    #[test]
    fn areas_are_as_sizes_and_nothing_overlaps() {
        for seed in 1..20 {
            let sizes = sizes(60, seed);
            let total = sizes.iter().sum::<u64>() * 3 / 2;
            let rects = squarify(RECT, &sizes, total);
            let unit = f64::from(RECT.area()) / total as f64;
            for (at, (&size, &rect)) in sizes.iter().zip(&rects).enumerate() {
                let wanted = size as f64 * unit;
                assert!(
                    (f64::from(rect.area()) - wanted).abs() <= 0.5,
                    "{rect:?} of {size}"
                );
                assert!(RECT.expand(0.01).contains_rect(rect));
                for &other in &rects[at + 1..] {
                    assert!(overlap(rect, other) < 0.1, "{rect:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn tiles_are_about_as_wide_as_high() {
        let rects = squarify(RECT, &[100; 50], 5000);
        let is_odd = |rect: &Rect| rect.aspect_ratio() > 2.0 || rect.aspect_ratio() < 0.5;
        assert_eq!(rects.iter().filter(|rect| is_odd(rect)).count(), 0);
    }

    #[test]
    fn children_lie_in_their_parents_below_the_title() {
        let tile = |parent, size| TreemapTile { parent, size };
        let tiles = [
            tile(None, 700),
            tile(None, 300),
            tile(Some(0), 400),
            tile(Some(0), 200),
            tile(Some(2), 300),
            tile(Some(1), 0),
            tile(Some(2), 100),
        ];
        let placed = layout(&tiles, RECT);
        let rect = |tile: u32| {
            placed
                .iter()
                .find(|placed| placed.tile == tile)
                .map(|placed| placed.rect)
        };
        for child in &placed {
            let Some(parent) = tiles[child.tile as usize].parent else {
                assert_eq!(child.top, child.tile);
                continue;
            };
            let parent = rect(parent).expect("parents are placed");
            assert!(child.rect.top() >= parent.top() + TITLE && parent.contains_rect(child.rect));
        }
        let found: Vec<(u32, u32, u32, bool)> = placed
            .iter()
            .map(|placed| (placed.tile, placed.depth, placed.top, placed.is_parent))
            .collect();
        assert_eq!(
            found,
            [
                (0, 0, 0, true),
                (1, 0, 1, true),
                (2, 1, 0, true),
                (3, 1, 0, false),
                (4, 2, 0, false),
                (6, 2, 0, false)
            ],
            "the empty tile has no room"
        );
    }

    #[test]
    fn nothing_and_no_room_are_no_trouble() {
        assert_eq!(layout(&[], RECT), []);
        let tile = |size| TreemapTile { parent: None, size };
        assert_eq!(layout(&[tile(0)], RECT), []);
        let speck = Rect::from_min_size(RECT.min, vec2(1.0, 0.0));
        assert_eq!(layout(&[tile(5), tile(u64::MAX)], speck), []);
        let huge = layout(&[tile(u64::MAX), tile(u64::MAX)], RECT);
        assert_eq!(huge.len(), 2);
    }
}
