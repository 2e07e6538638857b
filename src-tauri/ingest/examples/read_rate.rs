use hearback_ingest::*;
use std::path::PathBuf;
struct Count(u64, u64);
impl Sink for Count {
    fn record(
        &mut self,
        _: hearback_model::model::Origin,
        record: hearback_model::model::Record,
    ) -> hearback_model::error::Result<()> {
        std::hint::black_box(&record);
        self.0 += 1;
        Ok(())
    }
    fn reject(&mut self, _: hearback_model::model::Reject) -> hearback_model::error::Result<()> {
        self.1 += 1;
        Ok(())
    }
}
fn main() {
    let paths: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let paths = expand(&paths).unwrap();
    let set = recognise_all(&paths, &ReadOptions::default());
    for round in 0..5 {
        let (mut all, mut time) = (0, 0.0);
        for (path, recognised) in &set.files {
            let mut count = Count(0, 0);
            let start = std::time::Instant::now();
            let report = read(path, recognised, &mut count, &hearback_model::job::Job::quiet()).unwrap();
            let took = start.elapsed().as_secs_f64();
            println!(
                "{round} {:45} {:>8} rows {:>8} records {} rejects {:.3}s {:>9.0} rows/s {:.0} MB/s",
                recognised.title,
                report.read,
                count.0,
                count.1,
                took,
                report.read as f64 / took,
                report.bytes as f64 / took / 1e6
            );
            all += report.read;
            time += took;
        }
        println!("{round} total {:.0} rows/s", all as f64 / time);
    }
    for (path, error) in set.unknown {
        println!("unknown {} {error}", path.display());
    }
}
