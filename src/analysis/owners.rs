//! Which script or module of the program each node belongs to.

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::HeapGraph;

use super::classes::ClassTable;
use super::dominators::Dominators;
use super::owner_claims::{Claims, DISPUTED, NOBODY};
use super::owner_names::shorten;
use super::packages::Package;

crate::index! {
    /// A script or module of [`Owners`].
    OwnerIx
}

/// The script or module of every node: the nearest up the dominator tree.
///
/// A function, its code and its script belong to the script; so do the variables (contexts) of its functions, and a module
/// object of Node belongs to the file it names. Everything else belongs to what its immediate dominator belongs to; if that is
/// nothing, an object belongs to the script of its constructor where the file tells places (but not a global object, in which
/// everyone's things hang).
#[derive(Debug)]
pub struct Owners {
    all: Vec<Owner>,
    /// [`NOBODY`], or one more than the number of the owner.
    of: Packed<NodeIx>,
    unowned: OwnedSum,
}

#[derive(Debug)]
struct Owner {
    path: JsString,
    short: JsString,
    package: Package,
    sum: OwnedSum,
}

/// What belongs to an owner: nodes of shallow size above 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnedSum {
    /// How many nodes.
    pub count: u64,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
}

impl Owners {
    /// Finds the owners of all nodes; `name` gives a node's displayed name, `order` all nodes, each after its immediate
    /// dominator. Owners are numbered in the order in which what names them stands in the file, scripts first.
    pub fn build(
        graph: &HeapGraph,
        classes: &ClassTable,
        dominators: &Dominators,
        order: impl Iterator<Item = NodeIx>,
        shallow: &Packed<NodeIx>,
        name: impl Fn(NodeIx) -> JsString,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let Claims {
            paths,
            mut of,
            by_class,
            globals,
        } = Claims::build(graph, classes, name, task)?;
        // What belongs to something only for its constructor's sake: a constructor further down says more.
        let mut is_guess = BitSet::new(graph.node_count());
        let mut sums = vec![OwnedSum::default(); paths.len() + 1];
        for (position, node) in order.enumerate() {
            task.check_at(position)?;
            let own = of[node.at()];
            if own == NOBODY || own == DISPUTED {
                let above = dominators.of(node);
                let mut owner = if above == node { NOBODY } else { of[above.at()] };
                let is_guessed = owner == NOBODY || is_guess.contains(above);
                if is_guessed && !globals.contains(&node) {
                    let constructor = by_class[classes.of(node).at()];
                    owner = if constructor == NOBODY { owner } else { constructor };
                }
                if is_guessed {
                    is_guess.insert(node);
                }
                of[node.at()] = owner;
            }
            let size = shallow.get(node);
            let sum = &mut sums[of[node.at()] as usize];
            sum.count += u64::from(size != 0);
            sum.shallow_size += size;
        }
        let texts: Vec<_> = paths.iter().map(|path| path.as_js().to_string_lossy()).collect();
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        let short = shorten(&texts);
        let packages = texts.iter().map(|path| Package::of(path));
        let owners = paths.iter().zip(short).zip(packages).zip(&sums[1..]);
        Ok(Self {
            all: owners
                .map(|(((path, short), package), &sum)| Owner {
                    path: path.clone(),
                    short: short.into(),
                    package,
                    sum,
                })
                .collect(),
            of: Packed::build(of.len(), |at| u64::from(of[at]), task)?,
            unowned: sums[NOBODY as usize],
        })
    }

    /// How many owners there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Are there no owners?
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All owners.
    pub fn all(&self) -> impl ExactSizeIterator<Item = OwnerIx> + Clone + use<> {
        crate::base::index::all(self.len())
    }

    /// The owner of `node`, if it has one.
    #[inline]
    pub fn of(&self, node: NodeIx) -> Option<OwnerIx> {
        let number = u32::try_from(self.of.get(node)).unwrap_or(NOBODY);
        number.checked_sub(1).map(OwnerIx::from_raw)
    }

    /// Brings the owner of `node` near.
    #[inline]
    pub fn prefetch(&self, node: NodeIx) {
        self.of.prefetch(node);
    }

    /// Is an owner a part of the runtime, and not of the program?
    pub fn is_of_runtime(&self, owner: OwnerIx) -> bool {
        self.package(owner).is_runtime()
    }

    /// The short name of an owner: `app/pricing.js`, `node:fs`, `node_modules/lodash/memoize.js`.
    pub fn name(&self, owner: OwnerIx) -> JsStr<'_> {
        self.all[owner.at()].short.as_js()
    }

    /// The whole path or address of an owner.
    pub fn path(&self, owner: OwnerIx) -> JsStr<'_> {
        self.all[owner.at()].path.as_js()
    }

    /// The package of an owner.
    pub fn package(&self, owner: OwnerIx) -> &Package {
        &self.all[owner.at()].package
    }

    /// What belongs to `owner`, or without one to nobody.
    pub fn sum(&self, owner: Option<OwnerIx>) -> OwnedSum {
        owner.map_or(self.unowned, |owner| self.all[owner.at()].sum)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};
    use crate::graph::NodeKind;

    fn owners(heap: &Heap) -> Owners {
        let name = |node| heap.graph.raw_name(node).to_owned();
        let graph = &heap.graph;
        let order = heap.order.iter().map(|(node, _)| node);
        Owners::build(
            graph,
            &heap.classes,
            &heap.dominators,
            order,
            &heap.shallow,
            name,
            &Task::new(),
        )
        .unwrap()
    }

    fn owner(heap: &Heap, owners: &Owners, name: &str) -> String {
        let node = heap.graph.nodes().find(|&node| heap.graph.raw_name(node) == name);
        let owner = owners.of(node.unwrap());
        owner.map_or_else(|| "-".to_owned(), |owner| owners.name(owner).to_string())
    }

    const HEAP: &str = r#"
        root="":synthetic/0 -shortcut:g-> global:object/8 -f-> f:closure/32 -internal:shared-> sf=f:code/40
        sf -internal:script-> one="/srv/app/one.js":code/100 -internal:source-> source:string/50
        f -internal:context-> inner="system / Context":object/16 -context:cache-> cache:object/64
        inner -internal:previous-> outer="system / Context":object/16 -context:list-> list:object/8
        outer -internal:previous-> native="system / NativeContext":hidden/8 -internal:x-> builtin:closure/32
        global -native-> native
        global -inner-> inner
        global -outer-> outer
        global -g-> g:closure/32 -internal:shared-> sg=g:code/40 -internal:script_or_debug_info-> two="system / Script / file:///srv/app/lib/two.js":code/100
        g -table-> table:object/1000
        global -h-> h:closure/32 -internal:shared-> sh=h:code/40 -internal:script-> odd="system / Script":code/8
        global -m-> m=Module:object/16 -filename-> file="/srv/app/lib/two.js":string/24
        m -exports-> exported:object/48
        global -n-> n=Module:object/16 -filename-> other="/srv/app/no.js":string/24
    "#;

    #[test]
    fn what_a_script_made_is_its_own() {
        let heap = Heap::of(HEAP);
        let owners = owners(&heap);
        let owned_by = |name| owner(&heap, &owners, name);
        for name in [
            "f",
            "/srv/app/one.js",
            "source",
            "cache",
            "list",
            "system / Context",
        ] {
            assert_eq!(owned_by(name), "one.js", "{name}");
        }
        for name in ["g", "table", "exported"] {
            assert_eq!(owned_by(name), "lib/two.js", "{name}");
        }
        for name in [
            "root",
            "global",
            "builtin",
            "h",
            "system / NativeContext",
            "/srv/app/no.js",
        ] {
            assert_eq!(owned_by(if name == "root" { "" } else { name }), "-", "{name}");
        }
        let [one, two] = owners.all().collect::<Vec<_>>()[..] else {
            panic!("{owners:?}")
        };
        assert_eq!(owners.path(two), "/srv/app/lib/two.js");
        assert_eq!(
            owners.sum(Some(one)).shallow_size,
            32 + 40 + 100 + 50 + 16 + 64 + 16 + 8
        );
        assert_eq!(owners.sum(Some(one)).count, 8);
    }

    #[test]
    fn a_context_that_two_scripts_claim_is_neithers() {
        let heap = Heap::of(
            r#"root="":synthetic/0 -shortcut:w-> w:object/8 -f-> f:closure/8 -internal:shared-> sf:code/8 -internal:script-> "a.js":code/8
            w -g-> g:closure/8 -internal:shared-> sg:code/8 -internal:script-> "b.js":code/8
            f -internal:context-> c="system / Context":object/8 -context:x-> x:object/8
            g -internal:context-> c"#,
        );
        assert_eq!(owner(&heap, &owners(&heap), "x"), "-");
    }

    #[test]
    fn what_hangs_nowhere_belongs_to_its_constructors_script() {
        let heap = Heap::of(
            r#"root="":synthetic/0 -shortcut:w-> w:object/8 @7:5:5 -f-> f:closure/8 @7:1:2 -internal:shared-> s:code/8 -internal:script-> "a.js":code/8
            w -g-> g:closure/8 @9:1:2 -internal:shared-> sg:code/8 -internal:script-> "b.js":code/8
            w -list-> l=List:object/8 @9:1:2 -of-> in=Inner:object/8 @7:3:3 -y-> y:object/8
            w -t-> t=Ticket:object/8 @7:9:9 -x-> x:object/8
            w -u-> u=Other:object/8 @8:9:9"#,
        );
        let owners = owners(&heap);
        for (name, owned_by) in [
            ("Ticket", "a.js"),
            ("x", "a.js"),
            ("Other", "-"),
            ("w", "-"),
            ("List", "b.js"),
            ("y", "a.js"),
        ] {
            assert_eq!(owner(&heap, &owners, name), owned_by, "{name}");
        }
    }

    #[test]
    fn sums_add_up_and_owners_are_inherited() {
        for seed in 0..30 {
            let mut dice = Dice::new(seed);
            let nodes = 10 + dice.roll(40);
            let mut text = random_heap(&mut dice, nodes);
            for _ in 0..nodes / 2 {
                let (f, s, script) = (dice.roll(nodes), dice.roll(nodes), dice.roll(3));
                let _ = writeln!(
                    text,
                    "n{f} -internal:shared-> s{s}:code/8 -internal:script-> \"{script}.js\":code/8"
                );
            }
            let heap = Heap::of(&text);
            let owners = owners(&heap);
            let all = owners.all().map(Some).chain([None]);
            let total: u64 = all.map(|owner| owners.sum(owner).shallow_size).sum();
            assert_eq!(total, heap.retained.get(heap.graph.root()), "seed {seed}");
            for node in heap.graph.nodes() {
                let is_plain = matches!(heap.graph.kind(node), NodeKind::Array | NodeKind::String);
                if is_plain {
                    assert_eq!(
                        owners.of(node),
                        owners.of(heap.dominators.of(node)),
                        "seed {seed}"
                    );
                }
            }
        }
    }
}
