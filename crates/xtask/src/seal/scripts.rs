//! Inline scripts become files, because the CSP of the server allows no inline code.

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

use super::html::{Tag, tags};
use super::short_hash;

/// A page without inline scripts, and the scripts.
#[derive(Debug)]
pub struct Moved {
    pub html: String,
    pub scripts: Vec<Script>,
}

/// One script that was inline.
#[derive(Debug)]
pub struct Script {
    pub name: String,
    pub source: String,
}

/// Move each inline script to a file of its own, named after its contents.
pub fn move_inline_scripts(html: &str) -> Result<Moved> {
    let mut moved = Moved { html: String::with_capacity(html.len()), scripts: Vec::new() };
    let mut copied = 0;
    for tag in tags(html) {
        if !is_inline_script(&tag) {
            continue;
        }
        let source = html[tag.text.clone()].trim();
        moved.html.push_str(&html[copied..tag.span.start]);
        copied = end_of_element(html, &tag);
        if source.is_empty() {
            continue;
        }
        let name = format!("boot-{}.js", short_hash(Sha256::new_with_prefix(source)));
        moved.html.push_str("<script");
        for (key, value) in &tag.attributes {
            // A nonce without a server that fills it in, or the digest of another text, would stop the script.
            if key != "nonce" && key != "integrity" {
                moved.html.push_str(&format!(" {key}=\"{value}\""));
            }
        }
        moved.html.push_str(&format!(" src=\"/{name}\"></script>"));
        moved.scripts.push(Script { name, source: format!("{source}\n") });
    }
    moved.html.push_str(&html[copied..]);
    refuse_inline_code(&moved.html)?;
    Ok(moved)
}

fn is_inline_script(tag: &Tag) -> bool {
    let kind = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let runs = matches!(kind.as_str(), "" | "module" | "text/javascript" | "application/javascript");
    tag.name == "script" && runs && tag.attribute("src").is_none()
}

fn end_of_element(html: &str, tag: &Tag) -> usize {
    let end_tag = &html[tag.text.end..];
    tag.text.end + end_tag.find('>').map_or(end_tag.len(), |i| i + 1)
}

/// What the CSP would silently refuse in the browser is refused aloud here.
fn refuse_inline_code(html: &str) -> Result<()> {
    for tag in tags(html) {
        let name = &tag.name;
        if name == "style" {
            bail!("index.html has an inline <style>; the CSP forbids it: use a style sheet");
        }
        if name == "script" && tag.attribute("src").is_none() {
            let kind = tag.attribute("type").unwrap_or_default();
            if !kind.ends_with("json") {
                bail!("index.html has an inline <script type=\"{kind}\">; the CSP forbids it");
            }
        }
        for (key, value) in &tag.attributes {
            if key == "style" || key.starts_with("on") {
                bail!("index.html has <{name} {key}=…>; the CSP forbids it: use a class or a file");
            }
            if value.trim_start().starts_with("javascript:") {
                bail!("index.html has <{name} {key}=\"javascript:…\">; the CSP forbids it");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><html><head>\
        <link rel=\"modulepreload\" href=\"/client-1.js\" integrity=\"sha384-x\">\
        <script src=\"/other.js\"></script></head><body><p>Ouverture…</p>\
        <script type=module nonce=\"{{__TRUNK NONCE__}}\">\nimport init from '/client-1.js';\n\
        await init({ module_or_path: '/client-1_bg.wasm' });\n</script>\
        <script>var a = 1 < 2;</script></body></html>";

    #[test]
    fn moves_each_inline_script_and_nothing_else() {
        let moved = move_inline_scripts(PAGE).expect("the page is good");
        assert_eq!(moved.scripts.len(), 2);
        let (module, plain) = (&moved.scripts[0], &moved.scripts[1]);
        assert!(module.source.starts_with("import init"));
        assert_eq!(plain.source, "var a = 1 < 2;\n");
        assert!(moved.html.contains(&format!(
            "<p>Ouverture…</p><script type=\"module\" src=\"/{}\"></script>\
             <script src=\"/{}\"></script></body>",
            module.name, plain.name
        )));
        assert!(moved.html.contains("integrity=\"sha384-x\""));
        assert!(moved.html.contains("<script src=\"/other.js\"></script>"));
        assert!(!moved.html.contains("NONCE"));
    }

    #[test]
    fn the_name_follows_the_contents() {
        let name = |body: &str| {
            let page = format!("<script>{body}</script>");
            move_inline_scripts(&page).expect("good").scripts[0].name.clone()
        };
        assert_eq!(name("a()"), name("a()"));
        assert_ne!(name("a()"), name("b()"));
    }

    #[test]
    fn a_sealed_page_stays_as_it_is() {
        let once = move_inline_scripts(PAGE).expect("good");
        let twice = move_inline_scripts(&once.html).expect("good");
        assert_eq!(twice.html, once.html);
        assert!(twice.scripts.is_empty());
    }

    #[test]
    fn refuses_what_the_policy_would_refuse() {
        for bad in [
            "<style>p{}</style>",
            "<p style=\"color:red\">",
            "<body onload=a()>",
            "<a href=\" javascript:a()\">",
            "<script type=importmap>{}</script>",
        ] {
            assert!(move_inline_scripts(bad).is_err(), "{bad}");
        }
        let data = "<script type=\"application/json\">{}</script>";
        assert_eq!(move_inline_scripts(data).expect("only data").html, data);
    }
}
