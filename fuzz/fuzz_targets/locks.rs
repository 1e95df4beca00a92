//! Lock files and lists together: what `minimise` makes of a small repository.
#![no_main]

use dashlift::app::App;
use dashlift::packages::Target;
use dashlift::packages::edges::{Snapshot, Sources};
use dashlift::packages::evidence::uses;
use dashlift::packages::minimise::{Lists, Question, Wanted, judge, listed};
use dashlift::tree::{MemoryTree, Overlay, TreePath, apply_edits};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

fuzz_target!(|bytes: &[u8]| {
    let tree = MemoryTree::new(dashlift_fuzz::files(bytes));
    let root = TreePath::root();
    let app = App::new(&tree, root.clone());
    let Some(lists) = Lists::from_app(&app) else {
        return;
    };
    let target = Target::new(10);
    let all: Vec<_> = lists.all().collect();
    let sources = Sources::of_app(&app, &all, target).and(Snapshot);
    let question = Question {
        tree: &tree,
        root: &root,
        lists: &lists,
        target,
        sources: &sources,
        uses: &uses(&app, &listed(&lists, &root, target)),
        obsolete: &BTreeMap::new(),
        ran: &BTreeMap::new(),
        wanted: Wanted::default(),
    };
    let judgement = judge(&question);
    if let Ok(Some(reduction)) = question.reduce(&judgement) {
        let mut reduced = Overlay::new(&tree);
        apply_edits(&reduction.edits, &mut reduced).expect("a proven reduction fits");
    }
});
