//! One thread that sends requests: when each is due, on which connection, and what becomes of it.
//!
//! Every request has a slot, and every slot a connection. In a closed loop a slot takes its next request when the last one
//! has ended. In an open loop requests are due at their moments, whether a slot is free or not; those without one wait in
//! order, and their latency counts from when they were due.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io;
use std::iter::Peekable;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::io::Errno;
use rustix::thread::set_current_timer_slack;
use rustix::time::{ClockId, clock_gettime};

use super::connection::Connection;
use super::response::Answer;
use super::schedule::Schedule;
use super::tally::{Ended, Failure, Tally};
use crate::run::suite::Retry;

/// What is sent, and what is made of the answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) address: SocketAddr,
    /// The bytes of a request.
    pub(super) request: &'a [u8],
    pub(super) is_head_request: bool,
    pub(super) keep_alive: bool,
    /// The status of a success.
    pub(super) status: u16,
    /// How long a request may take from when it was due, and each further attempt from when it was sent, ns.
    pub(super) timeout: u64,
    pub(super) retry: Retry,
    /// When the run begins to be measured, ns.
    pub(super) warm_up: u64,
    /// Whether it is to end at once.
    pub(super) is_cancelled: &'a AtomicBool,
}

/// When the load begins: zero on the clock of the run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) instant: Instant,
    /// The same, ns since 1970.
    pub(super) unix: i64,
}

impl Origin {
    /// This moment.
    pub(super) fn now() -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { instant: Instant::now(), unix: i64::try_from(unix.as_nanos()).unwrap_or(i64::MAX) }
    }
}

/// When requests are sent.
#[derive(Debug)]
pub(super) enum Pace {
    /// When the one before has ended.
    Closed {
        /// No request is begun from then on, ns.
        until: u64,
        /// So many are begun once the run is measured.
        requests: u64,
    },
    /// When they are due.
    Open(Box<Peekable<Schedule>>),
}

/// How long cancelling may go unnoticed, ns.
const NOTICE: u64 = 50_000_000;

/// How long a slot rests whose connection was refused, ns: a dead server is not hammered.
const REST: u64 = 10_000_000;

/// So many events are taken at once.
const EVENTS: usize = 512;

pub(super) struct Engine<'a> {
    job: Job<'a>,
    pace: Pace,
    poll: OwnedFd,
    slots: Vec<Slot>,
    /// Slots that wait for a request.
    free: Vec<usize>,
    /// Requests that wait for a slot, by when they were due.
    pending: VecDeque<u64>,
    /// When slots want to be woken, the next one first.
    alarms: BinaryHeap<Reverse<(u64, usize)>>,
    buffer: Vec<u8>,
    origin: Origin,
    tally: Tally,
}

struct Slot {
    connection: Connection,
    state: State,
    due: u64,
    sent: u64,
    attempts: u32,
    /// When it has waited long enough, for an answer or for its next attempt.
    wake: u64,
    /// The next alarm of it; others that are left of it are void.
    alarm: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Without a request.
    Free,
    /// With a request whose answer is waited for.
    Busy,
    /// With a request that failed and is to be sent again.
    Resting,
    /// Without a request, and not to have one before it wakes.
    Refused,
}

impl<'a> Engine<'a> {
    pub(super) fn new(job: Job<'a>, pace: Pace, slots: usize) -> io::Result<Self> {
        let slot = || Slot {
            connection: Connection::new(job.is_head_request),
            state: State::Free,
            due: 0,
            sent: 0,
            attempts: 0,
            wake: 0,
            alarm: None,
        };
        Ok(Self {
            job,
            pace,
            poll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            slots: std::iter::repeat_with(slot).take(slots).collect(),
            free: Vec::new(),
            pending: VecDeque::new(),
            alarms: BinaryHeap::new(),
            buffer: vec![0; 64 * 1024],
            origin: Origin::now(),
            tally: Tally::default(),
        })
    }

    /// Opens all connections, before the load begins. What can't be opened is tried again with the first request.
    pub(super) fn connect(&mut self) {
        if !self.job.keep_alive {
            return;
        }
        for index in 0..self.slots.len() {
            let Some(slot) = self.slots.get_mut(index) else { continue };
            if slot.connection.open(self.job.address, &self.poll, index as u64).is_ok() {
                self.tally.connections += 1;
            }
        }
    }

    /// Sends requests until the load is over, and returns what came of those that were measured.
    pub(super) fn run(mut self, origin: Origin) -> io::Result<Tally> {
        self.origin = origin;
        // Timers are late by 50 µs otherwise, as the kernel gathers them. Where it does not allow that, they are.
        let _ = set_current_timer_slack(NonZeroU64::new(1));
        self.free = (0..self.slots.len()).rev().collect();
        let mut events = Vec::with_capacity(EVENTS);
        let mut cpu_before = None;
        while !self.job.is_cancelled.load(Ordering::Relaxed) {
            let now = self.now();
            if cpu_before.is_none() && self.job.warm_up <= now {
                cpu_before = Some(thread_cpu());
            }
            self.expire(now);
            self.ring(now);
            self.assign(now);
            if self.is_over(now) {
                break;
            }
            let wait = self.next_moment(now).saturating_sub(self.now());
            match epoll::wait(&self.poll, spare_capacity(&mut events), Some(&timespec(wait))) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            for event in events.drain(..) {
                let (flags, data) = (event.flags, event.data);
                self.on_event(data.u64() as usize, flags);
            }
        }
        self.tally.cpu = cpu_before.map_or(0.0, |before| thread_cpu() - before);
        Ok(self.tally.finish())
    }

    fn now(&self) -> u64 {
        u64::try_from(self.origin.instant.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Gives up requests that have waited too long for a slot.
    fn expire(&mut self, now: u64) {
        while let Some(&due) = self.pending.front()
            && due.saturating_add(self.job.timeout) <= now
        {
            self.pending.pop_front();
            self.end(Ended { due, sent: None, end: now, attempts: 0, is_ok: false, bytes: 0 }, Some(Failure::Timeout));
        }
    }

    /// Wakes the slots that have waited long enough.
    fn ring(&mut self, now: u64) {
        while let Some(&Reverse((moment, index))) = self.alarms.peek()
            && moment <= now
        {
            self.alarms.pop();
            let Some(slot) = self.slots.get_mut(index) else { continue };
            if slot.alarm != Some(moment) {
                continue;
            }
            slot.alarm = None;
            if now < slot.wake {
                self.set_alarm(index);
                continue;
            }
            match slot.state {
                State::Free => {}
                State::Busy => self.fail(index, Failure::Timeout, now),
                State::Resting => self.attempt(index),
                State::Refused => {
                    slot.state = State::Free;
                    self.free.push(index);
                }
            }
        }
    }

    /// Has the slot woken at its moment.
    fn set_alarm(&mut self, index: usize) {
        let Some(slot) = self.slots.get_mut(index) else { return };
        if slot.alarm.is_none_or(|alarm| slot.wake < alarm) {
            slot.alarm = Some(slot.wake);
            self.alarms.push(Reverse((slot.wake, index)));
        }
    }

    /// Gives the requests that are due to free slots.
    fn assign(&mut self, now: u64) {
        if let Pace::Open(schedule) = &mut self.pace {
            while let Some(due) = schedule.next_if(|due| *due <= now) {
                if self.job.warm_up <= due {
                    self.tally.lag.record_ticks(now - due);
                }
                self.pending.push_back(due);
            }
        }
        while let Some(index) = self.free.pop() {
            match self.next_request(now) {
                Some(due) => self.begin(index, due),
                None => {
                    self.free.push(index);
                    return;
                }
            }
        }
    }

    /// When the next request was due that a free slot may take; `None` where there is none.
    fn next_request(&mut self, now: u64) -> Option<u64> {
        let is_measured = self.job.warm_up <= now;
        match &mut self.pace {
            Pace::Open(_) => self.pending.pop_front(),
            Pace::Closed { until, requests } => {
                if *until <= now || (is_measured && *requests == 0) {
                    return None;
                }
                *requests -= u64::from(is_measured);
                Some(now)
            }
        }
    }

    fn is_over(&mut self, now: u64) -> bool {
        let may_begin = match &mut self.pace {
            Pace::Open(schedule) => schedule.peek().is_some() || !self.pending.is_empty(),
            Pace::Closed { until, requests } => now < *until && (now < self.job.warm_up || 0 < *requests),
        };
        !may_begin && self.slots.iter().all(|slot| matches!(slot.state, State::Free | State::Refused))
    }

    fn next_moment(&mut self, now: u64) -> u64 {
        let mut next = now.saturating_add(NOTICE);
        if now < self.job.warm_up {
            next = next.min(self.job.warm_up);
        }
        if let Pace::Open(schedule) = &mut self.pace
            && let Some(due) = schedule.peek()
        {
            next = next.min(*due);
        }
        if let Some(Reverse((moment, _))) = self.alarms.peek() {
            next = next.min(*moment);
        }
        match self.pending.front() {
            Some(due) => next.min(due.saturating_add(self.job.timeout)),
            None => next,
        }
    }

    /// Begins a request.
    fn begin(&mut self, index: usize, due: u64) {
        let Some(slot) = self.slots.get_mut(index) else { return };
        (slot.due, slot.attempts) = (due, 0);
        self.attempt(index);
    }

    /// Sends a request, for the first time or again.
    fn attempt(&mut self, index: usize) {
        let now = self.now();
        let Some(slot) = self.slots.get_mut(index) else { return };
        slot.attempts += 1;
        slot.sent = now;
        slot.state = State::Busy;
        let since = if slot.attempts == 1 { slot.due } else { now };
        slot.wake = since.saturating_add(self.job.timeout);
        slot.connection.rewind(self.job.is_head_request);
        let is_open = slot.connection.is_open();
        self.set_alarm(index);
        if !is_open {
            let Some(slot) = self.slots.get_mut(index) else { return };
            match slot.connection.open(self.job.address, &self.poll, index as u64) {
                Ok(()) => self.tally.connections += 1,
                Err(failure) => return self.fail(index, failure, now),
            }
        }
        self.send(index);
    }

    /// Writes as much of the request as goes.
    fn send(&mut self, index: usize) {
        let Some(slot) = self.slots.get_mut(index) else { return };
        let sent = match slot.connection.connect() {
            Ok(true) => slot.connection.write(self.job.request),
            Ok(false) => return,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = sent {
            let now = self.now();
            self.fail(index, failure, now);
        }
    }

    fn on_event(&mut self, index: usize, flags: epoll::EventFlags) {
        let Some(slot) = self.slots.get_mut(index) else { return };
        if slot.state != State::Busy {
            if flags.intersects(
                epoll::EventFlags::IN | epoll::EventFlags::RDHUP | epoll::EventFlags::HUP | epoll::EventFlags::ERR,
            ) {
                slot.connection.check_idle(&mut self.buffer);
            }
            return;
        }
        if flags.intersects(epoll::EventFlags::OUT) {
            self.send(index);
        }
        let Some(slot) = self.slots.get_mut(index).filter(|slot| slot.state == State::Busy) else { return };
        let ending = epoll::EventFlags::RDHUP | epoll::EventFlags::HUP | epoll::EventFlags::ERR;
        if !flags.intersects(ending | epoll::EventFlags::IN) {
            return;
        }
        match slot.connection.read(&mut self.buffer, flags.intersects(ending)) {
            Ok(Some(answer)) => self.answered(index, answer),
            Ok(None) => {}
            Err(failure) => {
                let now = self.now();
                self.fail(index, failure, now);
            }
        }
    }

    fn answered(&mut self, index: usize, answer: Answer) {
        let now = self.now();
        let Some(slot) = self.slots.get_mut(index) else { return };
        if !answer.keeps_alive || !self.job.keep_alive {
            slot.connection.close();
        }
        if answer.status != self.job.status {
            return self.fail(index, Failure::Status, now);
        }
        let ended = slot.ended(now, true, answer.bytes);
        slot.state = State::Free;
        self.end(ended, None);
        // At once, as a caller would; others wait for their turn.
        match self.next_request(now) {
            Some(due) => self.begin(index, due),
            None => self.free.push(index),
        }
    }

    /// An attempt failed, after which there may be another.
    fn fail(&mut self, index: usize, failure: Failure, now: u64) {
        let Some(slot) = self.slots.get_mut(index) else { return };
        if failure != Failure::Status {
            slot.connection.close();
        }
        if slot.attempts < self.job.retry.attempts {
            if self.job.warm_up <= slot.due {
                self.tally.add_failure(failure);
            }
            let pause = self.job.retry.backoff.nanos().saturating_mul(1 << (slot.attempts - 1).min(30));
            slot.state = State::Resting;
            slot.wake = now.saturating_add(pause);
            return self.set_alarm(index);
        }
        let ended = slot.ended(now, false, 0);
        if failure == Failure::Connect {
            slot.state = State::Refused;
            slot.wake = now.saturating_add(REST);
            self.set_alarm(index);
        } else {
            slot.state = State::Free;
            self.free.push(index);
        }
        self.end(ended, Some(failure));
    }

    fn end(&mut self, ended: Ended, failure: Option<Failure>) {
        if ended.due < self.job.warm_up {
            self.tally.warm_up += 1;
            return;
        }
        if let Some(failure) = failure {
            self.tally.add_failure(failure);
        }
        self.tally.add(ended, self.origin.unix);
    }
}

impl Slot {
    fn ended(&self, end: u64, is_ok: bool, bytes: u64) -> Ended {
        Ended { due: self.due, sent: Some(self.sent), end, attempts: self.attempts, is_ok, bytes }
    }
}

fn timespec(nanos: u64) -> Timespec {
    let duration = Duration::from_nanos(nanos);
    Timespec { tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX), tv_nsec: duration.subsec_nanos().into() }
}

/// The processor time of this thread, s.
fn thread_cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
