//! A server for the tests of `benchplot run`, in the test binary itself: no other program is needed.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// The command of a server that behaves so, as an array of TOML.
pub(crate) fn command(behaviour: &str) -> String {
    let program = std::env::current_exe().unwrap();
    let words = [program.to_str().unwrap(), "run_server::serve", "--exact", "--ignored", "--nocapture"];
    let arguments = ["port={port}".to_owned(), format!("behaviour={behaviour}")];
    format!("{:?}", words.iter().map(ToString::to_string).chain(arguments).collect::<Vec<_>>())
}

/// No test: a server that behaves as its arguments say. Test runners take these for names of tests that there are not.
#[test]
#[ignore = "a server that other tests start"]
fn serve() {
    let argument = |name: &str| std::env::args().find_map(|word| word.strip_prefix(name).map(str::to_owned));
    let Some(port) = argument("port=").and_then(|port| port.parse::<u16>().ok()) else { return };
    let behaviour = argument("behaviour=").unwrap_or_default();
    let (behaviour, number) = behaviour.split_once(':').unwrap_or((&behaviour, "0"));
    let number: u64 = number.parse().unwrap();
    match behaviour {
        "exits" => return,
        "mute" => thread::sleep(Duration::from_secs(600)),
        "forks" => {
            let words = ["run_server::serve", "--exact", "--ignored", "--nocapture", "behaviour=works"];
            let mut server = Command::new(std::env::current_exe().unwrap());
            let child = server.args(words).arg(format!("port={port}")).spawn().unwrap();
            // As a daemon does: whoever started it does not wait for it.
            drop(thread::spawn(move || child.wait_with_output()));
            return;
        }
        _ => {}
    }
    let is_busy = behaviour == "busy";
    let last = if behaviour == "dies" { number } else { u64::MAX };
    let count = Arc::new(AtomicU64::new(0));
    for stream in TcpListener::bind(("127.0.0.1", port)).unwrap().incoming().flatten() {
        let count = Arc::clone(&count);
        thread::spawn(move || answer(stream, is_busy, last, &count));
    }
}

fn answer(mut stream: TcpStream, is_busy: bool, last: u64, count: &AtomicU64) {
    let mut buffer = [0; 4096];
    while let Ok(1..) = stream.read(&mut buffer) {
        if last <= count.fetch_add(1, Ordering::SeqCst) {
            #[expect(clippy::exit, reason = "it is to die at once")]
            std::process::exit(7);
        }
        // Ready it is, and nothing else.
        let status = if is_busy && !buffer.starts_with(b"GET /health") { "503 Busy" } else { "200 OK" };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
