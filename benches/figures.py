#!/usr/bin/env python3
"""Measures what it costs to draw each figure, in CPU time, on synthetic logs of single requests.

    python3 benches/figures.py

Standard library only; Linux and macOS. Writes benches/last-result-figures.md.
"""

import argparse
import datetime
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from run import BENCHES, ROOT, processor, target_folder

RESULT = BENCHES / "last-result-figures.md"
NAMES = ["performance_comparison", "ratios", "throughput", "efficiency", "latency", "distribution", "timeline", "errors"]
FRAMEWORKS = [1, 4, 12]
LEVELS = [1, 4, 16, 64, 256]
REPETITIONS = 3
REQUESTS = 800
# 1500×600 and 4500×1800 pixels.
DPI = [100, 300]
# So many drawings in one process, so that what it takes to start and to read hardly matters.
TIMES = 5


def main():
    options = arguments()
    target = target_folder()
    binary = options.binary or build_binary(target)
    drawer = options.drawer or build_drawer()
    before = os.getloadavg()[0]
    rows = {name: [] for name in NAMES}
    with tempfile.TemporaryDirectory() as folder:
        for count in FRAMEWORKS:
            analysis = analyze(binary, Path(folder), count)
            idle = statistics.median(cpu(drawer, analysis, NAMES[0], DPI[0], 0)[0] for _ in range(options.runs))
            for dpi in DPI:
                for name in NAMES:
                    rows[name].append(measure(drawer, analysis, name, dpi, options.runs, idle))
                    print(f"\r{count} frameworks, {dpi} dpi, {name:30}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    text = "\n".join([
        "# Last result: figures",
        "",
        f"CPU (user + system) of drawing a figure as PNG, ms; medians of {options.runs} processes that draw it {TIMES} times each, less one",
        f"that only reads the analysis. The data: logs of {REQUESTS} requests a run, {len(LEVELS)} levels, {REPETITIONS} repetitions.",
        "",
        *table(rows),
        "",
        f"- {datetime.date.today()}, {platform.system()} {platform.release().split('-')[0]} on {platform.machine()}, "
        f"{os.cpu_count()} cores, {processor()}; load {before:.1f} before and {os.getloadavg()[0]:.1f} after",
        "",
        f"Again: `python3 benches/figures.py --runs {options.runs}`",
        "",
    ])
    print(text)
    RESULT.write_text(text, encoding="utf-8")


def arguments():
    parser = argparse.ArgumentParser(description="Measures what it costs to draw each figure.")
    parser.add_argument("--runs", type=int, default=5, help="measured processes for each figure (default: 5)")
    parser.add_argument("--binary", type=Path, help="a benchplot that is there already, in place of a release build")
    parser.add_argument("--drawer", type=Path, help="a draw_figure that is there already")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def build_binary(target):
    subprocess.run(["cargo", "build", "--release"], cwd=ROOT, check=True)
    return target / "release" / "benchplot"


def build_drawer():
    command = ["cargo", "bench", "--no-run", "--bench", "draw_figure", "--message-format", "json"]
    messages = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = [message["executable"] for message in map(json.loads, messages.splitlines()) if message.get("executable")]
    return Path(found[-1])


def analyze(binary, folder, count):
    """The analysis of a synthetic log, which is the same on every machine."""
    noise = random.Random(count)
    log = folder / f"{count}.csv"
    with log.open("w", encoding="utf-8") as file:
        file.write("framework,concurrency,repetition,start,latency,ok\n")
        for framework in range(count):
            for level in LEVELS:
                for repetition in range(1, REPETITIONS + 1):
                    start = 0.0
                    rate = 100 * level / (1 + 0.05 * level) * (1 + framework / 10)
                    for _ in range(REQUESTS):
                        start += noise.expovariate(rate)
                        latency = level / rate * noise.lognormvariate(0, 0.4)
                        ok = "false" if noise.random() < 0.01 else "true"
                        file.write(f"framework-{framework},{level},{repetition},{start:.6f},{latency:.6f},{ok}\n")
    output = folder / str(count)
    command = [binary, "analyze", log, "--chart", "none", "--output", output]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return output / "analysis.json"


def measure(drawer, analysis, name, dpi, runs, idle):
    """CPU of one drawing, s, and the bytes of the picture; none where there is nothing to show."""
    drawn = [cpu(drawer, analysis, name, dpi, TIMES) for _ in range(runs)]
    size = drawn[0][1]
    return (statistics.median(used for used, _ in drawn) - idle) / TIMES, size


def cpu(drawer, analysis, name, dpi, times):
    process = subprocess.Popen([drawer, analysis, name, str(dpi), str(times)], stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{name} failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, int(said) if said.strip() else None


def table(rows):
    head = [f"{count} × {dpi} dpi" for count in FRAMEWORKS for dpi in DPI]
    yield "| figure | " + " | ".join(head) + f" | KB at {FRAMEWORKS[-1]} × {DPI[-1]} dpi |"
    yield "| --- |" + " ---: |" * (len(head) + 1)
    for name, cells in rows.items():
        shown = [f"{used * 1e3:.0f}" if size else "-" for used, size in cells]
        size = cells[-1][1]
        yield f"| {name} | " + " | ".join(shown) + f" | {size / 1e3:.0f} |" if size else f"| {name} |" + " - |" * (len(head) + 1)


if __name__ == "__main__":
    main()
