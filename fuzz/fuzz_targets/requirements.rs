//! Requirement lists, constraints included: lines cover the text, and what they name is judged.
#![no_main]

use dashlift::app::App;
use dashlift::files::requirements::Requirements;
use dashlift::packages::Target;
use dashlift::packages::edges::{Sources, annotation, removable};
use dashlift::tree::{MemoryTree, TreePath};
use libfuzzer_sys::fuzz_target;
use pep440_rs::Version;

fuzz_target!(|bytes: &[u8]| {
    let Some((text, list)) = dashlift_fuzz::read::<Requirements>(bytes) else {
        return;
    };
    let lines = list.lines().iter();
    let printed: String = lines.map(|line| line.full.of(text.as_str())).collect();
    assert_eq!(printed, text.as_str());
    let tree = MemoryTree::new([("requirements.txt", bytes)]);
    let app = App::new(&tree, TreePath::root());
    let lists: Vec<_> = app.requirements().lists.iter().collect();
    let sources = Sources::of_app(&app, &lists, Target::new(10));
    for list in lists {
        for index in 0..list.lines.len() {
            let _ = annotation(list, index);
            for span in removable(list, index) {
                dashlift_fuzz::assert_inside(&text, span);
            }
        }
        for (_, _, requirement) in list.requirements() {
            if let Some(name) = &requirement.key {
                let _ = sources.needs(name, &Version::new([1]));
            }
        }
    }
});
