//! The second engine: uv or pip is asked whether the lists, as they are written then, resolve.

use std::collections::BTreeSet;

use pep440_rs::Version;

use super::say_left_out;
use crate::commands::PathRefusal;
use crate::files::requirements::normalized_name;
use crate::packages::snapshot;
use crate::packages::solve::{
    Asked, Reason, ResolveError, Resolver, Solution, SolveFailure, SolveRequest, request,
};
use crate::report::solve::SolveDocument;
use crate::resolver::{AvailableResolver, Terms, Tool};

/// So often it is asked at most.
const QUESTIONS: usize = 3;

/// Asks, and puts what it says into the document. That nobody answers changes nothing of the
/// answer, which is then said to be unconfirmed.
///
/// # Errors
/// After Ctrl-C, and when the tool that was asked for by name is not there.
pub(super) fn confirm(
    tool: Option<Tool>,
    terms: &Terms,
    say: &dyn Fn(String),
    solution: &Solution,
    after: &Asked,
    document: &mut SolveDocument,
) -> Result<(), PathRefusal> {
    let found = match AvailableResolver::new(tool, solution.target, terms, true) {
        Ok(found) => found,
        Err(failure) if tool.is_some() => return Err(failure.into()),
        Err(failure) => return unconfirmed(failure, document),
    };
    let mut request = prepare(&found, terms, solution, after, say, document);
    let mut missing = BTreeSet::new();
    for count in 1..=QUESTIONS {
        let name = found.tool().name();
        say(format!(
            "asking {name} about {} requirements for {} (question {count})",
            request.requirements.len(),
            request.target
        ));
        match found.resolve(&request) {
            Ok(_) => {
                document.confirm(name);
                break;
            }
            Err(ResolveError::Unsatisfiable(refused)) => {
                if let Some(why) = excuse(&refused.reason, name) {
                    document.note(format!("not confirmed: {}{why}", refused.reason));
                    break;
                }
                let gone = absent(&refused.reason).filter(|name| missing.insert(name.clone()));
                let Some(gone) = gone.filter(|_| count < QUESTIONS) else {
                    document.refuse(name, &refused.reason);
                    break;
                };
                leave_out(&mut request, &gone);
                document.set_aside(&gone);
            }
            Err(ResolveError::Failed(failure)) => return unconfirmed(failure, document),
        }
    }
    Ok(())
}

/// Why a refusal is no fault of the list, as the end of a sentence; none where it is one.
fn excuse(reason: &Reason, name: &str) -> Option<String> {
    match reason {
        // It could not ask a source.
        Reason::NotBuilt(_) => Some(String::new()),
        reason if is_known(reason) => Some(
            ", which was released: it may be a login page or lack files; open it in a browser and \
             check the address"
                .to_owned(),
        ),
        // Where sources are not asked, one that comes as source only is not looked at.
        reason if is_source(reason) => Some(format!(", and {name} was not to build its source")),
        _ => None,
    }
}

/// The question about the lists as they are written then; notes what is to be known of the asking,
/// and the releases of what is not known here.
fn prepare(
    found: &AvailableResolver,
    terms: &Terms,
    solution: &Solution,
    after: &Asked,
    say: &dyn Fn(String),
    document: &mut SolveDocument,
) -> SolveRequest {
    if let Some(limits) = found.limits() {
        document.note(limits);
    }
    for name in terms.allowed.left_out(&after.options) {
        document.note(say_left_out(&name));
    }
    let request = request(after, solution.target);
    if let Some(told) = ask_of_unknown(found, &request, solution, say) {
        document.know_by(found.tool().name(), &told);
    }
    request
}

/// The releases of what nobody here knows, with everything else at the versions of the solution:
/// what such a distribution needs must not move them. None where all is known, or where that does
/// not fit; the lists alone are asked about next, and say why.
fn ask_of_unknown(
    found: &AvailableResolver,
    request: &SolveRequest,
    solution: &Solution,
    say: &dyn Fn(String),
) -> Option<Vec<String>> {
    let answer = &solution.answer;
    if answer.unknown.is_empty() && answer.unknown_needs.is_empty() {
        return None;
    }
    let name = found.tool().name();
    say(format!("asking {name} about what is not known here"));
    let pins = answer.releases.iter();
    let pins = pins.map(|one| format!("{}=={}", one.name, one.version));
    let mut request = request.clone();
    request.constraints.extend(pins);
    let told = found.resolve(&request).ok()?;
    let others = told.packages.iter();
    let others = others.filter(|one| answer.version(&one.name).is_none());
    Some(
        others
            .map(|one| format!("{} {}", one.name, one.version))
            .collect(),
    )
}

/// Whether an index lacks a release that there is: then it says nothing about the list.
fn is_known(reason: &Reason) -> bool {
    let Reason::NoRelease(what) = reason else {
        return false;
    };
    ask_release(what, |_| true)
}

/// Whether what has no wheel is a release whose source builds without a compiler.
fn is_source(reason: &Reason) -> bool {
    let Reason::NoWheel { what, .. } = reason else {
        return false;
    };
    ask_release(what, |it| it.has_source() && it.builds_alone())
}

/// Whether the release that a resolver speaks of (`dash 1.4.0`) is known, and like that.
fn ask_release(what: &str, is_so: impl Fn(&snapshot::Release) -> bool) -> bool {
    let Some((name, version)) = what.split_once(' ') else {
        return false;
    };
    let version: Option<Version> = version.parse().ok();
    let known = snapshot::find(&normalized_name(name));
    known
        .zip(version)
        .is_some_and(|(known, version)| known.release(&version).is_some_and(is_so))
}

/// The distribution that the index does not have.
fn absent(reason: &Reason) -> Option<String> {
    match reason {
        Reason::NotFound(name) => Some(normalized_name(name)),
        _ => None,
    }
}

fn leave_out(request: &mut SolveRequest, name: &str) {
    let is_other = |line: &String| {
        let end = line.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
        normalized_name(line.get(..end.unwrap_or(line.len())).unwrap_or_default()) != name
    };
    request.requirements.retain(is_other);
    request.constraints.retain(is_other);
}

fn unconfirmed(failure: SolveFailure, document: &mut SolveDocument) -> Result<(), PathRefusal> {
    if failure == SolveFailure::Interrupted {
        return Err(failure.into());
    }
    document.note(format!("not confirmed: {failure}"));
    Ok(())
}
