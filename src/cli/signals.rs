//! Signals that end the program: the first one asks a command to stop in an orderly way, a second
//! one ends the process at once.
//!
//! A separate thread waits for signals, because a command can be busy in a long computation, or in
//! the embedded engine, which cannot be interrupted.

use std::io;

use tokio::sync::watch;

/// The number that a shell adds to that of a signal.
const BASE: u8 = 128;
/// What Ctrl-C sends.
const SIGINT: u8 = 2;

/// The signals of this process, from the beginning of a command on.
#[derive(Debug, Clone)]
pub(super) struct Signals {
    /// The number of the first one.
    first: watch::Receiver<Option<u8>>,
    /// Whether there was one.
    stop: watch::Receiver<bool>,
}

impl Signals {
    /// Begins to listen.
    pub(super) fn listen() -> io::Result<Self> {
        let (sender, first) = watch::channel(None);
        let (stopping, stop) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let incoming = runtime.block_on(async { incoming::Incoming::new() })?;
        let listen = move || runtime.block_on(heed(incoming, &sender, &stopping));
        std::thread::Builder::new().name("signals".to_owned()).spawn(listen)?;
        Ok(Self { first, stop })
    }

    /// Waits for the first signal.
    pub(super) async fn first(&self) {
        let mut receiver = self.first.clone();
        if receiver.wait_for(Option::is_some).await.is_err() {
            // Nobody listens any more.
            std::future::pending::<()>().await;
        }
    }

    /// True from the first signal on.
    pub(super) fn stop(&self) -> watch::Receiver<bool> {
        self.stop.clone()
    }

    /// The exit status of a command that was stopped: as a shell reports a program that the signal
    /// ended.
    pub(super) fn exit_status(&self) -> u8 {
        BASE + self.first.borrow().unwrap_or(SIGINT)
    }
}

async fn heed(
    mut incoming: incoming::Incoming,
    first: &watch::Sender<Option<u8>>,
    stop: &watch::Sender<bool>,
) {
    loop {
        let signal = incoming.next().await;
        if first.borrow().is_some() {
            end_at_once(BASE + signal);
        }
        first.send_replace(Some(signal));
        stop.send_replace(true);
    }
}

#[expect(clippy::exit, reason = "who asks twice does not want to wait for anything")]
fn end_at_once(status: u8) -> ! {
    std::process::exit(i32::from(status))
}

#[cfg(unix)]
mod incoming {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    const SIGHUP: u8 = 1;
    const SIGTERM: u8 = 15;

    pub(super) struct Incoming {
        interrupt: Signal,
        terminate: Signal,
        /// None where whoever began the process wants it to be ignored, as `nohup` does.
        hang_up: Option<Signal>,
    }

    impl Incoming {
        pub(super) fn new() -> io::Result<Self> {
            let hang_up = (!is_ignored(SIGHUP)).then(|| signal(SignalKind::hangup()));
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: hang_up.transpose()?,
            })
        }

        /// The number of the next one.
        pub(super) async fn next(&mut self) -> u8 {
            let hang_up = async {
                match &mut self.hang_up {
                    Some(it) => it.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = self.interrupt.recv() => super::SIGINT,
                _ = self.terminate.recv() => SIGTERM,
                _ = hang_up => SIGHUP,
            }
        }
    }

    /// Whether this process was begun with a signal ignored, where the system tells (Linux, proc(5)).
    fn is_ignored(signal: u8) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
        mask.is_some_and(|it| it >> (signal - 1) & 1 == 1)
    }
}

#[cfg(not(unix))]
mod incoming {
    use std::io;

    pub(super) struct Incoming;

    impl Incoming {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) -> u8 {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            super::SIGINT
        }
    }
}
