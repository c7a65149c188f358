//! Adapter of a toy monitor for freezethaw: one JSON message per line in, one out.
use std::io::{BufRead, Write};

// ---- The monitor. Put yours in place of it. ----

const RELEASES: [&str; 2] = ["1.0", "2.0"]; // Oldest first.

struct Machine {
    release: &'static str,
    memory: u64,
    uptime: u64,
}

fn save(m: &Machine) -> String {
    let Machine { release, memory, uptime } = m;
    if *release == "1.0" {
        return format!("toy1 {memory} {uptime}");
    }
    format!("toy2 {memory} {uptime} {}", memory + uptime) // 2.0 adds a sum.
}

/// A machine, or why the release does not take the state; nothing happens to a refused one.
fn restore(release: &'static str, state: &str) -> Result<Machine, &'static str> {
    let words: Vec<&str> = state.split(' ').collect();
    let number = |at: usize| words.get(at)?.parse::<u32>().ok().map(u64::from);
    let (Some(memory), Some(uptime)) = (number(1), number(2)) else {
        return Err("the state is damaged");
    };
    match (words[0], words.len()) {
        ("toy1", 3) => {}
        ("toy2", 4) if release == "1.0" => {
            return Err("1.0 reads states of version 1: current value is 2");
        }
        ("toy2", 4) if words[3].parse() == Ok(memory + uptime) => {}
        ("toy2", 4) => return Err("the sum of the state is wrong"),
        _ => return Err("the state is damaged"),
    }
    Ok(Machine { release, memory, uptime: uptime + 1 }) // It goes on.
}

/// What the guest can see.
fn observe(m: &Machine) -> String {
    format!(r#"{{"memory":{},"uptime":{}}}"#, m.memory, m.uptime)
}

// ---- The least of JSON: find a member, read a text. A line is one well-formed value. ----

/// Splits `json` after its first value.
fn split(json: &str) -> (&str, &str) {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for (at, octet) in json.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => {
                quoted = !quoted;
                if !quoted && depth == 0 {
                    return json.split_at(at + 1);
                }
            }
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => return json.split_at(at + 1),
            b'}' | b']' if depth > 1 => depth -= 1,
            b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => {
                return json.split_at(at);
            }
            _ => {}
        }
    }
    (json, "")
}

/// The text that `json` is, without its escapes.
fn text(json: &str) -> Option<String> {
    let mut rest = json.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut units: Vec<u16> = Vec::new();
    while let Some(c) = rest.next() {
        let plain = match c {
            '\\' => match rest.next()? {
                'u' => {
                    let digits: String = rest.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).ok()?);
                    continue;
                }
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            },
            other => other,
        };
        units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
    }
    Some(String::from_utf16_lossy(&units))
}

/// The value of a member of an object.
fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = object.trim_start().strip_prefix('{')?.trim_start();
    while rest.starts_with('"') {
        let (key, after) = split(rest);
        let (value, after) = split(after.trim_start().strip_prefix(':')?.trim_start());
        if text(key)? == name {
            return Some(value);
        }
        rest = after.trim_start().trim_start_matches(',').trim_start();
    }
    None
}

// ---- Base64. ----

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_base64(octets: &[u8]) -> String {
    let mut all = String::new();
    for part in octets.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | *part.get(at).unwrap_or(&0) as usize);
        for at in 0..4 {
            let digit = DIGITS[bits >> (18 - 6 * at) & 63] as char;
            all.push(if at <= part.len() { digit } else { '=' });
        }
    }
    all
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut have, mut all) = (0_usize, 0, Vec::new());
    for digit in text.trim_end_matches('=').bytes() {
        bits = (bits << 6 | DIGITS.iter().position(|&it| it == digit)?) & 0xffff;
        have += 6;
        if have >= 8 {
            have -= 8;
            all.push((bits >> have) as u8);
        }
    }
    Some(all)
}

// ---- The protocol. ----

const HELLO: &str = r#"{"protocol":1,"name":"toy","releases":["1.0","2.0"],"facets":["observe"],"format":"toy","ticks":["/uptime"]}"#;
const NO_METHOD: (i32, &str) = (-32601, "there is no such method");
const BAD_PARAMS: (i32, &str) = (-32602, "a parameter is missing or wrong");

type Answer = Result<String, (i32, &'static str)>;

fn adopt(machines: &mut Vec<Option<Machine>>, machine: Machine) -> String {
    let release = machine.release;
    machines.push(Some(machine));
    format!(r#"{{"machine":"m{}","release":"{release}"}}"#, machines.len())
}

fn answer(machines: &mut Vec<Option<Machine>>, method: &str, params: &str) -> Answer {
    let word = |name| member(params, name).and_then(text);
    let named = word("release").and_then(|name| RELEASES.into_iter().find(|it| *it == name));
    let state = member(params, "state").and_then(|state| member(state, "base64"));
    let octets = state.and_then(text).and_then(|text| from_base64(&text));
    let number = |id: String| id.strip_prefix('m')?.parse::<usize>().ok()?.checked_sub(1);
    let place = word("machine").and_then(number);
    let place = place.filter(|&at| machines.get(at).is_some_and(Option::is_some));
    match (method, named, place) {
        ("hello", _, _) => Ok(HELLO.to_string()),
        ("start", Some(release), _) => {
            let seed = member(params, "seed").and_then(|seed| seed.parse().ok());
            let memory = seed.ok_or(BAD_PARAMS)?;
            Ok(adopt(machines, Machine { release, memory, uptime: 0 }))
        }
        ("restore", Some(release), _) => {
            let state = String::from_utf8_lossy(&octets.ok_or(BAD_PARAMS)?).into_owned();
            let machine = restore(release, &state).map_err(|why| (-32001, why))?;
            Ok(adopt(machines, machine))
        }
        ("save", _, Some(at)) => {
            let state = machines[at].as_ref().map(save).unwrap_or_default();
            Ok(format!(r#"{{"state":{{"base64":"{}"}}}}"#, to_base64(state.as_bytes())))
        }
        ("observe", _, Some(at)) => {
            let value = machines[at].as_ref().map(observe).unwrap_or_default();
            Ok(format!(r#"{{"value":{value}}}"#))
        }
        ("stop", _, Some(at)) => {
            machines[at] = None;
            Ok("{}".to_string())
        }
        ("start" | "restore" | "save" | "observe" | "stop", _, _) => Err(BAD_PARAMS),
        _ => Err(NO_METHOD),
    }
}

fn main() -> std::io::Result<()> {
    let mut machines = Vec::new();
    let mut output = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let id = member(&line, "id").unwrap_or("null");
        let method = member(&line, "method").and_then(text).unwrap_or_default();
        let params = member(&line, "params").unwrap_or("{}");
        match answer(&mut machines, &method, params) {
            Ok(result) => writeln!(output, r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#)?,
            Err((code, why)) => writeln!(
                output,
                r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":{code},"message":"{why}"}}}}"#
            )?,
        }
        output.flush()?;
    }
    Ok(())
}
