//! The specifiers of a requirement: `>=1,<2`.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

use super::options::Fault;
use super::refused::{RefusalKind, shorten};
use super::requirement::Part;

const OPERATORS: &[&str] = &["===", "~=", "==", "!=", "<=", ">=", "<", ">"];

/// The specifiers as a whole; `None` where `===` names something that is no version.
pub(super) fn parse_specifiers(all: Part) -> Result<Option<VersionSpecifiers>, Fault> {
    let mut specifiers = Vec::new();
    let mut arbitrary = false;
    let mut at = 0;
    for piece in all.text.split(',') {
        let part = all.cut(at, at + piece.len()).trim_blanks();
        at += piece.len() + 1;
        if part.text.is_empty() {
            return Err((all.range(), RefusalKind::Specifier(shorten(all.text))));
        }
        match parse_specifier(part)? {
            Some(specifier) => specifiers.push(specifier),
            None => arbitrary = true,
        }
    }
    Ok((!arbitrary).then(|| specifiers.into_iter().collect()))
}

fn parse_specifier(part: Part) -> Result<Option<VersionSpecifier>, Fault> {
    let refused = || (part.range(), RefusalKind::Specifier(shorten(part.text)));
    let sign = OPERATORS
        .iter()
        .find(|sign| part.text.starts_with(**sign))
        .ok_or_else(refused)?;
    let version = part
        .text
        .get(sign.len()..)
        .unwrap_or_default()
        .trim_matches([' ', '\t']);
    if version.is_empty() || version.contains(char::is_whitespace) {
        return Err(refused());
    }
    if *sign == "===" {
        let exact = Version::from_str(version).is_ok();
        return Ok(exact
            .then(|| VersionSpecifier::from_str(part.text).ok())
            .flatten());
    }
    match VersionSpecifier::from_str(part.text) {
        Ok(specifier) => Ok(Some(specifier)),
        Err(_) if is_legacy(sign, version) => Err((
            part.range(),
            RefusalKind::LegacySpecifier(shorten(part.text)),
        )),
        Err(_) => Err(refused()),
    }
}

/// Whether pip before 24.1 takes the specifier, and some release most likely meets it: what is no
/// version is compared as text. An exact one (`==1.0x`) names a release that hardly exists.
fn is_legacy(sign: &str, version: &str) -> bool {
    matches!(sign, ">=" | ">" | "<=" | "<" | "!=") && !version.contains([';', ')', ','])
}
