//! Reads the sections one after the other and puts the columns together.
//!
//! A section is read where it stands if everything it needs is known, which in V8's order it always is; otherwise it is
//! passed over and read at the end. Up to the edges a fault ends the load, after that it costs what follows and is told. A file
//! that ends too soon gives what is there, from its first node on.

mod agreement;

use super::arrays::Found;
use super::columns::{Columns, EdgeColumns, Locations, NodeColumns, Samples};
use super::edges::{self, Edges};
use super::error::{LoadError, Problem};
use super::estimate;
use super::input::Input;
use super::literals::{self, End};
use super::locations;
use super::nodes::{self, Nodes};
use super::schema::{self, Schema};
use super::sections::{Members, Stop, skip};
use super::strings::StringTable;
use super::traces;
use super::{samples, sniff};
use crate::base::index::StringIx;
use crate::base::task::Stage;

/// Keys that are remembered to tell what a file is.
const KEYS: usize = 32;

/// Reads the snapshot in `input`.
pub(super) fn read(input: &Input<'_>) -> Result<Columns, LoadError> {
    input.task.begin(Stage::Scan, input.bytes.len() as u64);
    let start = sniff::object_start(input)?;
    let mut reader = Reader {
        input,
        problems: Vec::new(),
        keys: Vec::new(),
        later: Vec::new(),
        traces: traces::Sites::default(),
        seen: Vec::new(),
        schema: None,
        nodes: None,
        edges: None,
        locations: None,
        strings: None,
        samples: Samples::default(),
        cut: false,
        broken: false,
    };
    reader.members(start)?;
    reader.finish()
}

/// The members that are read, in the order in which they can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Snapshot,
    Nodes,
    Edges,
    Samples,
    Locations,
    Strings,
}

impl Section {
    fn of(key: &str) -> Option<Self> {
        Some(match key {
            schema::SECTION => Self::Snapshot,
            nodes::SECTION => Self::Nodes,
            edges::SECTION => Self::Edges,
            samples::SECTION => Self::Samples,
            locations::SECTION => Self::Locations,
            literals::SECTION => Self::Strings,
            _ => return None,
        })
    }
}

struct Reader<'i, 'f> {
    input: &'i Input<'f>,
    problems: Vec<Problem>,
    keys: Vec<String>,
    /// Sections that are still to be read, with their values' positions.
    later: Vec<(Section, usize)>,
    traces: traces::Sites,
    seen: Vec<Section>,
    schema: Option<Schema>,
    nodes: Option<Nodes>,
    edges: Option<Edges>,
    locations: Option<Locations>,
    strings: Option<StringTable>,
    samples: Samples,
    /// The file ends too soon.
    cut: bool,
    /// Its object does not go on as objects do, before a header came.
    broken: bool,
}

impl Reader<'_, '_> {
    fn problem(&mut self, section: &str, offset: usize, what: impl Into<String>) {
        self.problems.push(Problem {
            section: section.to_owned(),
            offset: Some(offset as u64),
            what: what.into(),
        });
    }

    /// Reads all members of the object whose first may begin at `start`.
    fn members(&mut self, start: usize) -> Result<(), LoadError> {
        let input = self.input;
        let mut members = Members::new(input, start);
        loop {
            match members.next() {
                Ok(member) => {
                    let Some(end) = self.member(&member.key, member.value)? else {
                        self.cut = true;
                        break;
                    };
                    members.resume(end);
                }
                Err(stop) => {
                    self.stopped(stop)?;
                    break;
                }
            }
        }
        let mut later = std::mem::take(&mut self.later);
        later.sort_unstable();
        for (section, value) in later {
            self.section(section, value)?;
        }
        Ok(())
    }

    /// There are no more members.
    fn stopped(&mut self, stop: Stop) -> Result<(), LoadError> {
        let len = self.input.bytes.len();
        match stop {
            Stop::Closed(at) => {
                let more = self.input.skip_white(at);
                if more < len {
                    self.problem(
                        "end",
                        more,
                        format!("{} bytes after the end are left out", len - more),
                    );
                }
            }
            Stop::Cut => self.cut = true,
            Stop::Broken(at, what) if self.edges.is_some() => {
                let what = format!("{what}: what follows is left out");
                self.problem("top level", at, what);
            }
            Stop::Broken(at, what) if self.schema.is_some() => {
                return Err(self.input.malformed("top level", at, what));
            }
            // No snapshot; what it is instead is told at the end.
            Stop::Broken(..) => self.broken = true,
        }
        Ok(())
    }

    /// Reads or passes over a member; returns where it ends, if it does.
    fn member(&mut self, key: &str, value: usize) -> Result<Option<usize>, LoadError> {
        if self.keys.len() < KEYS {
            self.keys.push(key.to_owned());
        }
        self.traces.note(key, value);
        let Some(section) = Section::of(key) else {
            return Ok(skip(self.input, value)?);
        };
        let times = self.seen.iter().filter(|&&seen| seen == section).count();
        if times > 0 {
            // Told once, however many there are.
            if times == 1 {
                self.seen.push(section);
                self.problem(
                    key,
                    value,
                    "the section stands in the file twice: the second is left out",
                );
            }
            return Ok(skip(self.input, value)?);
        }
        self.seen.push(section);
        let ready = match section {
            Section::Snapshot => true,
            Section::Nodes | Section::Samples => self.schema.is_some(),
            Section::Edges => self.nodes.is_some(),
            Section::Locations | Section::Strings => self.edges.is_some(),
        };
        if ready {
            self.section(section, value)
        } else {
            self.later.push((section, value));
            Ok(skip(self.input, value)?)
        }
    }

    /// Reads a section; returns where it ends, if it does. Sections that need others are passed over without them.
    fn section(&mut self, section: Section, value: usize) -> Result<Option<usize>, LoadError> {
        match section {
            Section::Snapshot => self.snapshot(value),
            Section::Nodes => self.nodes(value),
            Section::Edges => self.edges(value),
            Section::Samples => self.samples(value),
            Section::Locations => self.locations(value),
            Section::Strings => self.strings(value),
        }
    }

    fn snapshot(&mut self, value: usize) -> Result<Option<usize>, LoadError> {
        let end = skip(self.input, value)?.ok_or_else(|| {
            let len = self.input.bytes.len();
            self.input
                .malformed(schema::SECTION, len, "the file ends inside the header")
        })?;
        let schema = Schema::read(self.input, value, end, &mut self.problems)?;
        estimate::check(self.input, &schema, end)?;
        self.schema = Some(schema);
        let left = self.input.from(end).len();
        self.input.task.begin(Stage::Read, left as u64);
        Ok(Some(end))
    }

    /// The position after the `[` at `value`.
    fn array(&self, section: &str, value: usize) -> Result<usize, LoadError> {
        match self.input.bytes.get(value) {
            Some(b'[') => Ok(value + 1),
            other => {
                let what = format!("expected an array, found {}", super::input::shown(other));
                Err(self.input.malformed(section, value, what))
            }
        }
    }

    fn nodes(&mut self, value: usize) -> Result<Option<usize>, LoadError> {
        let Some(schema) = &self.schema else {
            return Ok(None);
        };
        let start = self.array(nodes::SECTION, value)?;
        let said = schema.node_count;
        let (nodes, found) = nodes::read(self.input, start, schema)?;
        let of = said.map_or(String::new(), |said| format!(" of {said}"));
        if found.closed {
            self.counts(nodes::SECTION, said, &found);
        } else if found.rows == 0 {
            let what = format!("the file ends inside the nodes, after 0{of}");
            return Err(self.input.malformed(nodes::SECTION, found.end, what));
        } else {
            let what = format!(
                "the file ends after {}{of} nodes: the others are missing",
                found.records
            );
            self.problem(nodes::SECTION, found.end, what);
        }
        if nodes.oversized > 0 {
            let what = format!(
                "{} nodes have sizes that no heap can hold: they are taken to be 0",
                nodes.oversized
            );
            self.problem(nodes::SECTION, value, what);
        }
        if found.rows == 0 {
            return Err(self
                .input
                .malformed(nodes::SECTION, value, "expected a node, found none"));
        }
        self.nodes = Some(nodes);
        Ok(found.closed.then_some(found.end))
    }

    fn edges(&mut self, value: usize) -> Result<Option<usize>, LoadError> {
        let (Some(schema), Some(nodes)) = (&self.schema, &self.nodes) else {
            return Ok(None);
        };
        let start = self.array(edges::SECTION, value)?;
        let said = schema.edge_count;
        let (edges, found) = edges::read(self.input, start, schema, nodes.tags.len())?;
        let clipped = edges.clipped;
        self.edges = Some(edges);
        if found.closed {
            self.counts(edges::SECTION, said, &found);
        } else {
            let of = said.map_or(String::new(), |said| format!(" of {said}"));
            let what = format!(
                "the file ends after {}{of} edges: the others are missing",
                found.rows
            );
            self.problem(edges::SECTION, found.end, what);
        }
        if clipped > 0 {
            let what = format!("{clipped} edges have numbers above {0}, shown as {0}", u32::MAX);
            self.problem(edges::SECTION, value, what);
        }
        Ok(found.closed.then_some(found.end))
    }

    /// Tells if the header and a section that is whole do not agree.
    fn counts<T>(&mut self, section: &str, said: Option<u64>, found: &Found<T>) {
        let Found {
            rows, records, rest, ..
        } = *found;
        let said = said.unwrap_or(records as u64);
        if said < records as u64 {
            let what =
                format!("the header says {said} {section}, the file holds {records}: the last are left out");
            self.problem(section, found.end, what);
        } else if said > rows as u64 {
            let what = format!("the header says {said} {section}, the file holds {records}");
            self.problem(section, found.end, what);
        }
        if rest > 0 {
            let what = format!("the last of the {section} is incomplete and is left out");
            self.problem(section, found.end, what);
        }
    }

    fn samples(&mut self, value: usize) -> Result<Option<usize>, LoadError> {
        let fields = self.schema.as_ref().map(|schema| &schema.sample_fields);
        self.samples = samples::read(self.input, value, fields, &mut self.problems)?;
        Ok(skip(self.input, value)?)
    }

    fn locations(&mut self, value: usize) -> Result<Option<usize>, LoadError> {
        let (Some(schema), Some(nodes)) = (&self.schema, &self.nodes) else {
            return Ok(None);
        };
        if schema.location_fields.position("object_index").is_none() {
            return Ok(skip(self.input, value)?);
        }
        let read = self
            .array(locations::SECTION, value)
            .and_then(|start| locations::read(self.input, start, schema, nodes.tags.len()));
        match read {
            Ok((locations, left_out, found)) => {
                self.locations = Some(locations);
                if left_out > 0 {
                    let what = format!("{left_out} locations belong to no node, or to one that has another");
                    self.problem(locations::SECTION, value, what);
                }
                if !found.closed {
                    let what = format!("the file ends after {} locations", found.rows);
                    self.problem(locations::SECTION, found.end, what);
                }
                Ok(found.closed.then_some(found.end))
            }
            Err(LoadError::Malformed { offset, what, .. }) => {
                self.problems.push(Problem {
                    section: locations::SECTION.to_owned(),
                    offset: Some(offset),
                    what: format!("{what}: locations are left out"),
                });
                Ok(skip(self.input, value)?)
            }
            Err(error) => Err(error),
        }
    }

    fn strings(&mut self, value: usize) -> Result<Option<usize>, LoadError> {
        let start = match self.array(literals::SECTION, value) {
            Ok(start) => start,
            Err(LoadError::Malformed { what, .. }) => {
                self.problem(literals::SECTION, value, what);
                return Ok(skip(self.input, value)?);
            }
            Err(error) => return Err(error),
        };
        let left = self.input.from(start).len();
        self.input.task.begin(Stage::Strings, left as u64);
        let (strings, end) = literals::read(self.input, start)?;
        let count = strings.len();
        self.strings = Some(strings);
        match end {
            End::Closed(end) => Ok(Some(end)),
            End::Cut => {
                let what = format!("the file ends after {count} strings: later names are missing");
                self.problem(literals::SECTION, self.input.bytes.len(), what);
                Ok(None)
            }
            End::Broken(at, what) => {
                self.problem(
                    literals::SECTION,
                    at,
                    format!("{what}: later strings are left out"),
                );
                Ok(skip(self.input, value)?)
            }
        }
    }

    /// The columns, once all members are read.
    fn finish(mut self) -> Result<Columns, LoadError> {
        let len = self.input.bytes.len();
        let Some(schema) = self.schema.take() else {
            if self.keys.is_empty() && self.cut {
                let what = "the file ends before its header";
                return Err(self.input.malformed(schema::SECTION, len, what));
            }
            if self.keys.is_empty() && self.broken {
                return Err(sniff::no_object(self.input));
            }
            return Err(sniff::by_keys(self.input, &self.keys));
        };
        let missing = |section| {
            let end = if self.cut {
                "the file ends before this section"
            } else {
                "the section is missing"
            };
            self.input.malformed(section, len, end)
        };
        let nodes = self.nodes.take().ok_or_else(|| missing(nodes::SECTION))?;
        let edges = self.edges.take().or_else(|| self.cut.then(Edges::default));
        let mut edges = edges.ok_or_else(|| missing(edges::SECTION))?;
        let first_edges = self.first_edges(nodes.edge_counts, &mut edges)?;
        let strings = self.strings.take();
        if self.cut {
            let what = match &strings {
                Some(_) => "the file ends before its end: it may not be whole",
                None => {
                    "the file ends before the strings: all names are missing, and classes and distances, as far as they \
                         follow from names, cannot be trusted"
                }
            };
            self.problem("end", len, what);
        } else if strings.is_none() {
            self.problem(literals::SECTION, len, "the section is missing: so are all names");
        }
        let strings = strings.unwrap_or_default();
        self.names(&nodes.names, nodes.max_name, &edges, strings.len());
        let traces = self
            .traces
            .read(self.input, &schema, nodes.tags.len(), &mut self.problems)?;
        let mut header = schema.header;
        header.root = self.root(schema.root_index, schema.node_fields.width(), nodes.tags.len());
        Ok(Columns {
            header,
            nodes: NodeColumns {
                tags: nodes.tags,
                // Collected in place: the same memory under another type.
                names: nodes.names.into_iter().map(StringIx::from_raw).collect(),
                ids: nodes.ids,
                self_sizes: nodes.self_sizes,
                first_edges,
            },
            edges: EdgeColumns {
                heads: edges.heads,
                names: edges.names,
            },
            strings,
            locations: self.locations.unwrap_or_default(),
            traces,
            samples: self.samples,
            problems: self.problems,
        })
    }
}
