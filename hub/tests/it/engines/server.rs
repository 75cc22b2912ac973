//! A PostgreSQL server of this program's own: from the installed binaries, as an unprivileged user, on a socket in a
//! directory that is gone afterwards. It ends with this program, however that ends.

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use slomix_hub::store::DatabaseUrl;
use sqlx::{ConnectOptions, Connection, PgConnection};

/// How long the server may take to come up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs the server until its input ends, which it does when this program does, and clears up.
const WATCH: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c max_connections=200 -c shared_buffers=32MB >"$2/log" 2>&1 &
read -r _
kill -INT $!
wait $!
rm -rf "$2"
"#;

/// A running server.
pub(crate) struct Server {
    directory: PathBuf,
    /// Its input is what keeps the server alive.
    _watch: Child,
}

/// The server's own user.
const SUPERUSER: &str = "postgres";

static DATABASES: AtomicUsize = AtomicUsize::new(0);

impl Server {
    /// The server that the tests of this program share; none, with a visible line, where PostgreSQL is not installed.
    /// With `SLOMIX_REQUIRE_POSTGRES=1` that is a failure, so that a machine that should have it cannot skip.
    pub(crate) fn shared() -> Option<Arc<Self>> {
        static SHARED: OnceLock<Option<Arc<Server>>> = OnceLock::new();
        let started = SHARED.get_or_init(|| binaries().map(|binaries| Arc::new(Self::start(&binaries))));
        if started.is_none() {
            let required = std::env::var("SLOMIX_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
            assert!(!required, "PostgreSQL is not installed and SLOMIX_REQUIRE_POSTGRES=1 is set");
            eprintln!("SKIPPED: PostgreSQL is not installed here");
        }
        started.clone()
    }

    fn start(binaries: &Path) -> Self {
        let directory = tempfile::Builder::new().prefix("slomix-pg-").tempdir().expect("a directory").keep();
        std::fs::set_permissions(&directory, PermissionsExt::from_mode(0o755)).expect("it is ours");
        let user = Unprivileged::find();
        if let Some(user) = &user {
            chown(&directory, Some(user.uid), Some(user.gid)).expect("root may give it away");
        }
        let run = |program: &Path| match &user {
            None => Command::new(program),
            Some(user) => user.command(program),
        };
        let data = directory.join("data");
        let init = run(&binaries.join("initdb"))
            .args(["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--auth=trust", "-D"])
            .arg(&data)
            .current_dir("/")
            .output()
            .expect("initdb can be run");
        assert!(init.status.success(), "initdb: {}", String::from_utf8_lossy(&init.stderr));
        let watch = run(Path::new("/bin/sh"))
            .args(["-c", WATCH, "sh"])
            .args([binaries, &directory])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a shell can be run");
        let server = Self { directory, _watch: watch };
        let began = Instant::now();
        let ready = server.directory.join(".s.PGSQL.5432");
        while !ready.exists() {
            assert!(began.elapsed() < PATIENCE, "the server does not come up: {}", server.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// What the server said.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    /// Where its socket is.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The URL of one of its databases.
    pub(crate) fn url(&self, database: &str) -> DatabaseUrl {
        self.url_of(SUPERUSER, database)
    }

    /// The same for another of its users.
    pub(crate) fn url_of(&self, user: &str, database: &str) -> DatabaseUrl {
        let socket = self.directory.display().to_string().replace('/', "%2F");
        format!("postgres://{user}@{socket}/{database}").parse().expect("a URL")
    }

    /// A session of the server's superuser, beside the hub.
    pub(crate) async fn session(&self, database: &str) -> PgConnection {
        let options = sqlx::postgres::PgConnectOptions::new_without_pgpass();
        let options = options.socket(&self.directory).username(SUPERUSER).database(database);
        let began = Instant::now();
        loop {
            match options.connect().await {
                Ok(connection) => return connection,
                // The socket is there a moment before the server is ready.
                Err(error) => assert!(began.elapsed() < PATIENCE, "{error}: {}", self.log()),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A new, empty database; it is gone with the server.
    pub(crate) async fn database(&self) -> String {
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut session = self.session("postgres").await;
        let make = format!("create database {name}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(make)).execute(&mut session).await.expect("a database can be made");
        session.close().await.expect("the session ends");
        name
    }
}

/// Where the server's programs are.
fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Whom root runs the server as, since the server refuses to be run by root.
struct Unprivileged {
    uid: u32,
    gid: u32,
}

impl Unprivileged {
    /// None where this user is not root.
    fn find() -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let me = std::fs::metadata("/proc/self").expect("this process has a directory").uid();
        if me != 0 {
            return None;
        }
        let users = std::fs::read_to_string("/etc/passwd").expect("the list of users");
        let user = |name: &str| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut numbers = line.split(':').skip(2).map_while(|number| number.parse().ok());
            Some(Self { uid: numbers.next()?, gid: numbers.next()? })
        };
        Some(user("postgres").or_else(|| user("nobody")).expect("a user without privileges"))
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={}", self.uid)).arg(format!("--regid={}", self.gid)).arg("--clear-groups");
        command.arg(program);
        command
    }
}
