"""One of four ways in which a Python program makes requests: so many, so many at once. Writes one line for each request."""

import argparse
import asyncio
import csv
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Sample = tuple[float, float, bool]


async def run_asyncio(url: str, count: int, concurrency: int) -> list[Sample]:
    """A semaphore, and a session as it comes."""
    import aiohttp

    limit = asyncio.Semaphore(concurrency)

    async def one(session: aiohttp.ClientSession) -> Sample:
        async with limit:
            start = time.time()
            async with session.get(url) as response:
                await response.read()
            return start, time.time() - start, response.status == 200

    async with aiohttp.ClientSession() as session:
        return await asyncio.gather(*(one(session) for _ in range(count)))


async def run_aiohttp(url: str, count: int, concurrency: int) -> list[Sample]:
    """Workers over a pool with limits, and retries with back-off; the latency of a request includes its retries."""
    import aiohttp

    left = iter(range(count))
    samples: list[Sample] = []

    async def attempt(session: aiohttp.ClientSession) -> bool:
        for number in range(3):
            try:
                async with session.get(url) as response:
                    await response.read()
                    if response.status < 500:
                        return response.status == 200
            except (aiohttp.ClientConnectionError, TimeoutError):
                pass
            await asyncio.sleep(0.05 * 2**number)
        return False

    async def worker(session: aiohttp.ClientSession) -> None:
        for _ in left:
            start = time.time()
            ok = await attempt(session)
            samples.append((start, time.time() - start, ok))

    pool = aiohttp.TCPConnector(limit=concurrency, limit_per_host=concurrency)
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(connector=pool, timeout=timeout) as session:
        await asyncio.gather(*(worker(session) for _ in range(concurrency)))
    return samples


def run_threads(url: str, count: int, concurrency: int) -> list[Sample]:
    """A pool of threads, each with a session of its own."""
    import requests

    local = threading.local()

    def one(_: int) -> Sample:
        if not hasattr(local, "session"):
            local.session = requests.Session()
        start = time.time()
        ok = local.session.get(url, timeout=5).status_code == 200
        return start, time.time() - start, ok

    with ThreadPoolExecutor(concurrency) as pool:
        return list(pool.map(one, range(count)))


def run_celery(url: str, count: int, concurrency: int) -> list[Sample]:
    """Tasks for worker processes, a batch at a time. The latency includes the time in the queue."""
    from celery import group

    from tasks import fetch

    samples: list[Sample] = []
    for first in range(0, count, concurrency):
        size = min(concurrency, count - first)
        start = time.time()
        ends = group(fetch.s(url) for _ in range(size)).apply_async().get(timeout=60, propagate=False)
        for end in ends:
            ok = isinstance(end, float)
            samples.append((start, (end if ok else time.time()) - start, ok))
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("client", choices=["asyncio", "aiohttp", "threads", "celery"])
    parser.add_argument("server")
    parser.add_argument("redis")
    parser.add_argument("count", type=int)
    parser.add_argument("concurrency", type=int)
    parser.add_argument("output")
    args = parser.parse_args()
    os.environ["EXAMPLE_REDIS"] = args.redis
    clients: dict[str, Callable] = {
        "asyncio": lambda *work: asyncio.run(run_asyncio(*work)),
        "aiohttp": lambda *work: asyncio.run(run_aiohttp(*work)),
        "threads": run_threads,
        "celery": run_celery,
    }
    samples = clients[args.client](args.server + "/api/data", args.count, args.concurrency)
    with open(args.output, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["framework", "concurrency", "start", "latency_s", "ok"])
        for start, latency, ok in sorted(samples):
            writer.writerow([args.client, args.concurrency, f"{start:.6f}", f"{latency:.6f}", str(ok).lower()])


main()
