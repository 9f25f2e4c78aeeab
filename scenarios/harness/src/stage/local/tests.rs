use super::process::Signal;
use super::{Process, ready};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn shell(commands: &str) -> Process {
    let settings = [("GREETING".to_owned(), "hello".to_owned())];
    Process::start("shell", Path::new("/bin/sh"), ["-c", commands], settings).expect("a shell")
}

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_port_is_learnt_from_the_output() {
    let mut process = shell("echo $GREETING >&2; echo listening on http://127.0.0.1:4566; cat");
    let found = process.word_after("http://", LONG).await;
    assert_eq!(found.as_deref(), Ok("127.0.0.1:4566"));
}

#[tokio::test]
async fn a_process_that_ends_early_is_noticed_and_its_log_kept() {
    let mut process = shell("echo no disk >&2; exit 3");
    let found = process.word_after("http://", LONG).await;
    assert_eq!(found, Err("shell ended before it was ready".to_owned()));
    assert_eq!(process.log().text(), "no disk\n");
}

#[tokio::test]
async fn what_must_succeed_says_how_it_failed() {
    assert_eq!(shell("exit 0").success(LONG).await, Ok(()));
    let failed = shell("exit 3").success(LONG).await;
    assert_eq!(failed, Err("shell ended with exit status: 3".to_owned()));
}

#[tokio::test]
async fn a_process_has_several_lives_and_one_log() {
    let mut process = shell("trap 'echo down; exit' TERM; echo up; while :; do sleep 0.01; done");
    process.writes("up", LONG).await.expect("a first life");
    process.kill().await.expect("it can be killed");
    process.kill().await.expect("what is dead stays dead");
    assert!(process.signal(Signal::Stop).await.is_err(), "there is nobody to pause");
    process.start_again().expect("it starts again");
    process.writes("up", LONG).await.expect("a second life");
    // Told to stop while it stands still, it obeys as soon as it goes on.
    process.signal(Signal::Stop).await.expect("it can be paused");
    process.signal(Signal::Terminate).await.expect("it can be told");
    process.signal(Signal::Continue).await.expect("it can go on");
    process.writes("down", LONG).await.expect("an orderly end");
    let log = process.log().text();
    let lines = |word: &str| log.lines().filter(|line| line.contains(word)).count();
    assert_eq!((log.lines().filter(|line| *line == "up").count(), lines("again")), (2, 1), "{log}");
    process.again_with(["-c", "echo other; cat"]);
    process.start_again().expect("it starts otherwise");
    process.writes("other", LONG).await.expect("a third life");
    assert_eq!(process.terminate(LONG).await, Ok(()));
}

#[tokio::test]
async fn ready_waits_for_200() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let serve = async {
        for status in [503, 200] {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut request = [0; 512];
            let _ = stream.read(&mut request).await;
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    };
    let (_, waited) = tokio::join!(serve, ready(&address, "/health", LONG));
    assert_eq!(waited, Ok(()));
}
