use super::contents::CacheEntries;
use super::series::{CacheColumn, CacheRow, Caches, Series, Verdict, Whose};
use super::*;
use crate::query::pattern::{Pattern, Syntax};
use crate::query::testing::{ask, lines, snapshot};
use crate::query::{Direction, Order};

fn series(heaps: &[String]) -> Series {
    let list = |text: &String| ask(&FindCaches, &snapshot(text));
    Series {
        lists: heaps.iter().map(list).collect(),
    }
}

fn rows(question: &Caches, series: &Series) -> Vec<CacheRow> {
    let caches = ask(question, series);
    caches.iter().filter_map(|&cache| series.row(cache)).collect()
}

/// Kind, owner, module, binding, entries of all caches.
fn told(heap: &str) -> Vec<String> {
    use CacheColumn::{Binding, Entries, Kind, Module, Owner};
    let series = series(&[format!("{SCRIPTS}\n{heap}")]);
    lines(
        &(),
        &rows(&Caches::default(), &series),
        &[Kind, Owner, Module, Binding, Entries],
    )
}

/// The program's script, a package's, and functions in them: `own`, `lib`; the program's outermost context is `m`.
const SCRIPTS: &str = r#"
    root="":synthetic/0 -shortcut:w-> w:object/8
    w -own-> own=use:closure/32 -internal:shared-> so=use:code/8 -internal:script-> "/srv/app/main.js":code/8
    w -lib-> lib=tool:closure/32 -internal:shared-> sl=tool:code/8 -internal:script-> "/srv/node_modules/lib/index.js":code/8
    w -other-> "/srv/b.js":code/8
    own -internal:context-> m="system / Context":object/16 -internal:previous-> native="system / NativeContext":hidden/8
    lib -internal:context-> ml="system / Context":object/16 -internal:previous-> native
"#;

/// A `Map` called `key` with two entries whose keys and values are texts.
fn map(key: &str) -> String {
    format!(
        "{key}=Map:object/32 -internal:table-> t{key}=\"\":array/264\n\
         t{key} -internal:7-> {key}1=one:string/16\nt{key} -internal:8-> {key}v=value:string/16\n\
         t{key} -internal:10-> {key}2=two:string/16\nt{key} -internal:11-> {key}v"
    )
}

#[test]
fn variables_properties_and_fields_name_what_they_hold() {
    let variable = format!("{}\nm -context:sessions-> c", map("c"));
    assert_eq!(told(&variable), ["Map - main.js sessions 2"]);
    let global = format!("{}\nw -keep-> k=Object:object/16 -byName-> c", map("c"));
    assert_eq!(told(&global), ["Map - - keep.byName 2"]);
    let field = format!(
        "{}\nm -context:repo-> r=Repository:object/16 -byId-> c\nr -__proto__-> p=Object:object/16 -constructor-> own",
        map("c")
    );
    assert_eq!(told(&field), ["Map Repository main.js byId 2"]);
    let property = format!("{}\nown -seen-> c", map("c"));
    assert_eq!(told(&property), ["Map own main.js own.seen 2"]);
    let exported = format!(
        "{}\nw -mod-> Module:object/16 -exports-> x=Object:object/16 -cache-> c",
        map("c")
    );
    assert_eq!(told(&exported), ["Map - - exports.cache 2"]);
}

#[test]
fn memoized_functions_are_known_by_what_they_are_for() {
    // const titleFor = memo(function makeTitle() …): the package's function, the program's variable.
    let memo = format!(
        "{}\nm -context:titleFor-> f=memoized:closure/32 -internal:shared-> sl\n\
         f -internal:context-> x=\"system / Context\":object/16 -context:cache-> c\nx -internal:previous-> ml\n\
         x -context:fn-> g=makeTitle:closure/32 -internal:shared-> so\ng -internal:context-> m",
        map("c")
    );
    assert_eq!(told(&memo), ["Map makeTitle main.js cache 2"]);
    // Without a name of its own the function goes by that of the memoized one.
    let nameless = memo.replace("g=makeTitle:", "g=\"\":");
    assert_eq!(told(&nameless), ["Map titleFor main.js cache 2"]);
    // As lodash does: the cache is a property of the memoized function, the map two objects further in.
    let lodash = format!(
        "{}\nm -context:priceFor-> f=memoized:closure/32 -internal:shared-> sl\n\
         f -internal:context-> x=\"system / Context\":object/16 -context:func-> g=\"\":closure/32 -internal:shared-> so\n\
         g -internal:context-> m\nx -internal:previous-> ml\nx -context:memoized-> f\n\
         f -cache-> mc=MapCache:object/16 -__data__-> d=Object:object/16 -map-> c\n\
         mc -__proto__-> p=Object:object/16 -constructor-> lib",
        map("c")
    );
    assert_eq!(told(&lodash), ["MapCache priceFor main.js priceFor.cache 2"]);
}

#[test]
fn a_packages_collections_are_their_users() {
    let lru = |holder: &str| {
        format!(
            "{}\n{holder}-> l=LRUCache:object/16 -map-> c\nl -__proto__-> p=Object:object/16 -constructor-> lib\n\
             l -internal:map-> h=\"system / Map\":object_shape/8 -internal:descriptors-> d=\"\":object_shape/8 -internal:0-> \"max\":string/8",
            map("c")
        )
    };
    assert_eq!(
        told(&lru("m -context:sessions")),
        ["LRUCache - main.js sessions 2"]
    );
    // Within the package it stays a field of its class.
    assert_eq!(
        told(&lru("ml -context:sessions")),
        ["Map LRUCache node_modules/lib/index.js map 2"]
    );
    let found = series(&[format!("{SCRIPTS}\n{}", lru("m -context:sessions"))]);
    let row = &rows(&Caches::default(), &found)[0];
    assert_eq!(row.verdict, Verdict::Bounded);
    let shown = lines(
        &(),
        std::slice::from_ref(row),
        &[CacheColumn::Limit, CacheColumn::Package],
    );
    assert_eq!(shown, ["max mine"]);
}

#[test]
fn exports_of_es_modules_are_their_modules() {
    let exported = format!(
        "{}\nw -x-> code:code/8 -hidden:5-> cell=\"system / Cell\":hidden/16 -internal:value-> c\n\
         names=\"\":array/104 -internal:3-> other=rateFor:string/24\nnames -internal:4-> no=\"system / Cell\":hidden/16\n\
         names -internal:9-> rates:string/24\nnames -internal:10-> cell\n\
         w -y-> y=\"system / SourceTextModule\":hidden/144 -hidden:0-> names\n\
         y -hidden:4-> Generator:object/224 -internal:function-> own",
        map("c")
    );
    assert_eq!(told(&exported), ["Map - main.js rates 2"]);
}

#[test]
fn collections_of_one_name_are_one_cache() {
    let heap = format!(
        "{}\n{}\nm -context:list-> a=Array:object/32 -element:0-> s1=Session:object/16 -seen-> c\n\
         a -element:1-> s2=Session:object/16 -seen-> e",
        map("c"),
        map("e")
    );
    let found = series(&[format!("{SCRIPTS}\n{heap}")]);
    let all = rows(&Caches::default(), &found);
    // Two maps of 32 bytes with tables of 264 and three texts of 16 bytes each.
    assert_eq!(
        lines(
            &(),
            &all,
            &[
                CacheColumn::Owner,
                CacheColumn::Instances,
                CacheColumn::Entries,
                CacheColumn::Capacity,
                CacheColumn::RetainedSize,
                CacheColumn::Keys,
            ]
        ),
        ["Session 2 4 16 688 one,two"]
    );
}

#[test]
fn the_engines_and_the_runtimes_come_last() {
    let heap = format!(
        "{}\n{}\nm -context:small-> c\nroot -element:1-> big=\"(string table)\":array/20000\n\
         w -n-> n=emit:closure/32 -internal:shared-> sn=emit:code/8 -internal:script-> \"node:events\":code/8\n\
         n -internal:context-> mn=\"system / Context\":object/16 -context:handlers-> e\n\
         mn -internal:previous-> native\nmn -context:ballast-> b=Object:object/90000\ne -x-> b",
        map("c"),
        map("e")
    );
    let found = series(&[format!("{SCRIPTS}\n{heap}")]);
    let bindings = |question: &Caches| {
        lines(
            &(),
            &rows(question, &found),
            &[CacheColumn::Kind, CacheColumn::Binding],
        )
    };
    assert_eq!(
        bindings(&Caches::default()),
        ["Map small", "Map handlers", "engine table "]
    );
    let whose = |whose| {
        bindings(&Caches {
            whose,
            ..Caches::default()
        })
    };
    assert_eq!(whose(Whose::Own), ["Map small"]);
    assert_eq!(whose(Whose::Runtime), ["Map handlers", "engine table "]);
    assert_eq!(whose(Whose::Installed), [""; 0]);
    let pattern = Some(Pattern::new("HANDLERS", Syntax::Substring, false).unwrap());
    assert_eq!(
        bindings(&Caches {
            pattern,
            ..Caches::default()
        }),
        ["Map handlers"]
    );
}

/// A heap in which `sessions` has entries at these slots of a table of that size.
fn sessions(size: u64, entries: u32) -> String {
    use std::fmt::Write as _;
    let mut heap =
        format!("{SCRIPTS}\nm -context:sessions-> c=Map:object/32 -internal:table-> t=\"\":array/{size}\n");
    let buckets = u32::try_from((size / 8 - 5) / 7).unwrap();
    for entry in 0..entries {
        writeln!(
            heap,
            "t -internal:{}-> k{entry}=k{entry}:string/16",
            3 + buckets + 3 * entry
        )
        .unwrap();
    }
    heap
}

#[test]
fn verdicts_follow_the_entries() {
    // Tables with room for 8, 16, 32 and 64.
    let verdict = |counts: &[u32]| {
        let heaps: Vec<String> = counts
            .iter()
            .map(|&count| {
                sessions(
                    if count > 8 {
                        (5 + 7 * 16) * 8
                    } else {
                        (5 + 7 * 4) * 8
                    },
                    count,
                )
            })
            .collect();
        let found = series(&heaps);
        let row = rows(&Caches::default(), &found).remove(0);
        (row.verdict, row.growth())
    };
    assert_eq!(verdict(&[4]), (Verdict::Unknown, None));
    assert_eq!(verdict(&[4, 4, 4]), (Verdict::Steady, Some(0)));
    assert_eq!(verdict(&[2, 4, 8]), (Verdict::Growing, Some(6)));
    assert_eq!(verdict(&[2, 26, 28]), (Verdict::SlowingDown, Some(26)));
    assert_eq!(verdict(&[2, 4, 4]), (Verdict::LevelledOff, Some(2)));
    assert_eq!(verdict(&[8, 4, 2]), (Verdict::Shrinking, Some(-6)));
    assert_eq!(verdict(&[2, 8, 4]), (Verdict::UpAndDown, Some(2)));
}

#[test]
fn every_column_sorts() {
    let found = series(&[format!(
        "{SCRIPTS}\n{}\n{}\nm -context:b-> c\nm -context:a-> e\ne -x-> big=Object:object/500",
        map("c"),
        map("e")
    )]);
    for &by in <CacheColumn as crate::query::Column>::ALL {
        for direction in [Direction::Ascending, Direction::Descending] {
            let order = Order { by, direction };
            assert_eq!(
                rows(
                    &Caches {
                        order,
                        ..Caches::default()
                    },
                    &found
                )
                .len(),
                2
            );
        }
    }
    let by_binding = Caches {
        order: Order::ascending(CacheColumn::Binding),
        ..Caches::default()
    };
    assert_eq!(
        lines(&(), &rows(&by_binding, &found), &[CacheColumn::Binding]),
        ["a", "b"]
    );
}

#[test]
fn entries_are_pairs() {
    let heap = snapshot(&format!("{SCRIPTS}\n{}\nm -context:c-> c", map("c")));
    let found = ask(&FindCaches, &heap);
    let part = found.all()[0].cache.instances[0].parts[0];
    let entries = CacheEntries {
        node: part.node,
        kind: part.kind,
    };
    let name = |node: Option<NodeIx>| node.map(|node| heap.name(node).to_string());
    let pairs: Vec<_> = ask(&entries, &heap)
        .iter()
        .map(|row| (name(row.key), name(row.node)))
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        pairs,
        [(text("one"), text("value")), (text("two"), text("value"))]
    );
}

#[test]
fn keys_with_the_same_content_are_told_from_different_ones() {
    let heap = format!(
        "{SCRIPTS}\nm -context:byName-> c\n{}\nm -context:byObject-> d=Map:object/32 -internal:table-> t=\"\":array/264
         t -internal:7-> k1=Key:object/16 -id-> id=seven:string/16\nt -internal:8-> v=value:string/16
         t -internal:10-> k2=Key:object/16 -id-> id\nt -internal:11-> v
         t -internal:13-> k3=Key:object/16 -id-> other=eight:string/16\nt -internal:14-> v",
        map("c")
    );
    let series = series(&[heap]);
    let columns = &[
        CacheColumn::Binding,
        CacheColumn::DifferentKeys,
        CacheColumn::ComparedKeys,
    ];
    let question = Caches {
        order: Order::ascending(CacheColumn::Binding),
        ..Caches::default()
    };
    assert_eq!(
        lines(&(), &rows(&question, &series), columns),
        ["byName 2 2", "byObject 2 3"]
    );
}
