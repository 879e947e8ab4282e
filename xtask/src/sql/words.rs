//! SQL as words and groups: as much of its grammar as it takes to find tables and first predicates.

use std::iter::Peekable;
use std::str::Chars;

/// A piece of SQL.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A keyword or a name.
    Word(String),
    /// A bound value: `$1`.
    Value(String),
    /// A place that `format!` fills: `{columns}`.
    Hole(String),
    /// A quoted text or a number.
    Constant,
    /// Any other character.
    Mark(char),
    /// What stands in parentheses.
    Group(Vec<Token>),
    /// A comment; whether the text ended with it.
    Comment(String, bool),
}

impl Token {
    /// Whether this is the keyword, which has to be in capitals.
    pub fn is(&self, keyword: &str) -> bool {
        self.word() == Some(keyword)
    }

    /// The keyword or the name.
    pub fn word(&self) -> Option<&str> {
        if let Self::Word(word) = self { Some(word) } else { None }
    }

    /// What stands in the parentheses.
    pub fn group(&self) -> Option<&[Token]> {
        if let Self::Group(inner) = self { Some(inner) } else { None }
    }
}

/// Reads SQL, or a part of it: a parenthesis that is never closed ends with the text, one that was never opened is a mark.
pub fn read(sql: &str) -> Vec<Token> {
    let mut rest = sql.chars().peekable();
    let mut open: Vec<Vec<Token>> = Vec::new();
    let mut tokens = Vec::new();
    while let Some(next) = rest.next() {
        match next {
            '(' => open.push(std::mem::take(&mut tokens)),
            ')' => match open.pop() {
                Some(outer) => close(outer, &mut tokens),
                None => tokens.push(Token::Mark(')')),
            },
            _ => tokens.extend(one(next, &mut rest)),
        }
    }
    while let Some(outer) = open.pop() {
        close(outer, &mut tokens);
    }
    tokens
}

fn close(mut outer: Vec<Token>, tokens: &mut Vec<Token>) {
    outer.push(Token::Group(std::mem::take(tokens)));
    *tokens = outer;
}

fn one(first: char, rest: &mut Peekable<Chars<'_>>) -> Option<Token> {
    match first {
        space if space.is_whitespace() => None,
        letter if letter.is_alphabetic() || letter == '_' => Some(Token::Word(word(letter, rest))),
        digit if digit.is_ascii_digit() => {
            word(digit, rest);
            Some(Token::Constant)
        }
        '$' => Some(Token::Value(word('$', rest))),
        '\'' => {
            until(rest, '\'');
            Some(Token::Constant)
        }
        '"' => Some(Token::Word(until(rest, '"'))),
        '{' if rest.next_if_eq(&'{').is_none() => Some(Token::Hole(until(rest, '}'))),
        '-' if rest.next_if_eq(&'-').is_some() => Some(line_comment(rest)),
        '/' if rest.next_if_eq(&'*').is_some() => Some(block_comment(rest)),
        mark => Some(Token::Mark(mark)),
    }
}

fn word(first: char, rest: &mut Peekable<Chars<'_>>) -> String {
    let mut word = String::from(first);
    while let Some(next) = rest.next_if(|next| next.is_alphanumeric() || *next == '_') {
        word.push(next);
    }
    word
}

fn until(rest: &mut Peekable<Chars<'_>>, end: char) -> String {
    rest.by_ref().take_while(|next| *next != end).collect()
}

fn line_comment(rest: &mut Peekable<Chars<'_>>) -> Token {
    let mut text = String::new();
    while let Some(next) = rest.next_if(|next| *next != '\n') {
        text.push(next);
    }
    Token::Comment(text.trim().to_owned(), rest.peek().is_none())
}

fn block_comment(rest: &mut Peekable<Chars<'_>>) -> Token {
    let mut text = String::new();
    while let Some(next) = rest.next() {
        if next == '*' && rest.next_if_eq(&'/').is_some() {
            break;
        }
        text.push(next);
    }
    Token::Comment(text.trim().to_owned(), false)
}

/// What a comment gives as the reason for spanning accounts; at any depth, the first one.
pub fn reason(tokens: &[Token]) -> Option<Result<String, String>> {
    tokens.iter().find_map(|token| match token {
        Token::Group(inner) => reason(inner),
        Token::Comment(text, ends) => text.strip_prefix("all accounts:").map(|reason| checked(reason.trim(), *ends)),
        Token::Word(_) | Token::Value(_) | Token::Hole(_) | Token::Constant | Token::Mark(_) => None,
    })
}

fn checked(reason: &str, ends: bool) -> Result<String, String> {
    let has_sql = |word| ["SELECT", "INSERT", "UPDATE", "DELETE", "FROM"].contains(&word);
    if ends && reason.split_whitespace().any(has_sql) {
        return Err(
            "the comment swallows the statement: end its line with \\n, or write /* all accounts: … */".to_owned()
        );
    }
    if reason.split_whitespace().count() < 3 {
        return Err("-- all accounts: needs a reason, in a few words".to_owned());
    }
    Ok(reason.to_owned())
}

/// The same without comments.
pub fn without_comments(tokens: Vec<Token>) -> Vec<Token> {
    let kept = tokens.into_iter().filter(|token| !matches!(token, Token::Comment(..)));
    kept.map(|token| if let Token::Group(inner) = token { Token::Group(without_comments(inner)) } else { token })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Token {
        Token::Word(text.to_owned())
    }

    #[test]
    fn words_values_holes_and_groups() {
        let tokens = read("SELECT {columns} FROM \"users\" WHERE id IN ($1, 'it''s', 7)");
        let group = vec![
            Token::Value("$1".into()),
            Token::Mark(','),
            Token::Constant,
            Token::Constant,
            Token::Mark(','),
            Token::Constant,
        ];
        let expected = [
            word("SELECT"),
            Token::Hole("columns".into()),
            word("FROM"),
            word("users"),
            word("WHERE"),
            word("id"),
            word("IN"),
            Token::Group(group),
        ];
        assert_eq!(tokens, expected);
    }

    #[test]
    fn half_a_group_is_read_too() {
        assert_eq!(read("a (b"), [word("a"), Token::Group(vec![word("b")])]);
        assert_eq!(read("a) b"), [word("a"), Token::Mark(')'), word("b")]);
    }

    #[test]
    fn words_in_comments_and_texts_are_not_words() {
        let tokens = read("SELECT 'FROM users' -- FROM users\n/* FROM users */ , 1");
        assert_eq!(without_comments(tokens), [word("SELECT"), Token::Constant, Token::Mark(','), Token::Constant]);
    }

    #[test]
    fn a_reason_is_found_in_both_kinds_of_comment() {
        let said = |sql: &str| reason(&read(sql));
        assert_eq!(
            said("-- all accounts: retention of the installation\nDELETE"),
            Some(Ok("retention of the installation".into()))
        );
        assert_eq!(said("(/* all accounts: one two three */)"), Some(Ok("one two three".into())));
        assert_eq!(said("-- something else\nDELETE"), None);
        assert!(said("-- all accounts:\nDELETE").unwrap().is_err());
        assert!(said("-- all accounts: retention of the installation DELETE FROM users").unwrap().is_err());
    }
}
