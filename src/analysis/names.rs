//! Displayed names of nodes.

use crate::base::index::NodeIx;
use crate::base::text::JsString;
use crate::graph::HeapGraph;

use super::detachedness::DomStates;

/// The displayed name of `node`: joined strings put together, plain objects shown by their properties.
pub fn displayed(_graph: &HeapGraph, _dom: &DomStates, _node: NodeIx) -> JsString {
    unimplemented!()
}
