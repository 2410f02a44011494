#!/usr/bin/env python3
"""Counts the instructions that benchplot takes to start, read, report and draw, and holds them against a kept baseline.

    python3 benches/instructions.py            exits with 1 where a count is above the baseline by more than the tolerance
    python3 benches/instructions.py --bless    makes what is counted the new baseline

Callgrind counts instructions and not seconds, so what else the machine does makes no difference, and neither does its
processor: valgrind shows every program the same one. One processor is used, so that no thread waits for another. A newer
compiler or another libc does make a difference: the baseline says what it was counted with.

Standard library only. Needs valgrind and taskset; Linux. A minute, and the time of a release build.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BENCHES = Path(__file__).resolve().parent
ROOT = BENCHES.parent
BASELINE = BENCHES / "instructions.json"
RECORDS = ROOT / "sample-data" / "results.json"
STUDY = ROOT / "sample-data" / "study" / "results.json"
# Hash tables of the standard library begin with a random number, which moves counts by some thousandths.
TOLERANCE = 0.02
ROWS = 50_000


def main():
    options = arguments()
    binary = options.binary or build()
    with tempfile.TemporaryDirectory() as folder:
        counts = {name: count(binary, command, Path(folder)) for name, command in cases(Path(folder)).items()}
    if options.bless:
        kept = {"counted_with": tools(), "instructions": counts}
        BASELINE.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    worse = [name for name in counts if baseline["instructions"].get(name, 0) * (1 + TOLERANCE) < counts[name]]
    print("| what | instructions, million | beside the baseline |")
    print("| --- | ---: | ---: |")
    for name, number in counts.items():
        before = baseline["instructions"].get(name)
        change = f"{number / before - 1:+.1%}" if before else "new"
        print(f"| {name} | {number / 1e6:.1f} | {change}{' **more**' if name in worse else ''} |")
    print(f"\nThe baseline was counted with {baseline['counted_with']}, this with {tools()}.")
    return 1 if worse else 0


def arguments():
    parser = argparse.ArgumentParser(description="Counts instructions and holds them against a baseline.")
    parser.add_argument("--bless", action="store_true", help="keep what is counted as the baseline")
    parser.add_argument("--binary", type=Path, help="a benchplot that is there already, in place of a release build")
    return parser.parse_args()


def build():
    subprocess.run(["cargo", "build", "--release"], cwd=ROOT, check=True)
    metadata = subprocess.check_output(["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT)
    return Path(json.loads(metadata)["target_directory"]) / "release" / "benchplot"


def tools():
    said = [subprocess.check_output([tool, "--version"], text=True).split("\n")[0] for tool in ("rustc", "valgrind")]
    return ", ".join(said)


def cases(folder):
    """Commands by what they measure."""

    def analyze(source, *more):
        return ["analyze", source, "--quiet", "--output", folder / "out", *more]

    logs = write_logs(folder)
    parse = {f"parse {ROWS:,} requests, {path.suffix[1:]}": analyze(path, "--chart", "none") for path in logs}
    return {
        "start: --version": ["--version"],
        "report of 8 records": analyze(RECORDS, "--chart", "none"),
        "report of 100 runs": analyze(STUDY, "--chart", "none"),
        "report and figure of 8 records, 1500×600": analyze(RECORDS, "--dpi", "100"),
        "report and figure of 8 records, 4500×1800": analyze(RECORDS),
        "report and figure of 8 records, SVG": analyze(RECORDS, "--chart", "svg"),
    } | parse


def write_logs(folder):
    """The same requests as CSV and NDJSON."""
    names = ["framework", "concurrency", "repetition", "start", "latency_s", "status", "bytes"]
    csv, ndjson = folder / "log.csv", folder / "log.ndjson"
    with csv.open("w") as rows, ndjson.open("w") as records:
        rows.write(",".join(names) + "\n")
        for number in range(ROWS):
            series = number * 8 // ROWS
            values = [
                f'"{["asyncio", "threads"][series % 2]}"', 10 * (1 + series // 4), 1 + series // 2 % 2,
                f"{1_790_000_000 + number / 500:.3f}", f"0.{10_000 + number * 7_919 % 89_977:06}",
                500 if number % 997 == 0 else 200, 512 + number % 1_024,
            ]
            rows.write(",".join(str(value).strip('"') for value in values) + "\n")
            records.write("{" + ",".join(f'"{name}":{value}' for name, value in zip(names, values)) + "}\n")
    return [csv, ndjson]


def count(binary, command, folder):
    out = folder / "callgrind"
    tool = ["taskset", "-c", "0", "valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(binary)]
    ended = subprocess.run([*tool, *map(str, command)], capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(f"{command} ended with {ended.returncode}:\n{ended.stderr}")
    return int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE)[1])


if __name__ == "__main__":
    sys.exit(main())
