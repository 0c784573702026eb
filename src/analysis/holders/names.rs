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
    /// In what exported variables stand.
    pub(super) cell: StringSet,
    /// Roots of the engine's through which programs hold objects.
    pub(super) handles: StringSet,
    /// The property under which parts of a lodash collection keep what they are made of.
    pub(super) data: StringSet,
}

impl Names {
    /// Looks them up.
    pub(super) fn new(graph: &HeapGraph) -> Self {
        let beginning = |prefix: &str| {
            let more = format!("{prefix} / ");
            StringSet::matching(graph.strings(), |name| name == prefix || name.starts_with(&more))
        };
        let [
            context,
            previous,
            proto,
            constructor,
            functions,
            module_variables,
            plain,
            module,
            cell,
            handles,
            data,
        ] = StringSet::each_of(
            graph.strings(),
            [
                &["context"],
                &["previous"],
                &["__proto__"],
                &["constructor"],
                &[
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
                ],
                &[
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
                ],
                &[
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
                ],
                &["Module", "BuiltinModule", "NativeModule"],
                &["system / Cell"],
                &[
                    "(Stack roots)",
                    "(Handle scope)",
                    "(Handle scopes)",
                    "(Global handles)",
                    "(Traced handles)",
                    "(Persistent roots)",
                ],
                &["__data__"],
            ],
        );
        Self {
            contexts: beginning("system / Context"),
            native_contexts: beginning("system / NativeContext"),
            context,
            previous,
            proto,
            constructor,
            functions,
            module_variables,
            plain,
            module,
            cell,
            handles,
            data,
        }
    }
}
