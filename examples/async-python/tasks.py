"""The Celery application. The server's address and the broker come from the arguments of the suite, by the environment."""

import os
import time

import requests
from celery import Celery, signals
from celery.exceptions import SoftTimeLimitExceeded

REDIS = os.environ["EXAMPLE_REDIS"]
app = Celery("tasks", broker=REDIS + "/0", backend=REDIS + "/1")
app.conf.update(
    broker_connection_retry_on_startup=True,
    result_expires=300,
    worker_prefetch_multiplier=1,
    beat_schedule={"health": {"task": "tasks.check_health", "schedule": 30.0}},
)

session = requests.Session()
begun: dict[str, float] = {}


@signals.worker_ready.connect
def note_ready(**_) -> None:
    print("the workers are ready", flush=True)


@signals.task_prerun.connect
def note_begin(task_id: str, **_) -> None:
    begun[task_id] = time.monotonic()


@signals.task_postrun.connect
def note_end(task_id: str, task, state: str, **_) -> None:
    """Monitors every task: what takes longer than a second is in the log."""
    took = time.monotonic() - begun.pop(task_id, time.monotonic())
    if took > 1.0:
        print(f"{task.name} {state} after {took:.3f} s", flush=True)


@app.task(
    autoretry_for=(requests.ConnectionError, requests.Timeout),
    max_retries=3,
    retry_backoff=True,
    retry_jitter=False,
    soft_time_limit=5,
    time_limit=10,
)
def fetch(url: str) -> float:
    """Asks for a page, and says when its answer was there, s since 1970."""
    try:
        session.get(url, timeout=5).raise_for_status()
    except SoftTimeLimitExceeded:
        session.close()
        raise
    return time.time()


@app.task(bind=True, soft_time_limit=60, time_limit=90)
def fetch_batch(self, url: str, count: int) -> int:
    """Asks for a page again and again, and tells how far it is."""
    for done in range(count):
        fetch(url)
        self.update_state(state="PROGRESS", meta={"done": done + 1, "of": count})
    return count


@app.task
def check_health() -> None:
    """What beat asks for every 30 seconds."""
    session.get(os.environ["EXAMPLE_SERVER"] + "/health", timeout=5).raise_for_status()
