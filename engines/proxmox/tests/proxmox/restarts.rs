//! When is a restart over, and in which order does a machine go? Proxmox ends the task of a restart while the machine is off.

use core_model::plan::Action;
use engine_api::Readiness;
use serde_json::json;
use test_sim_proxmox::{ClockSource, Fault, FaultMatch, Timing};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan};

const GIB: u64 = 1 << 30;

#[tokio::test]
async fn a_restart_is_over_when_the_machine_runs_again() {
    let subject = ProxmoxSubject::with_clock(ClockSource::Scaled(400.0)).await;
    let bench = bench(&subject).await;
    let port = subject.world.port;
    let with = |memory: u64| {
        machine(
            "web-01",
            json!({"specs": {"os": "debian-13", "memory": memory, "network": {"ip": "127.0.0.1/8"}, "ready": {"port": port, "within": 5_000}}}),
        )
    };
    let (_, record) = bring(&bench, &with(GIB), None).await;
    let (order, _) = plan(&bench, &with(2 * GIB), Some(&record)).await.unwrap();
    assert_eq!(order.step.action, Action::Restart);
    subject.world.cluster.change(|world| world.timing = Timing { start_ms: 60_000, ..Timing::instant() });
    bench.must(&with(2 * GIB), &order).await;
    assert!(subject.world.guest("web-01", |_, guest| guest.is_running()), "the step ended while the machine was off");
    assert_eq!(bench.engine.wait(&order).await.unwrap(), Readiness::Ready);
    // One that did not come back is told.
    subject.world.by_hand("web-01", |guest| guest.running = None);
    assert!(matches!(bench.engine.wait(&order).await.unwrap(), Readiness::NotReady { message } if message.contains("does not run")));
}

/// A machine that goes is gone only after its cloud-init image: what breaks off in between leaves nothing that nobody knows of.
#[tokio::test]
async fn a_cloud_init_image_goes_before_its_machine() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = machine("web-01", json!({"specs": {"os": "debian-13", "packages": ["nginx"]}}));
    let (_, record) = bring(&bench, &sample, None).await;
    let order = bench.maker.delete(&sample, &record);
    // The last call does not come about, and the step is carried out again.
    subject.world.cluster.fail(FaultMatch::new("DELETE", "/qemu/"), Fault::StatusBefore(500, "no".to_owned()), 1);
    assert!(bench.carry_out(&order).await.is_err());
    let images = || subject.world.cluster.inspect(|world| world.volumes.keys().filter(|key| key.name.contains("-seed.iso")).count());
    assert_eq!(images(), 0);
    assert!(!subject.world.guest("web-01", |_, guest| guest.is_running()));
    bench.must(&sample, &order).await;
    assert!(subject.world.cluster.inspect(|world| world.guests.values().all(|guest| guest.name() != "web-01")));
}
