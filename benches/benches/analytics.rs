//! The analytics' core on one core, without Kafka and without a table: from the bytes of records
//! to the rows of a transaction.
//!
//! `cargo bench -p benches --bench analytics`. Compare the numbers of one run; machines differ.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use orderflow::analytics::traffic::{Shop, Traffic};
use orderflow::analytics::{CustomerSettings, CustomerTask, Fact, OrderTask, Settings};

const EVENTS: usize = 100_000;
/// Rows of a transaction, from which on no further event is taken into it.
const ROWS: usize = 80;

fn records() -> Vec<String> {
    // The first orders' beginnings only: skipped until all kinds come in their proportions.
    Traffic::new(Shop::default()).skip(50_000).take(EVENTS).map(|it| it.value).collect()
}

fn decode(record: &str) -> Fact<'_> {
    Fact::decode(record.as_bytes()).expect("an event")
}

fn order_task() -> OrderTask {
    OrderTask::new(Settings::default())
}

fn core(criterion: &mut Criterion) {
    let records = records();
    let mut group = criterion.benchmark_group("analytics");
    group.throughput(Throughput::Elements(EVENTS as u64)).sample_size(10);
    group.bench_function("decode", |bencher| {
        bencher.iter(|| records.iter().for_each(|it| drop(black_box(decode(it)))));
    });
    group.bench_function("decode, apply", |bencher| {
        bencher.iter_batched_ref(
            order_task,
            |task| {
                for record in &records {
                    black_box(task.apply(&decode(record)));
                }
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("decode, apply, take changes", |bencher| {
        bencher.iter_batched_ref(
            order_task,
            |task| {
                for record in &records {
                    task.apply(&decode(record));
                    if task.dirty() >= ROWS {
                        black_box(task.take_changes());
                    }
                }
                black_box(task.take_changes());
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("decode, apply, take changes, of customers", |bencher| {
        bencher.iter_batched_ref(
            || CustomerTask::new(CustomerSettings::default()),
            |task| {
                for record in &records {
                    task.apply(&decode(record));
                    if task.dirty() >= ROWS {
                        black_box((task.take_changes(), task.take_matches()));
                    }
                }
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, core);
criterion_main!(benches);
