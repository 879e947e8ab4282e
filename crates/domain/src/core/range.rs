//! A number of a setting and the values that it may have.

use std::fmt;
use std::ops::RangeInclusive;

use crate::core::refusal::{FieldError, params};
use crate::core::timestamp::Seconds;

/// What has a least and a most, and is told in words.
pub trait Amount: Copy + PartialOrd + fmt::Display {
    /// The unit of [`Self::number`], where it has one.
    const UNIT: Option<&'static str>;

    /// The bare number.
    fn number(self) -> u32;
}

impl Amount for u16 {
    const UNIT: Option<&'static str> = None;

    fn number(self) -> u32 {
        self.into()
    }
}

impl Amount for Seconds {
    const UNIT: Option<&'static str> = Some("seconds");

    fn number(self) -> u32 {
        self.0
    }
}

/// The refusal of a `value` outside its `range`, at `pointer`.
pub fn out_of_range<T: Amount>(pointer: &str, value: T, range: &RangeInclusive<T>) -> Option<FieldError> {
    let (least, most) = (range.start(), range.end());
    (!range.contains(&value)).then(|| {
        let mut values = params([("min", least.number().into()), ("max", most.number().into())]);
        values.extend(T::UNIT.map(|unit| ("unit", unit.into())));
        FieldError {
            pointer: pointer.to_owned(),
            code: "out_of_range".to_owned(),
            detail: format!("Choose a value from {least} to {most}."),
            params: values,
        }
    })
}
