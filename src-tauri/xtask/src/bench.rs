//! Is Hearback as fast as was promised, and how does it stand beside the bare parts it is made of?
//!
//! Each benchmark runs the release build and, where there is one, a peer on the same input in the same sitting, and gives
//! rows for one table. What only the engine can measure is asked of `hearback-cli bench NAME`, a hidden command that prints
//! one JSON object per line: `{"name": TEXT, "value": NUMBER, "unit": TEXT}`.

mod generated;
mod import;
mod inputs;
mod map;
mod measures;
mod peers;
mod recall;
mod start;
mod table;
mod themes;

use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::places::Places;
use crate::process::{self, Measured};
use crate::purpose::Purpose;
use crate::run;
use crate::sample::{self, Sample};
use crate::setup;
use crate::ui;

use table::Row;

/// A benchmark by name.
pub struct Benchmark {
    name: &'static str,
    measure: fn(&Bench<'_>) -> Result<Vec<Row>, Failure>,
    needs: Needs,
}

/// What must be built for a benchmark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    CommandLine,
    Window,
}

/// What `bench` was asked for.
pub struct Options {
    chosen: Vec<&'static Benchmark>,
    /// Also what takes minutes.
    big: bool,
}

const BENCHMARKS: &[Benchmark] = &[
    Benchmark { name: "import", measure: import::import, needs: Needs::CommandLine },
    Benchmark { name: "embed", measure: measures::embed, needs: Needs::CommandLine },
    Benchmark { name: "themes", measure: themes::themes, needs: Needs::CommandLine },
    Benchmark { name: "recall", measure: recall::recall, needs: Needs::CommandLine },
    Benchmark { name: "map", measure: map::map, needs: Needs::CommandLine },
    Benchmark { name: "trends", measure: measures::trends, needs: Needs::CommandLine },
    Benchmark { name: "charts", measure: measures::charts, needs: Needs::CommandLine },
    Benchmark { name: "start", measure: start::start, needs: Needs::Window },
    Benchmark { name: "memory", measure: measures::memory, needs: Needs::CommandLine },
];

/// What every benchmark works with.
pub struct Bench<'a> {
    places: &'a Places,
    sample: Sample,
    big: bool,
}

/// One line of `hearback-cli bench`.
struct Figure {
    name: String,
    value: f64,
    unit: String,
}

impl Options {
    /// The benchmarks of these names; all of them when there are none.
    pub fn parse(arguments: &[String]) -> Result<Self, String> {
        let (flags, names): (Vec<&String>, Vec<&String>) =
            arguments.iter().partition(|argument| argument.starts_with("--"));
        if let Some(stranger) = flags.iter().find(|flag| *flag != &"--big") {
            return Err(format!("`bench` does not know {stranger}"));
        }
        let by_name = |name: &&String| {
            let known = || BENCHMARKS.iter().map(|benchmark| benchmark.name).collect::<Vec<_>>().join(", ");
            let found = BENCHMARKS.iter().find(|benchmark| benchmark.name == name.as_str());
            found.ok_or_else(|| format!("There is no benchmark `{name}`; there are {}", known()))
        };
        let chosen = if names.is_empty() {
            BENCHMARKS.iter().collect()
        } else {
            names.iter().map(by_name).collect::<Result<_, _>>()?
        };
        Ok(Self { chosen, big: !flags.is_empty() })
    }
}

pub fn run(places: &Places, options: &Options) -> Result<(), Failure> {
    setup::run(places, Purpose::Test)?;
    let profile = if options.chosen.iter().any(|benchmark| benchmark.needs == Needs::Window) {
        ui::build(places)?;
        run::build_release(places)?
    } else {
        run::build_command_line(places)?
    };
    let bench = Bench { places, sample: sample::ensure(places, profile)?, big: options.big };
    let mut rows = Vec::new();
    for benchmark in &options.chosen {
        eprintln!("bench: {}", benchmark.name);
        let measured = (benchmark.measure)(&bench).map_err(|failure| Failure {
            what: format!("Benchmark `{}` failed: {}", benchmark.name, failure.what),
            ..failure
        })?;
        rows.extend(measured);
    }
    print!("{}", table::print(&rows));
    Ok(())
}

impl Bench<'_> {
    /// The release build of the command line.
    fn program(&self) -> Command {
        let mut program = Command::new(self.places.program("release", "hearback-cli"));
        program.current_dir(&self.places.root);
        program
    }

    /// `hearback-cli bench NAME ARGUMENT...`, with its figures.
    fn ask(&self, name: &str, arguments: &[&str]) -> Result<(Vec<Figure>, Measured), Failure> {
        let next = "Run that command by hand to see more.";
        let measured = process::measure(self.program().args(["bench", name]).args(arguments), next)?;
        let figures = figures(&measured.stdout).ok_or_else(|| {
            Failure::new(format!("`hearback-cli bench {name}` printed no figures that can be read."), next)
        })?;
        Ok((figures, measured))
    }
}

/// Lines that are not JSON objects are remarks; an object without its three parts is an error.
fn figures(printed: &str) -> Option<Vec<Figure>> {
    let lines = printed.lines().filter(|line| line.starts_with('{'));
    let figures: Option<Vec<Figure>> = lines
        .map(|line| {
            let line: Value = serde_json::from_str(line).ok()?;
            let text = |key: &str| line[key].as_str().map(str::to_owned);
            Some(Figure { name: text("name")?, value: line["value"].as_f64()?, unit: text("unit")? })
        })
        .collect();
    figures.filter(|figures| !figures.is_empty())
}

/// The middle one; half-way between the two in the middle when their number is even.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[length / 2],
        length => (values[length / 2 - 1] + values[length / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benchmarks_are_chosen_by_name() {
        let parse = |text: &str| {
            let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
            Options::parse(&words)
                .map(|options| (options.chosen.iter().map(|benchmark| benchmark.name).collect::<Vec<_>>(), options.big))
        };
        assert_eq!(parse("embed start"), Ok((vec!["embed", "start"], false)));
        assert_eq!(parse("import --big"), Ok((vec!["import"], true)));
        assert_eq!(parse("").unwrap().0.len(), BENCHMARKS.len());
        assert!(parse("speed").unwrap_err().contains("there are import, embed"));
        assert!(parse("--fast").unwrap_err().contains("--fast"));
    }

    #[test]
    fn figures_are_read_and_half_a_figure_is_refused() {
        let read = figures("warming up\n{\"name\":\"embed\",\"value\":412.5,\"unit\":\"texts/s\"}\n").unwrap();
        assert_eq!((read[0].name.as_str(), read[0].value, read[0].unit.as_str()), ("embed", 412.5, "texts/s"));
        assert!(figures("{\"name\":\"embed\"}").is_none());
        assert!(figures("nothing").is_none());
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0]), 2.5);
    }
}
