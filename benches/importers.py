#!/usr/bin/env python3
"""Measures how fast request-level files are read: megabytes per second of CPU, and peak memory.

    python3 benches/importers.py [--megabytes 200] [--runs 5] [--binary PATH]

Standard library only. The files are synthetic, from a fixed seed, and go to a temporary folder. Writes
benches/last-result-importers.md.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BENCHES = Path(__file__).resolve().parent
ROOT = BENCHES.parent
RESULT = BENCHES / "last-result-importers.md"
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


def jtl(rng, count):
    """JMeter's CSV with its default columns."""
    yield (
        "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,"
        "sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n"
    )
    start = 1_790_000_000_000
    for number in range(count):
        elapsed = int(rng.lognormvariate(4, 0.4))
        start += rng.randrange(3)
        code, ok = (200, "true") if rng.random() < 0.99 else (503, "false")
        yield (
            f"{start},{elapsed},GET /json,{code},OK,Group 1-{number % 16 + 1},text,{ok},,513,121,16,16,"
            f"http://127.0.0.1:8080/json,{max(elapsed - 1, 0)},0,1\n"
        )


def k6(rng, count):
    """k6's --out json: a point for each metric of each request."""
    yield (
        '{"type":"Metric","data":{"name":"http_req_duration","type":"trend","contains":"time","thresholds":[],'
        '"submetrics":null},"metric":"http_req_duration"}\n'
    )
    for number in range(count):
        second, micro = divmod(number * 250, 1_000_000)
        time = f"2026-11-22T08:{second // 60 % 60:02}:{second % 60:02}.{micro:06}Z"
        tags = (
            '"tags":{"expected_response":"true","group":"","method":"GET","name":"http://127.0.0.1:8080/json",'
            '"proto":"HTTP/1.1","scenario":"default","status":"200","url":"http://127.0.0.1:8080/json"}'
        )
        duration = rng.lognormvariate(3, 0.4)
        for metric, value in (("http_reqs", 1), ("http_req_duration", round(duration, 6))):
            yield f'{{"metric":"{metric}","type":"Point","data":{{"time":"{time}","value":{value},{tags}}}}}\n'


def hey(rng, count):
    """hey's -o csv."""
    yield "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n"
    for number in range(count):
        latency = rng.lognormvariate(-5, 0.4)
        yield f"{latency:.4f},0.0000,0.0000,0.0000,{latency:.4f},0.0000,200,{number * 0.0001:.4f}\n"


def samples(rng, count):
    """Requests as benchplot's own CSV."""
    yield "framework,concurrency,repetition,start,latency_s,status,bytes\n"
    for number in range(count):
        latency = rng.lognormvariate(-3, 0.4)
        yield f"asyncio,{(10, 25, 50)[number % 3]},{number % 5 + 1},{1.79e9 + number * 1e-3:.6f},{latency:.6f},200,513\n"


FILES = {"jmeter_c16.jtl": jtl, "k6_c16.json": k6, "hey_c16.csv": hey, "samples.csv": samples}


def write(path, lines, size):
    """Repeats a block of lines behind the first one until the file has the size."""
    lines = lines(random.Random(20261122), 20_000)
    head = next(lines).encode()
    block = "".join(lines).encode()
    with path.open("wb") as file:
        file.write(head)
        while file.tell() < size:
            file.write(block)


def run(command):
    """User and system seconds, wall is of no interest here, and peak memory in bytes."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        said = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed: {said.decode()}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * MAXRSS_UNIT


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--binary", type=Path)
    options = parser.parse_args()
    binary = options.binary
    if binary is None:
        subprocess.run(["cargo", "build", "--release"], cwd=ROOT, check=True)
        binary = ROOT / "target" / "release" / "benchplot"
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in FILES.items():
            path = Path(folder) / name
            write(path, lines, options.megabytes * 1_000_000)
            command = [binary.resolve(), "analyze", path, "--chart", "none", "--output", Path(folder) / "output"]
            run(command)
            measured = [run(command) for _ in range(options.runs)]
            cpu = statistics.median(cpu for cpu, _ in measured)
            memory = statistics.median(memory for _, memory in measured)
            rows.append(f"| `{name}` | {path.stat().st_size / 1e6 / cpu:.0f} | {cpu:.2f} | {memory / 1e6:.0f} |")
            path.unlink()
    text = "\n".join([
        "# Last result of the importers",
        "",
        f"Medians of {options.runs} runs on files of {options.megabytes} MB, read from the page cache, the report included.",
        "",
        "| file | MB per second of CPU | CPU, s | peak memory, MB |",
        "| --- | ---: | ---: | ---: |",
        *rows,
        "",
        f"Again: `python3 benches/importers.py --megabytes {options.megabytes} --runs {options.runs}`",
        "",
    ])
    print(text)
    RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
