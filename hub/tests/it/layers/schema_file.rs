//! The constraints of the derived tables as the migration spells them, each with a value that it must refuse.

use slomix_hub::store::Value;

/// One constraint on one column.
#[derive(Debug)]
pub(super) struct Constraint {
    pub(super) table: String,
    pub(super) column: String,
    /// Refused at once, or, a reference, when the transaction ends.
    pub(super) deferred: bool,
    /// What it must refuse.
    pub(super) bad: Value,
}

/// Every `not null`, `check` and `references` of a column, and the constraints that span columns, as they are written.
pub(super) fn constraints(sql: &str) -> (Vec<Constraint>, Vec<(String, String)>) {
    let (mut of_columns, mut of_tables) = (Vec::new(), Vec::new());
    let mut table = String::new();
    for line in sql.lines() {
        let line = line.split(" --").next().unwrap_or_default().trim().trim_end_matches(',');
        if let Some(rest) = line.strip_prefix("create table ") {
            rest.trim_end_matches(" (").clone_into(&mut table);
        } else if line.starts_with(')') {
            table.clear();
        } else if !table.is_empty() && (line.starts_with("check (") || line.starts_with("foreign key")) {
            of_tables.push((table.clone(), line.to_owned()));
        } else if !table.is_empty() && !line.is_empty() && !line.starts_with("primary key") {
            of_columns.extend(of_column(&table, line));
        }
    }
    (of_columns, of_tables)
}

fn of_column(table: &str, line: &str) -> Vec<Constraint> {
    let (column, rest) = line.split_once(' ').expect("a column has a type");
    let constraint =
        |deferred: bool, bad: Value| Constraint { table: table.to_owned(), column: column.to_owned(), deferred, bad };
    let mut found = Vec::new();
    if rest.contains("not null") {
        found.push(constraint(false, Value::Null));
    }
    if rest.contains("references") {
        found.push(constraint(true, Value::Int(987_654_321)));
    }
    if let Some((_, check)) = rest.split_once("check (") {
        found.extend(refused_by(column, check).into_iter().map(|bad| constraint(false, bad)));
    }
    found
}

/// Values just beyond what a check allows.
fn refused_by(column: &str, check: &str) -> Vec<Value> {
    let number = |text: &str| text.trim_end_matches(')').trim().parse::<i64>().expect("a number");
    let check = check.trim_end_matches(')');
    if let Some(range) = check.strip_prefix(&format!("length({column}) between ")) {
        let (_, most) = range.split_once(" and ").expect("a range");
        return vec![Value::Text(String::new()), Value::Text("A".repeat(number(most) as usize + 1))];
    }
    if let Some(length) = check.strip_prefix(&format!("length({column}) = ")) {
        return vec![Value::Text("A".repeat(number(length) as usize + 1))];
    }
    let rest = check.strip_prefix(column).unwrap_or_else(|| panic!("what does `{check}` allow?")).trim();
    match rest.split_once(' ').expect("an operator") {
        (">=", least) => vec![Value::Int(number(least) - 1)],
        ("=", only) => vec![Value::Int(number(only) + 1)],
        (">", none) => vec![Value::Int(number(none))],
        ("between", range) => {
            let (least, most) = range.split_once(" and ").expect("a range");
            vec![Value::Int(number(least) - 1), Value::Int(number(most) + 1)]
        }
        ("in", list) if list.contains('\'') => vec![Value::Text("nonsense".to_owned())],
        ("in", _) => vec![Value::Int(77)],
        other => panic!("what does {other:?} allow?"),
    }
}
