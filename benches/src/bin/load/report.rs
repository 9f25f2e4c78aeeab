//! The tables: what was measured, and whether it meets what is asked of it.

use serde_json::{Value, json};

/// A workload's row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) workload: &'static str,
    /// In a closed loop.
    pub(crate) requests_per_second: f64,
    pub(crate) messages_per_second: f64,
    pub(crate) p50_micros: f64,
    pub(crate) p99_micros: f64,
    pub(crate) bare_requests_per_second: f64,
    /// As `ratio`, but in the closed loop: more requests arrive while the server is awake.
    pub(crate) closed_loop_ratio: Option<f64>,
    /// At the fixed rate; a rate of 0 is the closed loop.
    pub(crate) rate: f64,
    pub(crate) cpu_micros: Option<f64>,
    pub(crate) bare_cpu_micros: Option<f64>,
    /// Median of the rounds' ratios.
    pub(crate) ratio: Option<f64>,
    pub(crate) ratio_max: f64,
    pub(crate) resident_mebibytes: Option<f64>,
}

/// A single number.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) workload: &'static str,
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// The most it may be.
    pub(crate) target: Option<f64>,
}

/// All that was found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) machine: String,
    pub(crate) date: String,
    pub(crate) subject: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) notes: Vec<String>,
    /// Wrong answers and wrong messages; there must be none.
    pub(crate) faults: Vec<String>,
}

impl Report {
    pub(crate) fn figure(
        &mut self,
        workload: &'static str,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
    ) -> &mut Figure {
        self.figures.push(Figure { workload, name: name.into(), value, unit, target: None });
        self.figures.last_mut().expect("pushed above")
    }

    /// Says something once.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    /// The tables in Markdown.
    pub(crate) fn text(&self) -> String {
        let mut lines = vec![
            format!("# Load on {}, {}", self.subject, self.date),
            String::new(),
            self.machine.clone(),
        ];
        if !self.rows.is_empty() {
            lines.extend(["", ROWS_TEXT].map(str::to_owned));
            lines.extend(["", ROWS_HEAD, ROWS_RULE].map(str::to_owned));
            lines.extend(self.rows.iter().map(Row::line));
        }
        if !self.figures.is_empty() {
            let head = ["", "| workload | figure | value | target |", "|---|---|---:|---|"];
            lines.extend(head.map(str::to_owned));
            lines.extend(self.figures.iter().map(Figure::line));
        }
        lines.push(String::new());
        lines.extend(self.notes.iter().map(|it| format!("- {it}")));
        match self.faults.is_empty() {
            true => lines.push("- OK: every answer was 200 and every message right".to_owned()),
            false => lines.extend(self.faults.iter().map(|it| format!("- FAULT: {it}"))),
        }
        lines.join("\n")
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "subject": self.subject,
            "date": self.date,
            "machine": self.machine,
            "workloads": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
            "figures": self.figures.iter().map(Figure::json).collect::<Vec<_>>(),
            "notes": self.notes,
            "faults": self.faults,
        })
    }
}

const ROWS_TEXT: &str = "Left, a closed loop. Right, both servers at the same fixed rate, by \
    turns; the ratio is of CPU a request to CPU a bare answer. Medians of the rounds.";
const ROWS_HEAD: &str = "| workload | requests/s | messages/s | p50 µs | p99 µs \
    | bare requests/s | closed-loop ratio | at rate/s | CPU µs/request | bare CPU µs | ratio \
    | target | RSS MiB |";
const ROWS_RULE: &str = "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|---:|";

impl Row {
    fn line(&self) -> String {
        let rate = if self.rate > 0.0 { format!("{:.0}", self.rate) } else { "max".to_owned() };
        let cells = [
            self.workload.to_owned(),
            format!("{:.0}", self.requests_per_second),
            format!("{:.0}", self.messages_per_second),
            format!("{:.0}", self.p50_micros),
            format!("{:.0}", self.p99_micros),
            format!("{:.0}", self.bare_requests_per_second),
            optional(self.closed_loop_ratio, 2),
            rate,
            optional(self.cpu_micros, 1),
            optional(self.bare_cpu_micros, 1),
            optional(self.ratio, 2),
            target(self.ratio, Some(self.ratio_max)),
            optional(self.resident_mebibytes, 0),
        ];
        format!("| {} |", cells.join(" | "))
    }

    fn json(&self) -> Value {
        json!({
            "workload": self.workload,
            "requests_per_second": self.requests_per_second,
            "messages_per_second": self.messages_per_second,
            "p50_micros": self.p50_micros,
            "p99_micros": self.p99_micros,
            "bare_requests_per_second": self.bare_requests_per_second,
            "closed_loop_ratio": self.closed_loop_ratio,
            "rate": self.rate,
            "cpu_micros_per_request": self.cpu_micros,
            "bare_cpu_micros_per_request": self.bare_cpu_micros,
            "ratio": self.ratio,
            "ratio_max": self.ratio_max,
            "met": self.ratio.map(|it| it <= self.ratio_max),
            "resident_mebibytes": self.resident_mebibytes,
        })
    }
}

impl Figure {
    fn line(&self) -> String {
        let decimals = if self.value.abs() < 100.0 { 2 } else { 0 };
        format!(
            "| {} | {} | {:.decimals$} {} | {} |",
            self.workload,
            self.name,
            self.value,
            self.unit,
            target(Some(self.value), self.target)
        )
    }

    fn json(&self) -> Value {
        json!({
            "workload": self.workload,
            "figure": self.name,
            "value": self.value,
            "unit": self.unit,
            "target": self.target,
            "met": self.target.map(|it| self.value <= it),
        })
    }
}

fn optional(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |it| format!("{it:.decimals$}"))
}

fn target(value: Option<f64>, most: Option<f64>) -> String {
    match (value, most) {
        (_, None) => String::new(),
        (None, Some(most)) => format!("at most {most}: not measured"),
        (Some(value), Some(most)) if value <= most => format!("at most {most}: met"),
        (Some(_), Some(most)) => format!("at most {most}: **not met**"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_said_to_be_met_or_not() {
        for (value, most, expected) in [
            (Some(1.0), None, ""),
            (None, Some(2.0), "at most 2: not measured"),
            (Some(2.0), Some(2.0), "at most 2: met"),
            (Some(2.1), Some(2.0), "at most 2: **not met**"),
        ] {
            assert_eq!(target(value, most), expected);
        }
    }

    #[test]
    fn tables_have_as_many_cells_as_their_heads() {
        let mut report = Report { rows: vec![Row::default()], ..Report::default() };
        report.figure("w", "n", 1.5, "ms").target = Some(1.0);
        let text = report.text();
        let cells = |line: &str| line.matches('|').count();
        assert_eq!(cells(ROWS_HEAD), cells(ROWS_RULE));
        assert_eq!(cells(ROWS_HEAD), cells(&report.rows[0].line()));
        assert!(text.contains("| w | n | 1.50 ms | at most 1: **not met** |"), "{text}");
    }
}
