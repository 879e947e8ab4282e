//! Which column of a table has the addresses of its people. Others have those of their managers, or a second one of the same
//! person: these are never invited where there is a first one, and where nothing tells which is which, somebody has to choose.

use super::AddressColumn;
use super::decoration::has_at_sign;
use super::header_words::{Column, Standing};

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

/// What each column of a table is by its header (`None` where it has none, or in words that nobody here knows), and whether
/// there are addresses in it.
pub(super) struct Columns<'c> {
    pub kinds: &'c [Option<Column>],
    pub holding: &'c [bool],
}

impl Columns<'_> {
    /// Where the addresses are. A header that says so counts, whatever is in the column; else the one column that has any.
    ///
    /// For example, of `Email Address`, `Recovery Email` and `Manager Email` it is the first, also where its cell is empty; of
    /// `login` and `secondEmail` it is `login`; of two columns that are called `Mail` and have addresses somebody has to choose.
    pub fn place(&self) -> Place {
        if let Some(place) = self.named() {
            return place;
        }
        let may_be =
            |at: &usize| self.standing(*at) != Some(Standing::OfAnother) && self.kind(*at) != Some(Column::Secret);
        let candidates: Vec<usize> = self.holding().filter(may_be).collect();
        match candidates.as_slice() {
            [only] => Place::At(*only),
            [] if self.kinds.contains(&Some(Column::Address(Standing::OfAnother))) => Place::Nowhere,
            [] => Place::Unknown,
            several => {
                let logins: Vec<usize> =
                    several.iter().copied().filter(|at| self.standing(*at) == Some(Standing::Login)).collect();
                let is_beside = |at: &usize| {
                    self.standing(*at) == Some(Standing::Secondary) || self.kind(*at) == Some(Column::Other)
                };
                match logins.as_slice() {
                    [login] if several.iter().all(|at| at == login || is_beside(at)) => Place::At(*login),
                    _ => Place::Unclear(candidates),
                }
            }
        }
    }

    /// The column that is called a column of addresses, by the name that says it best.
    fn named(&self) -> Option<Place> {
        let best = best_named(self.kinds);
        let filled: Vec<usize> = best.iter().copied().filter(|at| self.holds(*at)).collect();
        match (best.as_slice(), filled.as_slice()) {
            ([], _) => None,
            ([only], _) | ([only, ..], []) | (_, [only]) => Some(Place::At(*only)),
            _ => Some(Place::Unclear(filled)),
        }
    }

    fn holding(&self) -> impl Iterator<Item = usize> {
        (0..self.holding.len()).filter(|at| self.holds(*at))
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

/// The columns that are called a column of people's own addresses, by the name that says it best.
pub(super) fn best_named(kinds: &[Option<Column>]) -> Vec<usize> {
    let standing = |at: &usize| kinds.get(*at).copied().flatten().and_then(Column::standing);
    let is_own = |at: &usize| standing(at).is_some_and(Standing::is_own);
    let own: Vec<usize> = (0..kinds.len()).filter(is_own).collect();
    let best = own.iter().filter_map(standing).min();
    own.into_iter().filter(|at| standing(at) == best).collect()
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
