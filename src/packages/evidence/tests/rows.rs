//! Every row of the table, walked.

use super::*;
use crate::files::requirements::normalized_name;
use crate::packages::evidence::table::{EvidenceTable, rows};

fn strict() -> EvidenceTable {
    crate::tables::strict("use_evidence")
}

fn all(words: &table::Words) -> impl Iterator<Item = &String> {
    words.values().flatten()
}

/// Whether each of the names is used by the file.
fn each(files: &[(&str, &str)], names: &[String]) {
    for name in names {
        let found = used(files, &[name]);
        assert_eq!(found, [name.as_str()], "{files:?}");
    }
}

#[test]
fn every_name_is_normalised() {
    let table = strict();
    let maps = [
        &table.imports,
        &table.dialects,
        &table.drivers,
        &table.schemes,
        &table.environment,
        &table.options.values,
        &table.programs,
        &table.loaded,
        &table.files,
        &table.sections,
    ];
    let names = maps.into_iter().flat_map(all);
    let calls = table
        .call
        .iter()
        .flat_map(|row| row.loads.iter().chain(all(&row.engines)));
    let suffixes = table.call.iter().flat_map(|row| all(&row.suffixes));
    let settings = table.settings.values().flat_map(all);
    for name in names.chain(calls).chain(suffixes).chain(settings) {
        assert_eq!(*name, normalized_name(name));
    }
}

#[test]
fn every_import_loads() {
    for (module, names) in &strict().imports {
        each(&[("a.py", &format!("import {module}\n"))], names);
        let (front, last) = module.rsplit_once('.').unwrap_or(("", module));
        if !front.is_empty() {
            each(&[("a.py", &format!("from {front} import {last}\n"))], names);
        }
    }
}

#[test]
fn every_call_loads() {
    for row in &rows().call {
        let keyword = row
            .keyword
            .as_ref()
            .map(|it| format!("{it}=x"))
            .unwrap_or_default();
        for word in row.words() {
            let code = match word.rsplit_once('.') {
                Some((module, _)) => format!("import {module}\n{word}({keyword})\n"),
                None => format!("thing.{word}({keyword})\n"),
            };
            each(&[("a.py", &code)], &row.loads);
            for (value, names) in &row.engines {
                let engine = row.engine.as_ref().unwrap();
                let call = format!("{word}(x, {engine}='{value}')\n");
                let code = match word.rsplit_once('.') {
                    Some((module, _)) => {
                        format!("import {module} as _m\nimport {module}\n{call}")
                    }
                    None => format!("thing.{call}"),
                };
                each(&[("a.py", &code)], names);
            }
        }
    }
}

#[test]
fn every_address_loads() {
    let table = strict();
    for (scheme, names) in table.dialects.iter().chain(&table.schemes) {
        each(&[("a.py", &format!("U = '{scheme}://host/db'\n"))], names);
    }
    for (driver, names) in &table.drivers {
        each(
            &[("a.py", &format!("U = 'postgresql+{driver}://host/db'\n"))],
            names,
        );
    }
}

#[test]
fn every_setting_and_variable_loads() {
    let table = strict();
    for (name, names) in &table.environment {
        each(
            &[("a.py", &format!("import os\nos.environ['{name}']\n"))],
            names,
        );
    }
    for (setting, values) in &table.settings {
        for (value, names) in values {
            each(
                &[("a.py", &format!("C = {{'{setting}': '{value}'}}\n"))],
                names,
            );
        }
    }
}

#[test]
fn every_program_and_option_loads() {
    let table = strict();
    for (program, names) in table.programs.iter().chain(&table.loaded) {
        each(&[("Procfile", &format!("web: {program} x\n"))], names);
    }
    for (value, names) in &table.options.values {
        for option in &table.options.names {
            assert!(option.starts_with('-'));
            each(
                &[("Procfile", &format!("web: gunicorn {option} {value} a:b\n"))],
                names,
            );
        }
    }
}

#[test]
fn every_file_and_section_loads() {
    let table = strict();
    for (path, names) in &table.files {
        each(&[(path, "\n")], names);
    }
    for (section, names) in &table.sections {
        each(&[("setup.cfg", &format!("[{section}]\n"))], names);
        each(&[("pyproject.toml", &format!("[tool.{section}]\n"))], names);
    }
    assert!(!table.addresses.names.is_empty() && !table.addresses.endings.is_empty());
}
