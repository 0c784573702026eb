//! What is this in the other snapshot?

use super::Query;
use super::comparison::Pair;
use super::subject::What;
use crate::analysis::id_index::IdIndex;
use crate::analysis::id_space::{IdSpace, Verdict};
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// One snapshot of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The older one.
    Base,
    /// The newer one.
    Current,
}

/// Asks for the same thing in the other snapshot: the same object if objects can be matched and it is there; else the class
/// of the same name and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counterpart {
    /// The snapshot that the thing is of.
    pub of: Which,
    /// The thing.
    pub what: What,
    /// Whether objects can be matched, if that is known from [`IdSpaceOf`]; otherwise it is found out, at some cost.
    pub verdict: Option<Verdict>,
}

/// Asks whether the ids of two snapshots mean the same objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdSpaceOf;

impl Query for IdSpaceOf {
    type Over = Pair;
    /// With the sample it rests on; [`IdSpace::verdict`] tells what follows.
    type Answer = IdSpace;

    fn run(&self, pair: &Pair, task: &Task) -> Result<IdSpace, Cancelled> {
        let ids = IdIndex::build(pair.base.graph(), task)?;
        IdSpace::measure(pair.base.graph(), &ids, pair.current.graph(), task)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Matching ids")
    }
}

impl Query for Counterpart {
    type Over = Pair;
    type Answer = Option<What>;

    fn run(&self, pair: &Pair, task: &Task) -> Result<Option<What>, Cancelled> {
        let (here, there) = match self.of {
            Which::Base => (&*pair.base, &*pair.current),
            Which::Current => (&*pair.current, &*pair.base),
        };
        let class = match self.what {
            What::Class(class) => class,
            What::Object(node) => {
                let verdict = match self.verdict {
                    Some(verdict) => verdict,
                    None => IdSpaceOf.run(pair, task)?.verdict(),
                };
                if verdict == Verdict::Comparable
                    && let Some(found) = same_object(here, node, there, task)?
                {
                    return Ok(Some(What::Object(found)));
                }
                here.class_of(node)
            }
        };
        let class = here.classes().class(class);
        let found = there.classes().all().iter().position(|other| other == class);
        Ok(found.map(|at| What::Class(ClassIx::new(at))))
    }
}

/// The object of the same id, if it may be the same: of the same type; and of the same class if its id is not V8's own but
/// the embedder's, who may give it to something else.
fn same_object(
    here: &Snapshot,
    node: NodeIx,
    there: &Snapshot,
    task: &Task,
) -> Result<Option<NodeIx>, Cancelled> {
    let id = here.id(node);
    for other in there.graph().nodes() {
        task.check_at(other.at())?;
        if there.id(other) != id {
            continue;
        }
        let class = |snapshot: &Snapshot, node| snapshot.classes().class(snapshot.class_of(node)).clone();
        let alike = here.graph().kind_name(node) == there.graph().kind_name(other)
            && (id.0 & 1 == 1 || class(here, node) == class(there, other));
        return Ok(alike.then_some(other));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::query::testing::{ask, named, snapshot};

    fn pair(base: &str, current: &str) -> Pair {
        Pair {
            base: Arc::new(snapshot(base)),
            current: Arc::new(snapshot(current)),
        }
    }

    const BASE: &str = "
        root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -a-> Kept:object/16 #5
        window -b-> Gone:object/16 #7 @4:5:6
        window -n-> Native:native/16 #8
        window -c-> Changed:object/16 #9
    ";
    const CURRENT: &str = "
        root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -z-> new=Gone:object/32 #11 @4:5:6
        window -a-> Kept:object/48 #5
        window -y-> elsewhere=Gone:object/32 #13 @4:5:7
        window -n-> Other:native/16 #8
        window -c-> Changed:string/16 #9
    ";

    fn of(pair: &Pair, name: &str, verdict: Option<Verdict>) -> String {
        let node = named(&pair.base, name);
        let question = |what| Counterpart {
            of: Which::Base,
            what,
            verdict,
        };
        match ask(&question(What::Object(node)), pair) {
            Some(What::Object(node)) => format!("object {}", pair.current.id(node)),
            Some(What::Class(class)) => {
                let by_class = ask(&question(What::Class(pair.base.class_of(node))), pair);
                assert_eq!(by_class, Some(What::Class(class)));
                format!("class {}", pair.current.classes().class(class).key())
            }
            None => "nothing".to_owned(),
        }
    }

    #[test]
    fn objects_are_matched_by_id_and_else_by_class() {
        let pair = pair(BASE, CURRENT);
        let comparable = Some(Verdict::Comparable);
        assert_eq!(of(&pair, "Kept", comparable), "object @5");
        assert_eq!(of(&pair, "Gone", comparable), "class 4,5,6,Gone");
        assert_eq!(of(&pair, "Native", comparable), "nothing");
        assert_eq!(of(&pair, "Changed", comparable), "nothing");
        assert_eq!(of(&pair, "Kept", Some(Verdict::Separate)), "class ,Kept");
    }

    #[test]
    fn whether_ids_compare_is_measured() {
        let same = pair(BASE, BASE);
        let space = ask(&IdSpaceOf, &same);
        assert_eq!((space.sampled, space.verdict()), (4, Verdict::Comparable));
        assert_eq!(of(&same, "Gone", None), "object @7");
        let question = Counterpart {
            of: Which::Current,
            what: What::Object(named(&same.current, "Kept")),
            verdict: None,
        };
        assert_eq!(
            ask(&question, &same),
            Some(What::Object(named(&same.base, "Kept")))
        );
    }
}
