use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;

const EXAMPLE: &str = include_str!("../../slomix-hub.example.toml");

fn parse(text: &str) -> Result<Config, ConfigError> {
    let path = PathBuf::from("hub.toml");
    build::build(file::File::parse(text, &path)?, &path)
}

fn from_env(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    let look_up = |name: &str| variables.get(name).map(|text| (*text).to_owned());
    let path = PathBuf::from("hub.toml");
    let mut told = file::File::parse(text, &path)?;
    environment::Environment::new(&look_up).lay_over(&mut told)?;
    build::build(told, &path)
}

fn refusal(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn without_a_file_there_is_one_server_and_the_usual_ports() {
    let config = Config::load(None, |_| None).unwrap();
    assert_eq!(config.servers.len(), 1);
    assert_eq!((config.servers[0].key.as_str(), &config.servers[0].zone), (DEFAULT_SERVER, &TimeZone::UTC));
    assert_eq!(config.link.listen.to_string(), "0.0.0.0:27999");
    assert_eq!([config.http, config.admin].map(|at| at.to_string()), ["127.0.0.1:8080", "127.0.0.1:8081"]);
    assert!(config.discord.is_none() && config.channels()("main").is_empty());
    assert_eq!((config.announce_hours, config.sessions.gap_minutes), (6, 60));
    assert_eq!(config.rules("main").match_window_minutes, 45);
    assert_eq!(config.invite_address(), None, "0.0.0.0 is nothing to call");
}

#[test]
fn the_example_is_the_defaults_and_every_key_in_it_works() {
    let config = parse(EXAMPLE).unwrap();
    assert_eq!(config.servers[0].name, "Main server");
    assert_eq!(config.link, Config::load(None, |_| None).unwrap().link);

    // A commented key is `#key = …`, without a space; a comment is `# …`.
    let uncommented: String = EXAMPLE
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n");
    file::File::parse(&uncommented, Path::new("example")).unwrap();
    let table: toml::Table = uncommented.parse().unwrap();
    for (section, keys) in keys::SECTIONS {
        let table = match table.get(*section) {
            None => &table,
            Some(toml::Value::Array(array)) => array[0].as_table().unwrap(),
            Some(section) => section.as_table().unwrap(),
        };
        for key in *keys {
            assert!(table.contains_key(*key), "the example lacks `{key}` of [{section}]");
        }
        assert_eq!(table.len(), keys.len(), "[{section}]");
    }
}

#[test]
fn the_door_for_tcp_is_beside_the_other_elsewhere_or_closed() {
    let tcp = |text: &str| parse(&format!("[link]\ntcp = {text}")).map(|config| config.link.tcp);
    assert_eq!(parse("").unwrap().link.tcp, ListenTcp::Beside);
    assert_eq!((tcp("true").unwrap(), tcp("false").unwrap()), (ListenTcp::Beside, ListenTcp::Off));
    assert_eq!(tcp("\"0.0.0.0:443\"").unwrap(), ListenTcp::At("0.0.0.0:443".parse().unwrap()));
    let by_variable = from_env("", &[("SLOMIX_HUB_LINK_TCP", "false")]).unwrap();
    assert_eq!(by_variable.link.tcp, ListenTcp::Off);
    assert!(refusal("[link]\ntcp = \"off\"").contains("neither true, false, nor an IP address"));
    assert!(refusal("[link]\ntcp = 5").contains("here belongs true, false"));
}

#[test]
fn a_named_file_must_be_there() {
    let missing = Config::load(Some(Path::new("/nowhere/hub.toml")), |_| None).unwrap_err();
    assert!(matches!(missing, ConfigError::Missing(_)), "{missing}");
    let named = |name: &str| (name == "SLOMIX_HUB_CONFIG").then(|| "/nowhere/else.toml".to_owned());
    assert!(matches!(Config::load(None, named), Err(ConfigError::Missing(_))));
}

#[test]
fn mistakes_are_said_with_the_line_and_the_fix() {
    let refusals = [
        "\n[link]\nlisten_on = \"0.0.0.0:1\"",
        "[[server]]\nkey = \"main\"\nzome = \"UTC\"",
        "[discrod]\nchannel = 1",
        "[http]\nwhatever = 1",
        "[[server]]\nkey = \"main\"\nzone = \"Europe/Ljubljan\"",
        "[[server]]\nzone = 3",
        "[[server]]\nkey = \"Main Server\"",
        "[[server]]\nkey = \"a\"\n[[server]]\nkey = \"a\"",
        "[[server]]\nkey = \"a\"\n[[server]]\nname = \"b\"",
        "[admin]\nlisten = \"8081\"",
        "[link]\npublic_address = \"udp://stats.example.org\"",
        "[discord]\nchannel = \"general\"",
        "[discord]\ntoken = \"a\"\ntoken_file = \"b\"",
        "[announce]\nhours = 0",
        "[sessions]\ngap_minutes = \"sixty\"",
        "[sessions]\ngap_minutes = 30",
        "[sessions\n",
        "[[server]]\nkey = \"main\"\nname = 5",
        "[server]\nkey = \"main\"",
        "link = 5",
        "[sessions]\nfiller_maps = \"sillyctf\"",
        "[sessions]\nfiller_maps = [1]",
        "[discord]\ntoken_file = 5",
    ]
    .map(refusal);
    insta::assert_snapshot!(refusals.join("\n"));
}

#[test]
fn a_secret_is_never_shown() {
    for text in [
        "[discord]\ntoken = \"hush\" \"hush\"",
        "[discord]\ntoken = 4711",
        "[discord]\ntoken = [\"hush\"]",
        "[discord]\ntoken = { hush = \"hush\" }",
        "[discord]\ntoken = hush",
    ] {
        let said = format!("{:?}", parse(text).unwrap_err());
        assert!(!said.contains("hush") && !said.contains("4711"), "{said}");
    }
    let config = parse("[discord]\ntoken = \"hush\"").unwrap();
    assert!(!format!("{config:?}").contains("hush"));
    assert_eq!(config.discord.unwrap().token.expose(), "hush");
}

#[test]
fn the_token_comes_from_a_file_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token");
    let text = format!("[discord]\ntoken_file = {path:?}");
    assert!(matches!(parse(&text), Err(ConfigError::TokenFile { .. })));
    std::fs::write(&path, "hush\n").unwrap();
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    assert!(parse(&text).unwrap().notes.iter().any(|note| note.contains("chmod 600")));
    mode(0o600);
    assert!(parse(&text).unwrap().notes.iter().all(|note| !note.contains("chmod")));
    assert_eq!(parse(&text).unwrap().discord.unwrap().token.expose(), "hush");
    let config = from_env(&text, &[("DISCORD_BOT_TOKEN", "louder")]).unwrap();
    assert_eq!(config.discord.unwrap().token.expose(), "louder", "the environment goes over the file");
}

#[test]
fn names_that_operators_use_go_over_the_file() {
    let text = "[discord]\nchannel = 1\n[sessions]\ngap_minutes = 90";
    let config = from_env(
        text,
        &[
            ("DISCORD_BOT_TOKEN", "t"),
            ("PRODUCTION_CHANNEL_ID", "0"),
            ("STATS_CHANNEL_ID", "7 # the old channel"),
            ("BOT_COMMAND_CHANNELS", "8, 9,"),
            ("SESSION_GAP_MINUTES", ""),
            ("ROUND_MATCH_WINDOW_MINUTES", "50"),
            ("EXCLUDED_MAPS", "MP_SillyCTF,oasis"),
            ("SLOMIX_HUB_SESSIONS_SURRENDER_SCOPE", "Map"),
            ("SLOMIX_HUB_HTTP_LISTEN", "127.0.0.1:0"),
            ("SLOMIX_HUB_SERVER_ZONE", "Europe/Ljubljana"),
        ],
    )
    .unwrap();
    let discord = config.discord.as_ref().unwrap();
    assert_eq!(discord.channel.unwrap().get(), 7);
    assert_eq!(discord.command_channels.iter().map(|id| id.get()).collect::<Vec<_>>(), [8, 9]);
    assert_eq!((config.sessions.gap_minutes, config.sessions.match_window_minutes), (90, 50));
    assert_eq!(config.sessions.filler_maps, ["mp_sillyctf", "oasis"]);
    assert_eq!(config.rules("main").surrender_scope, SurrenderScope::Map);
    assert_eq!(config.http.port(), 0);
    assert_eq!(config.rules("main").zone.iana_name(), Some("Europe/Ljubljana"));
    assert_eq!(config.channels()("main"), ["7"]);

    let own = [("SLOMIX_HUB_DISCORD_CHANNEL", "5"), ("PRODUCTION_CHANNEL_ID", "6"), ("DISCORD_BOT_TOKEN", "t")];
    assert_eq!(from_env("", &own).unwrap().channel.unwrap().get(), 5, "our own name wins");
    let wrong = from_env("", &[("SESSION_GAP_MINUTES", "sixty")]).unwrap_err().to_string();
    assert_eq!(wrong, "SESSION_GAP_MINUTES: `sixty` is not a whole number");
}

#[test]
fn rounds_go_to_their_servers_channel() {
    let text = "[discord]\ntoken = \"t\"\n[[server]]\nkey = \"a\"\nchannel = 1\n[[server]]\nkey = \"b\"";
    let config = parse(text).unwrap();
    assert_eq!(config.channels()("a"), ["1"]);
    assert!(config.channels()("b").is_empty(), "another server's channel is not for b");
    let config = parse(&format!("{text}\n[discord.more]").replace("[discord.more]", "")).unwrap();
    assert_eq!(config.discord.unwrap().command_channels.len(), 1, "commands are answered where rounds are posted");
}

#[test]
fn invites_name_the_outside_address() {
    let address = |text: &str| parse(text).unwrap().invite_address();
    assert_eq!(address("[link]\npublic_address = \"stats.example.org\"").unwrap(), "stats.example.org:27999");
    assert_eq!(address("[link]\npublic_address = \"[2001:db8::7]:1\"").unwrap(), "[2001:db8::7]:1");
    assert_eq!(address("[link]\npublic_address = \"[2001:db8::7]\"").unwrap(), "[2001:db8::7]:27999");
    assert_eq!(address("[link]\nlisten = \"192.0.2.1:7\"").unwrap(), "192.0.2.1:7");
}

#[test]
fn what_an_operator_should_know_is_noted() {
    let notes = |text: &str| parse(text).unwrap().notes;
    let all = [
        notes(""),
        notes("[discord]\nchannel = 1\n[[server]]\nzone = \"UTC\""),
        notes("[discord]\ntoken = \"t\"\n[[server]]\nzone = \"UTC\""),
        notes("[admin]\nlisten = \"0.0.0.0:8081\"\n[[server]]\nzone = \"UTC\""),
        notes("[discord]\ntoken = \"t\"\nchannel = 1\n[[server]]\nzone = \"UTC\""),
    ];
    insta::assert_snapshot!(all.map(|notes| notes.join(" / ")).join("\n"));
}

#[test]
fn a_token_in_a_file_that_others_read_is_noted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hub.toml");
    std::fs::write(&path, "[discord]\ntoken = \"hush\"\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let noted = |env: &dyn Fn(&str) -> Option<String>| {
        let notes = Config::load(Some(&path), env).unwrap().notes;
        notes.iter().any(|note| note.contains("mode 640") && note.ends_with(&format!("chmod 600 {}", path.display())))
    };
    assert!(noted(&|_| None));
    assert!(!noted(&|name| (name == "DISCORD_BOT_TOKEN").then(|| "t".to_owned())), "the file's token is not used");
}

#[test]
fn a_database_is_a_file_unless_a_server_is_named() {
    let data = crate::data_dir::DataDir::open(tempfile::tempdir().unwrap().path()).unwrap();
    assert!(matches!(parse("").unwrap().location(&data), Location::File(path) if path == data.database()));
    let config = parse("[database]\nurl = \"postgres://u:hush@h:5433/d\"").unwrap();
    assert!(matches!(config.location(&data), Location::Server(url) if url.to_string() == "postgres://u@h:5433/d"));
    assert!(!format!("{config:?}").contains("hush"));
}

#[test]
fn the_databases_url_comes_from_a_file_too_and_is_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("url");
    let text = format!("[database]\nurl_file = {path:?}");
    assert!(matches!(parse(&text), Err(ConfigError::UrlFile { .. })));
    std::fs::write(&path, "postgres://u:hush@h/d\n").unwrap();
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    let notes = parse(&text).unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("holds the database's password") && note.contains("chmod 600")));
    mode(0o600);
    assert_eq!(parse(&text).unwrap().database.unwrap().to_string(), "postgres://u@h:5432/d");
    std::fs::write(&path, "hush").unwrap();
    let refusals = [
        parse(&text).unwrap_err().to_string(),
        refusal("[database]\nurl = \"hush\""),
        refusal("[database]\nurl = 7"),
        refusal("[database]\nurl = \"postgres://u:hush@h/d?sslmode=hush\""),
        refusal("[database]\nurl = \"postgres://h/d\"\nurl_file = \"x\""),
        refusal("[database]\nuri = \"hush\""),
        from_env("", &[("SLOMIX_DATABASE_URL", "mysql://hush")]).unwrap_err().to_string(),
    ];
    let refusals = refusals.join("\n").replace(&dir.path().display().to_string(), "DIR");
    assert!(!refusals.contains("hush"), "{refusals}");
    insta::assert_snapshot!(refusals);
}

#[test]
fn databases_have_the_names_that_operators_use() {
    let text = "[database]\nurl = \"postgres://file/d\"";
    let database = |variables: &[(&str, &str)]| {
        from_env(text, variables).map(|config| config.database.unwrap().to_string()).map_err(|error| error.to_string())
    };
    let chosen = ("DATABASE_TYPE", "PostgreSQL");
    assert_eq!(database(&[chosen]).unwrap(), "postgres://etlegacy@localhost:5432/etlegacy_stats");
    let names = [
        chosen,
        ("POSTGRES_HOST", "db"),
        ("DB_HOST", "elsewhere"),
        ("DB_PORT", "5433 # the other one"),
        ("DB_NAME", "stats"),
        ("POSTGRES_USER", "bot"),
        ("POSTGRES_PASSWORD", "h@sh"),
        ("POSTGRES_SSL_MODE", "verify-full"),
    ];
    assert_eq!(database(&names).unwrap(), "postgres://bot@db:5433/stats");
    let ours = [chosen, ("POSTGRES_HOST", "db"), ("SLOMIX_DATABASE_URL", "postgres://ours/d")];
    assert!(database(&ours).unwrap().ends_with("@ours:5432/d"));
    assert!(database(&[("POSTGRES_HOST", "db")]).unwrap().ends_with("@file:5432/d"), "it is not chosen");
    assert!(database(&[("DATABASE_TYPE", "sqlite"), ("POSTGRES_HOST", "db")]).unwrap().ends_with("@file:5432/d"));
    let refusals = [
        database(&[("DATABASE_TYPE", "mysql")]),
        database(&[chosen, ("POSTGRES_PORT", "many")]),
        database(&[chosen, ("POSTGRES_SSL_MODE", "sometimes")]),
    ];
    assert_eq!(
        refusals.map(Result::unwrap_err),
        [
            "DATABASE_TYPE: `mysql` is neither postgresql nor sqlite",
            "POSTGRES_PORT: `many` is not a port",
            "POSTGRES_SSL_MODE: `sometimes` is no TLS mode: take disable, prefer, require, verify-ca or verify-full",
        ]
    );
    let notes = |name: &str, value: &str| {
        let env = |asked: &str| (asked == name).then(|| value.to_owned());
        Config::load(None, env).unwrap().notes
    };
    assert!(notes("DB_PASSWORD", "hush").iter().any(|note| note.starts_with("DB_PASSWORD is set and DATABASE_TYPE")));
    assert!(notes("DATABASE_TYPE", "sqlite").iter().all(|note| !note.contains("DATABASE_TYPE")));
}

/// Inputs that the reader once failed on, and some that it might have.
#[test]
fn kept_inputs_are_read_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/regressions/hub_config");
    let inputs: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
    assert!(!inputs.is_empty());
    for input in inputs {
        let text = std::fs::read(input.unwrap().path()).unwrap();
        if let Err(error) = Config::parse(&String::from_utf8_lossy(&text), |_| None) {
            assert!(!error.to_string().is_empty());
        }
    }
}
