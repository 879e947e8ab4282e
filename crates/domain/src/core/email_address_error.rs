//! What is wrong with what somebody typed as an address.

/// Why a text is not an e-mail address, told to the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum EmailAddressError {
    /// There was no text.
    #[error("type an e-mail address")]
    Empty,
    /// There is no at-sign.
    #[error("this has no @; write the address like ana@example.com")]
    MissingAt,
    /// There is more than one at-sign.
    #[error("this has more than one @; write one address at a time")]
    SeveralAts,
    /// A character that only looks like an at-sign.
    #[error("this has a character that only looks like @; type a plain @ instead")]
    LookAlikeAt,
    /// A control, zero-width or direction character.
    #[error("this has a character that cannot be seen; type the address instead of pasting it")]
    HiddenCharacter,
    /// White space inside the address.
    #[error("this has a space in it; remove the space")]
    Space,
    /// A local part in quotation marks.
    #[error("addresses in quotation marks are not supported; use another address of this person")]
    QuotedLocalPart,
    /// Something that cannot stand before the at-sign.
    #[error("the part before the @ is not valid; use letters, digits and single dots, and no brackets or commas")]
    LocalPart,
    /// Letters other than a to z before the at-sign.
    #[error(
        "the part before the @ has letters that not every mail server delivers to; use an address with a to z only"
    )]
    ForeignLocalPart,
    /// A symbol, somewhere.
    #[error("this has a symbol that is in no address; take it out")]
    Symbol,
    /// The part before the at-sign is too long.
    #[error("the part before the @ is too long; at most 64 characters are possible")]
    LocalPartTooLong,
    /// The domain is not one.
    #[error("the part after the @ is not a valid domain; write it like example.com")]
    Domain,
    /// The domain has one label only.
    #[error("the part after the @ has no dot; write the whole domain, like example.com")]
    DomainWithoutDot,
    /// The whole address is too long.
    #[error("this address is too long; at most 254 characters are possible")]
    TooLong,
    /// A pasted table has addresses, and no column says that they are the people's own.
    #[error("nothing says which column of this table holds each person's own address; choose the column")]
    UnclearColumn,
    /// An address in another column than the one with the people's own, behind a label that is not known, in a sentence, or cut off.
    #[error("this may be somebody else's address; add it by itself if that person is meant")]
    OfAnother,
}

impl EmailAddressError {
    /// The stable word for it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::MissingAt => "missing_at",
            Self::SeveralAts => "several_ats",
            Self::LookAlikeAt => "look_alike_at",
            Self::HiddenCharacter => "hidden_character",
            Self::Space => "space",
            Self::QuotedLocalPart => "quoted_local_part",
            Self::LocalPart => "local_part",
            Self::ForeignLocalPart => "foreign_local_part",
            Self::Symbol => "symbol",
            Self::LocalPartTooLong => "local_part_too_long",
            Self::Domain => "domain",
            Self::DomainWithoutDot => "domain_without_dot",
            Self::TooLong => "too_long",
            Self::UnclearColumn => "ambiguous_column",
            Self::OfAnother => "other_column",
        }
    }
}
