//! Just enough reading of HTML: start tags with their attributes, and the text of raw elements.

use std::ops::Range;

/// A start tag and where it stands.
pub struct Tag {
    /// In lower case.
    pub name: String,
    /// Names in lower case, values without quotes nor entities decoded.
    pub attributes: Vec<(String, String)>,
    /// From `<` to the closing `>` included.
    pub span: Range<usize>,
    /// For `script` and `style`: what stands before the end tag.
    pub text: Range<usize>,
}

impl Tag {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Every start tag of a page, comments left out.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|i| at + i) {
        let rest = &html[open..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.len(), |i| open + i + 3);
            continue;
        }
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            at = open + 1;
            continue;
        }
        let mut tag = read_tag(html, open);
        at = tag.span.end;
        if matches!(tag.name.as_str(), "script" | "style") {
            let end = find_end_tag(&html[at..], &tag.name).map_or(html.len(), |i| at + i);
            tag.text = at..end;
            at = end;
        }
        tags.push(tag);
    }
    tags
}

/// Paths of this site (`/name`) a page asks the browser to load at once.
pub fn local_references(html: &str) -> Vec<String> {
    let mut paths: Vec<String> = tags(html)
        .iter()
        .filter_map(|tag| match tag.name.as_str() {
            "script" | "img" => tag.attribute("src"),
            "link" => tag.attribute("href"),
            _ => None,
        })
        .filter(|path| path.starts_with('/') && !path.starts_with("//"))
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

fn read_tag(html: &str, open: usize) -> Tag {
    let name_end = |c: char| c.is_ascii_whitespace() || c == '>' || c == '/';
    let mut at = open + 1;
    at += html[at..].find(name_end).unwrap_or(html.len() - at);
    let name = html[open + 1..at].to_ascii_lowercase();
    let mut attributes = Vec::new();
    loop {
        let separator = |c: char| !(c.is_ascii_whitespace() || c == '/');
        at += html[at..].find(separator).unwrap_or(html.len() - at);
        if at >= html.len() || html[at..].starts_with('>') {
            break;
        }
        let ends = |c: char| name_end(c) || c == '=';
        // An attribute name may begin with "=": take one character at least.
        let first = html[at..].chars().next().map_or(1, char::len_utf8);
        let start = at;
        at += first;
        at += html[at..].find(ends).unwrap_or(html.len() - at);
        let key = html[start..at].to_ascii_lowercase();
        let after = html[at..].trim_start();
        let value = if let Some(after) = after.strip_prefix('=') {
            let after = after.trim_start();
            at = html.len() - after.len();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (start, length, skip) = match quote {
                Some(q) => (1, after[1..].find(q).unwrap_or(after.len() - 1), 2),
                None => {
                    let ends = |c: char| c.is_ascii_whitespace() || c == '>';
                    (0, after.find(ends).unwrap_or(after.len()), 0)
                }
            };
            at = (at + length + skip).min(html.len());
            after[start..start + length].to_owned()
        } else {
            String::new()
        };
        attributes.push((key, value));
    }
    let end = (at + 1).min(html.len());
    Tag { name, attributes, span: open..end, text: end..end }
}

fn find_end_tag(text: &str, name: &str) -> Option<usize> {
    let wanted = format!("</{name}");
    text.to_ascii_lowercase().find(&wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_quoted_bare_and_empty_attributes() {
        let page = r#"<p>1 < 2<Link REL=icon href='/a b.svg' crossorigin data-x="y>z"/><br>"#;
        let tags = tags(page);
        assert_eq!(tags.len(), 3);
        assert_eq!(tags[1].name, "link");
        assert_eq!(tags[1].attribute("rel"), Some("icon"));
        assert_eq!(tags[1].attribute("href"), Some("/a b.svg"));
        assert_eq!(tags[1].attribute("crossorigin"), Some(""));
        assert_eq!(tags[1].attribute("data-x"), Some("y>z"));
        assert!(page[tags[1].span.clone()].ends_with("/>"));
    }

    #[test]
    fn what_scripts_and_comments_contain_is_no_tag() {
        let page = "<!-- <style> --><script>if (a<b) '<style>'</SCRIPT><em>é</em>";
        let names: Vec<String> = tags(page).into_iter().map(|t| t.name).collect();
        assert_eq!(names, ["script", "em"]);
    }

    #[test]
    fn lists_what_the_page_loads_from_this_site() {
        let page = "<link href=/b.css rel=stylesheet><script src=\"/a.js\"></script>\
                    <a href=/page>x</a><link href=\"https://else.example/c.css\"><img src=/b.css>";
        assert_eq!(local_references(page), ["/a.js", "/b.css"]);
    }

    #[test]
    fn cut_pages_do_not_panic() {
        let page = "<!doctype html><p é='à\"><script type=module>x</script><b =c d=\"";
        for end in (0..=page.len()).filter(|i| page.is_char_boundary(*i)) {
            tags(&page[..end]);
        }
    }
}
