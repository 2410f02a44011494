//! From pixels to a PNG file with a palette, which is a third of the size of one with full colours.

use std::{collections::HashMap, io::Write as _};

use foldhash::fast::FixedState;
use png::{BitDepth, ColorType, DeflateCompression, Encoder, EncodingError, Filter, PixelDimensions, Unit};
use tiny_skia::Pixmap;

use super::{
    error::ChartError,
    palette::{self, Rgb},
};

/// Encodes an opaque picture with `dpi` pixels per inch.
///
/// # Errors
///
/// If the encoder refuses, which it has no reason to.
pub(super) fn encode(pixmap: &Pixmap, dpi: u32) -> Result<Vec<u8>, ChartError> {
    let runs = runs(pixmap);
    let mut counts: HashMap<u32, u64, FixedState> = HashMap::default();
    for run in &runs {
        *counts.entry(run.color).or_default() += u64::from(run.length);
    }
    let palette = palette::reduce(counts.iter().map(|(&color, &count)| (rgb(color), count)).collect());
    let indices: HashMap<u32, u8, FixedState> =
        counts.into_keys().map(|color| (color, palette::nearest(&palette, rgb(color)))).collect();

    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixmap.width(), pixmap.height());
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_pixel_dims(Some(pixels_per_meter(dpi)));
    // Neighbouring indices have nothing to do with each other, so filters only make the file larger.
    encoder.set_filter(Filter::NoFilter);
    encoder.set_deflate_compression(DeflateCompression::Level(COMPRESSION));
    let mut writer = encoder.write_header()?;
    let mut pixels = writer.stream_writer_with_size(CHUNK)?;
    // Row by row, because memory for all indices at once takes longer to get than to fill.
    let width = pixmap.width() as usize;
    let mut row = Vec::with_capacity(width);
    for run in &runs {
        let index = indices.get(&run.color).copied().unwrap_or_default();
        row.resize(row.len() + run.length as usize, index);
        if row.len() == width {
            pixels.write_all(&row).map_err(EncodingError::from)?;
            row.clear();
        }
    }
    pixels.finish()?;
    writer.finish()?;
    Ok(file)
}

/// Beyond this level, time grows faster than the file shrinks.
const COMPRESSION: u8 = 3;

/// Bytes of compressed data in one chunk of the file.
const CHUNK: usize = 1 << 16;

/// Neighbouring pixels of the same colour.
struct Run {
    /// The four bytes of a pixel.
    color: u32,
    length: u32,
}

/// All pixels row by row. A chart is mostly background, so this is short, and everything after it is cheap.
fn runs(pixmap: &Pixmap) -> Vec<Run> {
    let mut runs = Vec::new();
    for row in pixmap.data().chunks_exact(PIXEL * pixmap.width() as usize) {
        let mut rest = row;
        while let Some(first) = rest.first_chunk::<PIXEL>() {
            let length = leading(rest, *first);
            runs.push(Run { color: u32::from_be_bytes(*first), length: length as u32 });
            rest = rest.get(PIXEL * length..).unwrap_or_default();
        }
    }
    runs
}

/// How many pixels at the start of `row` are equal to `pixel`.
fn leading(row: &[u8], pixel: [u8; PIXEL]) -> usize {
    // Whole blocks first, without a branch for each byte, so that compilers can use wide registers.
    let (blocks, _) = row.as_chunks::<{ PIXEL * BLOCK }>();
    let mut block = [0; PIXEL * BLOCK];
    for place in block.as_chunks_mut::<PIXEL>().0 {
        *place = pixel;
    }
    let differs = |other: &[u8; PIXEL * BLOCK]| other.iter().zip(&block).fold(0, |bits, (one, two)| bits | (one ^ two));
    let equal_blocks = blocks.iter().take_while(|other| differs(other) == 0).count();
    let rest = row.get(PIXEL * BLOCK * equal_blocks..).unwrap_or_default();
    BLOCK * equal_blocks + rest.as_chunks::<PIXEL>().0.iter().take_while(|other| **other == pixel).count()
}

const PIXEL: usize = 4;
const BLOCK: usize = 16;

/// Red, green and blue of a pixel; it has no transparency, as the whole picture has a background.
fn rgb(color: u32) -> Rgb {
    let [red, green, blue, _] = color.to_be_bytes();
    [red, green, blue]
}

fn pixels_per_meter(dpi: u32) -> PixelDimensions {
    let per_meter = (f64::from(dpi) / 0.0254).round() as u32;
    PixelDimensions { xppu: per_meter, yppu: per_meter, unit: Unit::Meter }
}

#[cfg(test)]
mod tests {
    use tiny_skia::{Color, PremultipliedColorU8};

    use super::*;

    /// Decodes to width, height, pixels as RGB, and pixels per metre.
    fn decode(file: &[u8]) -> (u32, u32, Vec<Rgb>, u32) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut indices = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut indices).unwrap();
        let info = reader.info();
        assert_eq!((info.color_type, info.bit_depth), (ColorType::Indexed, BitDepth::Eight));
        let palette: Vec<Rgb> = info.palette.as_ref().unwrap().chunks(3).map(|c| [c[0], c[1], c[2]]).collect();
        let dims = info.pixel_dims.unwrap();
        assert!(palette.len() <= 256 && dims.unit == Unit::Meter && dims.xppu == dims.yppu);
        let pixels = indices.iter().map(|&index| palette[usize::from(index)]).collect();
        (info.width, info.height, pixels, dims.xppu)
    }

    fn picture(width: u32, height: u32, color: impl Fn(u32, u32) -> Rgb) -> Pixmap {
        let mut pixmap = Pixmap::new(width, height).unwrap();
        pixmap.fill(Color::WHITE);
        for (place, pixel) in (0..).zip(pixmap.pixels_mut()) {
            let [red, green, blue] = color(place % width, place / width);
            *pixel = PremultipliedColorU8::from_rgba(red, green, blue, 255).unwrap();
        }
        pixmap
    }

    #[test]
    fn pictures_with_few_colors_come_back_exactly() {
        type ColorAt = fn(u32, u32) -> Rgb;
        let cases: [(_, _, ColorAt); 4] = [
            (1, 1, |_, _| [1, 2, 3]),
            (70, 3, |_, _| [255, 255, 255]),
            (37, 11, |x, y| [(x / 5) as u8, (y * 2) as u8, 7]),
            (33, 2, |x, _| if x == 32 { [9, 9, 9] } else { [0, 0, 0] }),
        ];
        for (width, height, color) in cases {
            let pixmap = picture(width, height, color);
            let (decoded_width, decoded_height, pixels, _) = decode(&encode(&pixmap, 300).unwrap());
            assert_eq!((decoded_width, decoded_height), (width, height));
            let expected: Vec<Rgb> = (0..width * height).map(|place| color(place % width, place / width)).collect();
            assert_eq!(pixels, expected);
        }
    }

    #[test]
    fn many_colors_are_reduced_to_a_palette() {
        let pixmap = picture(64, 64, |x, y| [(x * 4) as u8, (y * 4) as u8, (x + y) as u8]);
        let (.., pixels, _) = decode(&encode(&pixmap, 300).unwrap());
        for (place, pixel) in (0..).zip(pixels) {
            let (x, y) = (place % 64, place / 64);
            assert!(pixel[0].abs_diff((x * 4) as u8) <= 40 && pixel[1].abs_diff((y * 4) as u8) <= 40, "{pixel:?}");
        }
    }

    #[test]
    fn the_resolution_is_in_the_file() {
        let pixmap = picture(2, 2, |_, _| [0, 0, 0]);
        for (dpi, per_meter) in [(72, 2835), (300, 11_811), (600, 23_622)] {
            assert_eq!(decode(&encode(&pixmap, dpi).unwrap()).3, per_meter);
        }
    }

    #[test]
    fn the_same_picture_is_the_same_file() {
        let pixmap = picture(64, 64, |x, y| [(x * 4) as u8, (y * 4) as u8, (x * y) as u8]);
        assert_eq!(encode(&pixmap, 300).unwrap(), encode(&pixmap, 300).unwrap());
    }
}
