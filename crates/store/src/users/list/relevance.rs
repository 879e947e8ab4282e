//! Users found by a text, the best matches first: whole words, then beginnings of words, then the rest, each by address.
//!
//! Every match has to be looked at for that, so it is done where there are few: in a small account, and among so many
//! candidates as may be sorted at once. Elsewhere the list stays in the order of addresses, which an index has.

use domain::core::search_text::{Relevance, WORD_BOUNDARIES, WORD_ENDS};
use domain::users::User;

use super::candidates::Source;
use super::{Key, Position, Selection, UserList, Window};
use crate::accounts::UserCount;
use crate::users::search_text;
use crate::{SqlText, StoreError};

impl Position {
    /// The place of a user among those who were found by a folded text.
    pub fn by_relevance(user: &User, needle: &str) -> Self {
        let rank = Relevance::of(&search_text(user), needle).to_string();
        Self { rank, key: Key::Text(user.email.to_string()), id: user.id }
    }
}

impl UserList<'_> {
    /// The users in the window, best matches first, and whether more follow. `None` without a search text, or on the first page if there
    /// are too many matches. Later pages keep the order of the first.
    pub async fn best(
        &mut self,
        selection: &Selection,
        counts: &[UserCount],
        window: &Window,
    ) -> Result<Option<(Vec<User>, bool)>, StoreError> {
        let Some(needle) = selection.filter.needle() else { return Ok(None) };
        let most = if window.from.is_some() { i64::MAX - 1 } else { selection.effort.most_candidates };
        let source = match selection.is_small(counts) {
            true => None,
            false => match self.source(selection, most).await? {
                Some(source) => Some(source),
                // Without an index everyone would be read: only a list goes on so that began in a small account.
                None if window.from.is_none() => return Ok(None),
                None => None,
            },
        };
        let mut users = self.best_of(source, selection, &needle, window).await?;
        let more = users.len() > window.limit;
        users.truncate(window.limit);
        if window.backward {
            users.reverse();
        }
        Ok(Some((users, more)))
    }

    async fn best_of(
        &mut self,
        source: Option<Source>,
        selection: &Selection,
        needle: &str,
        window: &Window,
    ) -> Result<Vec<User>, StoreError> {
        let mut text = match source {
            Some(source) => self.with_candidates(selection, source),
            None => {
                let mut text = SqlText::new("");
                text.bind_ahead(&self.account);
                text
            }
        };
        text.push("SELECT p.* FROM (SELECT u.*, u.email AS k, CASE WHEN ");
        push_any(&mut text, WORD_ENDS.map(|end| format!(" {needle}{end}")));
        text.push(" THEN '").push(Relevance::Word.word()).push("' WHEN ");
        push_any(&mut text, WORD_BOUNDARIES.map(|boundary| format!("{boundary}{needle}")));
        text.push(" THEN '").push(Relevance::Start.word()).push("' ELSE '").push(Relevance::Inside.word());
        text.push("' END AS r FROM ");
        text.push(match source {
            Some(_) => "candidates c JOIN users u ON u.account_id = $1 AND u.id = c.user_id WHERE 1 = 1",
            None => "users u WHERE u.account_id = $1",
        });
        selection.push_facets(&mut text);
        selection.push_condition(&mut text);
        text.push(") AS p WHERE 1 = 1");
        if let Some(from) = &window.from {
            text.push(" AND (p.r, p.k, p.id)").push(if window.backward { " < (" } else { " > (" });
            text.bind(&from.rank).push(", ").bind(&from.key).push(", ").bind(&from.id).push(")");
        }
        text.push(match window.backward {
            false => " ORDER BY p.r, p.k, p.id LIMIT ",
            true => " ORDER BY p.r DESC, p.k DESC, p.id DESC LIMIT ",
        });
        text.bind(&window.limit().saturating_add(1));
        self.tx.sql(text).all().await
    }
}

/// Whether the text of a user, as a word by itself, has one of these.
fn push_any<const N: usize>(text: &mut SqlText, wanted: [String; N]) {
    for (place, wanted) in wanted.iter().enumerate() {
        text.push(if place > 0 { " OR " } else { "" }).push("' ' || u.search_text || ' '").contains(wanted);
    }
}
