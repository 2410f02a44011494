//! The driver against servers that behave as they are asked to. Nothing here depends on how fast the machine is: bounds
//! are those that a slow one keeps too.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use indexmap::IndexMap;

use super::*;
use crate::run::suite::{Expect, Retry};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

/// What a server answers to its n-th request, from 0; `None` closes the connection.
type Behaviour = dyn Fn(u64) -> Option<String> + Send + Sync;

/// Serves until the test ends; each connection on a thread of its own, which ends with it.
fn serve(behaviour: impl Fn(u64) -> Option<String> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (behaviour, count): (Arc<Behaviour>, _) = (Arc::new(behaviour), Arc::new(AtomicU64::new(0)));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (behaviour, count) = (Arc::clone(&behaviour), Arc::clone(&count));
            thread::spawn(move || answer_all(stream, &*behaviour, &count));
        }
    });
    address
}

fn answer_all(mut stream: TcpStream, behaviour: &Behaviour, count: &AtomicU64) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        request.extend_from_slice(&buffer[..length]);
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        request.clear();
        match behaviour(count.fetch_add(1, Ordering::SeqCst)) {
            Some(answer) if stream.write_all(answer.as_bytes()).is_ok() => {}
            _ => return,
        }
    }
}

fn get() -> Request {
    Request {
        method: "GET".into(),
        path: "/".into(),
        headers: IndexMap::new(),
        body: String::new(),
        expect: Expect::default(),
        timeout: Length::seconds(20),
        keep_alive: true,
        retry: Retry { attempts: 1, backoff: Length::millis(1) },
    }
}

fn driven(address: SocketAddr, request: &Request, rhythm: Rhythm) -> Driven {
    let drive_it = Drive {
        address,
        request,
        warm_up: Length::default(),
        rhythm,
        generator: &Generator { threads: 2, cpus: String::new() },
        seed: 1,
    };
    drive(&drive_it, &AtomicBool::new(false), || ()).unwrap()
}

const fn closed(connections: u32, requests: u64) -> Rhythm {
    Rhythm::Closed { connections, requests }
}

#[test]
fn a_stall_is_felt_by_all_requests_that_were_due_in_it() {
    // 200 requests per second for a second, 5 connections; the server stands still for 300 ms after the 40th request.
    let until = Arc::new(std::sync::OnceLock::new());
    let address = serve(move |number| {
        if 40 <= number {
            let until = until.get_or_init(|| Instant::now() + Duration::from_millis(300));
            thread::sleep(until.saturating_duration_since(Instant::now()));
        }
        Some(OK.to_owned())
    });
    let duration = Length::seconds(1);
    let rhythm = Rhythm::Open { per_second: 200, arrivals: Arrivals::Constant, connections: 5, duration };
    let driven = driven(address, &get(), rhythm);
    assert_eq!((driven.profile.requests, driven.profile.errors), (200, 0));
    // 60 requests were due in the stall, 40 of them at least 100 ms before its end. Five connections felt it themselves.
    let slow: u64 = driven.profile.latencies.buckets().filter(|b| 0.1 <= b.lower).map(|b| b.count).sum();
    assert!(40 <= slow, "{slow}");
    let wire = driven.details.wire.unwrap();
    assert!(wire.p50 <= wire.max && 0.25 <= wire.max, "{wire:?}");
}

#[test]
fn a_closed_loop_sends_as_many_requests_as_it_is_asked_for() {
    let address = serve(|_| Some(OK.to_owned()));
    for connections in [1, 7] {
        let driven = driven(address, &get(), closed(connections, 500));
        assert_eq!((driven.profile.requests, driven.profile.errors), (500, 0));
        assert_eq!(driven.profile.latencies.count(), 500);
        assert_eq!(driven.profile.bytes, Some(500 * OK.len() as u64));
        assert_eq!(driven.details.connections, u64::from(connections));
        assert_eq!(driven.details.attempts, Attempts { attempts: 500, ..Attempts::default() });
        assert!(0.0 < driven.total_time && 0.0 < driven.details.generator_cpu);
    }
}

#[test]
fn a_server_with_a_fixed_delay_serves_no_more_than_physics_allows() {
    let delay = Duration::from_millis(20);
    let address = serve(move |_| {
        thread::sleep(delay);
        Some(OK.to_owned())
    });
    let rhythm = Rhythm::ClosedFor { connections: 8, duration: Length::millis(300) };
    let driven = driven(address, &get(), rhythm);
    assert!(driven.profile.latencies.min().unwrap() >= delay.as_secs_f64());
    assert!(driven.details.achieved <= 8.0 / delay.as_secs_f64(), "{}", driven.details.achieved);
    assert!(driven.profile.requests >= 8);
}

#[test]
fn retries_recover_and_are_counted() {
    // Every tenth attempt fails; with one at a time, a retry is never the tenth again.
    let address = serve(|number| Some(if number % 10 == 0 { BUSY } else { OK }.to_owned()));
    let retry = Retry { attempts: 3, backoff: Length::millis(2) };
    let driven = driven(address, &Request { retry, ..get() }, closed(1, 90));
    assert_eq!((driven.profile.requests, driven.profile.errors), (90, 0));
    assert_eq!(driven.details.attempts, Attempts { attempts: 100, retried: 10, recovered: 10, gave_up: 0 });
    assert_eq!(driven.details.failures, Failures { status: 10, ..Failures::default() });
    // The pause is part of what a caller waits for, and no part of the time on the wire.
    assert!(driven.profile.latencies.max().unwrap() >= 0.002);
}

#[test]
fn what_always_fails_gives_up() {
    let address = serve(|_| Some(BUSY.to_owned()));
    let retry = Retry { attempts: 2, backoff: Length::millis(1) };
    let driven = driven(address, &Request { retry, ..get() }, closed(2, 20));
    assert_eq!((driven.profile.requests, driven.profile.errors), (20, 20));
    assert_eq!(driven.details.attempts, Attempts { attempts: 40, retried: 20, recovered: 0, gave_up: 20 });
    assert_eq!(driven.profile.latencies.count(), 0);
}

#[test]
fn answers_that_do_not_come_are_failures_at_their_time() {
    let address = serve(|_| {
        thread::sleep(Duration::from_secs(5));
        None
    });
    let request = Request { timeout: Length::millis(100), ..get() };
    let begin = Instant::now();
    let late = driven(address, &request, closed(3, 6));
    assert_eq!((late.profile.requests, late.profile.errors), (6, 6));
    assert_eq!(late.details.failures, Failures { timeout: 6, ..Failures::default() });
    assert!(Duration::from_millis(200) <= begin.elapsed());
    // In an open loop those that wait for a slot are given up too, and none is lost.
    let duration = Length::millis(300);
    let rhythm = Rhythm::Open { per_second: 100, arrivals: Arrivals::Constant, connections: 2, duration };
    let waiting = driven(address, &request, rhythm);
    assert_eq!((waiting.profile.requests, waiting.profile.errors), (30, 30));
}

#[test]
fn connections_that_a_server_closes_are_opened_again() {
    let closing = OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let address = serve(move |_| Some(closing.clone()));
    let polite = driven(address, &get(), closed(2, 20));
    assert_eq!((polite.profile.errors, polite.details.connections), (0, 20));
    // Without a word of it, the request that found the connection closed has failed.
    let address = serve(|number| if number % 2 == 0 { Some(OK.to_owned()) } else { None });
    let rude = driven(address, &get(), closed(1, 10));
    assert_eq!((rude.profile.errors, rude.details.failures.closed), (5, 5));
    let address = serve(|_| Some(OK.to_owned()));
    let single = driven(address, &Request { keep_alive: false, ..get() }, closed(2, 20));
    assert_eq!((single.profile.errors, single.details.connections), (0, 20));
}

#[test]
fn a_port_that_nobody_listens_on_is_no_endless_loop() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let driven = driven(address, &get(), closed(2, 10));
    assert_eq!((driven.profile.requests, driven.profile.errors), (10, 10));
    assert_eq!(driven.details.failures, Failures { connect: 10, ..Failures::default() });
}

#[test]
fn what_is_cancelled_ends_without_a_result() {
    let address = serve(|_| Some(OK.to_owned()));
    let request = get();
    let rhythm = Rhythm::ClosedFor { connections: 1, duration: Length::seconds(600) };
    let drive_it = Drive {
        address,
        request: &request,
        warm_up: Length::seconds(600),
        rhythm,
        generator: &Generator::default(),
        seed: 1,
    };
    let is_cancelled = AtomicBool::new(true);
    assert!(drive(&drive_it, &is_cancelled, || ()).is_err());
}

#[test]
fn a_request_is_verified() {
    let address = serve(|_| Some(OK.to_owned()));
    let expecting = |status, contains: &str| Request { expect: Expect { status, contains: contains.into() }, ..get() };
    assert_eq!(verify(address, &expecting(200, "ok")), Ok(()));
    assert_eq!(verify(address, &expecting(201, "")), Err("GET /: expected status 201, found 200".to_owned()));
    let error = verify(address, &expecting(200, "items")).unwrap_err();
    assert_eq!(error, r#"GET /: expected "items" in the body, found "ok""#);
    assert_eq!(ask(address, "/health", Duration::from_secs(20), Expectation::Success), Ok(()));
}
