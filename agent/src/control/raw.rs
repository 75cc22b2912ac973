use std::collections::BTreeSet;

/// Commands that end the server, run what is written elsewhere, write, read or fetch files, show what clients keep to
/// themselves, or set what holds commands; and those that have an intent of their own. They stay refused whatever a
/// configuration lists.
const NEVER: [&str; 70] = [
    "banaddr",
    "bot",
    "cleanhomepath",
    "com_watchdog",
    "com_watchdog_cmd",
    "condump",
    "crash",
    "cvar_restart",
    "cvarlist",
    "cycle",
    "demo_record",
    "demo_stop",
    "devmap",
    "dir",
    "download",
    "dumpuser",
    "error",
    "exec",
    "execq",
    "exit",
    "fdir",
    "freeze",
    "g_customconfig",
    "g_entitiespath",
    "g_log",
    "g_mapconfigs",
    "g_mapscriptdirectory",
    "gloadlua",
    "killserver",
    "loadconfig",
    "logfile",
    "lua_allowedmodules",
    "lua_init",
    "lua_modules",
    "lua_restart",
    "map",
    "map_restart",
    "nextmap",
    "omnibot_path",
    "path",
    "quit",
    "rcon",
    "record",
    "reloadconfig",
    "reset",
    "savedb",
    "set",
    "seta",
    "sets",
    "setu",
    "setx",
    "spdevmap",
    "spmap",
    "sql",
    "stoprecord",
    "sv_killserver",
    "sv_protect",
    "sv_protectlog",
    "sv_wwwbaseurl",
    "sv_wwwfallbackurl",
    "svrecord",
    "systeminfo",
    "toggle",
    "touchfile",
    "unset",
    "update",
    "userinfo",
    "vstr",
    "wait",
    "writeconfig",
];

/// The commands that may be sent where raw ones are allowed and no configuration says which: they look, or speak.
pub const USUAL: [&str; 7] = ["chat", "cp", "cpm", "ref", "serverinfo", "status", "sv_fps"];

/// Whether a raw command may go to the console, where these may (first words, in lower case); `Err` says why not. That
/// it is one line of plain text has been looked at.
pub fn raw_command(command: &str, listed: &BTreeSet<String>) -> Result<(), String> {
    // The console takes every byte over 127 in front of a command for a space (`Cmd_TokenizeString2`, signed `char`).
    if !command.is_ascii() {
        return Err("a raw command is letters, digits and signs of ASCII alone".to_owned());
    }
    let lower = command.to_ascii_lowercase();
    // Not only the one of the console: a setting's name alone prints it.
    if lower.contains("pass") {
        return Err("nothing that has to do with passwords goes through here".to_owned());
    }
    let first = lower.split_whitespace().next().unwrap_or_default();
    // The console takes a backslash or a slash before a command for none.
    let first = first.trim_start_matches(['/', '\\']);
    if NEVER.contains(&first) || first.starts_with("fs_") || first.starts_with("db_") {
        return Err(format!("`{first}` is never sent to a game server: do it there, if it must be done"));
    }
    if !listed.contains(first) {
        return Err(format!("this agent's configuration does not list `{first}` (control.rcon)"));
    }
    // The referee's way to run a configuration.
    if first == "ref" && lower.split_whitespace().any(|word| word.contains("config")) {
        return Err("`ref config` is never sent to a game server: it runs a file".to_owned());
    }
    match lower.chars().find(|c| matches!(c, '$' | '`' | '\\' | '|')) {
        Some(odd) => Err(format!("`{odd}` is never sent to a game server")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(command: &str) -> Result<(), String> {
        let listed = ["sv_fps", "ref", "g_friendlyfire", "mute", "sv_hostname", "quit", "exec", "say", "map"];
        raw_command(command, &listed.map(str::to_owned).into())
    }

    #[test]
    fn what_ends_the_server_or_opens_it_stays_refused_even_where_it_is_listed() {
        for good in ["sv_fps", "SV_FPS 40", "ref pause", "g_friendlyFire 0", "mute 3", "sv_hostname quiet night"] {
            assert_eq!(sent(good), Ok(()), "{good}");
        }
        for bad in [
            "quit",
            "QUIT",
            "\u{e9}quit",
            "\u{200b}quit",
            " exec server.cfg",
            "vstr nextmap",
            "nextmap vstr d1",
            "rconPassword",
            "rconpassword x",
            "g_password x",
            "set sv_fps 40",
            "fs_game x",
            "cvarlist rcon*",
            "/quit",
            "\\quit",
            "say $rconpassword",
            "sv_killserver 1",
            "loadconfig x",
            "ref config x",
            "dumpuser Alpha",
            "map ../../x",
            "kick bob",
            "",
        ] {
            assert!(sent(bad).is_err(), "{bad}");
        }
        assert!(sent("kick bob").unwrap_err().contains("control.rcon"));
    }

    #[test]
    fn nothing_usual_is_among_what_is_never_sent() {
        assert!(USUAL.iter().all(|usual| !NEVER.contains(usual)) && NEVER.is_sorted());
    }
}
