//! One run of one script: a fresh Lua state that can compute and nothing else.

use std::rc::Rc;
use std::time::{Duration, Instant};

use mlua::chunk::ChunkMode;
use mlua::{Function, HookTriggers, Lua, LuaOptions, LuaString, MultiValue, StdLib, Table, Value, VmState};
use slomix_shared::formats::gametime;

use super::decode::Arrays;
use super::pattern::Patterns;
use super::{Judgement, Opinion, Subject};

/// What a run may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From start to answer.
    pub time: Duration,
    /// All of the script's values. Bytes.
    pub memory: usize,
}

impl Default for Limits {
    /// 200 ms and 16 MiB: a round event needs about 0.2 ms and 0.2 MiB.
    fn default() -> Self {
        Self { time: Duration::from_millis(200), memory: 16 * 1024 * 1024 }
    }
}

/// Why a script gave no verdict.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// It ran past its deadline.
    #[error("the script did not answer within {} ms", .0.as_millis())]
    Deadline(Duration),
    /// It does not compile, raised an error or took too much memory.
    #[error("the script failed")]
    Script(#[source] mlua::Error),
    /// What it returned is no answer.
    #[error("the script must answer {{ verdict = \"accept\", \"suspect\" or \"reject\", rules = {{ ids }} }}: {0}")]
    Answer(&'static str),
}

/// Instructions between two looks at the clock.
const LOOK_EVERY: u32 = 1000;
/// Rule ids and notes beyond these are dropped; each is cut to [`LONGEST_WORD`].
const MOST_RULES: usize = 64;
const LONGEST_WORD: usize = 200;

/// All that a script can reach. Whatever is not named here is taken away: what loads or reads, what has no bound
/// (patterns, `rep`, `move`, `sort`), what escapes the deadline (`xpcall`'s handler, coroutines), what differs from
/// run to run (`random`).
const BASE: [&str; 15] = [
    "assert", "error", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget", "rawlen", "rawset", "select",
    "tonumber", "tostring", "type", "_VERSION",
];
const STRING: [&str; 8] = ["byte", "char", "format", "len", "lower", "reverse", "sub", "upper"];
const TABLE: [&str; 5] = ["concat", "insert", "pack", "remove", "unpack"];
const UTF8: [&str; 6] = ["char", "charpattern", "codepoint", "codes", "len", "offset"];
const UNSTEADY_MATH: [&str; 2] = ["random", "randomseed"];

/// Runs `source` (Lua text that returns a function) on one file.
pub(super) fn run(source: &str, subject: &Subject<'_>, limits: Limits) -> Result<Judgement, SandboxError> {
    let lua = open(limits).map_err(SandboxError::Script)?;
    let deadline = Instant::now() + limits.time;
    let judge = timed(&lua, deadline, limits, |lua| {
        lua.load(source).set_name("=rules").set_mode(ChunkMode::Text).into_function()
    })?;
    let Some(Value::Function(judge)) = judge.into_iter().next() else {
        return Err(SandboxError::Answer("the script returned no function"));
    };
    let file = describe(&lua, subject).map_err(SandboxError::Script)?;
    let answer = timed_call(&lua, &judge, file, deadline, limits)?;
    read_answer(answer.into_iter().next())
}

fn open(limits: Limits) -> mlua::Result<Lua> {
    let libs = StdLib::STRING | StdLib::TABLE | StdLib::MATH | StdLib::UTF8;
    // With `catch_rust_panics(false)` mlua would put in a `pcall` of its own, which cannot be yielded through: the
    // deadline would not hold inside it.
    let lua = Lua::new_with(libs, LuaOptions::new())?;
    lua.set_memory_limit(limits.memory)?;
    let globals = lua.globals();
    let libraries = ["string", "table", "math", "utf8", "_G"];
    keep(&globals, |name| BASE.contains(&name) || libraries.contains(&name))?;
    keep(&globals.get("string")?, |name| STRING.contains(&name))?;
    keep(&globals.get("table")?, |name| TABLE.contains(&name))?;
    keep(&globals.get("utf8")?, |name| UTF8.contains(&name))?;
    keep(&globals.get("math")?, |name| !UNSTEADY_MATH.contains(&name))?;

    let arrays = Arrays::new(&lua)?;
    let marks = arrays.clone();
    globals.set("is_array", lua.create_function(move |_, value: Value| Ok(marks.holds(&value)))?)?;
    globals.set("json", lua.create_function(move |lua, text: LuaString| arrays.parse(lua, &text))?)?;
    globals.set("null", Value::NULL)?;
    let patterns = Rc::new(Patterns::default());
    let re_match = lua.create_function(move |lua, (pattern, text): (String, LuaString)| {
        let groups = patterns.find(&pattern, &text.as_bytes()).map_err(mlua::Error::external)?;
        groups
            .into_iter()
            .map(|group| group.map_or(Ok(Value::Nil), |group| lua.create_string(group).map(Value::String)))
            .collect::<mlua::Result<MultiValue>>()
    })?;
    globals.set("re_match", re_match)?;
    Ok(lua)
}

fn keep(table: &Table, wanted: impl Fn(&str) -> bool) -> mlua::Result<()> {
    let mut names = Vec::new();
    for pair in table.pairs::<String, Value>() {
        names.push(pair?.0);
    }
    for name in names.iter().filter(|name| !wanted(name)) {
        table.raw_set(name.as_str(), Value::Nil)?;
    }
    Ok(())
}

fn describe(lua: &Lua, subject: &Subject<'_>) -> mlua::Result<Table> {
    let (text, utf8) = gametime::text(subject.content);
    let file = lua.create_table()?;
    file.set("name", subject.name)?;
    file.set("kind", subject.kind.as_str())?;
    file.set("size", subject.content.len())?;
    file.set("utf8", utf8)?;
    file.set("now", subject.now)?;
    let json: Function = lua.globals().get("json")?;
    let (document, problem): (Value, Option<String>) = json.call(lua.create_string(text.as_bytes())?)?;
    file.set("json", document)?;
    file.set("problem", problem)?;
    Ok(file)
}

fn timed(
    lua: &Lua,
    deadline: Instant,
    limits: Limits,
    load: impl FnOnce(&Lua) -> mlua::Result<Function>,
) -> Result<MultiValue, SandboxError> {
    let main = load(lua).map_err(SandboxError::Script)?;
    timed_call(lua, &main, (), deadline, limits)
}

/// Calls `function` in a coroutine and leaves it there at the deadline.
///
/// An error raised by the hook would be caught by the script's `pcall`; a yield is caught by nobody. Where Lua
/// cannot yield (none of the functions that are left gets there) the hook raises the error after all.
fn timed_call(
    lua: &Lua,
    function: &Function,
    arguments: impl mlua::IntoLuaMulti,
    deadline: Instant,
    limits: Limits,
) -> Result<MultiValue, SandboxError> {
    let thread = lua.create_thread(function.clone()).map_err(SandboxError::Script)?;
    let grace = limits.time / 4;
    thread
        .set_hook(HookTriggers::new().every_nth_instruction(LOOK_EVERY), move |_, _| {
            let now = Instant::now();
            if now >= deadline + grace {
                return Err(mlua::Error::runtime("past the deadline"));
            }
            Ok(if now >= deadline { VmState::Yield } else { VmState::Continue })
        })
        .map_err(SandboxError::Script)?;
    let answer = thread.resume::<MultiValue>(arguments);
    if thread.is_resumable() || (answer.is_err() && Instant::now() >= deadline) {
        return Err(SandboxError::Deadline(limits.time));
    }
    answer.map_err(SandboxError::Script)
}

fn read_answer(answer: Option<Value>) -> Result<Judgement, SandboxError> {
    let Some(Value::Table(answer)) = answer else { return Err(SandboxError::Answer("it answered no table")) };
    let word: String = answer.raw_get("verdict").map_err(|_| SandboxError::Answer("`verdict` is no word"))?;
    let opinion = Opinion::from_word(&word).ok_or(SandboxError::Answer("`verdict` is none of the three"))?;
    Ok(Judgement { opinion, rules: words(&answer, "rules")?, notes: words(&answer, "notes")? })
}

fn words(answer: &Table, key: &str) -> Result<Vec<String>, SandboxError> {
    let wrong = SandboxError::Answer("`rules` and `notes` must be lists of words");
    match answer.raw_get(key) {
        Ok(Value::Nil) => Ok(Vec::new()),
        Ok(Value::Table(list)) => {
            let mut words = Vec::new();
            for word in list.sequence_values::<LuaString>().take(MOST_RULES) {
                let Ok(word) = word else { return Err(wrong) };
                words.push(word.to_string_lossy().chars().take(LONGEST_WORD).collect());
            }
            Ok(words)
        }
        _ => Err(wrong),
    }
}

#[cfg(test)]
mod tests;
