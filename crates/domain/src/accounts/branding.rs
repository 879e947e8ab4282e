//! How an account looks in the console.

use std::fmt;
use std::str::FromStr;

use crate::core::words::schema_of_pattern;
use crate::serde_by_text;

/// How the account looks in the console.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Branding {
    /// Accent color for buttons and links, as `#rrggbb`. `null` uses the default.
    pub accent_color: Option<AccentColor>,
}

/// A color as `#rrggbb`, small letters. Any color is possible: who shows it takes a shade of it that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccentColor(u32);

/// A text that is not a color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This isn't a color. Write it as # and six hexadecimal digits, such as #4c58d3.")]
pub struct NotAColor;

impl FromStr for AccentColor {
    type Err = NotAColor;
    fn from_str(text: &str) -> Result<Self, NotAColor> {
        let digits = text.trim().strip_prefix('#').ok_or(NotAColor)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAColor);
        }
        u32::from_str_radix(digits, 16).map(Self).map_err(|_| NotAColor)
    }
}

impl fmt::Display for AccentColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06x}", self.0)
    }
}

serde_by_text!(AccentColor);

impl utoipa::PartialSchema for AccentColor {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        schema_of_pattern("^#[0-9a-fA-F]{6}$", "#4c58d3")
    }
}

impl utoipa::ToSchema for AccentColor {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_has_six_digits_and_nothing_else_gets_in() {
        assert_eq!("#4C58D3".parse::<AccentColor>().unwrap().to_string(), "#4c58d3");
        assert_eq!("#00000a".parse::<AccentColor>().unwrap().to_string(), "#00000a");
        for bad in ["", "#fff", "4c58d3", "#4c58dg", "#+c58d3", "red", "#4c58d3;background:url(x)"] {
            assert!(bad.parse::<AccentColor>().is_err(), "{bad}");
        }
    }
}
