//! Why a text is not an email address.

/// Why a text is not an e-mail address, told to the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum EmailAddressError {
    /// There was no text.
    #[error("Enter an email address.")]
    Empty,
    /// There is no at-sign.
    #[error("The @ is missing. Use an address like ana@example.com.")]
    MissingAt,
    /// There is more than one at-sign.
    #[error("There is more than one @. Enter one address at a time.")]
    SeveralAts,
    /// A character that only looks like an at-sign.
    #[error("One character only looks like an @. Type a regular @ instead.")]
    LookAlikeAt,
    /// A control, zero-width or direction character.
    #[error("The address contains an invisible character. Type it instead of pasting it.")]
    HiddenCharacter,
    /// White space inside the address.
    #[error("The address contains a space. Remove it.")]
    Space,
    /// A local part in quotation marks.
    #[error("Addresses in quotation marks aren't supported. Use a different address for this person.")]
    QuotedLocalPart,
    /// Something that cannot stand before the at-sign.
    #[error("The part before the @ isn't valid. Use letters, digits and single dots, without brackets or commas.")]
    LocalPart,
    /// Letters other than a to z before the at-sign.
    #[error(
        "The part before the @ has letters that not every mail server supports. Use an address with only the letters \
         a to z."
    )]
    ForeignLocalPart,
    /// A symbol, somewhere.
    #[error("The address contains a symbol that isn't allowed. Remove it.")]
    Symbol,
    /// The part before the at-sign is too long.
    #[error("The part before the @ is too long. Use at most 64 characters.")]
    LocalPartTooLong,
    /// The domain is not one.
    #[error("The part after the @ isn't a valid domain. Use a domain like example.com.")]
    Domain,
    /// The domain has one label only.
    #[error("The part after the @ has no dot. Enter the full domain, like example.com.")]
    DomainWithoutDot,
    /// The whole address is too long.
    #[error("The address is too long. Use at most 254 characters.")]
    TooLong,
    /// A pasted table has addresses, and no column says that they are the people's own.
    #[error("It isn't clear which column has each person's own address. Choose the column.")]
    UnclearColumn,
    /// An address in another column than the one with the people's own, behind a label that is not known, in a sentence, or cut off.
    #[error("This may be someone else's address. Add it separately if you want to invite that person.")]
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
