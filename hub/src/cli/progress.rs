//! Progress of long work, on a terminal only.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::serve::admin::Step;

/// A bar over `length` things called `unit`.
pub(super) fn bar(length: u64, unit: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(8));
    let template = format!("{{bar:30}} {{pos}}/{{len}} {unit}  {{rate}}  {{eta}} left  {{wide_msg}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        // A name that is too long for the line is cut, so that the bar never becomes two lines.
        let rate = |state: &ProgressState, text: &mut dyn Write| {
            // Writing into a text cannot fail.
            let _ = write!(text, "{:.0}/s", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate).progress_chars("━╸─"));
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// Says what is waited for, in a line that turns on a terminal until it is dropped and stays anywhere else.
pub(super) fn waiting(for_what: &str) -> Waiting {
    if !std::io::stderr().is_terminal() {
        anstream::eprintln!("{for_what}");
        return Waiting(None);
    }
    let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
    spinner.set_message(for_what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(125));
    Waiting(Some(spinner))
}

/// See [`waiting`].
#[derive(Debug)]
pub(super) struct Waiting(Option<ProgressBar>);

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(spinner) = self.0.take() {
            spinner.finish_and_clear();
        }
    }
}

/// A bar for each kind of thing that a command counts, one after the other.
#[derive(Debug, Default)]
pub(super) struct Bars(Mutex<Option<(String, ProgressBar)>>);

impl Bars {
    /// Shows how far it is.
    pub(super) fn show(&self, step: &Step) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = match shown.take() {
            Some((unit, bar)) if unit == step.unit => bar,
            older => {
                if let Some((_, bar)) = older {
                    bar.finish_and_clear();
                }
                bar(step.all, &step.unit)
            }
        };
        bar.set_length(step.all);
        bar.set_position(step.done);
        bar.set_message(step.now.clone());
        *shown = Some((step.unit.clone(), bar));
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if let Some((_, bar)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}
