//! What people get for a question: posts in reading order, pictures and files beside them.

use std::sync::{Arc, OnceLock};

use super::plot::Plot;
use super::post::Post;

/// An answer, not yet dressed by any face.
#[derive(Debug, Clone, Default)]
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
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The words.
    pub post: Post,
    /// What is to be seen with them.
    pub picture: Option<Arc<Picture>>,
}

/// A picture: what it shows, and once a face has drawn it, how it looks. So an answer that is given again is not drawn
/// again.
#[derive(Debug)]
pub struct Picture {
    /// What it is called, without an ending: letters, digits and `_`.
    pub name: &'static str,
    /// What it shows.
    pub plot: Plot,
    drawn: OnceLock<Arc<[u8]>>,
}

impl Picture {
    /// A picture that nobody has drawn yet.
    pub fn new(name: &'static str, plot: Plot) -> Arc<Self> {
        Arc::new(Self { name, plot, drawn: OnceLock::new() })
    }

    /// How it looks, drawn by `draw` if nobody did so before. Where that fails it is tried again the next time.
    pub fn drawn<E>(&self, draw: impl FnOnce(&Plot) -> Result<Vec<u8>, E>) -> Result<Arc<[u8]>, E> {
        if let Some(drawn) = self.drawn.get() {
            return Ok(Arc::clone(drawn));
        }
        let drawn: Arc<[u8]> = draw(&self.plot)?.into();
        Ok(Arc::clone(self.drawn.get_or_init(|| drawn)))
    }
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

impl Sheet {
    /// Words with a picture.
    pub fn with_picture(post: Post, name: &'static str, plot: Plot) -> Self {
        Self { post, picture: Some(Picture::new(name, plot)) }
    }
}

impl From<Post> for Sheet {
    fn from(post: Post) -> Self {
        Self { post, picture: None }
    }
}

impl From<Vec<Sheet>> for Answer {
    fn from(sheets: Vec<Sheet>) -> Self {
        Self { sheets, ..Self::default() }
    }
}

impl From<Post> for Answer {
    fn from(post: Post) -> Self {
        Self::from(vec![post])
    }
}

impl From<Vec<Post>> for Answer {
    fn from(posts: Vec<Post>) -> Self {
        Self { sheets: posts.into_iter().map(Sheet::from).collect(), ..Self::default() }
    }
}
