"""How well duplicates are found: precision and recall on labelled pairs; what blocking keeps."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from codes.facility_types import facility_types
from registry.uploads.proposing.blocks import Blocks
from registry.uploads.proposing.likeness import Subject, likeness
from registry.uploads.proposing.parts import parts_of
from tests.registry.uploads.conftest import Send, only, row
from tests.registry.uploads.labelled import Pair, is_found, pairs, score

ROOT = Path(__file__).resolve().parents[3]
PRECISION, RECALL = 0.95, 0.90
"""Floors. The thresholds were chosen on the pairs of `tune` alone."""


def test_there_are_enough_pairs_and_none_twice() -> None:
    every = pairs()
    assert len(every) >= 300
    assert len({(one.type_a, one.name_a, one.type_b, one.name_b, one.metres) for one in every}) == (
        len(every)
    )
    for part in ("tune", "report"):
        verdicts = [one.same for one in every if one.part == part]
        assert min(verdicts.count(True), verdicts.count(False)) >= 70
    for one in every:
        assert {one.type_a, one.type_b} <= set(facility_types())


@pytest.mark.parametrize("part", ["tune", "report"])
def test_precision_and_recall(part: str) -> None:
    found = score(one for one in pairs() if one.part == part)
    assert found.precision >= PRECISION, found
    assert found.recall >= RECALL, found


@pytest.mark.parametrize("part", ["tune", "report"])
def test_what_the_page_says_of_them_is_what_is_measured(part: str) -> None:
    here = [one for one in pairs() if one.part == part]
    found = score(here)
    told = f"| {part} ({len(here)} pairs) | {found.precision:.3f} | {found.recall:.3f} |"
    assert told in (ROOT / "docs" / "duplicates.md").read_text("utf-8")


@pytest.mark.parametrize("kind", ["numbering", "branch", "township"])
def test_sisters_are_not_taken_for_each_other(kind: str) -> None:
    wrong = [
        (one.name_a, one.name_b)
        for one in pairs()
        if one.kind == kind and not one.same and is_found(one)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "stem", "marks"),
    [
        ("杭州市西湖区翠苑第一幼儿园", "翠苑", ("1",)),
        ("杭二中", "杭州", ("2",)),
        ("三墩镇水月社区日间照料中心", "水月", ()),
        ("三墩综合文化站", "三墩", ()),
        ("學軍小學", "学军", ()),
        ("西湖区人民医院", "西湖", ()),
        ("杭州第二十三中学东校区", "杭州", ("23", "东校区")),
        ("百草堂大药房有限公司", "100草堂", ("100",)),
        ("幼儿园", "幼儿园", ()),
    ],
)
def test_a_name_taken_apart(name: str, stem: str, marks: tuple[str, ...]) -> None:
    parts = parts_of(name, "330106")
    assert (parts.stem, parts.marks) == (stem, marks)


def test_a_name_of_a_county_that_does_not_exist_is_taken_as_it_stands() -> None:
    assert parts_of("西湖区翠苑幼儿园", "999999").stem == "西湖区翠苑"


def _subject(pair: Pair, at: int, random: Random) -> Subject:
    """One side of a pair, at its place in a city of others."""
    types = facility_types()
    code = (pair.type_a, pair.type_b)[at]
    point = (120.1 + random.random() / 50, 30.28 + random.random() / 50)
    return Subject(
        (pair.name_a, pair.name_b)[at],
        pair.county,
        types[code].class_code,
        code,
        point if random.random() < 0.7 else None,
        random.choice(["", "示例路1号", "样本街8号"]),
        random.choice([None, "a", "b"]),
    )


def test_blocking_loses_nothing_that_comparing_each_with_each_finds() -> None:
    random = Random(20261122)
    left = [_subject(one, 0, random) for one in pairs() if one.county == "330106"]
    right = [_subject(one, 1, random) for one in pairs() if one.county == "330106"]
    blocks = Blocks(left)
    compared = found = 0
    for wanted in right:
        everyone = [(at, likeness(wanted, one)) for at, one in enumerate(left)]
        assert blocks.found(wanted) == [one for one in everyone if one[1] is not None]
        found += len(blocks.found(wanted))
        compared += len(blocks.worth_comparing(wanted))
    assert found > len(right)
    assert compared < len(left) * len(right)


def test_a_facility_registered_in_a_related_class_asks(
    merge: Callable[..., list[str]], send: Send
) -> None:
    merge(row(name="紫荆托育园"))
    done = send(row(name="紫荆托育园", type="托育机构"), row(name="紫荆小学", type="小学"))
    asked = [one.row for one in done.report.findings if one.rule == "near_duplicate"]
    assert asked == [2]


def test_an_abbreviated_name_in_one_file_asks(send: Send) -> None:
    done = send(row(name="余杭区实验幼儿园"), row(name="余杭区实幼"))
    assert only(done.report, "row_alike").row == 3
