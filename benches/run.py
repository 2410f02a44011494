#!/usr/bin/env python3
"""Measures what benchplot costs, side by side with the pandas script that it took over from.

    python3 benches/run.py

Standard library only; Linux and macOS. Writes benches/last-result.md, and exits with 1 if a bar does not hold.
"""

import argparse
import datetime
import json
import os
import platform
import random
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

BENCHES = Path(__file__).resolve().parent
ROOT = BENCHES.parent
RECORDS = ROOT / "sample-data" / "results.json"
STUDY = ROOT / "sample-data" / "study" / "results.json"
RESULT = BENCHES / "last-result.md"

PIXELS = (4500, 1800)
TIMES_LESS_CPU = 20
CPU_WITHOUT_CHART = 0.025
PEAK_MEMORY = 100e6

# In bytes; Linux counts ru_maxrss in KiB.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Case(NamedTuple):
    name: str
    command: list
    picture: Path | None = None
    # The case that does the same with pandas.
    rival: str | None = None


class Run(NamedTuple):
    cpu: float
    wall: float
    memory: float


def main():
    options = arguments()
    target = target_folder()
    python = options.python or make_venv(target / "benches-venv")
    binary = options.binary or build(target)
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as output:
        cases = make_cases(binary, python, Path(output))
        runs = measure(cases, options.runs, environment(target))
    loads = (before, os.getloadavg()[0])
    table, medians = results(cases, runs)
    verdicts = bars(cases, medians)
    text = "\n".join([
        "# Last result",
        "",
        f"Medians of {options.runs} runs of each program, taken in turns, after one run of each to warm up.",
        "",
        *table,
        "",
        *(f"- {'holds' if holds else '**does not hold**'}: {what}" for what, holds in verdicts),
        "",
        *facts(binary, python, loads),
        "",
        f"Again: `python3 benches/run.py --runs {options.runs}`",
        "",
    ])
    print(text)
    RESULT.write_text(text, encoding="utf-8")
    return 0 if all(holds for _, holds in verdicts) else 1


def arguments():
    parser = argparse.ArgumentParser(description="Measures benchplot beside a pandas script.")
    parser.add_argument("--runs", type=int, default=15, help="measured runs of each program (default: 15)")
    parser.add_argument("--binary", type=Path, help="a benchplot that is there already, in place of a release build")
    parser.add_argument("--python", type=Path, help="a Python with requirements.txt, in place of a new environment")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def target_folder():
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    return Path(json.loads(subprocess.check_output(command, cwd=ROOT))["target_directory"])


def make_venv(folder):
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    requirements = BENCHES / "requirements.txt"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
    return python


def build(target):
    subprocess.run(["cargo", "build", "--release"], cwd=ROOT, check=True)
    return target / "release" / "benchplot"


def environment(target):
    """The user's own, but Python may keep its bytecode and matplotlib its list of fonts, as both usually do."""
    kept = {name: value for name, value in os.environ.items() if name not in SLOWING}
    return kept | {"MPLCONFIGDIR": str(target / "benches-matplotlib")}


SLOWING = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def make_cases(binary, python, output):
    def analyze(name, source, chart, rival=None):
        folder = output / str(len(cases))
        picture = folder / "performance_comparison.png" if chart == "png" else None
        command = [binary, "analyze", source, "--chart", chart, "--output", folder]
        cases.append(Case(f"`benchplot analyze`, {name}", command, picture, rival))

    def script(name, source):
        picture = output / f"{len(cases)}.png"
        cases.append(Case(f"`compare.py`, {name}", [python, BENCHES / "compare.py", source, picture], picture))
        return cases[-1].name

    cases = [Case("`benchplot --version`", [binary, "--version"])]
    for name, source in [("8 records", RECORDS), ("study of 100 runs", STUDY)]:
        rival = script(f"{name}, PNG", source)
        analyze(f"{name}, no chart", source, "none")
        analyze(f"{name}, SVG", source, "svg")
        analyze(f"{name}, PNG", source, "png", rival)
    return cases


def measure(cases, count, env):
    for case in cases:
        run(case, env)
    runs = {case.name: [] for case in cases}
    # Every round has an order of its own, so that no program always runs after the same other one.
    order = random.Random(0)
    for number in range(count):
        for case in order.sample(cases, len(cases)):
            runs[case.name].append(run(case, env))
        print(f"\rround {number + 1} of {count}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return runs


def run(case, env):
    """One run. `wait4` gives what this very process used, on all of its threads."""
    begun = time.perf_counter()
    process = subprocess.Popen(case.command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaints = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{case.name} failed with {process.returncode}:\n{complaints.decode(errors='replace')}")
    if case.picture:
        check_picture(case)
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * MAXRSS_UNIT)


def check_picture(case):
    header = case.picture.read_bytes()[:24]
    case.picture.unlink()
    size = struct.unpack(">II", header[16:])
    if size != PIXELS:
        sys.exit(f"{case.name} drew {size[0]}×{size[1]} pixels")


def results(cases, runs):
    medians = {name: Run(*map(statistics.median, zip(*of_case))) for name, of_case in runs.items()}
    table = [
        "| program | CPU, ms | lowest to highest | wall, ms | peak memory, MB | Python's CPU / benchplot's |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for case in cases:
        median, cpu = medians[case.name], [one.cpu * 1e3 for one in runs[case.name]]
        ratio = f"{medians[case.rival].cpu / median.cpu:.1f}" if case.rival else ""
        table.append(
            f"| {case.name} | {median.cpu * 1e3:.1f} | {min(cpu):.1f} to {max(cpu):.1f} | {median.wall * 1e3:.1f} "
            f"| {median.memory / 1e6:.0f} | {ratio} |"
        )
    return table, medians


def bars(cases, medians):
    """What has to hold for the 8 records, each with whether it does."""
    of_records = [case for case in cases if RECORDS in case.command]
    drawn = next(case for case in of_records if case.rival)
    ratio = medians[drawn.rival].cpu / medians[drawn.name].cpu
    cpu = next(medians[case.name].cpu for case in of_records if "none" in case.command)
    memory = max(medians[case.name].memory for case in cases if "analyze" in case.command)
    return [
        (f"with the PNG at least {TIMES_LESS_CPU} times less CPU than Python: {ratio:.1f}", TIMES_LESS_CPU <= ratio),
        (
            f"without a chart less than {CPU_WITHOUT_CHART * 1e3:.0f} ms of CPU: {cpu * 1e3:.1f} ms",
            cpu < CPU_WITHOUT_CHART,
        ),
        (f"peak memory below {PEAK_MEMORY / 1e6:.0f} MB: {memory / 1e6:.0f} MB", memory < PEAK_MEMORY),
    ]


def facts(binary, python, loads):
    def said(*command):
        return subprocess.check_output(command, text=True).strip()

    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT
    return [
        f"- {datetime.date.today()}, {platform.system()} {platform.release().split('-')[0]} on {platform.machine()}, "
        f"{os.cpu_count()} cores, {processor()}; load {loads[0]:.1f} before and {loads[1]:.1f} after",
        f"- {said(binary, '--version')}; {' '.join(said('rustc', '--version').split()[:2])}",
        f"- {said(python, '-c', PYTHON_VERSIONS)}",
        f"- less than {own / 1e6:.0f} MB can't be told apart, as a new process begins with the peak of its parent",
    ]


PYTHON_VERSIONS = """
import platform, matplotlib, numpy, pandas
packages = (f"{package.__name__} {package.__version__}" for package in (pandas, matplotlib, numpy))
print(f"Python {platform.python_version()}", *packages, sep="; ")
"""


def processor():
    if sys.platform == "darwin":
        return subprocess.check_output(["sysctl", "-n", "machdep.cpu.brand_string"], text=True).strip()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "an unknown processor"


if __name__ == "__main__":
    sys.exit(main())
