/// Commands that end the server, run what is written elsewhere, write or read files, or set what holds commands. They
/// stay refused where raw commands are allowed.
const NEVER: [&str; 40] = [
    "quit",
    "exit",
    "killserver",
    "exec",
    "execq",
    "vstr",
    "wait",
    "set",
    "seta",
    "sets",
    "setu",
    "setx",
    "reset",
    "unset",
    "toggle",
    "cycle",
    "writeconfig",
    "condump",
    "cvarlist",
    "cvar_restart",
    "dir",
    "fdir",
    "path",
    "touchfile",
    "cleanhomepath",
    "rcon",
    "crash",
    "error",
    "freeze",
    "gloadlua",
    "lua_init",
    "nextmap",
    "com_watchdog_cmd",
    "g_log",
    "logfile",
    "lua_modules",
    "lua_allowedmodules",
    "sv_protectlog",
    "record",
    "stoprecord",
];

/// Whether a raw command may go to the console; `Err` says why not. Its characters have been looked at.
pub fn raw_command(command: &str) -> Result<(), String> {
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
    match lower.chars().find(|c| matches!(c, '$' | '`' | '\\' | '|')) {
        Some(odd) => Err(format!("`{odd}` is never sent to a game server")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_the_server_or_opens_it_stays_refused() {
        for good in ["sv_fps", "sv_fps 40", "ref pause", "g_friendlyFire 0", "mute 3", "sv_hostname quiet night"] {
            assert_eq!(raw_command(good), Ok(()), "{good}");
        }
        for bad in [
            "quit",
            "QUIT",
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
        ] {
            assert!(raw_command(bad).is_err(), "{bad}");
        }
    }
}
