//! Several states as one: of each repository the newest record, a line at a time.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use super::state::{Header, Reader, Record, Short, StateError, StateLine};

/// Several states, looked through once: it is known which record of each repository counts.
pub struct Merged {
    files: Vec<StateFile>,
    newest: BTreeMap<String, CountedRecord>,
}

/// One of the states.
#[derive(Debug)]
pub struct StateFile {
    /// The file.
    pub path: PathBuf,
    /// What its runs were told, the first one first.
    pub headers: Vec<Header>,
    /// Whether its last line was cut off and left out.
    pub is_cut: bool,
    /// How many of the records that count are in it.
    pub records: usize,
}

/// Where the record of a repository is that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CountedRecord {
    file: usize,
    /// Its number among the lines of the file that are records, from 0.
    record: usize,
    /// When it was made, in seconds since 1970.
    finished: u64,
}

impl Merged {
    /// Looks through the states. Of several records of a repository the last one of a file counts,
    /// and of several files the newest one; of two that are as new, the one of the file that was
    /// named last.
    ///
    /// # Errors
    /// When a file cannot be read, is no state, or one of another version.
    pub fn open(paths: &[PathBuf]) -> Result<Self, StateError> {
        let mut merged = Self {
            files: Vec::new(),
            newest: BTreeMap::new(),
        };
        for (index, path) in paths.iter().enumerate() {
            let file = merged.look_through(index, path)?;
            merged.files.push(file);
        }
        for found in merged.newest.values() {
            if let Some(file) = merged.files.get_mut(found.file) {
                file.records += 1;
            }
        }
        Ok(merged)
    }

    fn look_through(&mut self, file: usize, path: &Path) -> Result<StateFile, StateError> {
        let mut reader = Reader::open(path)?;
        let mut headers = vec![reader.header().clone()];
        let mut record = 0;
        while let Some(line) = reader.next_short()? {
            match line {
                Short::Header(header) => headers.push(header),
                Short::Started(_) | Short::Writing(_) => {}
                Short::Done(brief) => {
                    let found = CountedRecord {
                        file,
                        record,
                        finished: brief.finished,
                    };
                    self.found(brief.repository, found);
                    record += 1;
                }
            }
        }
        let length = reader.length();
        Ok(StateFile {
            path: path.to_owned(),
            headers,
            is_cut: length > reader.end(),
            records: 0,
        })
    }

    fn found(&mut self, repository: String, found: CountedRecord) {
        match self.newest.entry(repository) {
            Entry::Vacant(place) => {
                place.insert(found);
            }
            Entry::Occupied(mut known) => {
                let before = known.get();
                if before.file == found.file || before.finished <= found.finished {
                    known.insert(found);
                }
            }
        }
    }

    /// The states, as they were named.
    pub fn files(&self) -> &[StateFile] {
        &self.files
    }

    /// Gives every record that counts, with what its run was told. One record is in memory at a
    /// time.
    ///
    /// # Errors
    /// When a file cannot be read any more.
    pub fn each(&self, mut take: impl FnMut(&Header, Record)) -> Result<(), StateError> {
        for (index, file) in self.files.iter().enumerate() {
            let mut reader = Reader::open(&file.path)?;
            let mut header = reader.header().clone();
            let mut number = 0;
            while let Some(line) = reader.next_line()? {
                match line {
                    StateLine::Header(next) => header = next,
                    StateLine::Started(_) | StateLine::Writing(_) => {}
                    StateLine::Done(record) => {
                        let found = self.newest.get(&record.brief.repository);
                        let here = (index, number);
                        number += 1;
                        // Lines may have come since the file was looked through.
                        if found.is_some_and(|found| (found.file, found.record) == here) {
                            take(&header, *record);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
