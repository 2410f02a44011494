#!/usr/bin/env python3
"""Damages every fixture in thirty ways, analyses the result with the built program, and checks what comes out.

Needs nothing but Python 3 and a built benchplot. The same seed damages the same files in the same way, on every machine.
"""

import argparse
import json
import math
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"

# Bytes of a file that are damaged at most, so that a run stays short.
LARGEST = 200_000

# Seconds that the program may take for one batch.
TIME_LIMIT = 60

NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
SEPARATOR = re.compile(rb"[,;\t]")


# The kinds of damage: bytes and a source of chance in, bytes out.


def truncate(data, chance):
    return data[: chance.randrange(len(data) + 1)]


def cut_beginning(data, chance):
    return data[chance.randrange(len(data) + 1) :]


def cut_middle(data, chance):
    begin = chance.randrange(len(data) + 1)
    return data[:begin] + data[begin + chance.randrange(1, 200) :]


def flip_bits(data, chance):
    damaged = bytearray(data)
    for _ in range(chance.randrange(1, 9) if damaged else 0):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def random_bytes(data, chance):
    return insert(data, chance, chance.randbytes(chance.randrange(1, 50)))


def overwrite(data, chance):
    begin = chance.randrange(len(data) + 1)
    noise = chance.randbytes(chance.randrange(1, 50))
    return data[:begin] + noise + data[begin + len(noise) :]


def remove_lines(data, chance):
    return b"".join(line for line in data.splitlines(True) if chance.random() < 0.8)


def duplicate_lines(data, chance):
    return b"".join(line * (1 + (chance.random() < 0.2)) for line in data.splitlines(True))


def shuffle_lines(data, chance):
    lines = data.splitlines(True)
    chance.shuffle(lines)
    return b"".join(lines)


def swap_fields(data, chance):
    def swapped(line):
        separator = SEPARATOR.search(line)
        if not separator or chance.random() < 0.5:
            return line
        fields = line.split(separator.group())
        a, b = chance.randrange(len(fields)), chance.randrange(len(fields))
        fields[a], fields[b] = fields[b], fields[a]
        return separator.group().join(fields)

    return b"".join(map(swapped, data.splitlines(True)))


def drop_fields(data, chance):
    fields = re.split(rb"([,;\t])", data)
    return b"".join(field for field in fields if chance.random() < 0.97)


def replace_numbers(*texts):
    def replaced(data, chance):
        return NUMBER.sub(lambda found: chance.choice(texts) if chance.random() < 0.1 else found.group(), data)

    return replaced


def swap_numbers(data, chance):
    numbers = NUMBER.findall(data)
    return NUMBER.sub(lambda found: chance.choice(numbers) if chance.random() < 0.2 else found.group(), data)


def huge_exponent(data, chance):
    return NUMBER.sub(lambda found: found.group() + b"e300" if chance.random() < 0.1 else found.group(), data)


def all_numbers_equal(data, chance):
    return NUMBER.sub(chance.choice([b"0", b"1", b"7"]), data)


def insert(data, chance, what):
    place = chance.randrange(len(data) + 1)
    return data[:place] + what + data[place:]


def nul_bytes(data, chance):
    return insert(data, chance, b"\0" * chance.randrange(1, 100))


def byte_order_mark(data, chance):
    mark = chance.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
    return mark + data if chance.random() < 0.7 else insert(data, chance, mark)


def carriage_returns(data, chance):
    return data.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\r", b"\r\r\n"]))


def utf_16(data, chance):
    return data.decode("latin-1").encode(chance.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"]))


def wrong_encoding(data, chance):
    return insert(data, chance, chance.choice([b"\xc3\x28", b"\xe9\xff", "框架".encode("gbk"), b"\xed\xa0\x80"]))


def deep_nesting(data, chance):
    depth = chance.choice([50, 200, 5_000, 50_000])
    opening, closing = chance.choice([(b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>")])
    if chance.random() < 0.5:
        return opening * depth + data + closing * depth
    return insert(data, chance, opening * depth)


def long_line(data, chance):
    return insert(data, chance, chance.choice([b"a", b"9", b" ", b",", b'"']) * chance.choice([300, 70_000]))


def quotes(data, chance):
    return insert(data, chance, chance.choice([b'"', b"'", b'""', b'\\"', b"`"]))


def change_case(data, chance):
    return chance.choice([data.upper(), data.lower(), data.swapcase()])


def remove_separators(data, chance):
    return data.replace(chance.choice([b",", b":", b"\n", b" ", b"\t", b"{", b"}", b"."]), b"")


def change_separators(data, chance):
    return data.replace(b",", chance.choice([b";", b"\t", b"|", b",,", b", "]))


def decimal_commas(data, chance):
    return re.sub(rb"(\d)\.(\d)", rb"\1,\2", data)


def twice(data, chance):
    return data + data


def nothing_but_blanks(data, chance):
    return chance.choice([b"", b" ", b"\n" * 1000, b"[]", b"{}", b"null", b"\0"])


def rename_keys(data, chance):
    words = list(set(re.findall(rb"[A-Za-z_]{3,}", data)))
    if len(words) < 2:
        return data
    a, b = chance.sample(sorted(words), 2)
    return data.replace(a, b)


def control_characters(data, chance):
    return insert(data, chance, chance.choice([b"\x1b[31m", b"\x07", b"\x08\x08", b"\x7f", b"\xe2\x80\xae"]))


DAMAGE = {
    "truncate": truncate,
    "cut-beginning": cut_beginning,
    "cut-middle": cut_middle,
    "flip-bits": flip_bits,
    "random-bytes": random_bytes,
    "overwrite": overwrite,
    "remove-lines": remove_lines,
    "duplicate-lines": duplicate_lines,
    "shuffle-lines": shuffle_lines,
    "swap-fields": swap_fields,
    "drop-fields": drop_fields,
    "huge-numbers": replace_numbers(b"1e308", b"1.7976931348623157e308", b"18446744073709551615", b"9" * 400),
    "tiny-numbers": replace_numbers(b"1e-308", b"5e-324", b"0.0", b"0", b"1e-400"),
    "no-numbers": replace_numbers(b"NaN", b"nan", b"inf", b"-inf", b"Infinity", b"-nan%", b"N/A", b"null", b""),
    "negative-numbers": replace_numbers(b"-1", b"-0.0", b"-1e300", b"-9223372036854775808"),
    "swap-numbers": swap_numbers,
    "huge-exponent": huge_exponent,
    "all-numbers-equal": all_numbers_equal,
    "nul-bytes": nul_bytes,
    "byte-order-mark": byte_order_mark,
    "carriage-returns": carriage_returns,
    "utf-16": utf_16,
    "wrong-encoding": wrong_encoding,
    "deep-nesting": deep_nesting,
    "long-line": long_line,
    "quotes": quotes,
    "change-case": change_case,
    "remove-separators": remove_separators,
    "change-separators": change_separators,
    "decimal-commas": decimal_commas,
    "twice": twice,
    "nothing-but-blanks": nothing_but_blanks,
    "rename-keys": rename_keys,
    "control-characters": control_characters,
}


# What must hold of every output. Each takes an analysis and yields what is wrong.


def numbers_are_finite(value, place=""):
    if isinstance(value, float) and not math.isfinite(value):
        yield f"{place} is {value}"
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from numbers_are_finite(member, f"{place}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from numbers_are_finite(member, f"{place}/{index}")


def errors_are_requests(analysis):
    for run in analysis["runs"]:
        requests, errors = run["requests_count"], run["error_count"]
        if requests is not None and errors is not None and requests < errors:
            yield f"{run['source']}: {errors} errors of {requests} requests"


def descriptions_are_in_order(analysis):
    for row in analysis["cells"] + analysis["summary"]:
        numbers = [row["min"], row["median"], row["max"], row["mean"]]
        place = f"{row['framework']} {row['metric']}"
        if None in numbers:
            yield f"{place}: a number is missing in {numbers}"
            continue
        low, median, high, mean = numbers
        # A mean may be rounded.
        slack = 1e-9 * max(abs(low), abs(high))
        if not low <= median <= high or not low - slack <= mean <= high + slack:
            yield f"{place}: min {low}, median {median}, mean {mean}, max {high}"


def nothing_failing_leads(analysis):
    for ranking in analysis["ranking"]:
        first = ranking["tiers"][0][0]
        own = [run for run in analysis["runs"] if (run["framework"], run["scenario"]) == (first, ranking["scenario"])]
        if own and all(
            None not in (run["requests_count"], run["error_count"]) and run["requests_count"] <= run["error_count"]
            for run in own
        ):
            yield f"{first} comes first and has no success"


INVARIANTS = [numbers_are_finite, errors_are_requests, descriptions_are_in_order, nothing_failing_leads]


def fixtures():
    files = (file for file in sorted(FIXTURES.rglob("*")) if file.is_file() and file.suffix != ".golden")
    return [file for file in files if 0 < file.stat().st_size <= LARGEST]


def damaged(fixture, kind, seed):
    """The same bytes for the same arguments, whichever files come before."""
    return DAMAGE[kind](fixture.read_bytes(), random.Random(f"{seed} {fixture.relative_to(FIXTURES)} {kind}"))


def run(binary, files, workplace):
    """Analyses files together, and returns what is wrong with it and the exit code."""
    command = [binary, "analyze", "-f", "json", "--chart", "none", "--quiet", "-o", str(workplace / "output")]
    try:
        done = subprocess.run(command + [str(file) for file in files], capture_output=True, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return [f"it takes longer than {TIME_LIMIT} s"], None
    if done.returncode not in range(5):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-3:]
        return [f"exit code {done.returncode}: " + " ".join(last)], done.returncode
    if done.returncode != 0:
        return [], done.returncode
    try:
        analysis = json.loads(done.stdout)
    except ValueError as error:
        return [f"stdout is not JSON: {error}"], 0
    return [problem for invariant in INVARIANTS for problem in invariant(analysis)], 0


def check(binary, batch, seed, workplace):
    """Files that break an invariant, each alone where it does so alone, with what is wrong."""
    files = []
    for number, (fixture, kind) in enumerate(batch):
        # In a folder of its own, because paths name frameworks, and with its own name, which some formats go by.
        file = workplace / str(number) / fixture.name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(damaged(fixture, kind, seed))
        files.append(file)
    problems, code = run(binary, files, workplace)
    if not problems and (code == 0 or len(files) == 1):
        return []
    # One file may hide the others: its own way of failing, or names that are refused beside others.
    alone = []
    for file, (fixture, kind) in zip(files, batch):
        problems_alone, _ = run(binary, [file], workplace)
        alone += [(file, fixture, kind, problem) for problem in problems_alone]
    together = [] if alone else [(None, *batch[0], f"with {len(batch) - 1} others: {problem}") for problem in problems]
    return alone + together


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=str(ROOT / "target" / "debug" / "benchplot"), help="the program to run")
    parser.add_argument("--seed", type=int, default=1, help="the same seed damages in the same way (default 1)")
    parser.add_argument("--seconds", type=float, default=60, help="begin nothing after so long (default 60)")
    parser.add_argument("--runs", type=int, help="damage at most so many files")
    parser.add_argument("--batch", type=int, default=8, help="files in one process (default 8)")
    parser.add_argument("--only", default="", help="only fixtures whose path has this text in it")
    parser.add_argument("--kind", choices=DAMAGE, help="only this kind of damage")
    parser.add_argument("--keep", type=Path, help="a folder for the files that break something")
    options = parser.parse_args()
    if not Path(options.binary).is_file():
        parser.error(f"there is no {options.binary}: run cargo build, or name the program with --binary")

    kinds = [options.kind] if options.kind else list(DAMAGE)
    jobs = [(fixture, kind) for fixture in fixtures() if options.only in str(fixture) for kind in kinds]
    random.Random(options.seed).shuffle(jobs)
    planned = jobs[: options.runs]
    until = time.monotonic() + options.seconds
    done, found = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for begin in range(0, len(planned), options.batch):
            if until <= time.monotonic():
                break
            batch = planned[begin : begin + options.batch]
            workplace = Path(folder) / str(begin)
            for file, fixture, kind, problem in check(options.binary, batch, options.seed, workplace):
                found.append(problem)
                print(f"{fixture.relative_to(ROOT)}, {kind}, seed {options.seed}: {problem}", flush=True)
                if options.keep and file:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{kind}-{fixture.parent.name}-{fixture.name}").write_bytes(file.read_bytes())
            done += len(batch)
            shutil.rmtree(workplace)
    print(f"{done} of {len(jobs)} damaged files, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
