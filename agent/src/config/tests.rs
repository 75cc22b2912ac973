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
