//! All spans of the facts at once: a notebook moves them from its code to its JSON.

use super::facts::Facts;
use crate::text::Span;

impl Facts {
    /// Calls `change` with every span.
    pub(super) fn each_span(&mut self, mut change: impl FnMut(&mut Span)) {
        if let Some(error) = &mut self.error {
            change(&mut error.span);
        }
        for import in &mut self.imports {
            change(&mut import.statement);
            change(&mut import.module_span);
            change(&mut import.span);
        }
        for literal in &mut self.literals {
            change(&mut literal.span);
            change(&mut literal.content);
        }
        for constant in &mut self.constants {
            change(&mut constant.span);
            let pieces = constant.pieces.iter_mut();
            pieces.for_each(|piece| change(&mut piece.span));
        }
        for call in &mut self.calls {
            change(&mut call.span);
            change(&mut call.callee_span);
            let arguments = call.arguments.iter_mut();
            arguments.for_each(|argument| change(&mut argument.span));
        }
        for reference in &mut self.references {
            change(&mut reference.span);
            change(&mut reference.root);
        }
        for binding in &mut self.bindings {
            change(&mut binding.span);
            binding.value.iter_mut().for_each(&mut change);
        }
        self.environment
            .iter_mut()
            .for_each(|found| change(&mut found.span));
        self.scopes
            .iter_mut()
            .for_each(|scope| change(&mut scope.span));
        self.comments
            .iter_mut()
            .for_each(|comment| change(&mut comment.span));
        self.main_blocks.iter_mut().for_each(&mut change);
        self.escapes
            .iter_mut()
            .for_each(|escape| change(&mut escape.span));
    }
}
