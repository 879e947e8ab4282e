//! The logo of an account: which images are taken, told by their bytes alone.

use crate::core::refusal::{Kind, Params, Rule, params};
use crate::words;

/// The most bytes of an image.
pub const MOST_BYTES: usize = 64 * 1024;

/// The most pixels of a side: a small file can be an image that fills the memory of whoever looks at it.
pub const MOST_PIXELS: u32 = 2_048;

/// The kinds of images that are taken. SVG is none of them: it is a document that can carry scripts (D3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoKind {
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// JPEG.
    Jpeg,
}

words!(LogoKind { Png = "png", Webp = "webp", Jpeg = "jpeg" });

impl LogoKind {
    /// How HTTP calls it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// Why an image is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Too many bytes.
    #[error(
        "The image has {0} bytes, but the limit is {MOST_BYTES}. Make it smaller. A few hundred pixels are enough."
    )]
    TooLarge(usize),
    /// Nothing that is taken.
    #[error(
        "This file isn't a PNG, WebP or JPEG image. Save the logo in one of these formats. SVG isn't supported \
         because it can contain scripts."
    )]
    NotAnImage,
    /// Too many pixels.
    #[error("The image is {0} × {1} pixels, but the limit is {MOST_PIXELS} × {MOST_PIXELS}. Make it smaller.")]
    TooManyPixels(u32, u32),
}

impl Rule for LogoError {
    fn refusal(&self) -> (Kind, &'static str) {
        match self {
            Self::TooLarge(_) => (Kind::TooLarge, "logo_too_large"),
            Self::NotAnImage => (Kind::Invalid, "invalid_image"),
            Self::TooManyPixels(..) => (Kind::Invalid, "logo_dimensions_too_large"),
        }
    }

    fn params(&self) -> Params {
        match *self {
            Self::TooLarge(bytes) => params([("bytes", bytes.into()), ("max", MOST_BYTES.into())]),
            Self::TooManyPixels(width, height) => {
                params([("width", width.into()), ("height", height.into()), ("max", MOST_PIXELS.into())])
            }
            Self::NotAnImage => Params::new(),
        }
    }
}

/// What an image is, by its bytes.
///
/// # Errors
/// It is none that is taken, or too large.
pub fn look_at(bytes: &[u8]) -> Result<LogoKind, LogoError> {
    if bytes.len() > MOST_BYTES {
        return Err(LogoError::TooLarge(bytes.len()));
    }
    let png = png_size(bytes).map(|size| (LogoKind::Png, size));
    let webp = || webp_size(bytes).map(|size| (LogoKind::Webp, size));
    let jpeg = || jpeg_size(bytes).map(|size| (LogoKind::Jpeg, size));
    match png.or_else(webp).or_else(jpeg) {
        None | Some((_, (0, _) | (_, 0))) => Err(LogoError::NotAnImage),
        Some((_, (width, height))) if width.max(height) > MOST_PIXELS => Err(LogoError::TooManyPixels(width, height)),
        Some((kind, _)) => Ok(kind),
    }
}

fn has(bytes: &[u8], at: usize, wanted: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(wanted))
}

/// The big-endian number in these bytes.
fn big(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(count)?)?;
    Some(digits.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}

/// The same, the least significant first.
fn little(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(count)?)?;
    Some(digits.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}

fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let is_one = has(bytes, 0, b"\x89PNG\r\n\x1a\n") && has(bytes, 12, b"IHDR");
    is_one.then_some(()).and_then(|()| Some((big(bytes, 16, 4)?, big(bytes, 20, 4)?)))
}

fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    const FOURTEEN_BITS: u32 = 0x3fff;
    if !has(bytes, 0, b"RIFF") || !has(bytes, 8, b"WEBP") {
        return None;
    }
    if has(bytes, 12, b"VP8X") {
        return Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1));
    }
    if has(bytes, 12, b"VP8L") && has(bytes, 20, b"\x2f") {
        let bits = little(bytes, 21, 4)?;
        return Some(((bits & FOURTEEN_BITS) + 1, ((bits >> 14) & FOURTEEN_BITS) + 1));
    }
    let is_lossy = has(bytes, 12, b"VP8 ") && has(bytes, 23, b"\x9d\x01\x2a");
    is_lossy
        .then_some(())
        .and_then(|()| Some((little(bytes, 26, 2)? & FOURTEEN_BITS, little(bytes, 28, 2)? & FOURTEEN_BITS)))
}

/// Walks over the segments to the one that begins a frame.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if !has(bytes, 0, b"\xff\xd8\xff") {
        return None;
    }
    let mut at = 2;
    loop {
        let marker = big(bytes, at, 2)?;
        match marker {
            // Padding in front of a marker.
            0xffff => at += 1,
            0xffc0..=0xffc3 | 0xffc5..=0xffc7 | 0xffc9..=0xffcb | 0xffcd..=0xffcf => {
                return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
            }
            // Image data, its end, or no marker at all: a frame would have come before.
            0xffd0..=0xffda => return None,
            0xff01..=0xfffe => at += 2 + usize::try_from(big(bytes, at + 2, 2)?).ok()?.max(2),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), &[8, 6, 0, 0, 0]]
            .concat()
    }

    fn webp(chunk: &[u8; 4], rest: &[u8]) -> Vec<u8> {
        [b"RIFF\x40\0\0\0WEBP".as_slice(), chunk, &[10, 0, 0, 0], rest].concat()
    }

    fn jpeg(frame: u8) -> Vec<u8> {
        [b"\xff\xd8\xff\xe0\0\x04ab\xff\xff".as_slice(), &[frame, 0, 17, 8, 0, 30, 0, 40]].concat()
    }

    #[test]
    fn an_image_is_known_by_its_bytes() {
        for (bytes, kind) in [
            (png(40, 30), LogoKind::Png),
            (webp(b"VP8X", &[0, 0, 0, 0, 39, 0, 0, 29, 0, 0]), LogoKind::Webp),
            (webp(b"VP8L", &[0x2f, 39, 0x40, 7, 0]), LogoKind::Webp),
            (webp(b"VP8 ", &[0, 0, 0, 0x9d, 1, 0x2a, 40, 0, 30, 0]), LogoKind::Webp),
            (jpeg(0xc0), LogoKind::Jpeg),
            (jpeg(0xc2), LogoKind::Jpeg),
        ] {
            assert_eq!(look_at(&bytes), Ok(kind));
        }
    }

    #[test]
    fn nothing_else_is_taken() {
        for bytes in [
            b"".as_slice(),
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"GIF89a\x01\0\x01\0",
            b"<!doctype html>",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xd9",
            b"RIFF\x40\0\0\0WAVEfmt ",
        ] {
            assert_eq!(look_at(bytes), Err(LogoError::NotAnImage));
        }
        assert_eq!(look_at(&png(0, 30)), Err(LogoError::NotAnImage));
        assert_eq!(look_at(&png(2_049, 30)), Err(LogoError::TooManyPixels(2_049, 30)));
        assert_eq!(look_at(&jpeg(0xda)), Err(LogoError::NotAnImage));
        let large = [png(1, 1), vec![0; MOST_BYTES]].concat();
        assert_eq!(look_at(&large), Err(LogoError::TooLarge(large.len())));
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_are_they_are_looked_at_to_an_end(kind in 0..4_usize, rest: Vec<u8>) {
            let start: &[u8] = [b"".as_slice(), b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8L", b"\x89PNG\r\n\x1a\n"][kind];
            let _ = look_at(&[start, &rest].concat());
        }
    }
}
