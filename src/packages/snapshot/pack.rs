//! Writes the packed form ([`super::form`]) from the texts of `rules/data/snapshot`. It runs when
//! the program is built, so a text that is not sound stops the build and names its line.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

use super::day::Day;
use super::form::{NO_DAY, SECTIONS, SEGMENTS, SOURCE, TEXT, UNKNOWN, YANKED};

/// The patch that `Requires-Python` is compared with: newer than any that it names.
const PATCH: u64 = 15;

/// What a text of the snapshot is not sound for.
type Problem = String;

/// The days of the releases: by distribution and version as written.
type Days<'t> = HashMap<(&'t str, &'t str), Day>;

/// The packed form of the two texts, whose forms `rules/data/snapshot/README.md` tells.
pub(crate) fn pack(edges: &str, days: &str) -> Result<Vec<u8>, Problem> {
    let days = read_days(days)?;
    let mut packer = Packer::default();
    let mut lines = edges.lines().enumerate();
    let head = lines
        .next()
        .map(|(_, line)| line)
        .ok_or("the snapshot is empty")?;
    packer.texts.extend(date_of(head)?.bytes());
    packer.specifiers.number("")?;
    packer.markers.number("")?;
    let mut block = Block::default();
    for (at, line) in lines {
        packer
            .take(line, &mut block, &days)
            .map_err(|problem| format!("edges.txt, line {}: {problem}", at + 1))?;
    }
    packer.close(&block)?;
    packer.write()
}

/// The day in the first line, as in `# dashlift snapshot 2026-01-31: …`.
fn date_of(head: &str) -> Result<&str, Problem> {
    let mut words = head
        .split_whitespace()
        .map(|word| word.trim_end_matches(':'));
    let day = words.find(|word| Day::from_str(word).is_ok());
    day.ok_or_else(|| "the first line of edges.txt names no day".to_owned())
}

fn read_days(text: &str) -> Result<Days<'_>, Problem> {
    let mut found = Days::new();
    let mut name = "";
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        if let Some(next) = line.strip_prefix('@') {
            name = next;
            continue;
        }
        let mut words = line.split(' ');
        let day = words.next().unwrap_or_default();
        let day = Day::from_str(day).map_err(|it| format!("days.txt, line {}: {it}", at + 1))?;
        found.extend(words.map(|version| ((name, version), day)));
    }
    Ok(found)
}

/// Texts that many records share, each with a number.
#[derive(Default)]
struct Shared {
    numbers: HashMap<String, u16>,
    all: Vec<String>,
}

impl Shared {
    fn number(&mut self, text: &str) -> Result<u16, Problem> {
        if let Some(known) = self.numbers.get(text) {
            return Ok(*known);
        }
        let number = narrow(self.all.len())?;
        self.numbers.insert(text.to_owned(), number);
        self.all.push(text.to_owned());
        Ok(number)
    }
}

/// The distribution whose lines are read.
#[derive(Default)]
struct Block<'t> {
    name: &'t str,
    first: u32,
    count: u16,
    last: Option<Version>,
    /// The numbers of its dependencies.
    dependencies: Vec<u32>,
    /// The places in NEEDS of what its releases asked for so far.
    asked: HashMap<&'t str, u32>,
    /// The fields that a `"` repeats.
    fields: [&'t str; 3],
}

#[derive(Default)]
struct Packer {
    names: BTreeMap<String, (u32, u16)>,
    releases: Vec<u8>,
    count: u32,
    needs: Vec<u8>,
    dependencies: Vec<u8>,
    dependency_numbers: HashMap<String, u32>,
    pythons: Shared,
    wheels: Shared,
    specifiers: Shared,
    markers: Shared,
    texts: Vec<u8>,
    places: HashMap<String, u32>,
}

impl Packer {
    fn take<'t>(
        &mut self,
        line: &'t str,
        block: &mut Block<'t>,
        days: &Days<'_>,
    ) -> Result<(), Problem> {
        if let Some(name) = line.strip_prefix('@') {
            self.close(block)?;
            *block = Block {
                name,
                first: self.count,
                fields: ["-"; 3],
                ..Block::default()
            };
            return Ok(());
        }
        if let Some(text) = line.strip_prefix('+') {
            block.dependencies.push(self.dependency(text)?);
            return Ok(());
        }
        let mut fields = line.split('\t');
        let versions = fields.next().unwrap_or_default();
        for known in &mut block.fields {
            match fields.next().ok_or("a row has four fields")? {
                "\"" => {}
                field => *known = field,
            }
        }
        let tail = self.tail(block)?;
        for version in versions.split(' ') {
            self.release(version, block, days, &tail)?;
        }
        Ok(())
    }

    /// Keeps the distribution that was read.
    fn close(&mut self, block: &Block) -> Result<(), Problem> {
        if block.name.is_empty() {
            return Ok(());
        }
        let (name, place) = (block.name.to_owned(), (block.first, block.count));
        match self.names.insert(name, place) {
            None if block.count > 0 => Ok(()),
            None => Err(format!("{} has no release", block.name)),
            Some(_) => Err(format!("{} twice", block.name)),
        }
    }

    /// What the releases of a row share: the second half of their record, and the flag of a source.
    fn tail(&mut self, block: &mut Block) -> Result<(u8, Vec<u8>), Problem> {
        let [python, files, needs] = block.fields;
        let python = if python == "-" { "" } else { python };
        let (wheels, flags) = match files.strip_suffix('s') {
            Some(wheels) => (wheels, SOURCE),
            None => (files, 0),
        };
        let mut tail = Vec::new();
        tail.extend(self.pythons.number(python)?.to_le_bytes());
        tail.extend(self.wheels.number(wheels)?.to_le_bytes());
        tail.extend(self.place_of_needs(needs, block)?.to_le_bytes());
        Ok((flags, tail))
    }

    fn place_of_needs<'t>(&mut self, text: &'t str, block: &mut Block<'t>) -> Result<u32, Problem> {
        if text == "?" {
            return Ok(UNKNOWN);
        }
        if let Some(known) = block.asked.get(text) {
            return Ok(*known);
        }
        let mut numbers = Vec::new();
        for run in text.split(',').filter(|run| *run != "-") {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let (first, last): (usize, usize) = (number(first)?, number(last)?);
            let known = block.dependencies.get(first..=last);
            numbers.extend(known.ok_or_else(|| format!("there is no dependency {run}"))?);
        }
        let place = wide(self.needs.len())?;
        let count = wide(numbers.len())?;
        for number in std::iter::once(count).chain(numbers) {
            self.needs.extend(number.to_le_bytes());
        }
        block.asked.insert(text, place);
        Ok(place)
    }

    fn release<'t>(
        &mut self,
        text: &'t str,
        block: &mut Block<'t>,
        days: &Days<'_>,
        (flags, tail): &(u8, Vec<u8>),
    ) -> Result<(), Problem> {
        let (text, yanked) = match text.strip_suffix('!') {
            Some(text) => (text, YANKED),
            None => (text, 0),
        };
        let version = Version::from_str(text).map_err(|it| format!("{text}: {it}"))?;
        if block.last.as_ref().is_some_and(|last| *last >= version) {
            return Err(format!("{text} is not newer than the one before"));
        }
        let (bytes, segments) = self.version(text)?;
        let day = days
            .get(&(block.name, text))
            .map_or(NO_DAY, |it| it.number());
        self.releases.extend(bytes);
        self.releases.extend([segments, flags | yanked]);
        self.releases.extend(day.to_le_bytes());
        self.releases.extend(tail);
        block.last = Some(version);
        block.count = block.count.checked_add(1).ok_or("too many releases")?;
        self.count += 1;
        Ok(())
    }

    /// A version: its segments and how many they are, or the name of its text and 0.
    fn version(&mut self, text: &str) -> Result<([u8; 2 * SEGMENTS], u8), Problem> {
        let mut bytes = [0; 2 * SEGMENTS];
        let segments: Result<Vec<u16>, _> = text.split('.').map(str::parse).collect();
        let parts: Vec<u8> = match &segments {
            Ok(segments) if segments.len() <= SEGMENTS => {
                segments.iter().flat_map(|it| it.to_le_bytes()).collect()
            }
            _ => self.text(text)?,
        };
        let is_plain = segments.is_ok_and(|it| it.len() <= SEGMENTS);
        let count = if is_plain { parts.len() / 2 } else { 0 };
        for (byte, part) in bytes.iter_mut().zip(parts) {
            *byte = part;
        }
        Ok((bytes, u8::try_from(count).unwrap_or_default()))
    }

    fn dependency(&mut self, text: &str) -> Result<u32, Problem> {
        if let Some(known) = self.dependency_numbers.get(text) {
            return Ok(*known);
        }
        let (asked, marker) = text.split_once(';').unwrap_or((text, ""));
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let end = asked.find(|c| !is_name(c)).unwrap_or(asked.len());
        let (name, rest) = asked.split_at(end);
        let (extras, specifiers) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once(']').ok_or("an extra without its end")?,
            None => ("", rest),
        };
        VersionSpecifiers::from_str(specifiers).map_err(|it| format!("{text}: {it}"))?;
        let place = self.place(&format!("{name}{extras}"))?;
        let number = wide(self.dependency_numbers.len())?;
        self.dependencies.extend(place.to_le_bytes());
        self.dependencies
            .extend([byte(name.len())?, byte(extras.len())?]);
        self.dependencies
            .extend(self.specifiers.number(specifiers)?.to_le_bytes());
        self.dependencies
            .extend(self.markers.number(marker)?.to_le_bytes());
        self.dependency_numbers.insert(text.to_owned(), number);
        Ok(number)
    }

    /// Where a text begins.
    fn place(&mut self, text: &str) -> Result<u32, Problem> {
        if let Some(known) = self.places.get(text) {
            return Ok(*known);
        }
        let place = wide(self.texts.len())?;
        self.texts.extend(text.bytes());
        self.places.insert(text.to_owned(), place);
        Ok(place)
    }

    /// The name of a text.
    fn text(&mut self, text: &str) -> Result<Vec<u8>, Problem> {
        let mut name = Vec::with_capacity(TEXT);
        name.extend(self.place(text)?.to_le_bytes());
        name.extend(narrow(text.len())?.to_le_bytes());
        Ok(name)
    }

    fn write(mut self) -> Result<Vec<u8>, Problem> {
        let mut distributions = Vec::new();
        for (name, (first, count)) in std::mem::take(&mut self.names) {
            distributions.extend(self.text(&name)?);
            distributions.extend(first.to_le_bytes());
            distributions.extend(count.to_le_bytes());
        }
        let mut pythons = Vec::new();
        for text in std::mem::take(&mut self.pythons.all) {
            pythons.extend(self.text(&text)?);
            pythons.extend(allowed(&text)?.to_le_bytes());
        }
        let mut wheels = Vec::new();
        for text in &self.wheels.all {
            wheels.extend(minors_of(text)?.to_le_bytes());
        }
        let mut specifiers = Vec::new();
        for text in std::mem::take(&mut self.specifiers.all) {
            specifiers.extend(self.text(&text)?);
        }
        let mut markers = Vec::new();
        for text in std::mem::take(&mut self.markers.all) {
            markers.extend(self.text(&text)?);
        }
        let sections: [Vec<u8>; SECTIONS] = [
            distributions,
            self.releases,
            self.needs,
            self.dependencies,
            pythons,
            wheels,
            specifiers,
            markers,
            self.texts,
        ];
        join(&sections)
    }
}

/// The head and the sections behind it.
fn join(sections: &[Vec<u8>]) -> Result<Vec<u8>, Problem> {
    let mut place = 4 * sections.len();
    let mut all = Vec::new();
    for section in sections {
        all.extend(wide(place)?.to_le_bytes());
        place += section.len();
    }
    all.extend(sections.iter().flatten());
    Ok(all)
}

/// A bit for each minor of Python 3 that `Requires-Python` allows, the last one for all later.
fn allowed(text: &str) -> Result<u32, Problem> {
    let specifiers = VersionSpecifiers::from_str(text).map_err(|it| format!("{text}: {it}"))?;
    let fits = |minor: &u32| specifiers.contains(&Version::new([3, u64::from(*minor), PATCH]));
    Ok((0..32).filter(fits).fold(0, |all, minor| all | 1 << minor))
}

/// The bits of `6-9,11`, `8+`, `*`, `-`.
fn minors_of(text: &str) -> Result<u32, Problem> {
    let mut all = 0;
    for run in text.split(',').filter(|run| !["", "-"].contains(run)) {
        all |= match run.strip_suffix('+') {
            _ if run == "*" => u32::MAX,
            Some(first) => bits_from(number(first)?)?,
            None => {
                let (first, last) = run.split_once('-').unwrap_or((run, run));
                bits_from(number(first)?)? & !bits_from(number::<u32>(last)? + 1)?
            }
        };
    }
    Ok(all)
}

fn bits_from(minor: u32) -> Result<u32, Problem> {
    let bits = u32::MAX.checked_shl(minor);
    bits.ok_or_else(|| format!("{minor} is no minor of Python"))
}

fn number<T: FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn wide(number: usize) -> Result<u32, Problem> {
    u32::try_from(number).map_err(|_| format!("{number} is too large"))
}

fn narrow(number: usize) -> Result<u16, Problem> {
    u16::try_from(number).map_err(|_| format!("{number} is too large"))
}

fn byte(number: usize) -> Result<u8, Problem> {
    u8::try_from(number).map_err(|_| format!("{number} is too large"))
}
