//! Lines of a list, drawn by hand: a key changes the words of lines that are there, where a reactive view would take them
//! apart and make them anew, which is most of what a slow telephone does between two keys.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// What of a line changes.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// The text of the element of this selector, which is hidden when there is none.
    Text(&'static str),
    /// This attribute of the element of this selector, which goes when there is none; of the line itself without a selector.
    Attribute(&'static str, &'static str),
}

/// What is shown of one line, part by part.
pub type Shown = Vec<Option<String>>;

/// The lines of a list. The first is its model, which is hidden at first.
pub struct Rows {
    list: Element,
    parts: &'static [Part],
    rows: Vec<Row>,
    /// Lines that can be seen; the others wait, hidden.
    seen: usize,
}

struct Row {
    line: Element,
    elements: Vec<Element>,
    shown: Shown,
}

impl Rows {
    /// Takes over a list that holds one line.
    #[must_use]
    pub fn of(list: &Element, parts: &'static [Part]) -> Self {
        let mut rows = Self { list: list.clone(), parts, rows: Vec::new(), seen: 0 };
        rows.rows.extend(list.first_element_child().map(|line| rows.row(line)));
        rows
    }

    /// Draws a line, unless it shows this already.
    pub fn draw(&mut self, at: usize, shown: Shown) {
        while self.rows.len() <= at {
            let Some(line) = self.rows.first().and_then(|model| model.line.clone_node_with_deep(true).ok()) else {
                return;
            };
            let Ok(line) = line.dyn_into::<Element>() else { return };
            // A browser that has no room for one line more has lost the page already.
            let _ = line.set_attribute("hidden", "");
            let _ = self.list.append_child(&line);
            let row = self.row(line);
            self.rows.push(row);
        }
        let row = &mut self.rows[at];
        for (((part, element), before), now) in self.parts.iter().zip(&row.elements).zip(&row.shown).zip(&shown) {
            if before != now {
                part.write(element, before.is_some(), now.as_deref());
            }
        }
        row.shown = shown;
        if at >= self.seen {
            let _ = row.line.remove_attribute("hidden");
            self.seen = at + 1;
        }
    }

    /// Hides the lines after so many.
    pub fn keep(&mut self, count: usize) {
        for row in self.rows.iter().take(self.seen).skip(count) {
            let _ = row.line.set_attribute("hidden", "");
        }
        self.seen = self.seen.min(count);
    }

    /// A line about which nothing is known: all of it is drawn the first time.
    fn row(&self, line: Element) -> Row {
        let find = |part: &Part| match part {
            Part::Attribute("", _) => line.clone(),
            Part::Text(selector) | Part::Attribute(selector, _) => {
                line.query_selector(selector).ok().flatten().unwrap_or_else(|| line.clone())
            }
        };
        let elements: Vec<Element> = self.parts.iter().map(find).collect();
        for (part, element) in self.parts.iter().zip(&elements) {
            part.write(element, true, None);
        }
        Row { line, shown: vec![None; elements.len()], elements }
    }
}

impl Part {
    fn write(self, element: &Element, was_there: bool, now: Option<&str>) {
        match (self, now) {
            (Self::Attribute(_, name), Some(value)) => drop(element.set_attribute(name, value)),
            (Self::Attribute(_, name), None) => drop(element.remove_attribute(name)),
            (Self::Text(_), None) => drop(element.set_attribute("hidden", "")),
            (Self::Text(_), Some(text)) => {
                let node: Option<Node> = element.first_child();
                match node {
                    Some(node) => node.set_node_value(Some(text)),
                    None => element.set_text_content(Some(text)),
                }
                if !was_there {
                    let _ = element.remove_attribute("hidden");
                }
            }
        }
    }
}
