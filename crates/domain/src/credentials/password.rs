//! What a password must be.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use utoipa::ToSchema;

use crate::core::email_address::EmailAddress;
use crate::core::range::out_of_range;
use crate::core::refusal::{FieldError, Params, params};
use crate::credentials::breached_passwords::{fold, is_variant_of_breached, undo_look_alikes};

/// No password is longer, so that hashing one cannot be used to keep the server busy (P4).
pub const MAX_LENGTH: u16 = 256;
/// No more characters than this ever become one by NFKC: a Greek vowel with breathing, accent and iota subscript.
const MOST_COMPOSED: usize = 4;
/// Names this short occur in good passwords by chance.
const MIN_NAME_LENGTH: usize = 3;
/// So many characters beside the e-mail address do not make it a password.
const MAX_ADDED_TO_NAME: usize = 3;

/// The password rule of an account (U-18).
///
/// A value outside its range counts as the nearest one inside it: no setting can weaken the rule below U-18.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(description = "What a password must be.")]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Minimum length of a password, 10 to 128 characters.
    #[schema(minimum = 10, maximum = 128)]
    pub min_length: u16,
    /// Minimum number of special characters (neither letters nor digits), 1 to 8.
    #[schema(minimum = 1, maximum = 8)]
    pub min_special: u16,
}

const MIN_LENGTH: RangeInclusive<u16> = 10..=128;
const MIN_SPECIAL: RangeInclusive<u16> = 1..=8;

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_length: 10, min_special: 1 }
    }
}

/// What is wrong with a password, told to the person who chose it (U-18, P4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PasswordError {
    /// Fewer characters than the policy asks for.
    #[error("The password is too short. Use at least {min} characters.")]
    TooShort {
        /// How many it needs.
        min: u16,
    },
    /// More characters than any password may have.
    #[error("The password is too long. Use at most {max} characters.")]
    TooLong {
        /// How many it may have.
        max: u16,
    },
    /// Fewer special characters than the policy asks for.
    #[error("The password has too few special characters. Use at least {min}, such as ! # ? or a space.")]
    NoSpecial {
        /// How many it needs.
        min: u16,
    },
    /// It is, or hardly differs from, one that is tried first.
    #[error(
        "This password, or one very much like it, appeared in a data breach. Choose a different one, for example four \
         random words."
    )]
    Breached,
    /// It is made of the e-mail address.
    #[error("The password is based on your email address. Choose one that isn't.")]
    IsEmail,
}

impl PasswordError {
    /// The stable word for this error in the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::NoSpecial { .. } => "too_few_special_characters",
            Self::Breached => "breached",
            Self::IsEmail => "contains_email",
        }
    }

    /// The values in its sentence.
    pub fn params(&self) -> Params {
        match self {
            Self::TooShort { min } | Self::NoSpecial { min } => params([("min", (*min).into())]),
            Self::TooLong { max } => params([("max", (*max).into())]),
            Self::Breached | Self::IsEmail => Params::new(),
        }
    }
}

/// The form of a password that is checked and hashed: NFKC, so that it is the same from every keyboard and system.
///
/// Nothing is trimmed: spaces belong to a password. `None` for more than any password has, of which little is looked at.
pub fn normalize(password: &str) -> Option<String> {
    let most = usize::from(MAX_LENGTH);
    if password.chars().nth(most * MOST_COMPOSED).is_some() {
        return None;
    }
    let normal: String = password.nfkc().take(most + 1).collect();
    (normal.chars().count() <= most).then_some(normal)
}

impl PasswordPolicy {
    /// What an account cannot ask for, by its JSON pointer.
    pub fn check_settings(self) -> Vec<FieldError> {
        let refused = [
            out_of_range("/min_length", self.min_length, &MIN_LENGTH),
            out_of_range("/min_special", self.min_special, &MIN_SPECIAL),
        ];
        refused.into_iter().flatten().collect()
    }

    /// The rule that holds where both do.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { min_length: self.min_length.max(other.min_length), min_special: self.min_special.max(other.min_special) }
    }

    /// The form in which `password` is hashed, or everything that is wrong with it for the person with this `email`, all at
    /// once (U-18, P4).
    ///
    /// A password that is too long is not looked at any further, since that would cost the most for the worst input.
    pub fn check(&self, password: &str, email: &EmailAddress) -> Result<String, Vec<PasswordError>> {
        let password = normalize(password).ok_or_else(|| vec![PasswordError::TooLong { max: MAX_LENGTH }])?;
        let length = password.chars().count();
        let min = self.min_length.clamp(*MIN_LENGTH.start(), *MIN_LENGTH.end());
        let min_special = self.min_special.clamp(*MIN_SPECIAL.start(), *MIN_SPECIAL.end());
        let rules = [
            (length < usize::from(min), PasswordError::TooShort { min }),
            (specials(&password) < usize::from(min_special), PasswordError::NoSpecial { min: min_special }),
            (is_variant_of_breached(&password), PasswordError::Breached),
            (is_made_of(&password, email), PasswordError::IsEmail),
        ];
        let errors: Vec<_> = rules.into_iter().filter(|(is_broken, _)| *is_broken).map(|(_, error)| error).collect();
        if errors.is_empty() { Ok(password) } else { Err(errors) }
    }
}

/// Whatever is not a letter or digit counts; a mark belongs to the letter it stands on.
fn specials(password: &str) -> usize {
    password.chars().filter(|c| !c.is_alphanumeric() && !is_combining_mark(*c)).count()
}

/// Whether at most a few characters are left of `password` without the address or its local part: as it is, with only its
/// letters (`Ana.Lopez2030!`), and with look-alikes undone (`4n4.l0pez!`).
fn is_made_of(password: &str, email: &EmailAddress) -> bool {
    let views: [fn(&str) -> String; 4] = [
        |text| text.chars().filter(|c| c.is_alphanumeric()).collect(),
        |text| text.chars().filter(|c| c.is_alphabetic()).collect(),
        |text| undo_look_alikes(text, 'i').chars().filter(|c| c.is_alphabetic()).collect(),
        |text| undo_look_alikes(text, 'l').chars().filter(|c| c.is_alphabetic()).collect(),
    ];
    let folded = fold(password);
    let names = names_in(email);
    views.iter().any(|view| names.iter().any(|name| is_mostly(&view(&folded), &view(name))))
}

/// The texts of an address people build passwords from, longest first.
fn names_in(email: &EmailAddress) -> [String; 4] {
    let local = email.local_part();
    let organization = email.domain().split('.').next().unwrap_or_default();
    let without_tag = local.split('+').next().unwrap_or_default();
    [email.as_str().to_owned(), format!("{local}{organization}"), local.to_owned(), without_tag.to_owned()]
}

fn is_mostly(text: &str, name: &str) -> bool {
    name.chars().count() >= MIN_NAME_LENGTH
        && text.contains(name)
        && text.replace(name, "").chars().count() <= MAX_ADDED_TO_NAME
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(policy: PasswordPolicy, password: &str, email: &str) -> Vec<&'static str> {
        let email = EmailAddress::parse(email).unwrap();
        policy.check(password, &email).err().unwrap_or_default().iter().map(PasswordError::code).collect()
    }

    fn problems(password: &str) -> Vec<&'static str> {
        codes(PasswordPolicy::default(), password, "ana.lopez@example.com")
    }

    #[test]
    fn u18_ten_characters_and_one_special_are_enough() {
        for password in [
            "correct horse battery staple",
            "V7#kd92Lqx",
            "größe über 7",
            "密码密码密码密码密码!",
            "naïve-kettle-9",
            "пингвин 42 лампа",
        ] {
            assert!(problems(password).is_empty(), "{password}: {:?}", problems(password));
        }
    }

    #[test]
    fn u18_all_problems_are_told_together() {
        assert_eq!(problems(""), ["too_short", "too_few_special_characters"]);
        assert_eq!(problems("V7#kd92Lq"), ["too_short"]);
        assert_eq!(problems("V7zkd92Lqx"), ["too_few_special_characters"]);
        assert_eq!(problems("password"), ["too_short", "too_few_special_characters", "breached"]);
        assert_eq!(problems("Password123!"), ["breached"]);
        assert_eq!(problems("Qwertyuiop1!"), ["breached"]);
        assert_eq!(problems("analopez"), ["too_short", "too_few_special_characters", "contains_email"]);
    }

    #[test]
    fn length_counts_characters_after_normalization() {
        assert_eq!(problems("éèê!éèê!é"), ["too_short"]);
        assert_eq!(problems("e\u{301}e\u{300}e\u{302}!xkwj"), ["too_short"]);
        assert_eq!(problems("e\u{301}kqzmxwvpt"), ["too_few_special_characters"], "an accent is no special character");
        assert!(problems(&"kX9$mq2!Lw7zv5#p".repeat(16)).iter().all(|code| *code != "too_long"));
        assert_eq!(problems(&format!("{}x", "kX9$mq2!Lw7zv5#p".repeat(16))), ["too_long"]);
        assert_eq!(problems(&"a".repeat(1_000_000)), ["too_long"]);
        assert_eq!(normalize("Ｐa\u{308} \u{FB01}").as_deref(), Some("Pä fi"));
        assert_eq!(normalize(&"α\u{313}\u{300}\u{345}".repeat(256)), Some("ᾂ".repeat(256)));
    }

    #[test]
    fn what_no_password_can_be_is_not_normalized() {
        for huge in
            ["\u{FDFA}".repeat(1_300_000), "\u{301}".repeat(2_000_000), "x".repeat(4_000_000), "\u{FDFA}".repeat(15)]
        {
            assert_eq!(normalize(&huge), None);
        }
        assert_eq!(problems(&"\u{FDFA}".repeat(15)), ["too_long"]);
    }

    #[test]
    fn decision4_the_address_is_no_password() {
        for password in [
            "ana.lopez@example.com",
            "ANA.LOPEZ@EXAMPLE.COM",
            "ana.lopez@example1!",
            "Ana.Lopez2030!",
            "!!!analopez!!!",
            "analopez-analopez",
            "4n4.l0p3z!!",
            "xxAna-Lopez-1",
            "ana_lopez_12345",
        ] {
            assert_eq!(problems(password), ["contains_email"], "{password}");
        }
        for (password, email) in [("12345678987-", "12345678987@example.com"), ("ana-ana-ana!", "ana+news@example.com")]
        {
            assert!(codes(PasswordPolicy::default(), password, email).contains(&"contains_email"), "{password}");
        }
    }

    #[test]
    fn a_password_that_only_touches_the_address_passes() {
        for (password, email) in [
            ("banana split orbit!", "ana@example.com"),
            ("a8$92!73&11k", "a@example.com"),
            ("max-9f$2k#81-qz", "max@example.com"),
            ("lopez rides a lamp", "ana.lopez@example.com"),
        ] {
            assert_eq!(codes(PasswordPolicy::default(), password, email), [""; 0], "{password}");
        }
    }

    #[test]
    fn u18_an_account_may_ask_for_more_but_never_for_less() {
        let strict = PasswordPolicy { min_length: 20, min_special: 3 };
        assert_eq!(codes(strict, "V7#kd92Lqx", "ana@example.com"), ["too_short", "too_few_special_characters"]);
        assert!(codes(strict, "V7#kd92Lqx V7kd92Lqx!", "ana@example.com").is_empty());
        let none = PasswordPolicy { min_length: 0, min_special: 0 };
        assert_eq!(codes(none, "V7zkd92Lq", "ana@example.com"), ["too_short", "too_few_special_characters"]);
    }

    #[test]
    fn the_sentences_say_what_to_do() {
        assert_eq!(
            PasswordError::TooShort { min: 12 }.to_string(),
            "The password is too short. Use at least 12 characters."
        );
    }

    proptest! {
        #[test]
        fn no_password_is_too_strange(password in ".*") {
            let email = EmailAddress::parse("ana.lopez@example.com").unwrap();
            let _ = PasswordPolicy::default().check(&password, &email);
        }

        #[test]
        fn the_spelling_of_accents_makes_no_difference(password in "[a-zäéñ0-9 !#]{1,20}") {
            let email = EmailAddress::parse("ana.lopez@example.com").unwrap();
            let decomposed: String = password.nfd().collect();
            let policy = PasswordPolicy::default();
            prop_assert_eq!(normalize(&password), normalize(&decomposed));
            prop_assert_eq!(policy.check(&password, &email), policy.check(&decomposed, &email));
        }
    }
}
