"""Good data gives nothing: without this, no other test here means much."""

from collections.abc import Callable
from pathlib import Path

import pytest

from codes.elements import example_row, fields_of
from codes.facility_types import facility_types
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport
from registry.uploads.rules.slips import example_cells
from tests.registry.uploads.conftest import GOOD, TODAY, own_row, row


def test_a_good_row_has_no_finding(check: Callable[..., CheckReport]) -> None:
    report = check(row())
    assert [(one.rule, one.element) for one in report.findings] == []
    assert report.outcomes == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "held": 0,
    }
    assert report.clean


def test_the_same_row_in_a_workbook(write_xlsx: Callable[..., Path]) -> None:
    report = check_file(write_xlsx(row()), today=TODAY)
    assert [(one.rule, one.element) for one in report.findings] == []


def test_english_headers_in_any_order(tmp_path: Path) -> None:
    fields = {field.key: field for field in fields_of("幼儿园")}
    keys = sorted(GOOD)
    lines = [
        "\t".join(fields[key].header_en.upper() for key in keys),
        "\t".join(str(GOOD[key]) for key in keys),
    ]
    path = tmp_path / "en.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert check_file(path, today=TODAY).findings == ()


@pytest.mark.parametrize("type_code", sorted(facility_types()))
def test_of_every_type_the_example_is_known_and_a_facility_like_it_accepted(
    type_code: str, check: Callable[..., CheckReport]
) -> None:
    report = check(example_row(type_code), own_row(type_code))
    (left,) = (one for one in report.findings if one.severity == "must")
    assert (left.rule, left.row, left.element) == ("example_left", 2, None)
    telling = {one.key for one in fields_of(type_code)} & set(example_cells())
    assert left.params["count"] == len(telling)
    assert report.outcomes["created"] == 1
