//! Functions and classes: what they are called, and for what function a memoizing one is.

use super::Holders;
use crate::analysis::owner_claims::follow;
use crate::base::index::NodeIx;
use crate::base::text::{JsStr, JsString};
use crate::graph::{EdgeKind, EdgeName, NodeKind};

/// A context of more variables is a module's.
const MOST_VARIABLES: usize = 24;
/// So many properties of an object are looked at.
const MOST_PROPERTIES: usize = 200;

impl Holders<'_> {
    /// The name that a function has itself.
    pub(super) fn name_of(&self, function: Option<NodeIx>) -> Option<JsString> {
        let name = self.graph.raw_name(function?);
        (!name.is_empty()).then(|| name.to_owned())
    }

    pub(super) fn context_of(&self, function: NodeIx) -> Option<NodeIx> {
        follow(self.graph, function, EdgeKind::Internal, &self.names.context)
    }

    /// Are the variables of `context` those of a module, and not of a call?
    pub(super) fn is_modules(&self, context: NodeIx) -> bool {
        let graph = self.graph;
        let outer = follow(graph, context, EdgeKind::Internal, &self.names.previous);
        if outer.is_none_or(|outer| self.names.native_contexts.contains(graph.name_ix(outer))) {
            return true;
        }
        let mut variables = 0;
        for edge in graph.edges(context) {
            if graph.head(edge).kind() != EdgeKind::Context {
                continue;
            }
            variables += 1;
            let is_sign = graph
                .edge_name_ix(edge)
                .is_some_and(|name| self.names.module_variables.contains(name));
            if is_sign || variables > MOST_VARIABLES {
                return true;
            }
        }
        false
    }

    /// The function that was handed to the call whose variables `context` holds: the one that does what is memoized.
    pub(super) fn captured(&self, context: NodeIx) -> Option<NodeIx> {
        let graph = self.graph;
        if !self.names.contexts.contains(graph.name_ix(context)) || self.is_modules(context) {
            return None;
        }
        let mut found: Option<NodeIx> = None;
        let mut count = 0;
        for edge in graph.edges(context) {
            let head = graph.head(edge);
            let function = head.target();
            if head.kind() != EdgeKind::Context
                || graph.kind(function) != NodeKind::Closure
                || self.context_of(function) == Some(context)
            {
                continue;
            }
            if graph
                .edge_name_ix(edge)
                .is_some_and(|name| self.names.functions.contains(name))
            {
                return Some(function);
            }
            count += 1;
            found = Some(function);
        }
        found.filter(|_| count == 1)
    }

    /// The first function in the file that was made with the variables of `context`.
    pub(super) fn user(&self, context: NodeIx) -> Option<NodeIx> {
        let heads = self.retainers.heads(context).iter();
        let inner = heads.filter(|head| head.kind() == EdgeKind::Internal);
        let mut functions = inner
            .map(|head| head.target())
            .filter(|&node| self.graph.kind(node) == NodeKind::Closure);
        functions.next_back()
    }

    /// The function that made an object, by way of its prototype.
    pub(super) fn constructor(&self, instance: NodeIx) -> Option<NodeIx> {
        let own = |node, name| follow(self.graph, node, EdgeKind::Property, name);
        let prototype = own(instance, &self.names.proto)?;
        own(prototype, &self.names.constructor).filter(|&made| self.graph.kind(made) == NodeKind::Closure)
    }

    /// Does an object have a property of one of those names, whatever its value? Small integers leave no edge, but the names
    /// stand in the object's hidden class. Names are compared without underscores, `#` and case.
    pub fn property_among(&self, object: NodeIx, is_wanted: impl Fn(&str) -> bool) -> Option<JsString> {
        let graph = self.graph;
        let cursor = graph.node(object);
        let plain = |name: JsStr<'_>| {
            let text = name.to_string_lossy();
            let text = text
                .strip_prefix("<symbol ")
                .and_then(|rest| rest.strip_suffix('>'))
                .unwrap_or(&text);
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect::<String>()
        };
        for edge in cursor.edges().take(MOST_PROPERTIES) {
            if edge.kind() == EdgeKind::Property
                && let EdgeName::Text(name) = edge.name()
                && is_wanted(&plain(name))
            {
                // A number that is no small integer may be infinite: no limit then.
                let is_boxed = matches!(edge.target().kind(), NodeKind::Number | NodeKind::Hidden);
                return (!is_boxed).then(|| name.to_owned());
            }
        }
        let class = cursor.follow(EdgeKind::Internal, "map")?;
        let descriptors = class.follow(EdgeKind::Internal, "descriptors")?;
        let names = descriptors
            .edges()
            .take(MOST_PROPERTIES)
            .map(|edge| edge.target());
        let mut names = names.filter_map(|node| match node.kind() {
            NodeKind::String => Some(node.raw_name()),
            // Names of private members are symbols too, of no type of their own.
            NodeKind::Symbol | NodeKind::Hidden => {
                let name = node.follow(EdgeKind::Internal, "name")?;
                Some(name.raw_name())
            }
            _ => None,
        });
        names.find(|&name| is_wanted(&plain(name))).map(JsStr::to_owned)
    }
}
