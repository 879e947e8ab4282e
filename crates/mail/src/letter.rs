/// A mail in one language, ready for the layouts: both the HTML and the text part show all of it.
#[derive(Default)]
pub(crate) struct Letter {
    pub subject: String,
    pub greeting: String,
    pub paragraphs: Vec<String>,
    pub note: Option<Note>,
    pub facts: Vec<(&'static str, String)>,
    pub button: Option<Button>,
    pub closing: Vec<String>,
}

/// What one person says to another, set apart from our own words.
pub(crate) struct Note {
    pub title: String,
    pub text: String,
}

/// The one thing to do.
pub(crate) struct Button {
    pub label: &'static str,
    pub link: String,
}

/// The words every mail of a language shares.
pub(crate) struct Phrases {
    pub language: &'static str,
    pub below_button: &'static str,
    pub nobody_reads_replies: &'static str,
    /// An address follows.
    pub replies_go_to: &'static str,
}

impl Letter {
    pub fn new(subject: impl Into<String>, greeting: impl Into<String>) -> Self {
        Self { subject: subject.into(), greeting: greeting.into(), ..Self::default() }
    }

    pub fn say(mut self, paragraph: impl Into<String>) -> Self {
        self.paragraphs.push(paragraph.into());
        self
    }

    pub fn quote(mut self, title: impl Into<String>, text: Option<&String>) -> Self {
        let text = text.filter(|text| !text.is_empty());
        self.note = text.map(|text| Note { title: title.into(), text: text.clone() });
        self
    }

    pub fn fact(mut self, label: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((label, value.into()));
        self
    }

    pub fn button(mut self, label: &'static str, link: &str) -> Self {
        self.button = Some(Button { label, link: link.to_owned() });
        self
    }

    pub fn close(mut self, paragraph: impl Into<String>) -> Self {
        self.closing.push(paragraph.into());
        self
    }
}

impl Note {
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }

    /// The same lines where runs of spaces would become one: what is indented stays so.
    pub fn html_lines(&self) -> impl Iterator<Item = String> {
        let kept = |line: &str| {
            let line = line.replace("  ", "\u{A0} ");
            line.strip_prefix(' ').map(|rest| format!("\u{A0}{rest}")).unwrap_or(line)
        };
        self.lines().map(kept)
    }
}
