//! Which column of a table has the addresses of its people. Others have those of their managers, or a second one of the same
//! person: these are never invited where there is a first one, and where nothing tells which is which, someone has to choose.

use super::decoration::has_at_sign;
use super::header_words::{Column, Standing};
use super::pasted::AddressColumn;

/// So many addresses of a column are shown to whoever has to choose.
const EXAMPLES: usize = 3;

/// Where the addresses are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In this column.
    At(usize),
    /// In one of these.
    Unclear(Vec<usize>),
    /// In none: the only addresses are those of other people.
    Nowhere,
    /// Nothing tells, because there are no addresses in the rows that were looked at.
    Unknown,
}

/// What each column of a table is by its header (`None` where it has none, or in words that no one here knows), and whether
/// there are addresses in it.
pub(super) struct Columns<'c> {
    pub kinds: &'c [Option<Column>],
    pub holding: &'c [bool],
}

impl Columns<'_> {
    /// Where the addresses are. A column that is called `Email` and nothing else counts, whatever is in it and in the others;
    /// else the one that is certain beside all others that have addresses.
    ///
    /// For example, of `Email Address`, `Recovery Email` and `Manager Email` it is the first, also where its cell is empty; of
    /// `login` and `secondEmail` it is `login`. Someone has to choose between `Contact me`, which is an unknown word, and
    /// `Reviewer`, between `Invitee Email` and `User Email` that both have addresses, and between two columns called `Mail`; and
    /// has to say that it is `Contact me`, or `Next of kin email`, where there is no other.
    pub fn place(&self) -> Place {
        if let Some(place) = self.unqualified() {
            return place;
        }
        let is_named =
            |at: &usize| matches!(self.standing(*at), Some(Standing::Work | Standing::OfPerson | Standing::Qualified));
        let has_some = |at: &usize| (self.holds(*at) || is_named(at)) && self.kind(*at) != Some(Column::Secret);
        let all: Vec<usize> = (0..self.holding.len()).filter(has_some).collect();
        let is_of_another = |at: &usize| self.standing(*at) == Some(Standing::OfAnother);
        let candidates: Vec<usize> = all.iter().copied().filter(|at| !is_of_another(at)).collect();
        let is_certain = |one: &usize| {
            let mut others = all.iter().filter(|at| *at != one);
            self.is_of_person(*one) && others.all(|other| self.is_beside(*one, *other))
        };
        let certain: Vec<usize> = candidates.iter().copied().filter(is_certain).collect();
        match (certain.as_slice(), candidates.as_slice()) {
            ([one], _) => Place::At(*one),
            (_, []) if self.kinds.contains(&Some(Column::Address(Standing::OfAnother))) => Place::Nowhere,
            (_, []) => Place::Unknown,
            (_, [_]) => Place::Unclear(all),
            _ => Place::Unclear(candidates),
        }
    }

    /// The column that is called one of addresses without a word that says whose: the first of several, where it is called so.
    fn unqualified(&self) -> Option<Place> {
        let are_called = |wanted: Standing| -> Vec<usize> {
            (0..self.kinds.len()).filter(|at| self.standing(*at) == Some(wanted)).collect()
        };
        let best =
            [Standing::Primary, Standing::Plain].into_iter().map(are_called).find(|called| !called.is_empty())?;
        let filled: Vec<usize> = best.iter().copied().filter(|at| self.holds(*at)).collect();
        match (best.as_slice(), filled.as_slice()) {
            ([only], _) | ([only, ..], []) | (_, [only]) => Some(Place::At(*only)),
            _ => Some(Place::Unclear(filled)),
        }
    }

    /// Whether a column is called what may be one of each person's own addresses. A word that no one here knows is none, and
    /// neither is one that stands beside others that no one knows.
    fn is_of_person(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Column::Address(standing)) => !matches!(standing, Standing::Qualified | Standing::OfAnother),
            Some(Column::AnyAddress) => true,
            Some(
                Column::FirstName
                | Column::LastName
                | Column::WholeName
                | Column::Name
                | Column::Secret
                | Column::Other,
            )
            | None => false,
        }
    }

    /// Whether the addresses of `other` are certainly not whom the row is about, or others of the same person, where `one` has any.
    fn is_beside(&self, one: usize, other: usize) -> bool {
        match (self.standing(one), self.standing(other)) {
            (Some(Standing::Work), Some(Standing::Login | Standing::Secondary))
            | (Some(Standing::Login), Some(Standing::Secondary)) => true,
            (Some(_), Some(Standing::OfAnother)) => true,
            (Some(_), None) => self.kind(other) == Some(Column::Other),
            (Some(_) | None, _) => false,
        }
    }

    fn holds(&self, at: usize) -> bool {
        self.holding.get(at).copied().unwrap_or(false)
    }

    fn kind(&self, at: usize) -> Option<Column> {
        self.kinds.get(at).copied().flatten()
    }

    fn standing(&self, at: usize) -> Option<Standing> {
        self.kind(at).and_then(Column::standing)
    }
}

/// What whoever has to choose is shown of these columns.
pub(super) fn offered(places: &[usize], header: Option<&[String]>, rows: &[Vec<String>]) -> Vec<AddressColumn> {
    let offer = |at: usize| {
        let cells = rows.iter().filter_map(|cells| cells.get(at)).filter(|cell| has_at_sign(cell));
        AddressColumn {
            column: at,
            name: header.and_then(|header| header.get(at)).filter(|name| !name.is_empty()).cloned(),
            examples: cells.take(EXAMPLES).map(|cell| super::decoration::shown(cell)).collect(),
        }
    };
    places.iter().map(|at| offer(*at)).collect()
}
