//! Names of the database as names of code: words, case, singular.
//!
//! Python normalizes identifiers to NFKC (The Python Language Reference, "Names"), and rustc warns
//! about identifiers in another form, so names are normalized first.

use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a name: divided by what is no letter or digit, and where a capital begins one.
pub(super) fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.nfkc().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (idx, &it) in chars.iter().enumerate() {
        if !is_word(it) {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = idx.checked_sub(1).map(|it| chars[it]);
        let after = chars.get(idx + 1);
        let begins = it.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(|it| it.is_lowercase()))
            });
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(it.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// What both languages take inside a name: `XID_Continue` (Unicode Standard Annex #31).
fn is_word(it: char) -> bool {
    is_xid_continue(it) && it != '_'
}

/// `createdAt` as `created_at`. What cannot begin a name, as a digit, gets an `n`; empty where nothing
/// can stay.
pub(super) fn snake_case(name: &str) -> String {
    // What a name began or ended with that was no word is gone; a leading underscore means nothing
    // in a database.
    let joined: String = words(name).join("_").nfkc().collect();
    begun('n', joined)
}

fn begun(letter: char, name: String) -> String {
    match name.chars().next() {
        Some(it) if !is_xid_start(it) => format!("{letter}{name}"),
        _ => name,
    }
}

/// A name for a file: `Größe` as `grou0dfe`. rustc finds no file of another name by itself, and not
/// every system agrees with every other about letters beyond ASCII.
pub(super) fn file_name(name: &str) -> String {
    let mut text = String::new();
    for it in snake_case(name).nfkd().filter(|it| !is_combining_mark(*it)) {
        if it.is_ascii() {
            text.push(it);
        } else {
            text.push_str(&format!("u{:04x}", u32::from(it)));
        }
    }
    text
}

/// `in review` as `InReview`. A leading digit gets an `N`.
pub(super) fn pascal_case(name: &str) -> String {
    let mut text = String::new();
    for word in words(name) {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            text.extend(first.to_uppercase());
        }
        text.push_str(chars.as_str());
    }
    begun('N', text.nfkc().collect())
}

/// `in review` as `IN_REVIEW`. A leading digit gets an `N`.
pub(super) fn upper_case(name: &str) -> String {
    snake_case(name).to_uppercase()
}

/// The name of one row of a table: its last word in the singular, in PascalCase.
pub(super) fn model_name(table: &str) -> String {
    let mut words = words(table);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    pascal_case(&words.join("_"))
}

/// Words whose plural follows no rule, plural first.
const IRREGULAR: &[(&str, &str)] = &[
    ("aliases", "alias"),
    ("axes", "axis"),
    ("biases", "bias"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("calves", "calf"),
    ("campuses", "campus"),
    ("canvases", "canvas"),
    ("children", "child"),
    ("censuses", "census"),
    ("cookies", "cookie"),
    ("corpora", "corpus"),
    ("criteria", "criterion"),
    ("feet", "foot"),
    ("geese", "goose"),
    ("halves", "half"),
    ("heroes", "hero"),
    ("indices", "index"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("lives", "life"),
    ("loaves", "loaf"),
    ("matrices", "matrix"),
    ("menus", "menu"),
    ("men", "man"),
    ("mice", "mouse"),
    ("movies", "movie"),
    ("oxen", "ox"),
    ("people", "person"),
    ("phenomena", "phenomenon"),
    ("photos", "photo"),
    ("potatoes", "potato"),
    ("quizzes", "quiz"),
    ("selves", "self"),
    ("shelves", "shelf"),
    ("statuses", "status"),
    ("teeth", "tooth"),
    ("thieves", "thief"),
    ("ties", "tie"),
    ("tomatoes", "tomato"),
    ("vertices", "vertex"),
    ("viruses", "virus"),
    ("wives", "wife"),
    ("wolves", "wolf"),
    ("women", "woman"),
    ("zombies", "zombie"),
];

/// Words that end in `s` and are no plurals.
const SINGULAR: &[&str] = &[
    "always",
    "analytics",
    "aws",
    "diagnostics",
    "dns",
    "gas",
    "goods",
    "gps",
    "graphics",
    "has",
    "https",
    "is",
    "lens",
    "logistics",
    "mathematics",
    "news",
    "os",
    "physics",
    "pos",
    "s",
    "series",
    "sms",
    "sos",
    "species",
    "sports",
    "statistics",
    "this",
    "tls",
    "was",
    "yes",
];

/// A word in the singular; one that is no plural stays.
fn singular(word: &str) -> String {
    if SINGULAR.contains(&word) {
        return word.to_owned();
    }
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    let rules: &[(&str, &str)] = &[
        ("sses", "ss"),
        ("shes", "sh"),
        ("ches", "ch"),
        ("xes", "x"),
        ("zzes", "zz"),
        ("yses", "ysis"),
        ("theses", "thesis"),
        ("ies", "y"),
        ("ss", "ss"),
        ("us", "us"),
        ("is", "is"),
        ("s", ""),
    ];
    for (plural, singular) in rules {
        // What is left of a very short word would be no word.
        if let Some(stem) = word.strip_suffix(plural)
            && (stem.len() > 1 || plural == singular)
        {
            return format!("{stem}{singular}");
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, snake: &str, pascal: &str) {
        assert_eq!((snake_case(name).as_str(), pascal_case(name).as_str()), (snake, pascal));
    }

    #[test]
    fn words_follow_separators_and_capitals() {
        check("created_at", "created_at", "CreatedAt");
        check("createdAt", "created_at", "CreatedAt");
        check("HTTPServer2Name", "http_server2_name", "HttpServer2Name");
        check("in review", "in_review", "InReview");
        check("_id", "id", "Id");
        check("2fa", "n2fa", "N2fa");
        check("größe", "größe", "Größe");
        check("用户", "用户", "用户");
        check("顧客ＩＤ", "顧客id", "顧客id");
        check("ﬁle", "file", "File");
        check("Ⓐ", "a", "A");
        check("คำ", "ค\u{e4d}า", "ค\u{e4d}า");
        check("स्थिति", "स्थिति", "स्थिति");
        check("a--b", "a_b", "AB");
        check("x²", "x2", "X2");
        check("?!", "", "");
    }

    #[test]
    fn files_are_called_in_ascii() {
        let named = |it| file_name(it);
        assert_eq!(named("createdAt"), "created_at");
        assert_eq!(named("Größe"), "grou00dfe");
        assert_eq!(named("用户"), "u7528u6237");
        assert_eq!(named("!!"), "");
    }

    #[test]
    fn rows_are_called_in_the_singular() {
        let all = "documents categories addresses boxes statuses people user_roles news status \
                   analyses bus is data aliases caches photos movies series classes batches \
                   oauth2_tokens s houses databases";
        let named: Vec<String> = all.split_whitespace().map(model_name).collect();
        assert_eq!(
            named.join(" "),
            "Document Category Address Box Status Person UserRole News Status Analysis Bus Is Data \
             Alias Cache Photo Movie Series Class Batch Oauth2Token S House Database"
        );
    }

    #[test]
    fn the_lists_are_sorted_and_say_nothing_twice() {
        assert!(SINGULAR.is_sorted());
        let plurals: std::collections::BTreeSet<_> = IRREGULAR.iter().map(|it| it.0).collect();
        assert_eq!(plurals.len(), IRREGULAR.len());
    }
}
