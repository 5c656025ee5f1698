"""Every mistake put in on purpose is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exports.workbooks.department_files import write_department_file
from registry.synthetic.city import SyntheticCity
from registry.synthetic.dirt import SPOILERS
from registry.synthetic.parameters import dirts
from registry.uploads.check import check_file
from registry.uploads.findings import Finding

FOUND = {
    "full_width_digits": ("created", "number_reformatted"),
    "spaces": ("created", "text_cleaned"),
    "status_other_word": ("created", "value_alias"),
    "status_wrong": ("rejected", "element_required"),
    "uscc_wrong": ("rejected", "uscc_wrong"),
    "division_abolished": ("created", "division_replaced"),
    "division_split": ("held", "division_split"),
    "name_missing": ("rejected", "element_required"),
    "row_twice": ("rejected", "row_repeated"),
    "part_exceeds_whole": ("rejected", "part_exceeds_whole"),
    "date_impossible": ("rejected", "element_date"),
    "number_with_words": ("rejected", "element_type"),
    "point_swapped": ("created", "point_swapped"),
    "as_of_missing": ("rejected", "element_required"),
}
"""Kind of mistake -> how the row comes out, and the rule that says so."""

WRITING = {"date_reformatted"}
"""What departments' own ways of writing dates give on any row."""

Place = tuple[str, str, int]


@pytest.fixture(scope="session")
def outcomes(
    dirty_city: SyntheticCity, tmp_path_factory: pytest.TempPathFactory
) -> dict[Place, tuple[str, list[Finding]]]:
    """Outcome and findings of every row of every file."""
    folder = tmp_path_factory.mktemp("sent")
    return {place: found for file in dirty_city.files for place, found in _checked(file, folder)}


def _checked(file: object, folder: Path) -> Iterator[tuple[Place, tuple[str, list[Finding]]]]:
    report = check_file(write_department_file(file, folder))  # type: ignore[arg-type]
    by_row: dict[tuple[str, int], list[Finding]] = {}
    for one in report.findings:
        by_row.setdefault((one.sheet, one.row or 0), []).append(one)
    for (sheet, row), outcome in report.row_outcomes.items():
        yield (report.source.name, sheet, row), (outcome, by_row.get((sheet, row), []))


def test_every_kind_of_the_book_is_made_and_listed_here() -> None:
    assert list(SPOILERS) == [one.kind for one in dirts()] == list(FOUND)


def test_every_kind_occurs(dirty_city: SyntheticCity) -> None:
    assert {one.kind for one in dirty_city.dirtied} == set(FOUND)


def test_every_mistake_is_found(
    dirty_city: SyntheticCity, outcomes: dict[Place, tuple[str, list[Finding]]]
) -> None:
    for one in dirty_city.dirtied:
        outcome, findings = outcomes[one.file, one.sheet, one.row]
        expected, rule = FOUND[one.kind]
        assert outcome == expected, (one, findings)
        assert rule in {finding.rule for finding in findings}, (one, findings)


def test_nothing_else_is_found(
    dirty_city: SyntheticCity, outcomes: dict[Place, tuple[str, list[Finding]]]
) -> None:
    spoilt = {(one.file, one.sheet, one.row) for one in dirty_city.dirtied}
    for place, (_, findings) in outcomes.items():
        if place not in spoilt:
            assert {finding.rule for finding in findings} <= WRITING, (place, findings)


def test_every_type_keeps_a_good_row(
    dirty_city: SyntheticCity, outcomes: dict[Place, tuple[str, list[Finding]]]
) -> None:
    types = set()
    for file in dirty_city.files:
        for sheet in file.sheets:
            kind = sheet.keys.index("type")
            for index, row in enumerate(sheet.rows):
                if outcomes[file.name, sheet.name, sheet.row_number(index)][0] == "created":
                    types.add(row[kind])
    assert types == {one.values["type"] for one in dirty_city.facilities}


def test_about_one_or_two_rows_in_a_hundred_are_spoilt() -> None:
    assert 10 <= sum(one.per_mille for one in dirts()) <= 25
