//! A picture to draw on.

use super::font::{GLYPH, glyph};

/// Colours as places in [`PALETTE`].
pub(super) const WHITE: u8 = 0;
pub(super) const BLACK: u8 = 1;
pub(super) const GREY: u8 = 2;
pub(super) const LIGHT: u8 = 3;
/// The first colour of a line; there are [`LINES`].
pub(super) const FIRST_LINE: u8 = 4;
pub(super) const LINES: usize = 8;

pub(super) const PALETTE: [[u8; 3]; 12] = [
    [255, 255, 255],
    [22, 25, 31],
    [104, 112, 120],
    [228, 232, 236],
    [31, 119, 180],
    [255, 127, 14],
    [44, 160, 44],
    [214, 39, 40],
    [148, 103, 189],
    [140, 86, 75],
    [227, 119, 194],
    [23, 162, 184],
];

/// How large a letter's pixel is.
const SCALE: i32 = 2;
/// The width of a letter and the blank behind it.
pub(super) const LETTER_WIDTH: i32 = (GLYPH.0 + 1) * SCALE;
/// The height of a letter.
pub(super) const LETTER_HEIGHT: i32 = GLYPH.1 * SCALE;

pub(super) struct Canvas {
    pub(super) width: i32,
    pub(super) height: i32,
    pixels: Vec<u8>,
}

impl Canvas {
    pub(super) fn new(width: i32, height: i32) -> Self {
        Self { width, height, pixels: vec![WHITE; (width * height) as usize] }
    }

    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// What is outside is not drawn.
    pub(super) fn set(&mut self, x: i32, y: i32, colour: u8) {
        if (0..self.width).contains(&x) && (0..self.height).contains(&y) {
            self.pixels[(y * self.width + x) as usize] = colour;
        }
    }

    pub(super) fn rectangle(
        &mut self,
        (x, y): (i32, i32),
        (width, height): (i32, i32),
        colour: u8,
    ) {
        for row in y..y + height {
            (x..x + width).for_each(|column| self.set(column, row, colour));
        }
    }

    /// A line between two points, by Bresenham's algorithm; both lie within the picture or near it.
    pub(super) fn line(&mut self, (mut x, mut y): (i32, i32), to: (i32, i32), colour: u8) {
        let (width, height) = ((to.0 - x).abs(), -(to.1 - y).abs());
        let (step_x, step_y) = ((to.0 - x).signum(), (to.1 - y).signum());
        let mut error = width + height;
        loop {
            self.set(x, y, colour);
            if (x, y) == to {
                return;
            }
            let twice = 2 * error;
            if twice >= height {
                error += height;
                x += step_x;
            }
            if twice <= width {
                error += width;
                y += step_y;
            }
        }
    }

    /// Text from its upper left corner on; it has no lower case.
    pub(super) fn text(&mut self, (x, y): (i32, i32), text: &str, colour: u8) {
        for (place, letter) in (0..).zip(text.chars()) {
            let left = x + place * LETTER_WIDTH;
            if left > self.width {
                return;
            }
            let rows = glyph(letter);
            for (row, bits) in (0..).zip(rows) {
                for column in 0..GLYPH.0 {
                    if bits >> (GLYPH.0 - 1 - column) & 1 == 1 {
                        let corner = (left + column * SCALE, y + row * SCALE);
                        self.rectangle(corner, (SCALE, SCALE), colour);
                    }
                }
            }
        }
    }
}

/// How wide a text is.
pub(super) fn width_of(text: &str) -> i32 {
    text.chars().count().min(10_000) as i32 * LETTER_WIDTH
}
