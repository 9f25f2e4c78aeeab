//! Writes pictures as PNG: one palette colour a pixel, compressed.
//!
//! Source: PNG specification (third edition).

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];

/// A picture; `pixels` are places in the palette, row by row.
pub(super) fn encoded(width: u32, height: u32, palette: &[[u8; 3]], pixels: &[u8]) -> Vec<u8> {
    let mut out = SIGNATURE.to_vec();
    let mut head = Vec::with_capacity(13);
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    // Eight bits, with a palette; the usual methods; not interlaced.
    head.extend([8, 3, 0, 0, 0]);
    chunk(&mut out, *b"IHDR", &head);
    chunk(&mut out, *b"PLTE", &palette.concat());
    chunk(&mut out, *b"IDAT", &compressed(width, pixels));
    chunk(&mut out, *b"IEND", &[]);
    out
}

fn compressed(width: u32, pixels: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    for row in pixels.chunks(width.max(1) as usize) {
        // Rows are not filtered.
        let written = encoder.write_all(&[0]).and_then(|()| encoder.write_all(row));
        written.expect("memory takes everything");
    }
    encoder.finish().expect("memory takes everything")
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let from = out.len();
    out.extend(kind);
    out.extend(data);
    let sum = crc32fast::hash(&out[from..]);
    out.extend(sum.to_be_bytes());
}
