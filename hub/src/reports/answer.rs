//! What people get for a question: posts in reading order, and files beside them.

use super::post::Post;

/// An answer, not yet dressed by any face.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// What is to be read, in order; never empty.
    pub sheets: Vec<Sheet>,
    /// How much of it is seen at a time.
    pub shown: Shown,
    /// Texts that go along as files.
    pub files: Vec<TextFile>,
}

/// How much of an answer is seen at a time, where a face can turn pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shown {
    /// Everything.
    #[default]
    Together,
    /// A sheet, with a way to the next one.
    BySheet,
}

/// One thing to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The words.
    pub post: Post,
}

/// A text that goes along as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl Answer {
    /// Sheets of which one is seen at a time.
    pub fn pages(posts: Vec<Post>) -> Self {
        Self { shown: Shown::BySheet, ..Self::from(posts) }
    }
}

impl From<Post> for Answer {
    fn from(post: Post) -> Self {
        Self::from(vec![post])
    }
}

impl From<Vec<Post>> for Answer {
    fn from(posts: Vec<Post>) -> Self {
        Self { sheets: posts.into_iter().map(|post| Sheet { post }).collect(), ..Self::default() }
    }
}
