//! Environments end with their runner.

use crate::code::{Function, has, returned, runner};

const CODE: &str =
    "import os\ndef handler(event, context): return [os.getpid(), os.environ['HOME']]";

#[tokio::test]
async fn nothing_outlives_the_runner() {
    if !has("python3") {
        return;
    }
    let runner = runner();
    let function = Function::new("python3.13", "a.handler", &[("a.py", CODE)]);
    let said = returned(&function.run(&runner, "{}").await);
    let (pid, home) = (said[0].as_u64().unwrap(), said[1].as_str().unwrap().to_owned());
    let is_there = || std::fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok();
    let folder = || std::path::Path::new(&home).ancestors().nth(3).unwrap().exists();
    assert!(folder());
    drop(runner);
    let mut looks = 0;
    while is_there() || folder() {
        looks += 1;
        assert!(looks < 2_000, "the process {pid} or its folder {home} is still there");
        tokio::time::timeout(std::time::Duration::from_millis(10), std::future::pending::<()>())
            .await
            .unwrap_err();
    }
}
