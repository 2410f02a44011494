#!/usr/bin/env python3
"""Measures how benchplot reads large request logs, side by side with DuckDB and polars on the same files.

    python3 benches/large.py DATA [--binary target/release/benchplot]

DATA is a folder with the output of a generator of request logs: files called NAME.csv, NAME.ndjson and NAME.parquet with
the columns framework, concurrency, repetition, start, latency_s, status, bytes. Needs duckdb and polars from PyPI in the
Python that runs it. Linux. Writes benches/last-result-large.md, and exits with 1 if a bar does not hold.

The rivals compute, per run, what benchplot computes on its way to the whole report: count, errors, mean, standard
deviation, minimum, maximum and the percentiles 50, 90, 95, 99 and 99.9 of the successful requests.
"""

import argparse
import gzip
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

BENCHES = Path(__file__).resolve().parent
RESULT = BENCHES / "last-result-large.md"
FORMATS = ["parquet", "csv", "ndjson"]
QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999]
PEAK_MEMORY = 300e6
SMALL_FILES = 10_000
SMALL_FILES_CPU = 5.0

DUCKDB = """
import duckdb, sys
path = sys.argv[1]
reader = {"csv": "read_csv", "gz": "read_csv", "ndjson": "read_json", "parquet": "read_parquet"}[path.rsplit(".", 1)[1]]
rows = duckdb.sql(f\"\"\"
    SELECT framework, concurrency, repetition, count(*), count(*) FILTER (status NOT BETWEEN 100 AND 399),
           avg(latency_s) FILTER (ok), stddev_pop(latency_s) FILTER (ok), min(latency_s) FILTER (ok),
           max(latency_s) FILTER (ok), min(start), max(start + latency_s), sum(bytes),
           %(quantiles)s
    FROM (SELECT *, status BETWEEN 100 AND 399 AS ok FROM {reader}('{path}'))
    GROUP BY ALL ORDER BY ALL\"\"\").fetchall()
print(len(rows))
"""
APPROXIMATE = "approx_quantile(latency_s, [0.5, 0.9, 0.95, 0.99, 0.999]) FILTER (ok)"
EXACT = "quantile_disc(latency_s, [0.5, 0.9, 0.95, 0.99, 0.999]) FILTER (ok)"

POLARS = """
import polars as pl, sys
path = sys.argv[1]
scan = {"csv": pl.scan_csv, "gz": pl.scan_csv, "ndjson": pl.scan_ndjson, "parquet": pl.scan_parquet}
ok = pl.col("status").is_between(100, 399)
latency = pl.col("latency_s").filter(ok)
rows = (
    scan[path.rsplit(".", 1)[1]](path)
    .group_by("framework", "concurrency", "repetition")
    .agg(
        pl.len(), (~ok).sum().alias("errors"), latency.mean().alias("mean"), latency.std(ddof=0).alias("std"),
        latency.min().alias("min"), latency.max().alias("max"), pl.col("start").min().alias("first"),
        (pl.col("start") + pl.col("latency_s")).max().alias("last"), pl.col("bytes").sum().alias("bytes"),
        *(latency.quantile(q, "lower").alias(f"p{q}") for q in [0.5, 0.9, 0.95, 0.99, 0.999]),
    )
    .collect(engine="streaming")
)
print(rows.height)
"""


def main():
    options = arguments()
    table = ["| file | program | wall s | CPU s | peak MB |", "| --- | --- | --- | --- | --- |"]
    best = {}
    verdicts = []
    versions = {name: version(name) for name in ["duckdb", "polars"]}
    with tempfile.TemporaryDirectory() as folder:
        programs = programs_in(Path(folder), options.binary)
        for path in inputs(options.data):
            runs = {name: [] for name in programs}
            subprocess.run(["cat", path], stdout=subprocess.DEVNULL, check=True)
            for _ in range(options.runs):
                for name, command in programs.items():
                    measured = measure([*command, str(path), *arguments_behind(name, folder)])
                    runs[name] += [measured] if measured else []
            for name, measured in runs.items():
                if not measured:
                    table.append(f"| {path.name} | {name} | can't read it | | |")
                    continue
                middle = [statistics.median(column) for column in zip(*measured)]
                best[path.name, name] = middle
                table.append(f"| {path.name} | {name} | {middle[0]:.2f} | {middle[1]:.2f} | {middle[2] / 1e6:.0f} |")
                print(table[-1], flush=True)
            own = best[path.name, "benchplot"]
            for place, what in enumerate(["wall", "CPU"]):
                # DuckDB is faster with exact percentiles for some files, and without for others.
                rivals = [best[path.name, name][place] for name in programs if name.startswith("DuckDB")]
                times = min(rivals) / own[place]
                verdicts.append((f"{path.name}: {what} {times:.2f} times less than DuckDB", 1 <= times))
            verdicts.append((f"{path.name}: peak {own[2] / 1e6:.0f} MB, below 300", own[2] <= PEAK_MEMORY))
            if path.suffix == ".gz":
                unpacking = statistics.median(measure(["gzip", "-dc", str(path)])[0] for _ in range(options.runs))
                text = f"{path.name}: {own[0]:.2f} s, and {unpacking:.2f} s for gzip to unpack it"
                verdicts.append((text, own[0] <= 1.5 * unpacking))
        verdicts += growth(options.data, best)
        if options.small:
            verdicts.append(small_files(options, Path(folder), table))
    text = "\n".join([
        "# Last result: large inputs", "",
        f"Medians of {options.runs} runs of each program, taken in turns, files in the page cache.", "",
        *table, "", *(f"- {'holds' if holds else '**does not hold**'}: {what}" for what, holds in verdicts), "",
        "- " + ", ".join(f"{name} {number}" for name, number in versions.items()) + f"; {own_version(options.binary)}",
        f"- {platform.platform()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end", "",
        "Again: `python3 benches/large.py DATA`", "",
    ])
    RESULT.write_text(text, encoding="utf-8")
    print(text)
    return 0 if all(holds for _, holds in verdicts) else 1


def arguments():
    parser = argparse.ArgumentParser(description="Measures large inputs beside DuckDB and polars.")
    parser.add_argument("data", type=Path, help="the folder with the files")
    parser.add_argument("--runs", type=int, default=3, help="measured runs of each program (default: 3)")
    parser.add_argument("--small", action=argparse.BooleanOptionalAction, default=True, help="10,000 small files, too")
    parser.add_argument("--binary", type=Path, default=BENCHES.parent / "target" / "release" / "benchplot")
    return parser.parse_args()


def inputs(data):
    files = [path for ending in FORMATS for path in sorted(data.glob(f"*.{ending}"))]
    files.sort(key=lambda path: (path.stem, FORMATS.index(path.suffix[1:])))
    for path in sorted(data.glob("*.csv"), key=lambda path: path.stat().st_size)[:1]:
        compressed = path.with_name(path.name + ".gz")
        if not compressed.exists():
            with path.open("rb") as plain, gzip.open(compressed, "wb", compresslevel=6) as out:
                shutil.copyfileobj(plain, out)
        files.append(compressed)
    return files


def programs_in(folder, binary):
    scripts = {
        "DuckDB, approximate percentiles": DUCKDB % {"quantiles": APPROXIMATE},
        "DuckDB, exact percentiles": DUCKDB % {"quantiles": EXACT},
        "polars, streaming": POLARS,
    }
    programs = {"benchplot": [str(binary), "analyze"]}
    for number, (name, text) in enumerate(scripts.items()):
        script = folder / f"{number}.py"
        script.write_text(text, encoding="utf-8")
        programs[name] = [sys.executable, str(script)]
    return programs


def arguments_behind(name, folder):
    return ["--chart", "none", "-q", "-o", f"{folder}/out"] if name == "benchplot" else []


def own_version(binary):
    return subprocess.check_output([str(binary), "--version"], text=True).strip()


def measure(command):
    """Wall and CPU seconds and the peak of memory, in bytes, of one run; `None` where a rival fails."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 and command[0] == sys.executable:
        return None
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def growth(data, best):
    """Whether four times the rows take four times the time and no more memory, where there are files of both sizes."""
    for ending in FORMATS:
        sizes = sorted(data.glob(f"*.{ending}"), key=lambda path: path.stat().st_size)
        for small, large in zip(sizes, sizes[1:]):
            ratio = large.stat().st_size / small.stat().st_size
            if not 3.5 <= ratio <= 4.5:
                continue
            few, many = best[small.name, "benchplot"], best[large.name, "benchplot"]
            memory = many[2] / few[2] - 1
            yield f"{large.name}: peak memory {memory:+.0%} beside {small.name}, below 10 %", memory <= 0.1
            linear = many[1] / few[1] / ratio - 1
            yield f"{large.name}: CPU {linear:+.0%} beside {ratio:.2f} times that of {small.name}", linear <= 0.1


def small_files(options, folder, table):
    results = folder / "small"
    results.mkdir()
    for number in range(SMALL_FILES):
        record = f'{{"framework": "f{number % 20}", "concurrency": {1 + number // 20 % 50}, "repetition": {1 + number // 1000}'
        record += f', "total_time": {1 + number % 7 / 10}, "requests_count": 400}}'
        (results / f"{number}.json").write_text(f"[{record}]", encoding="utf-8")
    wall, cpu, peak = measure([str(options.binary), "analyze", str(results), *arguments_behind("benchplot", folder)])
    table.append(f"| {SMALL_FILES:,} small files | benchplot | {wall:.2f} | {cpu:.2f} | {peak / 1e6:.0f} |")
    return f"{SMALL_FILES:,} small files: {cpu:.2f} s of CPU, below 5", cpu <= SMALL_FILES_CPU


if __name__ == "__main__":
    sys.exit(main())
