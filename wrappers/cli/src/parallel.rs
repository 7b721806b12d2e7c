//! Work on all cores, answered in order, with a bounded number of pieces under way.

use std::any::Any;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, TrySendError};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Pieces that may be under way for each thread: read, worked on, waiting for their turn.
const AHEAD: usize = 4;

/// Threads to work with.
pub(crate) fn threads() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Reads piece after piece, works on them with so many threads, and hands on what comes
/// of them in the order they were read. Each thread makes what it works with.
///
/// No more than a fixed number of pieces exists at a time, whatever the length of the
/// input. The first error ends it: `write` has then had everything before it.
pub(crate) fn in_order<I: Send, O: Send, E: Send, W: FnMut(I) -> O>(
    threads: usize,
    mut read: impl FnMut() -> Result<Option<I>, E> + Send,
    worker: impl Fn() -> W + Sync,
    mut write: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.max(1);
    let ahead = threads.saturating_mul(AHEAD);
    // A piece is read when there is a permit, and gives it back when it is written.
    let (free, permits) = mpsc::sync_channel::<()>(ahead);
    for _ in 0..ahead {
        if let Err(TrySendError::Full(()) | TrySendError::Disconnected(())) = free.try_send(()) {
            break;
        }
    }
    let (give, take) = mpsc::sync_channel::<(usize, I)>(ahead);
    let (done, finished) = mpsc::sync_channel::<(usize, Came<O, E>)>(ahead);
    let take = Mutex::new(take);
    thread::scope(|scope| {
        let failed = done.clone();
        scope.spawn(move || {
            let mut number = 0;
            while permits.recv().is_ok() {
                match read() {
                    Ok(Some(piece)) => {
                        if give.send((number, piece)).is_err() {
                            return;
                        }
                        number += 1;
                    }
                    Ok(None) => return,
                    Err(error) => {
                        let _ = failed.send((number, Came::Error(error)));
                        return;
                    }
                }
            }
        });
        for _ in 0..threads {
            let (done, take, worker) = (done.clone(), &take, &worker);
            scope.spawn(move || {
                let mut work = None;
                loop {
                    let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, piece)) = next else {
                        return;
                    };
                    // Else the reader would wait for ever for the piece to be written.
                    let came = match panic::catch_unwind(AssertUnwindSafe(|| {
                        work.get_or_insert_with(worker)(piece)
                    })) {
                        Ok(result) => Came::Result(result),
                        Err(payload) => Came::Panic(payload),
                    };
                    if done.send((number, came)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        // Moved in, so that the reader ends when this does, by an error too.
        let (free, finished) = (free, finished);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        while let Ok((number, came)) = finished.recv() {
            waiting.insert(number, came);
            while let Some(came) = waiting.remove(&next) {
                match came {
                    Came::Result(result) => write(result)?,
                    Came::Error(error) => return Err(error),
                    Came::Panic(payload) => {
                        drop((free, finished));
                        panic::resume_unwind(payload);
                    }
                }
                next += 1;
                let _ = free.try_send(());
            }
        }
        Ok(())
    })
}

/// What comes of a piece.
enum Came<O, E> {
    Result(O),
    Error(E),
    Panic(Box<dyn Any + Send>),
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_input() {
        for threads in [1, 2, 7] {
            let mut pieces = 0..1000_u32;
            let mut out = Vec::new();
            let ended = in_order::<_, _, (), _>(
                threads,
                || Ok(pieces.next()),
                || {
                    |piece| {
                        thread::sleep(std::time::Duration::from_micros(u64::from(piece % 7) * 20));
                        piece * 2
                    }
                },
                |result| {
                    out.push(result);
                    Ok(())
                },
            );
            assert_eq!(ended, Ok(()));
            assert_eq!(out, (0..1000).map(|one| one * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_of_the_reader_comes_after_what_was_read_before_it() {
        let mut number = 0;
        let mut out = Vec::new();
        let read = || {
            number += 1;
            if number > 50 {
                Err("no more")
            } else {
                Ok(Some(number))
            }
        };
        let ended = in_order(
            3,
            read,
            || |piece| piece,
            |one| {
                out.push(one);
                Ok(())
            },
        );
        assert_eq!(ended, Err("no more"));
        assert_eq!(out, (1..=50).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_of_the_writer_ends_an_endless_input() {
        let ended = in_order(2, || Ok(Some(())), || |()| (), |()| Err("closed"));
        assert_eq!(ended, Err("closed"));
    }

    #[test]
    #[should_panic(expected = "no longer")]
    fn a_panic_ends_an_endless_input() {
        let work = |()| panic!("no longer");
        let _ = in_order::<(), (), (), _>(2, || Ok(Some(())), || work, Ok);
    }

    #[test]
    fn no_more_pieces_than_allowed_are_under_way() {
        use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
        let (alive, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut pieces = 0..500_usize;
        let ended = in_order::<_, _, (), _>(
            2,
            || {
                let piece = pieces.next();
                if piece.is_some() {
                    most.fetch_max(alive.fetch_add(1, SeqCst) + 1, SeqCst);
                }
                Ok(piece)
            },
            || {
                |piece| {
                    // The first is the slowest: what comes after it must wait.
                    if piece == 0 {
                        thread::sleep(std::time::Duration::from_millis(50));
                    }
                }
            },
            |()| {
                alive.fetch_sub(1, SeqCst);
                Ok(())
            },
        );
        assert_eq!(ended, Ok(()));
        assert!(most.load(SeqCst) <= 2 * AHEAD, "{most:?}");
    }
}
