//! A file's bytes to the plain values that a rule script sees.

use std::cell::RefCell;
use std::fmt;

use mlua::{IntoLua, Lua, LuaString, Table, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Marks the tables that were JSON arrays, which in Lua look like empty objects when they are empty.
#[derive(Clone)]
pub(super) struct Arrays(Table);

impl Arrays {
    pub(super) fn new(lua: &Lua) -> mlua::Result<Self> {
        lua.create_table().map(Self)
    }

    /// Whether `value` was a JSON array.
    pub(super) fn holds(&self, value: &Value) -> bool {
        let Value::Table(table) = value else { return false };
        table.metatable().is_some_and(|mark| mark == self.0)
    }

    /// What the script's `json` function answers: the value, or nothing and the problem.
    ///
    /// Values are made in Lua as they are read, so that its memory limit holds for them: a tree of JSON in between
    /// can be a hundred times as large as its text.
    pub(super) fn parse(&self, lua: &Lua, text: &LuaString) -> mlua::Result<(Value, Option<String>)> {
        let failed = RefCell::new(None);
        let bytes = text.as_bytes();
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let read = Node { lua, arrays: self, failed: &failed }.deserialize(&mut json);
        let read = read.and_then(|value| json.end().map(|()| value));
        match (failed.take(), read) {
            (Some(error), _) => Err(error),
            (None, Ok(value)) => Ok((value, None)),
            (None, Err(problem)) => Ok((Value::Nil, Some(problem.to_string()))),
        }
    }
}

/// Makes plain Lua values of JSON: whole numbers as integers, `null` as the null userdata.
#[derive(Clone, Copy)]
struct Node<'a> {
    lua: &'a Lua,
    arrays: &'a Arrays,
    /// Where Lua's own failure is put, which is none of the text's.
    failed: &'a RefCell<Option<mlua::Error>>,
}

impl Node<'_> {
    fn made<T, E: Error>(&self, made: mlua::Result<T>) -> Result<T, E> {
        made.map_err(|error| {
            let word = E::custom(&error);
            *self.failed.borrow_mut() = Some(error);
            word
        })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::NULL)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Boolean(truth))
    }

    fn visit_i64<E>(self, whole: i64) -> Result<Value, E> {
        Ok(Value::Integer(whole))
    }

    fn visit_u64<E>(self, whole: u64) -> Result<Value, E> {
        Ok(i64::try_from(whole).map_or(Value::Number(whole as f64), Value::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.made(text.into_lua(self.lua))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let table = self.made(self.lua.create_table())?;
        let mut index = 0;
        while let Some(item) = items.next_element_seed(self)? {
            index += 1;
            self.made(table.raw_set(index, item))?;
        }
        self.made(table.set_metatable(Some(self.arrays.0.clone())))?;
        Ok(Value::Table(table))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let table = self.made(self.lua.create_table())?;
        while let Some(key) = members.next_key_seed(self)? {
            let member = members.next_value_seed(self)?;
            self.made(table.raw_set(key, member))?;
        }
        Ok(Value::Table(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(lua: &Lua, text: &str) -> mlua::Result<(Value, Option<String>)> {
        Arrays::new(lua)?.parse(lua, &lua.create_string(text)?)
    }

    #[test]
    fn numbers_are_whole_where_they_can_be() {
        let lua = Lua::new();
        let text = r#"[1, -1, 18446744073709551615, 1.5, null, {"a": [], "a": true}]"#;
        let (value, problem) = parsed(&lua, text).unwrap();
        assert_eq!(problem, None);
        let table = value.as_table().unwrap();
        let at = |index: i64| table.get::<Value>(index).unwrap();
        assert_eq!((at(1), at(2)), (Value::Integer(1), Value::Integer(-1)));
        assert_eq!((at(3), at(4)), (Value::Number(1.844_674_407_370_955_2e19), Value::Number(1.5)));
        assert_eq!(at(5), Value::NULL);
        assert_eq!(at(6).as_table().unwrap().get::<Value>("a").unwrap(), Value::Boolean(true));
    }

    #[test]
    fn a_text_that_is_no_json_has_a_problem_and_no_value() {
        let lua = Lua::new();
        for text in ["", "{", "[1] 2", "{1: 2}", &"[".repeat(100_000)] {
            let (value, problem) = parsed(&lua, text).unwrap();
            assert!(value.is_nil() && problem.is_some(), "{text:.20}");
        }
    }

    #[test]
    fn the_memory_limit_holds_for_what_is_read() {
        let text = format!("[{}0]", r#"{"":0},"#.repeat(100_000));
        let lua = Lua::new();
        assert_eq!(parsed(&lua, &text).unwrap().1, None);
        let lua = Lua::new();
        lua.set_memory_limit(4 * 1024 * 1024).unwrap();
        assert!(matches!(parsed(&lua, &text), Err(mlua::Error::MemoryError(_))));
    }
}
