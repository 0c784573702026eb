//! Paints on the processor what the window would have a graphics driver paint: the same picture on every machine.
//!
//! Triangles are filled as drivers do it: a pixel belongs to a triangle if its centre does (of two that share an edge, to the
//! one right of or below it, so that nothing is painted twice), colours are blended premultiplied and in sRGB.

use std::collections::BTreeMap;

use eframe::egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, Vertex};
use eframe::egui::{ColorImage, Context, FullOutput, Pos2, Rect, TextureId, TexturesDelta, Vec2};
use egui_kittest::TestRenderer;
use image::RgbaImage;

/// A renderer for [`egui_kittest::Harness`].
#[derive(Default)]
pub(crate) struct Raster {
    textures: BTreeMap<TextureId, ColorImage>,
}

/// Red, green, blue, alpha: 0 to 1.
type Color = [f32; 4];

/// Steps of a position within a pixel.
const STEPS: i64 = 256;

/// A position in steps.
#[derive(Clone, Copy)]
struct Point {
    x: i64,
    y: i64,
}

impl TestRenderer for Raster {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        // Textures do not concern each other, so their order does not matter.
        let set: Vec<_> = delta.set.drain().collect();
        for (id, patches) in set {
            for patch in patches {
                let ImageData::Color(new) = patch.image;
                match (patch.pos, self.textures.get_mut(&id)) {
                    (Some(at), Some(whole)) => put(whole, &new, at),
                    _ => drop(self.textures.insert(id, (*new).clone())),
                }
            }
        }
        let freed: Vec<_> = delta.free.drain().collect();
        for id in freed {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        let size = (ctx.content_rect().size() * scale).round();
        let black = image::Rgba([0, 0, 0, 255]);
        let mut picture = RgbaImage::from_pixel(size.x as u32, size.y as u32, black);
        for ClippedPrimitive { clip_rect, primitive } in ctx.tessellate(output.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = primitive else {
                return Err("only meshes can be painted here".to_owned());
            };
            let texture = self.textures.get(&mesh.texture_id);
            let texture = texture.ok_or_else(|| format!("no texture {:?}", mesh.texture_id))?;
            let clip = Rect::from_min_max(
                (clip_rect.min * scale).round().max(Pos2::ZERO),
                (clip_rect.max * scale).round().min(size.to_pos2()),
            );
            paint(&mut picture, &mesh, texture, clip, scale);
        }
        Ok(picture)
    }
}

/// Puts `patch` into `whole`, its first pixel at `at`.
fn put(whole: &mut ColorImage, patch: &ColorImage, [left, top]: [usize; 2]) {
    let width = patch.width();
    for (row, pixels) in patch.pixels.chunks(width).enumerate() {
        let start = (top + row) * whole.width() + left;
        whole.pixels[start..start + width].copy_from_slice(pixels);
    }
}

fn paint(picture: &mut RgbaImage, mesh: &Mesh, texture: &ColorImage, clip: Rect, scale: f32) {
    for corners in mesh.triangles() {
        let mut corners = corners.map(|at| mesh.vertices[at as usize]);
        let place = |vertex: &Vertex| Point {
            x: (vertex.pos.x * scale * STEPS as f32).round() as i64,
            y: (vertex.pos.y * scale * STEPS as f32).round() as i64,
        };
        let mut points = [place(&corners[0]), place(&corners[1]), place(&corners[2])];
        let mut area = side(points[0], points[1], points[2]);
        if area < 0 {
            corners.swap(1, 2);
            points.swap(1, 2);
            area = -area;
        }
        if area > 0 {
            fill(picture, &corners, points, area, texture, clip);
        }
    }
}

fn fill(
    picture: &mut RgbaImage,
    corners: &[Vertex; 3],
    points: [Point; 3],
    area: i64,
    texture: &ColorImage,
    clip: Rect,
) {
    let [a, b, c] = points;
    let edges = [(b, c), (c, a), (a, b)];
    // What lies on an edge belongs to the triangle only if the edge is at its top or left.
    let bias = edges.map(|(from, to)| {
        let is_top_or_left = to.y < from.y || (to.y == from.y && to.x > from.x);
        i64::from(!is_top_or_left)
    });
    let colors = corners.map(|corner| corner.color.to_array().map(|part| f32::from(part) / 255.0));
    let first = |steps: i64, least: f32| (steps.div_euclid(STEPS)).max(least as i64);
    let past = |steps: i64, most: f32| (steps.div_euclid(STEPS) + 1).min(most as i64);
    let xs = first(a.x.min(b.x).min(c.x), clip.min.x)..past(a.x.max(b.x).max(c.x), clip.max.x);
    let ys = first(a.y.min(b.y).min(c.y), clip.min.y)..past(a.y.max(b.y).max(c.y), clip.max.y);
    for y in ys {
        for x in xs.clone() {
            let centre = Point {
                x: x * STEPS + STEPS / 2,
                y: y * STEPS + STEPS / 2,
            };
            let sides = edges.map(|(from, to)| side(from, to, centre));
            if sides.iter().zip(bias).any(|(side, bias)| *side < bias) {
                continue;
            }
            let parts = sides.map(|side| side as f32 / area as f32);
            let uv = (0..3).fold(Vec2::ZERO, |uv, at| uv + corners[at].uv.to_vec2() * parts[at]);
            let texel = sample(texture, uv);
            let color: Color = std::array::from_fn(|channel| {
                let own: f32 = (0..3).map(|at| colors[at][channel] * parts[at]).sum();
                own * texel[channel]
            });
            blend(&mut picture.get_pixel_mut(x as u32, y as u32).0, color);
        }
    }
}

/// Twice the area of a triangle; positive if its corners go round clockwise on the screen.
const fn side(from: Point, to: Point, at: Point) -> i64 {
    (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x)
}

/// The colour of `texture` at `uv` (0 to 1), between its four nearest pixels.
fn sample(texture: &ColorImage, uv: Vec2) -> Color {
    let [width, height] = texture.size;
    let at = uv * Vec2::new(width as f32, height as f32) - Vec2::splat(0.5);
    let (from, part) = (at.floor(), at - at.floor());
    let pixel = |dx: f32, dy: f32| -> Color {
        let x = (from.x + dx).clamp(0.0, width as f32 - 1.0) as usize;
        let y = (from.y + dy).clamp(0.0, height as f32 - 1.0) as usize;
        texture.pixels[y * width + x]
            .to_array()
            .map(|part| f32::from(part) / 255.0)
    };
    let mix = |a: Color, b: Color, part: f32| -> Color {
        std::array::from_fn(|channel| a[channel] + (b[channel] - a[channel]) * part)
    };
    let above = mix(pixel(0.0, 0.0), pixel(1.0, 0.0), part.x);
    let below = mix(pixel(0.0, 1.0), pixel(1.0, 1.0), part.x);
    mix(above, below, part.y)
}

/// Lays `color`, which is premultiplied, over `under`.
fn blend(under: &mut [u8; 4], color: Color) {
    for (under, over) in under.iter_mut().zip(color) {
        let mixed = over + f32::from(*under) / 255.0 * (1.0 - color[3]);
        *under = (mixed * 255.0).round().clamp(0.0, 255.0) as u8;
    }
}
