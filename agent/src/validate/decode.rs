//! A file's bytes to the plain values that a rule script sees.

use mlua::{IntoLua, Lua, LuaString, Table, Value};
use serde_json::Value as Json;

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

    /// A JSON value as plain Lua values: whole numbers as integers, `null` as the null userdata.
    pub(super) fn to_lua(&self, lua: &Lua, value: &Json) -> mlua::Result<Value> {
        Ok(match value {
            Json::Null => Value::NULL,
            Json::Bool(truth) => Value::Boolean(*truth),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Value::Integer(whole),
                None => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => text.as_str().into_lua(lua)?,
            Json::Array(items) => {
                let table = lua.create_table_with_capacity(items.len(), 0)?;
                for (index, item) in items.iter().enumerate() {
                    table.raw_set(index + 1, self.to_lua(lua, item)?)?;
                }
                table.set_metatable(Some(self.0.clone()))?;
                Value::Table(table)
            }
            Json::Object(members) => {
                let table = lua.create_table_with_capacity(0, members.len())?;
                for (key, member) in members {
                    table.raw_set(key.as_str(), self.to_lua(lua, member)?)?;
                }
                Value::Table(table)
            }
        })
    }

    /// What the script's `json` function answers: the value, or nothing and the problem.
    pub(super) fn parse(&self, lua: &Lua, text: &LuaString) -> mlua::Result<(Value, Option<String>)> {
        match serde_json::from_slice::<Json>(&text.as_bytes()) {
            Ok(value) => Ok((self.to_lua(lua, &value)?, None)),
            Err(problem) => Ok((Value::Nil, Some(problem.to_string()))),
        }
    }
}
