//! Whether a statement is bound to one account.
//!
//! A table is bound when the first predicate of its `WHERE` or of its own `ON` equates its `account_id` with `$1`,
//! with a bound table beside it, or with a table of the statement around it. An `OR` beside that predicate undoes it.

use super::tables::Tables;
use super::words::{self, Token};

/// What a string literal turned out to be.
#[derive(Debug, PartialEq)]
pub enum Binding {
    /// No statement on a tenant table.
    NotOurs,
    /// Bound to one account.
    Bound,
    /// Spans accounts, for this reason.
    Spans(String),
    /// Has to change.
    Wrong(Vec<String>),
}

/// Judges the text of one literal: a statement, or a part of one.
pub fn judge(text: &str, tables: &Tables) -> Binding {
    let tokens = words::read(text);
    let reason = words::reason(&tokens);
    let plain = words::without_comments(tokens);
    let whole = plain.first().is_some_and(|first| STATEMENTS.iter().any(|word| first.is(word)));
    let mut query = Judge { tables, whole, touched: 0, wrong: Vec::new() };
    query.level(&plain, &[]);
    match (query.touched, reason) {
        (0, Some(Err(message))) => Binding::Wrong(vec![message]),
        (0, _) if in_small_letters(&plain, tables) => {
            Binding::Wrong(vec!["write the keywords of SQL in capitals, so that this check can read them".to_owned()])
        }
        (0, _) => Binding::NotOurs,
        (_, Some(Ok(reason))) => Binding::Spans(reason),
        (_, Some(Err(message))) => Binding::Wrong(vec![message]),
        (_, None) if query.wrong.is_empty() => Binding::Bound,
        (_, None) => Binding::Wrong(query.wrong),
    }
}

/// `select … from users`: prose begins otherwise, or names no table after the word.
fn in_small_letters(tokens: &[Token], tables: &Tables) -> bool {
    let word = |token: &Token| token.word().map(str::to_lowercase).unwrap_or_default();
    let begins = tokens.first().map(&word);
    begins.is_some_and(|first| ["select", "insert", "update", "delete", "with"].contains(&first.as_str()))
        && tokens.windows(2).any(|pair| match pair {
            [before, Token::Word(name)] => {
                ["from", "join", "into", "update"].contains(&word(before).as_str()) && tables.is_tenant(name)
            }
            _ => false,
        })
}

struct Judge<'t> {
    tables: &'t Tables,
    /// Whether this is a statement from its beginning; in a part of one, tables may be named that stand before it.
    whole: bool,
    touched: usize,
    wrong: Vec<String>,
}

impl Judge<'_> {
    /// One level of parentheses: a query or several, or no query at all. `outer` are the tables around it.
    fn level(&mut self, tokens: &[Token], outer: &[String]) {
        let ends = |token: &Token| {
            matches!(token, Token::Mark(';' | ')'))
                || ["UNION", "INTERSECT", "EXCEPT"].iter().any(|word| token.is(word))
        };
        for part in tokens.split(ends) {
            let mut query = Query { judge: self, part, items: Vec::new(), ties: Vec::new() };
            query.read();
            query.conclude(outer);
            let scope: Vec<String> =
                outer.iter().cloned().chain(query.items.into_iter().map(|item| item.alias)).collect();
            for token in part {
                if let Some(inner) = token.group() {
                    self.level(inner, &scope);
                }
            }
        }
    }
}

/// Something rows come from.
struct Item {
    name: String,
    alias: String,
    tenant: bool,
    bound: bool,
}

/// One side of `account_id = account_id`.
#[derive(Debug, Clone, PartialEq)]
enum Side {
    One,
    Of(Option<String>),
}

struct Query<'q, 't> {
    judge: &'q mut Judge<'t>,
    part: &'q [Token],
    items: Vec<Item>,
    ties: Vec<(Side, Side)>,
}

impl Query<'_, '_> {
    fn at(&self, at: usize) -> Option<&Token> {
        self.part.get(at)
    }

    fn is(&self, at: usize, keywords: &[&str]) -> bool {
        self.at(at).is_some_and(|token| keywords.iter().any(|word| token.is(word)))
    }

    fn read(&mut self) {
        let mut listing = false;
        for at in 0..self.part.len() {
            let before = at.checked_sub(1);
            let Some(token) = self.part.get(at) else { return };
            if listing && *token == Token::Mark(',') {
                self.item(at + 1);
            }
            match token.word() {
                Some("ON") if self.is(at + 1, &["CONFLICT"]) => return,
                Some("FROM") if !before.is_some_and(|before| self.is(before, &["DISTINCT"])) => {
                    listing = true;
                    self.item(at + 1);
                }
                Some("UPDATE") if !before.is_some_and(|before| self.is(before, &["DO", "FOR"])) => self.item(at + 1),
                Some("JOIN" | "COPY" | "TRUNCATE") => self.item(at + 1),
                Some("USING") => self.using(at + 1),
                Some("INTO") => self.insert(at + 1),
                Some("ON") => self.condition(at + 1),
                Some("WHERE") => {
                    listing = false;
                    self.condition(at + 1);
                }
                Some("SELECT" | "SET" | "VALUES" | "GROUP" | "ORDER" | "LIMIT" | "RETURNING") => listing = false,
                _ => {}
            }
        }
    }

    /// A table, a derived one or a function, and its alias.
    fn item(&mut self, mut at: usize) {
        while self.is(at, &["ONLY", "LATERAL", "TABLE", "OR", "IGNORE"]) {
            at += 1;
        }
        let calls = matches!(self.at(at + 1), Some(Token::Group(_))) && !self.is(at.saturating_sub(1), &["COPY"]);
        let qualifies = self.at(at + 1) == Some(&Token::Mark('.'));
        let (name, tenant, known) = match self.at(at) {
            Some(Token::Word(name)) if is_name(name) && !qualifies => {
                (name.clone(), !calls && self.judge.tables.is_tenant(name), !calls && self.judge.tables.knows(name))
            }
            // Which table that is, no one knows here.
            Some(Token::Hole(name)) => (format!("{{{name}}}"), true, true),
            Some(Token::Group(_)) => (String::new(), false, false),
            _ => return,
        };
        let mut next = at + if calls { 2 } else { 1 };
        if self.is(next, &["AS"]) {
            next += 1;
        }
        let alias = match self.at(next) {
            Some(Token::Word(alias)) if is_name(alias) => alias.clone(),
            _ => name.clone(),
        };
        self.judge.touched += usize::from(tenant);
        // A common table expression or a function brings rows that were bound where they came from.
        self.items.push(Item { name, alias, tenant, bound: !known });
    }

    /// `DELETE … USING table`, or `JOIN … USING (account_id, …)`.
    fn using(&mut self, at: usize) {
        let Some(Token::Group(columns)) = self.at(at) else { return self.item(at) };
        if columns.first().is_some_and(|first| first.is("account_id"))
            && let (Some(first), Some(last)) = (self.items.first(), self.items.last())
        {
            self.ties.push((Side::Of(Some(first.alias.clone())), Side::Of(Some(last.alias.clone()))));
        }
    }

    /// `INSERT INTO table (account_id, …)`, then `VALUES ($1, …)` or `SELECT $1, …`.
    fn insert(&mut self, at: usize) {
        let name = match self.at(at) {
            Some(Token::Word(name)) if self.judge.tables.is_tenant(name) => name.clone(),
            Some(Token::Hole(name)) => format!("{{{name}}}"),
            _ => return,
        };
        self.judge.touched += 1;
        let columns = at + if self.is(at + 1, &["AS"]) { 3 } else { 1 };
        let columns_named = self.at(columns).and_then(Token::group);
        if !columns_named.and_then(<[Token]>::first).is_some_and(|first| first.is("account_id")) {
            self.judge.wrong.push(format!("{name}: name the columns of an INSERT, account_id first"));
        }
        if !self.rows_are_of_the_account(columns + 1) {
            self.judge.wrong.push(format!("{name}: the first value of an INSERT must be $1, the account"));
        }
    }

    fn rows_are_of_the_account(&self, from: usize) -> bool {
        let Some(source) = (from..self.part.len()).find(|at| self.is(*at, &["VALUES", "SELECT"])) else { return true };
        let rest = self.part.get(source + 1..).unwrap_or_default();
        if self.is(source, &["SELECT"]) {
            let chosen = rest.strip_prefix(&[Token::Word("DISTINCT".to_owned())]).unwrap_or(rest);
            return is_account(chosen);
        }
        let rows = rest.iter().take_while(|token| matches!(token, Token::Group(_) | Token::Hole(_) | Token::Mark(',')));
        rows.filter_map(Token::group).all(is_account)
    }

    fn condition(&mut self, at: usize) {
        if let Some(tie) = self.part.get(at..).and_then(first_predicate) {
            self.ties.push(tie);
        }
    }

    /// Follows the ties from `$1` and the tables around to every table of this query.
    fn conclude(&mut self, outer: &[String]) {
        loop {
            let bound = self.items.iter().filter(|item| item.bound).count();
            for (left, right) in self.ties.clone() {
                if self.is_bound(&left, outer) {
                    self.bind(&right);
                }
                if self.is_bound(&right, outer) {
                    self.bind(&left);
                }
            }
            if bound == self.items.iter().filter(|item| item.bound).count() {
                break;
            }
        }
        for item in self.items.iter().filter(|item| item.tenant && !item.bound) {
            self.judge.wrong.push(format!("{}: its first predicate must be account_id = $1", item.name));
        }
    }

    fn is_bound(&self, side: &Side, outer: &[String]) -> bool {
        match side {
            Side::One => true,
            Side::Of(alias) => match self.find(alias.as_deref()) {
                Some(at) => self.items.get(at).is_some_and(|item| item.bound),
                None => alias.as_ref().is_some_and(|alias| !self.judge.whole || outer.contains(alias)),
            },
        }
    }

    fn bind(&mut self, side: &Side) {
        if let Side::Of(alias) = side
            && let Some(item) = self.find(alias.as_deref()).and_then(|at| self.items.get_mut(at))
        {
            item.bound = true;
        }
    }

    /// The table with that alias; without one, the only one it can mean: the first tenant table.
    fn find(&self, alias: Option<&str>) -> Option<usize> {
        self.items.iter().position(|item| alias.map_or(item.tenant, |alias| item.alias == alias))
    }
}

/// Names are in small letters, keywords in capitals.
fn is_name(word: &str) -> bool {
    word.chars().any(char::is_lowercase)
}

/// Whether a row, or a list of columns, begins with the account.
fn is_account(values: &[Token]) -> bool {
    matches!(values.first(), Some(Token::Hole(_))) || side(values).is_some_and(|(_, rest)| ends(rest))
}

/// `[alias.]account_id` or `$1`, and what follows.
fn side(tokens: &[Token]) -> Option<(Side, &[Token])> {
    match tokens {
        [Token::Value(value), rest @ ..] if value == "$1" => Some((Side::One, rest)),
        [Token::Word(alias), Token::Mark('.'), column, rest @ ..] if column.is("account_id") => {
            Some((Side::Of(Some(alias.clone())), rest))
        }
        [column, rest @ ..] if column.is("account_id") => Some((Side::Of(None), rest)),
        _ => None,
    }
}

const STATEMENTS: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];

const CLAUSES: [&str; 17] = [
    "JOIN",
    "LEFT",
    "RIGHT",
    "INNER",
    "FULL",
    "CROSS",
    "NATURAL",
    "ON",
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "WINDOW",
    "RETURNING",
    "FOR",
    "FROM",
];

fn ends(rest: &[Token]) -> bool {
    match rest.first() {
        None | Some(Token::Hole(_) | Token::Mark(',')) => true,
        Some(next) => next.is("AND") || next.is("AS") || CLAUSES.iter().any(|word| next.is(word)),
    }
}

/// The two sides of the first predicate, when it compares accounts and every row has to meet it.
fn first_predicate(condition: &[Token]) -> Option<(Side, Side)> {
    let clause = condition.iter().enumerate().find(|(at, token)| {
        let compares =
            at.checked_sub(1).and_then(|before| condition.get(before)).is_some_and(|before| before.is("DISTINCT"));
        CLAUSES.iter().any(|word| token.is(word)) && !compares
    });
    let condition = clause.map_or(condition, |(end, _)| condition.get(..end).unwrap_or(condition));
    if condition.iter().any(|token| token.is("OR")) {
        return None;
    }
    if let Some(Token::Group(inner)) = condition.first() {
        return first_predicate(inner).filter(|_| ends(condition.get(1..).unwrap_or_default()));
    }
    let (left, rest) = side(condition)?;
    let (right, rest) = side(rest.strip_prefix(&[Token::Mark('=')])?)?;
    ends(rest).then_some((left, right))
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;
