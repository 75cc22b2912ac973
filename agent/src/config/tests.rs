use super::*;

fn load(text: &str, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("agent.toml");
    fs::write(&path, text).unwrap();
    Config::load(Some(&path), env.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())))
}

fn problem(text: &str, env: &[(&str, &str)]) -> String {
    load(text, env).unwrap_err().to_string()
}

const FULL: &str = r#"
log = "debug"
[watch]
gamestats = "/srv/et/legacy/gamestats"
proximity = "/srv/et/legacy/proximity"
[hub]
address = "hub.example.org:27999"
[spool]
quota_mib = 64
[validate]
rules = "/etc/slomix/rules"
"#;

#[test]
fn a_full_file_is_read() {
    let config = load(FULL, &[("HOME", "/root")]).unwrap();
    let expected = Config {
        directories: vec!["/srv/et/legacy/gamestats".into(), "/srv/et/legacy/proximity".into()],
        hub_address: Some("hub.example.org:27999".to_owned()),
        quota: 64 * 1024 * 1024,
        rules: Some("/etc/slomix/rules".into()),
        log: "debug".to_owned(),
        ..Config::default()
    };
    assert_eq!(config, expected);
}

#[test]
fn the_environment_goes_over_the_file() {
    let env = [
        ("SLOMIX_AGENT_SPOOL_QUOTA_MIB", "1"),
        ("SLOMIX_AGENT_GAMETIMES", "/srv/et/legacy/gametimes"),
        ("SLOMIX_AGENT_DATA", "read by the command line"),
    ];
    let config = load(FULL, &env).unwrap();
    assert_eq!(config.quota, 1024 * 1024);
    assert_eq!(config.directories.len(), 3);
}

#[test]
fn nothing_set_is_the_default() {
    assert_eq!(load("", &[]).unwrap(), Config::default());
}

#[test]
fn an_unknown_key_names_the_nearest() {
    assert!(problem("[watch]\ngamestat = \"/x\"", &[]).ends_with("did you mean `watch.gamestats`?"));
    assert!(problem("[spool]\nquota = 1", &[]).ends_with("did you mean `spool.quota_mib`?"));
    assert!(problem("logs = \"info\"", &[]).ends_with("did you mean `log`?"));
    assert!(problem("[hub]\naddress = 5", &[]).contains("must be text"));
    assert!(problem("zzzz = 1", &[]).ends_with("which is no setting"));
    let unknown = problem("", &[("SLOMIX_AGENT_GAMESTAT", "/x")]);
    assert!(unknown.ends_with("did you mean `SLOMIX_AGENT_GAMESTATS`?"), "{unknown}");
}

#[test]
fn a_value_that_cannot_be_names_what_can() {
    assert!(problem("[spool]\nquota_mib = -1", &[]).ends_with("must be a whole number that is not negative"));
    assert!(problem("[spool]\nquota_mib = \"1\"", &[]).contains("spool.quota_mib"));
    assert!(problem("[watch]\ngamestats = \"\"", &[]).contains("a path that is not empty"));
    assert!(problem("[hub]\naddress = \"hub.example.org\"", &[]).contains("hub.address"));
    assert!(problem("watch = 1", &[]).contains("`watch`"));
    assert!(problem("[watch", &[]).contains("not valid TOML"));
}

#[test]
fn a_named_file_must_be_there() {
    let missing = Config::load(Some(Path::new("/nowhere/agent.toml")), std::iter::empty());
    assert!(matches!(missing, Err(ConfigError::Read { .. })));
}

const GAME: &str = r#"
[gameserver]
address = "localhost:27961"
rcon_password = "kX9-tQ2_vB7.mN4"
[control]
allow = ["status", "rcon"]
"#;

/// As [`load`], from a file that is closed to others.
fn load_closed(text: &str) -> Result<Config, ConfigError> {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("agent.toml");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    Config::load(Some(&path), std::iter::empty())
}

#[test]
fn a_game_server_is_configured_from_a_closed_file() {
    let game = load_closed(GAME).unwrap().game().unwrap().unwrap();
    assert_eq!(game.address, "127.0.0.1:27961".parse().unwrap());
    assert_eq!(game.password, Some(Password::parse("kX9-tQ2_vB7.mN4").unwrap()));
    assert_eq!(game.allow, BTreeSet::from(["status", "rcon"].map(str::to_owned)));
    let exposed = problem(GAME, &[]);
    assert!(exposed.contains("may be read by others") && exposed.contains("chmod 600"), "{exposed}");
    assert!(load("", &[]).unwrap().game().unwrap().is_none());
    let allowed = load("", &[]).unwrap().control_allow;
    assert!(allowed.contains("kick") && !allowed.contains("rcon"));
    assert!(load("[control]\nallow = []", &[]).unwrap().control_allow.is_empty());
    let from_env = load("", &[("SLOMIX_AGENT_CONTROL_ALLOW", "status, say")]).unwrap().control_allow;
    assert_eq!(from_env.len(), 2);
    assert!(problem("[control]\nallow = [\"quit\"]", &[]).contains("must be a list of"));
    assert!(problem("[gameserver]\naddress = \"stats.example.org\"", &[]).contains("gameserver.address"));
}

#[test]
fn passwords_stand_in_one_place_and_with_an_address() {
    let game = |text: &str| load_closed(text).unwrap().game().unwrap_err().to_string();
    assert!(
        game(&GAME.replace("rcon_password = ", "rcon_password_file = \"/x\"\nrcon_password = ")).contains("both set")
    );
    assert!(game("[gameserver]\nrcon_password = \"abcdefgh\"").contains("gameserver.address"));
    assert!(
        game("[gameserver]\naddress = \"127.0.0.1\"\nrcon_password_file = \"/nowhere/rcon\"").contains("/nowhere/rcon")
    );
}

#[test]
fn no_error_shows_a_password() {
    let all = |error: ConfigError| {
        let mut text = format!("{error} {error:?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(next) = cause {
            text = format!("{text} {next} {next:?}");
            cause = next.source();
        }
        text
    };
    for text in [
        "[gameserver]\nrcon_password = hunter2",
        "[gameserver]\nrcon_password = \"hunter2 \"",
        "[gameserver]\nrcon_password = [\"hunter2\"]",
        "[gameserver]\nrcon_password = \"hunter2",
    ] {
        let said = all(load_closed(text).unwrap_err());
        assert!(!said.contains("hunter2"), "{said}");
    }
    let said = all(load("", &[("SLOMIX_AGENT_RCON_PASSWORD", "hunter2 ")]).unwrap_err());
    assert!(!said.contains("hunter2"), "{said}");
    assert!(!format!("{:?}", load_closed(GAME).unwrap()).contains("kX9"));
}
