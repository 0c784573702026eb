//! `--only NAME`: DevTools' filters by the names people type.

use std::str::FromStr;

use super::desk::Desk;
use super::error::CliError;
use crate::analysis::allocators::{Alike, Allocator};
use crate::analysis::filters::NodeFilter;
use crate::analysis::owners::{OwnedBy, OwnerIx};
use crate::analysis::packages::Package;
use crate::base::text::JsStr;
use crate::graph::{ObjectId, TraceCall};
use crate::query::allocations::ANONYMOUS;
use crate::query::owners::FindOwners;
use crate::snapshot::Snapshot;

/// A filter as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Only {
    /// One that is the same in every snapshot.
    Filter(NodeFilter),
    /// What belongs to the native context of that id alone.
    NativeContext(ObjectId),
    /// What the functions of that name allocated; called by those of the next name, and so on, if there are `<` in it.
    AllocatedBy(String),
    /// What belongs to the package of that name.
    Package(String),
    /// What belongs to the script or module of that name or path.
    Module(String),
    /// What the functions of that name, and all they called, allocated.
    AllocatedUnder(String),
}

const NAMED: [(&str, NodeFilter); 10] = [
    ("duplicated-strings", NodeFilter::DuplicatedStrings),
    ("retained-by-detached-dom", NodeFilter::RetainedByDetachedDom),
    ("retained-by-console", NodeFilter::RetainedByConsole),
    ("retained-by-event-handlers", NodeFilter::RetainedByEventHandlers),
    ("retained-by-contexts", NodeFilter::RetainedByContexts),
    ("shared-native-context", NodeFilter::SharedNativeContext),
    ("no-native-context", NodeFilter::NoNativeContext),
    ("mine", NodeFilter::Owned(OwnedBy::Program)),
    ("installed", NodeFilter::Owned(OwnedBy::Installed)),
    ("runtime", NodeFilter::Owned(OwnedBy::Runtime)),
];

const RANGE: &str = "allocated-between=";
const CONTEXT: &str = "native-context=";
const BY: &str = "allocated-by=";
const PACKAGE: &str = "package=";
const MODULE: &str = "module=";
const UNDER: &str = "allocated-under=";
/// Between a function and its caller.
const CALLED_BY: char = '<';

impl Only {
    /// What it lets pass in `snapshot`.
    pub(super) fn filter(&self, desk: &Desk, snapshot: &Snapshot) -> Result<NodeFilter, CliError> {
        let file = snapshot.path().display();
        match self {
            Self::Filter(filter) => Ok(*filter),
            Self::NativeContext(id) => {
                let found = snapshot.find(*id).map(NodeFilter::NativeContext);
                found.ok_or_else(|| CliError::Usage(format!("there is no object {id} in {file}")))
            }
            Self::AllocatedBy(_) | Self::AllocatedUnder(_) if snapshot.graph().traces().is_empty() => {
                Err(CliError::Usage(format!("{file} holds no allocation stacks")))
            }
            Self::AllocatedBy(text) => {
                let by = call_of(snapshot, text).map(|(call, levels)| Allocator::Function {
                    call,
                    levels,
                    alike: Alike::Name,
                });
                by.map(NodeFilter::allocated_by).ok_or_else(|| {
                    CliError::Usage(format!("no function called {text} allocated anything in {file}"))
                })
            }
            Self::Package(name) => {
                let owners = desk.ask(&FindOwners, snapshot)?;
                let is_it = |owner: &OwnerIx| {
                    let package = owners.package(*owner);
                    package.to_string() == *name
                        || matches!(package, Package::Installed(installed) if **installed == **name)
                };
                let owner = owners.all().find(is_it);
                let filter = owner.map(|owner| NodeFilter::Owned(OwnedBy::PackageOf(owner)));
                filter.ok_or_else(|| CliError::Usage(format!("nothing of the package {name} is in {file}")))
            }
            Self::Module(name) => {
                let owners = desk.ask(&FindOwners, snapshot)?;
                let is_it = |owner: &OwnerIx| {
                    [owners.path(*owner), owners.name(*owner)].contains(&JsStr::from(name.as_str()))
                };
                let owner = owners.all().find(is_it);
                let filter = owner.map(|owner| NodeFilter::Owned(OwnedBy::Owner(owner)));
                filter.ok_or_else(|| CliError::Usage(format!("nothing of the module {name} is in {file}")))
            }
            Self::AllocatedUnder(name) => {
                let mut calls = (0..).zip(snapshot.graph().traces().calls());
                let call = calls.find(|(_, call)| name_of(snapshot, call) == Some(name.as_str().into()));
                call.map(|(call, _)| NodeFilter::allocated_by(Allocator::UnderNamed(call)))
                    .ok_or_else(|| {
                        CliError::Usage(format!(
                            "neither a function called {name} nor one it called allocated anything in {file}"
                        ))
                    })
            }
        }
    }
}

/// The first call that allocated something itself and goes by `way`: its function's name, behind a `<` its caller's, and so on,
/// with the number of these names. Names may hold the sign themselves.
fn call_of(snapshot: &Snapshot, way: &str) -> Option<(u32, u32)> {
    let calls = snapshot.graph().traces().calls();
    let levels = |call: &TraceCall| {
        let (mut rest, mut call, mut levels) = (way, call, 0);
        loop {
            rest = rest.strip_prefix(&*name_of(snapshot, call)?.to_string_lossy())?;
            levels += 1;
            if rest.is_empty() {
                return Some(levels);
            }
            rest = rest.strip_prefix(CALLED_BY)?;
            call = &calls[call.caller? as usize];
        }
    };
    let mut counted = (0..).zip(calls).filter(|(_, call)| call.count != 0);
    counted.find_map(|(at, call)| Some((at, levels(call)?)))
}

/// What the function of `call` is called; nothing if the file does not have it.
fn name_of<'s>(snapshot: &'s Snapshot, call: &TraceCall) -> Option<JsStr<'s>> {
    let graph = snapshot.graph();
    let function = graph.traces().functions().get(call.function as usize)?;
    let name = graph.strings().get(function.name);
    Some(if name.is_empty() { ANONYMOUS.into() } else { name })
}

/// Makes what is typed behind a prefix a filter.
type Named = fn(String) -> Only;

impl FromStr for Only {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, filter)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(Self::Filter(*filter));
        }
        if let Some(range) = text.strip_prefix(RANGE) {
            return id_range(range).map(Self::Filter).ok_or_else(|| {
                format!("{RANGE} is followed by two ids, the smaller first, as in {RANGE}1200..5600")
            });
        }
        if let Some(id) = text.strip_prefix(CONTEXT) {
            let id = id.strip_prefix('@').unwrap_or(id).parse().map(ObjectId);
            return id
                .map(Self::NativeContext)
                .map_err(|why| format!("{CONTEXT} is followed by an id, as in {CONTEXT}@1200: {why}"));
        }
        let named: [(&str, Named); 4] = [
            (BY, Self::AllocatedBy),
            (UNDER, Self::AllocatedUnder),
            (PACKAGE, Self::Package),
            (MODULE, Self::Module),
        ];
        for (prefix, only) in named {
            if let Some(name) = text.strip_prefix(prefix) {
                return Ok(only(name.to_owned()));
            }
        }
        let names: Vec<_> = NAMED.iter().map(|(name, _)| *name).collect();
        Err(format!(
            "there are {}, {CONTEXT}@ID, {RANGE}ID..ID, {BY}FUNCTION, {BY}FUNCTION{CALLED_BY}CALLER, {UNDER}FUNCTION, \
             {PACKAGE}NAME, {MODULE}NAME",
            names.join(", ")
        ))
    }
}

/// `1200..5600`, with or without `@`.
fn id_range(text: &str) -> Option<NodeFilter> {
    let (after, through) = text.split_once("..")?;
    let id = |text: &str| text.strip_prefix('@').unwrap_or(text).parse().ok();
    let (after, through) = (id(after)?, id(through)?);
    (after <= through).then_some(NodeFilter::AllocatedBetween {
        after: ObjectId(after),
        through: ObjectId(through),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_go_by_their_names() {
        assert_eq!(
            "retained-by-console".parse(),
            Ok(Only::Filter(NodeFilter::RetainedByConsole))
        );
        let between = NodeFilter::AllocatedBetween {
            after: ObjectId(12),
            through: ObjectId(99),
        };
        assert_eq!("allocated-between=12..@99".parse(), Ok(Only::Filter(between)));
        assert_eq!("package=lodash".parse(), Ok(Only::Package("lodash".to_owned())));
        for wrong in [
            "",
            "console",
            "allocated-between=",
            "allocated-between=9..2",
            "allocated-between=1",
            "native-context=x",
        ] {
            assert!(wrong.parse::<Only>().is_err(), "{wrong}");
        }
    }
}
