"""Looking for n new facilities among n registered ones: time and memory as n grows.

Sizes: FUWUMA_BENCH_DUPLICATES, else 10,000 and 100,000. Synthetic facilities of one class spread
over the counties of a province, a twentieth of them registered under another name; each size runs
in a process of its own. Group by group, as a file is judged, the time should grow as n does.
"""

# ruff: noqa: T201
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SIZES = [int(one) for one in os.environ.get("FUWUMA_BENCH_DUPLICATES", "10000,100000").split(",")]
ROOT = Path(__file__).resolve().parents[2]

WORK = """
import resource, sys, time
from random import Random
from codes.divisions import listing
from datetime import date
from registry.uploads.proposing.blocks import Blocks
from registry.uploads.proposing.likeness import Subject
n = int(sys.argv[1])
random = Random(1)
counties = [one.code for one in listing("county", date(2026, 11, 22), "33")]
FIRST = "晨星翠金紫福康安文求学育春秋江湖山河云松竹兰荷桂东西南北中和平阳光明华"
LAST = "光苑港城园溪塘桥里湾岸坊庄街门台岭坡洲畔源泉林海天地人家和美乐"
def name(number):
    whole = number
    words = ""
    for letters in (FIRST, LAST, FIRST, LAST):
        number, at = divmod(number, len(letters))
        words += letters[at]
    return words + ("第" + "一二三四五六七八九"[whole % 9] if whole % 3 == 0 else "") + "幼儿园"
def facility(number, other):
    county = counties[number % len(counties)]
    # every county grows with n, and so does the ground it stands on
    lon, lat = 118 + number * 7919 % n / n * 5, 27 + number * 104729 % n / n * 4
    said = "西湖区" + name(number) if other and number % 20 == 0 else name(number + other * 977)
    return Subject(said, county, "B01", "B0101", (lon + other * 0.0004, lat), "", None)
def groups(other):
    found = {}
    for number in range(n):
        one = facility(number, other)
        found.setdefault(one.county_code, []).append(one)
    return found
registered, new = groups(0), groups(1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
started = time.process_time()
compared = asked = largest = 0
for county, here in registered.items():
    blocks = Blocks(here)
    for one in new[county]:
        compared += len(blocks.worth_comparing(one))
        asked += bool(blocks.found(one))
    largest = max(largest, len(here))
cpu = time.process_time() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
print(n, cpu, compared, asked, largest, before, peak)
"""


@pytest.mark.bench
def test_duplicates_as_the_registry_grows() -> None:
    print(f"\nload {os.getloadavg()}")
    rates = []
    for size in SIZES:
        arguments = [sys.executable, "-c", WORK, str(size)]
        done = subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=ROOT)
        n, cpu, compared, asked, largest, before, peak = map(float, done.stdout.split())
        rates.append(cpu / n)
        print(
            f"{n:9.0f} x {n:<9.0f} {cpu:8.1f} s CPU  {cpu / n * 1e6:6.0f} us a row  "
            f"{compared / n:6.1f} compared a row  {asked:8.0f} asked  "
            f"largest county {largest:6.0f}  {before:5.0f} -> {peak:5.0f} MiB"
        )
    print(f"load {os.getloadavg()}")
    assert rates[-1] <= 4 * rates[0]
