//! A rule's page as HTML. The pages are this program's own; still, HTML in them stays text.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::rules::Rule;

/// The page without its title, its headings two levels lower.
pub(super) fn html(rule: &Rule) -> String {
    let mut in_title = false;
    let events = Parser::new_ext(rule.page, Options::ENABLE_TABLES);
    let events = events.filter_map(|event| {
        let is_first = |level: HeadingLevel| level == HeadingLevel::H1;
        match event {
            Event::Start(Tag::Heading { level, .. }) if is_first(level) => {
                in_title = true;
                None
            }
            Event::End(TagEnd::Heading(level)) if is_first(level) => {
                in_title = false;
                None
            }
            _ if in_title => None,
            Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(Tag::Heading {
                level: lower(level),
                id: None,
                classes: Vec::new(),
                attrs: Vec::new(),
            })),
            Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(lower(level)))),
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            other => Some(other),
        }
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        _ => HeadingLevel::H5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_sections_and_no_title() {
        for rule in crate::rules::all() {
            let html = html(rule);
            assert!(html.contains("<h3>What it finds</h3>"), "{}", rule.code);
            assert!(
                !html.contains("<h1") && !html.contains("<h2"),
                "{}",
                rule.code
            );
            assert!(!html.contains("<script"), "{}", rule.code);
        }
    }
}
