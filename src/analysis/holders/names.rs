//! Names on which it turns who holds an object.

use crate::analysis::string_map::StringSet;
use crate::graph::HeapGraph;

/// Strings that are looked for.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) contexts: StringSet,
    pub(super) native_contexts: StringSet,
    pub(super) context: StringSet,
    pub(super) previous: StringSet,
    pub(super) proto: StringSet,
    pub(super) constructor: StringSet,
    /// Variables in which memoizers keep the function they are for.
    pub(super) functions: StringSet,
    /// Variables that only a module's outermost context has.
    pub(super) module_variables: StringSet,
    /// Classes of the language, whose objects say nothing of their makers.
    pub(super) plain: StringSet,
    pub(super) module: StringSet,
    /// Roots of the engine's through which programs hold objects.
    pub(super) handles: StringSet,
    /// The property under which parts of a lodash collection keep what they are made of.
    pub(super) data: StringSet,
}

impl Names {
    /// Looks them up.
    pub(super) fn new(graph: &HeapGraph) -> Self {
        let any = |wanted: &[&str]| {
            StringSet::matching(graph.strings(), |name| {
                wanted.iter().any(|wanted| name == *wanted)
            })
        };
        let beginning = |prefix: &str| {
            let more = format!("{prefix} / ");
            StringSet::matching(graph.strings(), |name| name == prefix || name.starts_with(&more))
        };
        Self {
            contexts: beginning("system / Context"),
            native_contexts: beginning("system / NativeContext"),
            context: any(&["context"]),
            previous: any(&["previous"]),
            proto: any(&["__proto__"]),
            constructor: any(&["constructor"]),
            functions: any(&[
                "func",
                "fn",
                "f",
                "function",
                "callback",
                "cb",
                "method",
                "original",
                "orig",
                "target",
                "loader",
                "fetcher",
                "compute",
                "factory",
                "producer",
                "resultFunc",
                "memoizedFn",
                "userFn",
                "wrapped",
                "inner",
            ]),
            module_variables: any(&[
                "module",
                "exports",
                "require",
                "__filename",
                "__dirname",
                "__webpack_require__",
                "__webpack_exports__",
                "__unused_webpack_module",
                "__webpack_module_cache__",
                "__webpack_modules__",
            ]),
            plain: any(&[
                "Object",
                "Array",
                "Map",
                "Set",
                "WeakMap",
                "WeakSet",
                "Promise",
                "Generator",
                "Proxy",
                "",
            ]),
            module: any(&["Module"]),
            handles: any(&[
                "(Stack roots)",
                "(Handle scope)",
                "(Handle scopes)",
                "(Global handles)",
                "(Traced handles)",
                "(Persistent roots)",
            ]),
            data: any(&["__data__"]),
        }
    }
}
