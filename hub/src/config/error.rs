use std::io;
use std::path::PathBuf;

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file was named and is not there.
    #[error("there is no configuration file {}: give the path of one, or leave it out for the defaults", .0.display())]
    Missing(PathBuf),
    /// A file cannot be read.
    #[error("the configuration file {path} cannot be read: may this user read it?", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A key that means nothing.
    #[error("{place}: `{key}` is no key of {section}{hint}", hint = hint(nearest.as_deref(), known))]
    UnknownKey {
        /// File and line.
        place: String,
        /// The key.
        key: String,
        /// The section it stands in, in words.
        section: String,
        /// The known key that is spelled most like it.
        nearest: Option<String>,
        /// The known keys of the section.
        known: Vec<&'static str>,
    },
    /// A value that cannot be.
    #[error("{place}: {problem}")]
    Value {
        /// File and line, or the variable's name.
        place: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The file with the Discord token cannot be read.
    #[error("the Discord token file {path} cannot be read: does it exist, and may this user read it?", path = .path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The file with the database's URL cannot be read.
    #[error("the file with the database's URL {path} cannot be read: does it exist, and may this user read it?", path = .path.display())]
    UrlFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

fn hint(nearest: Option<&str>, known: &[&str]) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None => format!("; its keys are {}", known.join(", ")),
    }
}
