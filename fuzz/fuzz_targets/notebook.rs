//! Notebooks: every fact lies in the JSON.
#![no_main]

use dashlift::python::{Source, SourceKind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::read(bytes, SourceKind::Notebook) else {
        return;
    };
    let text = &source.text;
    assert_eq!(text.encode(), bytes);
    let facts = &source.facts;
    let literals = facts.literals.iter().map(|it| it.span);
    let constants = facts.constants.iter().map(|it| it.span);
    let imports = facts.imports.iter().flat_map(|it| [it.span, it.statement]);
    for span in literals.chain(constants).chain(imports) {
        dashlift_fuzz::assert_inside(text, span);
        let _ = source.is_editable(span);
        let _ = source.cell_at(span.start);
    }
    for literal in 0..facts.literals.len() {
        for reached in facts.reach(literal) {
            assert!(reached < facts.sites.len());
        }
    }
});
