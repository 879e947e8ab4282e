//! A megabyte of anything is read in a moment.

use std::time::{Duration, Instant};

use super::*;

/// Whatever these are, a text of nothing else.
const UNITS: [&str; 111] = [
    "a@x.example;",
    "<",
    "< ",
    "\"",
    "\\\"",
    "\"a@b\" ",
    "\"a@b",
    "\"a@b\"\t\t\t",
    "<\t",
    "\t",
    " ",
    ",",
    "a,",
    "a ",
    "a",
    "@",
    "'",
    "\\",
    "\"\\\" ",
    "a <",
    "a, <",
    "<a@",
    "“„",
    "é\u{200B}",
    "\"\"",
    "\"@",
    "a\t<",
    "mailto:",
    ">",
    "\"\n",
    "\"a\n",
    ";\"a\n",
    "(",
    "( ",
    "[",
    "[a](",
    "[a](b@c",
    "(a@",
    "•",
    "a@x.example•",
    "'a@b'",
    "E-Mail;",
    "E-Mail;\n",
    "a\t\"",
    "<a b@c.example>",
    "a@x.example,b@x.example\n",
    "a\tb@x.example\tc@x.example\na;b\n",
    "Name,Email,Zog\na,a@x.example,\"b\n",
    "Manager,Manager email\na,b\n",
    "a|b\n-|-\n",
    "a:",
    "Subject:",
    "a@b Subject:",
    "a@b - ",
    "2026 15:00 ",
    "{\"a\":1}",
    "[{\"a\":",
    "\\\"",
    "@b\\\"",
    "[\\\"",
    "_",
    "* ",
    "- ",
    "1) ",
    "-> ",
    "~~",
    "[a](",
    "a@b <",
    ":é",
    ":é ",
    "é:",
    "é: ",
    " é:@",
    "é@:é",
    "a:a@b ",
    "to:a@b ",
    "Ana Lopez: a@b;",
    "\"a:",
    "\"\\\"a:",
    "<a:",
    "é,",
    "é;é;",
    "é\té\n",
    "é,é,é,é,é,é,é,é\n",
    "é;é\n",
    "Manager,é\n",
    "Manager\n",
    "a.b ",
    "(at)",
    "a at dot ",
    "|",
    "é|",
    "é|\n-|\n",
    "=\n",
    "mailto:a@b\n c\n",
    "a;TYPE=",
    "a@x.example;é\n",
    "On 2026 15:00 <a@b\n",
    "1:1 ",
    "ﷺ",
    "ﷺ,",
    "a@b ﷺ:",
    "ﷺ;a@b\n",
    "a@b,",
    "Name: a, Email: a@b, ",
    "\u{200B}:",
    "é[é] ,",
    "é(é),",
    "\"a@b\"<",
    "é\n",
    "é:\n a\n",
];

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is tested")]
fn u11_any_text_is_read_in_linear_time() {
    let time = |text: &str| {
        let started = Instant::now();
        drop(parse(text));
        started.elapsed()
    };
    // Four times the text takes four times as long, sixteen times where the time is quadratic; the machine may be busy.
    let is_linear = |bytes: usize, text: &dyn Fn(usize) -> String| {
        let is_so = || {
            let long = time(&text(bytes));
            long < Duration::from_millis(300) || long < time(&text(bytes / 4)) * 8
        };
        (0..5).any(|_| is_so())
    };
    for unit in UNITS {
        for (before, middle, closing, behind) in FRAMES {
            let text = |bytes: usize| {
                let half = bytes / 2;
                let closings = closing.repeat(half.checked_div(closing.len()).unwrap_or_default());
                format!("{before}{}{middle}{closings}{behind}", unit.repeat(half / unit.len()))
            };
            assert!(is_linear(16_000, &text), "{before:?} {unit:?} {middle:?} {closing:?} {behind:?}");
        }
    }
    for many in MANY {
        for (before, long, behind) in LONG {
            let text = |bytes: usize| {
                let many = many.repeat(bytes / 2 / many.len());
                format!("{before}{many}{}{behind}", long.repeat(bytes / 2 / long.len()))
            };
            assert!(is_linear(80_000, &text), "{before:?} {many:?} {long:?} {behind:?}");
        }
    }
}

/// Many of these stand in front of something long: what is done for each of them must not look at that.
const MANY: [&str; 8] =
    ["Ana Lopez,", "Ana;", "a,", "Ana\t", "a@b.example, ", "To: a@b.example, Ana ", "(a) ", "a@b.example (Ana) "];

/// What stands in front of them, what is long behind them, and the end of that.
const LONG: [(&str, &str, &str); 5] = [
    ("", "q", "@x.example"),
    ("Name,Email\n", "q", "@x.example"),
    ("", "Ana ", "<ana@x.example>"),
    ("ana@x.example\tAna\n", "\n", "Ana\tana@x.example"),
    ("", "é,", "\nana@x.example"),
];

/// What stands in front of many of a unit, behind them, many times behind that, and at the end.
const FRAMES: [(&str, &str, &str, &str); 7] = [
    ("", "", "", ""),
    ("\"", " a@b.example", "", "\""),
    ("", "a@b.example", "*", ""),
    ("", "a@b.example", "_", " x"),
    ("[", "](a@b.example", ")", ""),
    ("<a@b.example> ", "<", ">", " <a@b.example>"),
    ("To: ", " a@b.example ", ":", "\n"),
];

/// A constant hides behind linear time: what costs the most for each character is not done again and again for it.
#[test]
fn no_text_is_folded_more_than_a_few_times() {
    for unit in UNITS {
        for before in ["", "a@x.example ", "Name;Email;Zog\n"] {
            for behind in ["", " b@x.example", "\nb@x.example"] {
                let text = format!("{before}{}{behind}", unit.repeat(4_000 / unit.len()));
                let folded = || header_words::tests::FOLDED.get();
                let already = folded();
                drop(parse(&text));
                let times = (folded() - already) / text.len();
                assert!(times <= 5, "{before:?} {unit:?} {behind:?}: {times} times");
            }
        }
    }
}
