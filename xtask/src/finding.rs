//! What a check has to say.

use std::fmt;

/// The result of something that reads files or runs programs.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// One thing that has to change, and where.
#[derive(Debug, PartialEq)]
pub struct Finding {
    /// The file, relative to the workspace.
    pub file: String,
    /// The line, when there is one.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// Something about a whole file.
    pub fn file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, message: message.into() }
    }

    /// Something about one line.
    pub fn line(file: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.into(), line: Some(line), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}
