//! The lines that may go with their versions.

use super::{Facts, Lists, Question, Wanted, judge};
use crate::app::App;
use crate::packages::Target;
use crate::packages::edges::Sources;
use crate::text::Position;
use crate::tree::TreePath;

/// The lines that others bring along, each by its file and place; none where it is not proven that
/// the lists install the same distributions without them. Their versions go with them.
pub fn droppable(
    app: &App,
    lists: &Lists,
    target: Target,
    sources: &Sources,
) -> Vec<(TreePath, Position)> {
    let facts = Facts::of(app, lists, target);
    let question = Question {
        tree: app.tree(),
        root: app.root(),
        lists,
        target,
        sources,
        uses: &facts.uses,
        obsolete: &facts.obsolete,
        wanted: Wanted {
            drop_pins: true,
            obsolete: false,
        },
    };
    let judgement = judge(&question);
    let reduction = question.reduce(&judgement).ok().flatten();
    let taken = reduction.map(|reduction| reduction.taken);
    let taken = taken.into_iter().flatten();
    let lines = taken.filter_map(|index| judgement.lines.get(index));
    let places = lines.map(|line| {
        let list = line.entry.list;
        let position = list.text.position(line.entry.line.span.start);
        (list.path.clone(), position)
    });
    places.collect()
}
