//! Copying a task, and making tasks due at a time.

use super::*;

#[test]
fn a_duplicate_is_a_task_like_the_first_and_not_done() {
    let mut table = Table::with(1);
    let stamp = made::stamp(50);
    let set = Fields::from([
        (Field::Due, Value::text("2026-11-24T15:00[Asia/Tokyo]")),
        (Field::Notes, Value::text("two")),
        (Field::Completed, Value::Int(60)),
    ]);
    table.make(vec![Edit {
        set,
        ..made::deleted(id(1), stamp)
    }]);
    let arranged = table
        .try_to(7, &Arrange::Duplicate { task: id(1) })
        .expect("it can be done");
    table.make(arranged.edits);
    let copy = table.local.view(id(7)).expect("the copy");
    for field in [Field::Title, Field::Due, Field::Notes, Field::List] {
        let first = table.local.view(id(1)).expect("the first");
        assert_eq!(copy.value(&field), first.value(&field), "{field:?}");
    }
    assert!(copy.value(&Field::Completed).is_null());
    assert!(table.try_to(8, &Arrange::Duplicate { task: id(99) }).is_err());
}

#[test]
fn a_day_keeps_the_time_of_a_task_and_a_time_replaces_it() {
    let mut table = Table::with(2);
    let set = Fields::from([(Field::Due, Value::text("2026-11-01T09:30[Asia/Tokyo]"))]);
    table.make(vec![Edit {
        set,
        ..made::deleted(id(2), made::stamp(50))
    }]);
    let due = |table: &Table| {
        let of = |n| {
            table
                .local
                .view(id(n))
                .map(|view| view.value(&Field::Due).clone())
        };
        (of(1), of(2))
    };
    let put = |table: &mut Table, due: &str| {
        table.does(&Arrange::SetDue {
            tasks: vec![id(1), id(2)],
            due: due.parse().ok(),
        });
    };
    put(&mut table, "2026-12-05");
    let day = Value::text("2026-12-05");
    assert_eq!(
        due(&table),
        (Some(day), Some(Value::text("2026-12-05T09:30[Asia/Tokyo]")))
    );
    put(&mut table, "2026-12-05T12:00[UTC]");
    let at = Value::text("2026-12-05T12:00[UTC]");
    assert_eq!(due(&table), (Some(at.clone()), Some(at)));
}
