//! Thumbnails. A real one would need the picture's bytes; this one needs only its name.

/// Side of a thumbnail, in pixels.
const SIDE: u32 = 8;

/// The thumbnail of a picture, one byte a pixel: the same picture gives the same bytes.
pub(crate) fn thumbnail(picture: &str) -> Vec<u8> {
    let shade = |pixel: u32| {
        picture.bytes().fold(pixel, |shade, byte| shade.rotate_left(5) ^ u32::from(byte)) as u8
    };
    (0..SIDE * SIDE).map(shade).collect()
}
