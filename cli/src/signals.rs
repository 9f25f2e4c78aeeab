//! What ends the program: SIGTERM, or Ctrl-C.
//!
//! A thread of its own listens, so that nothing that is under way can keep the program from ending.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long an end in order may take.
const END_WITHIN: Duration = Duration::from_secs(4);

/// Listens from now on. What is returned is ready at the first signal. `at_last` is called when the
/// program is still there some seconds later, or at a second signal.
///
/// # Errors
/// When signals cannot be listened for.
pub(crate) fn listen(
    at_last: impl FnOnce() + Send + 'static,
) -> io::Result<impl Future<Output = ()>> {
    let (tell, told) = oneshot::channel();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    let wait = async move {
        either(&mut interrupt, &mut terminate).await;
        let _nobody_waits = tell.send(());
        let _in_vain = timeout(END_WITHIN, either(&mut interrupt, &mut terminate)).await;
        at_last();
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(wait))?;
    Ok(async {
        let _thread_gone = told.await;
    })
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        biased;
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
