//! Is the process confined, seen from outside? From inside it looks itself, before each model is loaded: `src/walls.rs`.

use daemon_worker_protocol::FromWorker;
use tempfile::TempDir;
use test_gguf::{CHATML, tiny};

use crate::worker::Worker;

#[test]
fn the_kernel_holds_the_worker_to_its_list() {
    let folder = TempDir::new().unwrap();
    let (worker, _) = Worker::ready(&tiny(folder.path(), 1, Some(CHATML)));
    let of = |name: &str| std::fs::read_to_string(format!("/proc/{}/{name}", worker.id())).unwrap();
    let status = of("status");
    for line in ["NoNewPrivs:\t1", "Seccomp:\t2", "Seccomp_filters:\t2"] {
        assert!(status.lines().any(|own| own == line), "`{line}` is not in {status}");
    }
    assert_eq!(of("environ"), "", "it has no environment");
    let limits = of("limits");
    for line in ["Max core file size        0 ", "Max file size             0 "] {
        assert!(limits.contains(line), "`{line}` is not in {limits}");
    }
    let open: Vec<String> = std::fs::read_dir(format!("/proc/{}/fd", worker.id()))
        .unwrap()
        .map(|entry| std::fs::read_link(entry.unwrap().path()).unwrap().display().to_string())
        .filter(|target| !target.starts_with("pipe:") && !target.starts_with("/dev/null") && !target.ends_with(".gguf"))
        .collect();
    assert_eq!(open, [""; 0], "it has nothing open but its talk and its model");
}

#[test]
fn with_an_environment_no_model_is_loaded() {
    let folder = TempDir::new().unwrap();
    let model = tiny(folder.path(), 1, Some(CHATML));
    let mut worker = Worker::start_with(&model, &[("GITHUB_TOKEN", "canary")]);
    match worker.hear() {
        FromWorker::Broken { why } => assert_eq!(why, "the process is not confined: it can read its environment"),
        other => panic!("{other:?}"),
    }
    assert!(!worker.ended().success());
}
