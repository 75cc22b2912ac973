use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Counts since the hub started.
        #[derive(Debug, Default)]
        pub(super) struct Counts {
            $($name: AtomicU64,)*
        }

        /// The counts at one moment.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct CountsNow {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Counts {
            /// Reads all counts.
            pub(super) fn now(&self) -> CountsNow {
                CountsNow { $($name: self.$name.load(Ordering::Relaxed),)* }
            }

            $(pub(super) fn $name(&self) {
                self.$name.fetch_add(1, Ordering::Relaxed);
            })*
        }
    };
}

counts! {
    /// Connections to the gateway, the first and those after a break.
    connected,
    /// Times that connecting failed, or that a connection ended for good and was begun anew.
    broken,
    /// New messages.
    posted,
    /// Messages changed in place.
    edited,
    /// Attempts that did not work, whatever came of the message later.
    failed,
    /// Messages that Discord will never take.
    given_up,
    /// Messages that were found in their channel after their answer was lost.
    found_again,
    /// Commands that were begun.
    commands,
    /// Commands that failed.
    command_errors,
}
