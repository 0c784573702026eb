//! `--only NAME`: DevTools' filters by the names people type.

use std::str::FromStr;

use super::desk::Desk;
use super::error::CliError;
use crate::analysis::filters::NodeFilter;
use crate::analysis::owners::{OwnedBy, OwnerIx};
use crate::analysis::packages::Package;
use crate::base::text::JsStr;
use crate::graph::ObjectId;
use crate::query::owners::FindOwners;
use crate::snapshot::Snapshot;

/// A filter as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Only {
    /// One that is the same in every snapshot.
    Filter(NodeFilter),
    /// What belongs to the native context of that id alone.
    NativeContext(ObjectId),
    /// What the functions of that name allocated.
    AllocatedBy(String),
    /// What belongs to the package of that name.
    Package(String),
    /// What belongs to the script or module of that name or path.
    Module(String),
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

impl Only {
    /// What it lets pass in `snapshot`.
    pub(super) fn filter(&self, desk: &mut Desk, snapshot: &Snapshot) -> Result<NodeFilter, CliError> {
        let file = snapshot.path().display();
        match self {
            Self::Filter(filter) => Ok(*filter),
            Self::NativeContext(id) => {
                let found = snapshot.find(*id).map(NodeFilter::NativeContext);
                found.ok_or_else(|| CliError::Usage(format!("there is no object {id} in {file}")))
            }
            Self::AllocatedBy(name) => {
                let traces = snapshot.graph().traces();
                let strings = snapshot.graph().strings();
                let mut named = (0..).zip(traces.functions());
                let function = named.find(|(_, function)| strings.get(function.name) == name.as_str());
                let function = function.map(|(place, _)| NodeFilter::AllocatedBy(place));
                function.ok_or_else(|| {
                    CliError::Usage(if traces.is_empty() {
                        format!("{file} holds no allocation stacks")
                    } else {
                        format!("no function called {name} allocated anything in {file}")
                    })
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
        }
    }
}

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
        type Named = fn(String) -> Only;
        let named: [(&str, Named); 3] = [
            (BY, Self::AllocatedBy),
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
            "there are {}, {CONTEXT}@ID, {RANGE}ID..ID, {BY}FUNCTION, {PACKAGE}NAME, {MODULE}NAME",
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
