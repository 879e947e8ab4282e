//! What a browser is called by people, as the console does it, too (`console/src/lib/browser.ts`).

/// Each name with the text by which it is known; the first that is found counts, because browsers also name those before them.
const BROWSERS: [(&str, &str); 5] =
    [("Edge", "Edg/"), ("Opera", "OPR/"), ("Chrome", "Chrome/"), ("Firefox", "Firefox/"), ("Safari", "Safari/")];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
    ("Linux", "X11"),
];

const LONGEST: usize = 60;

/// A `User-Agent` in words: `Firefox, Linux`; the beginning of it as it is where nothing is known about it.
pub fn browser_name(user_agent: &str) -> String {
    let find = |names: &[(&'static str, &str)]| {
        names.iter().find(|(_, sign)| user_agent.contains(sign)).map(|(name, _)| *name)
    };
    let words: Vec<&str> = [find(&BROWSERS), find(&SYSTEMS)].into_iter().flatten().collect();
    if words.is_empty() { user_agent.chars().take(LONGEST).collect() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_as_people_do() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(browser_name(chrome), "Chrome, Linux");
        assert_eq!(browser_name(&format!("{chrome} Edg/140.0")), "Edge, Linux");
        assert_eq!(browser_name("curl/8.0"), "curl/8.0");
        assert_eq!(browser_name(&"x".repeat(100)).len(), 60);
        assert_eq!(browser_name(""), "");
    }
}
