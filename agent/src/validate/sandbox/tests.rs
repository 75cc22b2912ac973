use super::*;
use slomix_shared::artifact::Kind;

const QUICK: Limits = Limits { time: Duration::from_millis(50), memory: 8 * 1024 * 1024 };
/// Time enough to run out of memory on the slowest machine.
const SMALL: Limits = Limits { time: Duration::from_mins(1), memory: 1024 * 1024 };

fn judge_within(limits: Limits, source: &str, content: &[u8]) -> Result<Judgement, SandboxError> {
    let subject = Subject { kind: Kind::Gametime, name: "gametime-supply-R1-1768421295.json", content, now: 0 };
    run(source, &subject, limits)
}

fn judge(source: &str, content: &[u8]) -> Result<Judgement, SandboxError> {
    judge_within(QUICK, source, content)
}

/// Runs `body` as a script's function on an empty object.
fn body(body: &str) -> Result<Judgement, SandboxError> {
    judge(&format!("return function(file) {body} end"), b"{}")
}

#[test]
fn a_script_sees_the_decoded_file_and_answers() {
    let source = r#"return function(file)
        assert(file.name == "gametime-supply-R1-1768421295.json" and file.kind == "gametime")
        assert(file.size == 49 and file.utf8 and file.now == 0)
        local doc = file.json
        assert(math.type(doc.whole) == "integer" and math.type(doc.part) == "float")
        assert(doc.nothing == null and is_array(doc.list) and not is_array(doc))
        return { verdict = "suspect", rules = { "X1" }, notes = { "because" } }
    end"#;
    let judgement = judge(source, br#"{"whole":1,"part":1.5,"nothing":null,"list":[ ] }"#).unwrap();
    assert_eq!(
        judgement,
        Judgement { opinion: Opinion::Suspect, rules: vec!["X1".to_owned()], notes: vec!["because".to_owned()] }
    );
}

#[test]
fn endless_loops_end_by_the_deadline() {
    for script in [
        "while true do end",
        "repeat until false",
        "while true do pcall(function() while true do end end) end",
        "while true do pcall(error, 'x') end",
        "local function f() return f() end f()",
        "local s = 'x' while true do s = string.upper(s) end",
        "while true do pcall(re_match, '(a*)*b', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') end",
    ] {
        assert!(matches!(body(script), Err(SandboxError::Deadline(_))), "{script}: {:?}", body(script));
    }
    assert!(matches!(judge("while true do end", b"{}"), Err(SandboxError::Deadline(_))));
}

#[test]
fn memory_bombs_end_by_the_limit() {
    for script in
        ["local t = {} while true do t[#t + 1] = { 1, 2, 3 } end", "local s = 'x' while true do s = s .. s end"]
    {
        let answer = judge_within(SMALL, &format!("return function() {script} end"), b"{}");
        assert!(matches!(answer, Err(SandboxError::Script(mlua::Error::MemoryError(_)))), "{script}: {answer:?}");
    }
    let caught = body("local t = {} while true do pcall(function() while true do t[#t + 1] = { 1 } end end) end");
    assert!(matches!(caught, Err(SandboxError::Deadline(_))), "{caught:?}");
}

#[test]
fn nothing_that_loads_reads_or_never_ends_is_reachable() {
    let forbidden = [
        "load",
        "loadfile",
        "loadstring",
        "dofile",
        "require",
        "collectgarbage",
        "setmetatable",
        "getmetatable",
        "print",
        "warn",
        "xpcall",
        "io",
        "os",
        "debug",
        "package",
        "coroutine",
        "string.find",
        "string.match",
        "string.gmatch",
        "string.gsub",
        "string.rep",
        "string.dump",
        "string.pack",
        "table.move",
        "table.sort",
        "math.random",
        "math.randomseed",
        "('').rep",
        "('').gsub",
        "_G.load",
        "_G.os",
    ];
    for name in forbidden {
        body(&format!("assert({name} == nil) return {{ verdict = 'accept' }}")).expect(name);
    }
}

#[test]
fn only_text_is_loaded() {
    assert!(matches!(judge("\u{1b}Lua", b"{}"), Err(SandboxError::Script(_))));
}

#[test]
fn one_run_leaves_nothing_to_the_next() {
    let source = "return function() assert(seen == nil) seen = true return { verdict = 'accept' } end";
    for _ in 0..2 {
        judge(source, b"{}").unwrap();
    }
}

#[test]
fn answers_are_bounded_and_checked() {
    let many = body("local r = {} for i = 1, 1000 do r[i] = tostring(i) end return { verdict = 'reject', rules = r }");
    assert_eq!(many.unwrap().rules.len(), MOST_RULES);
    for script in [
        "return nil",
        "return 'accept'",
        "return {}",
        "return { verdict = 'maybe' }",
        "return { verdict = 'accept', rules = 'X1' }",
        "return { verdict = 'accept', rules = { {} } }",
    ] {
        assert!(matches!(body(script), Err(SandboxError::Answer(_))), "{script}: {:?}", body(script));
    }
    assert!(matches!(judge("return 1", b"{}"), Err(SandboxError::Answer(_))));
    assert!(matches!(body("error('no')"), Err(SandboxError::Script(_))));
}

#[test]
fn deep_json_is_no_way_to_the_stack() {
    let deep = "[".repeat(100_000);
    let judgement = judge(
        "return function(file) assert(file.json == nil and file.problem) return { verdict = 'reject' } end",
        deep.as_bytes(),
    );
    assert_eq!(judgement.unwrap().opinion, Opinion::Reject);
}
