//! Classes: what the rows of the Summary stand for.

use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::{HeapGraph, Place};

use super::detachedness::DomStates;

/// A class: nodes of one class name, and for objects one constructor's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The class name: `Map`, `(string)`, `{id, name}`.
    pub name: JsString,
    /// Where the constructor stands, for objects of which the file tells.
    pub place: Option<Place>,
}

impl Class {
    /// The key that tells rows of equal name apart: `scriptId,line,column,name`, or `,name` without a place.
    pub fn key(&self) -> JsString {
        let mut key = match self.place {
            Some(Place {
                script_id,
                line,
                column,
            }) => JsString::from(format!("{script_id},{line},{column},")),
            None => JsString::from(","),
        };
        key.push(self.name.as_js());
        key
    }
}

/// The class of every node (also of those with shallow size 0, which no row counts).
#[derive(Debug)]
pub struct ClassTable {
    classes: Vec<Class>,
    of: Packed<NodeIx>,
}

impl ClassTable {
    /// Names every node's class, inferring interfaces for plain objects from their properties.
    pub fn build(_graph: &HeapGraph, _dom: &DomStates, _task: &Task) -> Result<Self, Cancelled> {
        unimplemented!()
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Are there no classes?
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The class `ix`.
    pub fn class(&self, ix: ClassIx) -> &Class {
        &self.classes[ix.at()]
    }

    /// The class of `node`.
    #[inline]
    pub fn of(&self, node: NodeIx) -> ClassIx {
        ClassIx::from_raw(u32::try_from(self.of.get(node)).unwrap_or_default())
    }
}
