"""Our counties of mid-2020 against another table: python-stdnum's, which knows years only.

`other_table.csv` lists every difference with its reason; a new one fails.
"""

import csv
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from codes.divisions import listing
from codes.divisions.shape import level_of

DAY = date(2020, 6, 30)
FILLERS = {"市辖区", "县"}
SPAN = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,]+)")


def _their_counties() -> list[tuple[str, str, int, int]]:
    """(code, name, first year, last year) of every county their table has."""
    found, province = [], ""
    for line in (files("stdnum.cn") / "loc.dat").read_text("utf-8").splitlines():
        if head := re.match(r"(\d\d) ", line):
            province = head[1]
        elif row := re.match(r' +(\d{4}) county="(.*)"', line):
            code = province + row[1]
            for start, end, name in SPAN.findall(row[2]):
                if level_of(code) == "county" and name not in FILLERS:
                    found.append((code, name, int(start or 0), int(end or 9999)))
    return found


@pytest.fixture(scope="module")
def ours() -> dict[str, str]:
    return {unit.code: unit.name for unit in listing("county", DAY) if unit.system == "gbt2260"}


@pytest.fixture(scope="module")
def certain() -> dict[str, str]:
    return {code: name for code, name, start, end in _their_counties() if start < 2020 < end}


@pytest.fixture(scope="module")
def changing() -> set[tuple[str, str]]:
    return {(code, name) for code, name, start, end in _their_counties() if 2020 in {start, end}}


def test_as_many_are_compared_as_we_say(ours: dict[str, str], certain: dict[str, str]) -> None:
    same = [code for code, name in ours.items() if certain.get(code) == name]
    assert (len(ours), len(certain), len(same)) == (2851, 2832, 2826)


def test_every_difference_is_explained(
    ours: dict[str, str], certain: dict[str, str], changing: set[tuple[str, str]]
) -> None:
    # What changed in 2020 may stand or not in the middle of the year: their table cannot tell.
    seen = {
        (code, ours.get(code, ""), certain.get(code, ""))
        for code in ours.keys() | certain.keys()
        if ours.get(code) != certain.get(code) and (code, ours.get(code)) not in changing
    }
    with (Path(__file__).parent / "other_table.csv").open(encoding="utf-8", newline="") as file:
        explained = {(row["code"], row["here"], row["there"]) for row in csv.DictReader(file)}
    assert seen == explained


def test_what_we_call_statistical_is_not_in_their_table() -> None:
    theirs = {code for code, _, _, _ in _their_counties()}
    own = {unit.code for unit in listing("county", DAY) if unit.system == "nbs"}
    assert len(own) == 140
    assert not own & theirs
