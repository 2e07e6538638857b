//! JSON lines: a line that is broken costs that line.

use std::{io::BufRead, ops::ControlFlow};

use super::{Input, Walk};
use crate::{error::Result, files, limits, model::Reject};

pub(super) fn walk(walk: &mut Walk<'_>, mut input: Input, start: u64) -> Result<ControlFlow<()>> {
    let mut line = Vec::new();
    let mut offset = start;
    loop {
        line.clear();
        let (read, too_long) = read_line(&mut input, &mut line).map_err(|error| files::broken(walk.path, error))?;
        if read == 0 {
            return Ok(ControlFlow::Continue(()));
        }
        let begin = offset + (line.len() - line.trim_ascii_start().len()) as u64;
        let record = line.trim_ascii();
        offset += read;
        let flow = if too_long {
            walk.too_long(begin, record)?
        } else if record.is_empty() {
            ControlFlow::Continue(())
        } else {
            walk.json(begin, record)?
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
}

/// Reads to the line's end. Of a line beyond the limit only the start is kept.
fn read_line(input: &mut Input, line: &mut Vec<u8>) -> std::io::Result<(u64, bool)> {
    let (mut read, mut too_long) = (0, false);
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok((read, too_long));
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(available.len(), |end| end + 1);
        if line.len() + used > limits::RECORD_BYTES {
            too_long = true;
            line.truncate(Reject::RAW_LIMIT);
        }
        if too_long {
            let room = Reject::RAW_LIMIT.saturating_sub(line.len()).min(used);
            line.extend_from_slice(&available[..room]);
        } else {
            line.extend_from_slice(&available[..used]);
        }
        input.consume(used);
        read += used as u64;
        if end.is_some() {
            return Ok((read, too_long));
        }
    }
}
