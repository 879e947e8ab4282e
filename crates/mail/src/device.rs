//! A browser's `User-Agent` in words: most of it is historical and says nothing to a reader.

/// The first that is found is meant: browsers name those that they resemble, too.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
    ("X11", "Linux"),
];

/// Browser and system: “Firefox, Linux”. `None` where neither is known.
pub(crate) fn device_name(user_agent: &str) -> Option<String> {
    let find =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    let words: Vec<_> = [find(BROWSERS), find(SYSTEMS)].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m7_a_browser_is_called_by_the_name_that_people_know() {
        let linux = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (user_agent, name) in [
            (format!("{linux} Chrome/148.0.0.0 Safari/537.36"), Some("Chrome, Linux")),
            (format!("{linux} HeadlessChrome/148.0.0.0 Safari/537.36 Edg/148.0"), Some("Edge, Linux")),
            (format!("{iphone} Version/18.1 Mobile/15E148 Safari/604.1"), Some("Safari, iPhone")),
            (format!("{iphone} FxiOS/130.0 Mobile/15E148 Safari/605.1.15"), Some("Firefox, iPhone")),
            (
                "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
                Some("Firefox, Windows"),
            ),
            ("curl/8.14.1".to_owned(), None),
        ] {
            assert_eq!(device_name(&user_agent).as_deref(), name, "{user_agent}");
        }
    }
}
