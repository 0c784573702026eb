use super::*;
use crate::query::Column as _;
use crate::query::pattern::Syntax;
use crate::query::testing::{ask, lines, snapshot};

/// A program with listeners, timers, what waits for a promise, functions and a scope that keeps a table.
const HEAP: &str = r#"
    root:synthetic/0 -shortcut:w-> window:object/8 -main-> main=start:closure/32 -internal:shared-> sm=start:code/8 -internal:script-> "/srv/app/main.js":code/8
    main -internal:context-> scope="system / Context":object/16 -internal:previous-> "system / NativeContext":hidden/8
    scope -context:table-> table=Table:object/5000
    scope -context:small-> small=Tiny:object/16
    window -bus-> bus=Bus:object/16 -_events-> events=Object:object/16 -change-> list=Array:object/16
    list -element:0-> l1=onChange:closure/40 -internal:shared-> sl=onChange:code/8 -internal:script-> other="/srv/node_modules/lib/i.js":code/8
    list -element:1-> l2=onChange:closure/40 -internal:shared-> sl
    l2 -internal:context-> c2="system / Context":object/100
    events -end-> once=wrapper:object/16 -internal:bound_function-> w=wrapper:closure/32 -listener-> real=onEnd:closure/32
    real -internal:shared-> se=onEnd:code/8 -internal:script-> other
    events -__proto__-> base:object/8
    window -t1-> t1=Timeout:object/120 -_onTimeout-> tick1=tick:closure/32 -internal:shared-> st=tick:code/8 -internal:script-> other
    window -t2-> t2=Timeout:object/120 -_onTimeout-> tick2=tick:closure/32 -internal:shared-> st
    window -p-> p=Promise:object/32 -internal:reactions_or_result-> r1="system / PromiseReaction":hidden/40
    r1 -internal:fulfill_handler-> h1="":closure/32 -internal:context-> ac="system / Context":object/24 -context:gen-> gen=Generator:object/64
    gen -internal:parameters_and_registers-> regs:array/8
    gen -internal:function-> waits=waitFor:closure/32 -internal:shared-> sw=waitFor:code/8 -internal:script-> other
    r1 -internal:next-> r2="system / PromiseReaction":hidden/40 -internal:fulfill_handler-> h2=after:closure/32 -internal:shared-> sh=after:code/8
"#;

const COLUMNS: &[CallbackColumn] = &[
    CallbackColumn::Kind,
    CallbackColumn::Name,
    CallbackColumn::Of,
    CallbackColumn::Function,
    CallbackColumn::Module,
    CallbackColumn::Count,
    CallbackColumn::RetainedSize,
];

fn rows(
    kind: Option<CallbackKind>,
    pattern: Option<&str>,
    order: Option<Order<CallbackColumn>>,
) -> Vec<String> {
    let snapshot = snapshot(HEAP);
    let list = ask(&FindCallbacks, &snapshot);
    let pattern = pattern.map(|text| Pattern::new(text, Syntax::Substring, false).unwrap());
    let question = Callbacks {
        list: list.clone(),
        kind,
        pattern,
        order,
    };
    let found = ask(&question, &snapshot).into_iter();
    let rows: Vec<CallbackRow> = found.map(|at| list.row(at).unwrap().clone()).collect();
    lines(&snapshot, &rows, COLUMNS)
}

#[test]
fn listeners_are_told_by_emitter_and_event() {
    assert_eq!(
        rows(Some(CallbackKind::Listener), None, None),
        [
            "listener change Bus onChange node_modules/lib/i.js 2 180",
            "listener end Bus onEnd node_modules/lib/i.js 1 88",
        ]
    );
}

#[test]
fn listeners_of_an_event_target_stand_in_a_list() {
    let snapshot = snapshot(
        r#"root:synthetic/0 -shortcut:w-> window:object/8 -signal-> signal=AbortSignal:object/16 -"<symbol kEvents>"-> map=Map:object/32
        map -internal:table-> t="":array/264
        t -internal:7-> key=abort:string/16
        t -internal:8-> list=Object:object/16 -next-> l1=Listener:object/40 -callback-> f=onAbort:closure/32
        l1 -next-> l2=Listener:object/40 -callback-> f
        l2 -next-> undefined="system / Oddball":hidden/16"#,
    );
    let list = ask(&FindCallbacks, &snapshot);
    let row = list.0.iter().find(|row| row.kind == CallbackKind::Listener);
    let row = row.unwrap();
    assert_eq!((row.name.to_string().as_str(), row.count()), ("abort", 2));
    assert_eq!(
        row.of.as_ref().map(ToString::to_string).as_deref(),
        Some("AbortSignal")
    );
}

#[test]
fn timers_and_what_waits_for_promises_are_told_by_their_functions() {
    assert_eq!(
        rows(Some(CallbackKind::Timer), None, None),
        ["timer Timeout - tick node_modules/lib/i.js 2 304"]
    );
    let waiting = rows(Some(CallbackKind::Reaction), None, None);
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    assert!(waiting[0].starts_with("promise await - waitFor node_modules/lib/i.js 1 "));
    assert!(waiting[1].starts_with("promise then - after - 1 "));
}

#[test]
fn functions_and_what_scopes_keep() {
    let functions = rows(Some(CallbackKind::Function), None, None);
    assert_eq!(
        functions,
        [
            "function onChange - onChange node_modules/lib/i.js 2 180",
            "function tick - tick node_modules/lib/i.js 2 64",
        ]
    );
    assert_eq!(
        rows(Some(CallbackKind::Variable), None, None),
        ["variable table Table - main.js 1 5000"]
    );
}

#[test]
fn the_programs_own_come_first_and_every_column_sorts() {
    assert_eq!(rows(None, None, None)[0], "variable table Table - main.js 1 5000");
    assert_eq!(rows(None, Some("TICK"), None).len(), 2);
    for &column in CallbackColumn::ALL {
        let mut up = rows(None, None, Some(Order::ascending(column)));
        let mut down = rows(None, None, Some(Order::descending(column)));
        up.sort_unstable();
        down.sort_unstable();
        assert_eq!(up, down, "{column:?}");
    }
    let counts = rows(None, None, Some(Order::descending(CallbackColumn::Count)));
    assert!(counts[0].contains(" 2 ") && counts[counts.len() - 1].contains(" 1 "));
}

#[test]
fn a_cancelled_search_ends() {
    let snapshot = snapshot(HEAP);
    let task = Task::new();
    task.cancel();
    assert!(FindCallbacks.run(&snapshot, &task).is_err());
}
