//! The progress bar: on a terminal, on stderr, and only for what takes more than half a second.
//!
//! The scan advances counters and knows nothing of bars; a thread of its own reads them a few times a second.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::model::Progress;

/// What is over before that needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);
/// Time between two looks at the counters.
const PERIOD: Duration = Duration::from_millis(100);

/// A bar that is shown as long as this lives.
pub struct Bar {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// Starts to watch `progress`, if `wanted` and stderr is a terminal.
    pub fn start(progress: &Arc<Progress>, wanted: bool) -> Bar {
        Bar::showing(progress, wanted, show)
    }

    /// The same for requests to providers.
    pub fn verification(progress: &Arc<Progress>, wanted: bool) -> Bar {
        Bar::showing(progress, wanted, show_verification)
    }

    fn showing(progress: &Arc<Progress>, wanted: bool, show: fn(&ProgressBar, &Progress)) -> Bar {
        if !wanted || !io::stderr().is_terminal() {
            return Bar { stop: None, thread: None };
        }
        let (stop, stopped) = mpsc::channel::<()>();
        let progress = Arc::clone(progress);
        let thread = thread::spawn(move || {
            if stopped.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            loop {
                show(&bar, &progress);
                if stopped.recv_timeout(PERIOD) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            bar.finish_and_clear();
        });
        Bar { stop: Some(stop), thread: Some(thread) }
    }
}

/// Takes the bar off the screen before anything else is printed.
impl Drop for Bar {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A bar that failed is no reason to fail.
            let _ = thread.join();
        }
    }
}

fn show(bar: &ProgressBar, progress: &Progress) {
    let total = progress.total();
    if total > 0 && bar.length() != Some(total) {
        bar.set_length(total);
        bar.set_style(style("{spinner} [{bar:24}] {human_pos}/{human_len} {msg} ({eta})"));
    } else if total == 0 && bar.length().is_none() && bar.position() == 0 {
        bar.set_style(style("{spinner} {human_pos} {msg}"));
    }
    let seconds = bar.elapsed().as_secs_f64().max(PERIOD.as_secs_f64()) + PATIENCE.as_secs_f64();
    let rate = progress.bytes() as f64 / seconds;
    bar.set_message(format!(
        "items, {}, {}/s, {} candidates",
        indicatif::DecimalBytes(progress.bytes()),
        indicatif::DecimalBytes(rate as u64),
        progress.findings()
    ));
    bar.set_position(progress.items());
    bar.tick();
}

fn show_verification(bar: &ProgressBar, progress: &Progress) {
    if bar.length() != Some(progress.total()) {
        bar.set_length(progress.total());
        bar.set_style(style("{spinner} [{bar:24}] {human_pos}/{human_len} credentials verified ({eta})"));
    }
    bar.set_position(progress.items());
    bar.tick();
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
