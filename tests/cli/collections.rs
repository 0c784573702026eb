//! A heap with collections and with objects that are alike.

use std::fmt::Write as _;

/// A program's map of sessions with so many entries, a set of numbers, and a list of requests that are all alike.
pub(crate) fn sessions(entries: u32) -> String {
    let mut heap = String::from(
        r#"root:synthetic/0 -shortcut:w-> window:object/64 -f-> f=use:closure/32 -internal:shared-> s=use:code/8 -internal:script-> "/srv/app/main.js":code/8
        window -other-> "/srv/app/lib/b.js":code/8
        f -internal:context-> m="system / Context":object/16 -internal:previous-> n="system / NativeContext":hidden/8
        m -context:sessions-> map=Map:object/32 -internal:table-> t="":array/264
        m -context:numbers-> set=Set:object/32 -internal:table-> u="":array/200
        m -context:registry-> list=Array:object/32 -internal:elements-> e="(object elements)":array/256
        m -context:bus-> bus=Bus:object/16 -_events-> events=Object:object/16 -change-> f
        m -context:large-> large=Table:object/4000
        root -element:1-> big="(string table)":array/20000
        "#,
    );
    for at in 0..entries {
        let slot = 7 + 3 * at;
        let _ = writeln!(heap, "t -internal:{slot}-> k{at}=key{at}:string/16");
        let _ = writeln!(
            heap,
            "t -internal:{}-> v{at}=Session:object/48 -id-> k{at}",
            slot + 1
        );
    }
    for at in 0..4 {
        let _ = writeln!(
            heap,
            "list -element:{at}-> r{at}=Request:object/48 -url-> u{at}=\"/api\":string/24"
        );
        let _ = writeln!(
            heap,
            "e -internal:{at}-> r{at}\nr{at} -options-> o{at}=Object:object/40 -cache-> never:string/16"
        );
    }
    heap
}
