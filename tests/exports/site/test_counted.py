"""What one facility adds to a formula, and which facilities the formula looks at."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from codes.formula_words import in_words
from codes.formulas import Formula, Term, formulas
from codes.messages import language
from exports.site.catalogue import Catalogue, Row, read_catalogue
from exports.site.counted import _types, concerned, formula_behind, share_of
from exports.site.held import hold

TODAY = "2026-11-22"
CODE = "some facility"
UNITS: dict[str, Row] = {
    "330109": {"level": "county"},
    "330109001": {"level": "township"},
    "330109401": {"level": "township"},
    "330109001051": {"level": "village"},
    "330109099": {"level": None},
}
"""The fourth digit of the third code says that it is a development zone."""

SOME = Formula(
    "some", "", "", (), 1, Term("sum", ("beds", "nursing_beds")), Term("sum", ("staff",))
)


def _catalogue(**tables: Any) -> Catalogue:
    return cast(Catalogue, SimpleNamespace(**tables))


def _share(
    formula: Formula, facility: dict[str, Any], read: dict[str, tuple[float | None, str]]
) -> tuple[float | None, float | None, str | None, bool]:
    """Above, below, as of, silent."""
    catalogue = _catalogue(types={facility["type_code"]: {}})
    terms = [term for term in (formula.numerator, formula.denominator) if term]
    row: Row = {"code": CODE, "as_of": "2026-03-31", **facility}
    measures: dict[str, Row] = {
        name: {"value": value, "as_of": day} for name, (value, day) in read.items()
    }
    numbered = {(CODE, "childcare_record_no")} if facility.get("numbered") else set()
    numbered.add(("another", "childcare_record_no"))
    types = {term: _types(catalogue, term) for term in terms}
    share = share_of(types, UNITS, formula, row, measures, numbered)
    assert share.is_counted == (share.above is not None or share.below is not None)
    return share.above, share.below, share.as_of, share.is_silent


@pytest.mark.parametrize(
    ("read", "share"),
    [
        ({"beds": 128, "nursing_beds": 64}, (64.0, 128.0, "2026-06-30", False)),
        ({"beds": 128}, (None, None, None, True)),
        ({"beds": 128, "nursing_beds": None}, (None, None, None, True)),
        ({"beds": 128, "nursing_beds": 0}, (0.0, 128.0, "2026-06-30", False)),
        ({}, (None, None, None, True)),
    ],
)
def test_of_a_paired_formula_every_measure_has_to_be_reported(
    read: dict[str, float | None], share: tuple[float | None, float | None, str | None, bool]
) -> None:
    told = {name: (value, "2026-06-30") for name, value in read.items()}
    assert _share(formulas()["nursing_bed_share"], {"type_code": "E0101"}, told) == share


def test_of_another_formula_a_side_is_what_was_reported_of_it() -> None:
    home = {"type_code": "E0101"}
    days = {
        "beds": (10, "2025-12-31"),
        "nursing_beds": (4, "2026-06-30"),
        "staff": (3, "2026-01-01"),
    }
    assert _share(SOME, home, {**days}) == (14.0, 3.0, "2026-06-30", False)
    days.pop("nursing_beds")
    assert _share(SOME, home, {**days}) == (10.0, 3.0, "2026-01-01", False)
    days.pop("staff")
    assert _share(SOME, home, {**days}) == (10.0, None, "2025-12-31", True)


@pytest.mark.parametrize(
    ("inclusive", "ownership", "above"),
    [("是", "公办", 1.0), ("是", "民办", 1.0), ("否", "公办", 1.0), (None, "民办", None)],
)
def test_of_several_conditions_one_is_enough(
    inclusive: str | None, ownership: str, above: float | None
) -> None:
    kindergarten = {"type_code": "B0101", "inclusive": inclusive, "ownership": ownership}
    share = _share(formulas()["kindergarten_inclusive_share"], kindergarten, {})
    assert share == (above, 1.0, "2026-03-31", False)


def test_a_condition_may_be_a_number_of_its_own() -> None:
    formula, childcare = formulas()["childcare_filed_share"], {"type_code": "A0201"}
    assert _share(formula, {**childcare, "numbered": True}, {})[:2] == (1.0, 1.0)
    assert _share(formula, childcare, {})[:2] == (None, 1.0)


@pytest.mark.parametrize(
    ("unit", "county", "township", "division", "above"),
    [
        ("township", "330109", "330109001", "330109001051", 1.0),
        ("township", "330109", None, "330109", None),
        ("township", "330109", "330109099", "330109099", None),
        ("township", "330109", "330109002", "330109002", None),
        ("township", "330109", "330109401", "330109401", 0.0),
        ("community", "330109", "330109001", "330109001051", 1.0),
        ("community", "330109", "330109001", "330109001", None),
        ("county", "330109", None, "330109", 1.0),
    ],
)
def test_a_facility_covers_the_unit_it_is_known_to_lie_in(
    unit: Any, county: str, township: str | None, division: str, above: float | None
) -> None:
    formula = Formula("some", "", "", (), 100, Term("covered", (), ("A02",), unit=unit))
    places = {"county_code": county, "township_code": township, "division_code": division}
    share = _share(formula, {"type_code": "A0201", **places}, {})
    assert (share[0], share[3]) == (above, False)


def test_a_sum_looks_only_at_types_that_carry_a_measure_of_it() -> None:
    catalogue = _catalogue(types={"E0101": {}, "E0203": {}, "L0108": {}})
    assert _types(catalogue, Term("sum", ("nursing_beds",))) == {"E0101"}
    assert _types(catalogue, Term("sum", ("nursing_beds",), ("L",))) == set()
    assert _types(catalogue, Term("count", (), ("E", "L01"))) == {"E0101", "E0203", "L0108"}
    assert _types(catalogue, Term("population", group="total")) == set()


def test_a_township_has_only_its_own_facilities(release: Path) -> None:
    catalogue, formula = read_catalogue(hold(release)), formulas()["childcare_township_coverage"]
    for code, counties, township in (
        ("330106013", ["330106"], "330106013"),
        ("330106", ["330106"], ""),
        ("330100", ["330105", "330106", "330110"], ""),
    ):
        wanted = concerned(catalogue, formula, code)
        assert (json.loads(wanted["counties"]), wanted["township"]) == (counties, township)
    assert json.loads(wanted["types"]) == ["A0201", "A0202", "A0205", "A0206"]


@pytest.mark.parametrize(
    ("changed", "is_used"),
    [
        ({}, True),
        ({"words": "100 × 床位数 ÷ 护理型床位数"}, False),
        ({"reference_on": "2025-12-31"}, False),
        ({"formula_code": None}, False),
        ({"formula_code": "of another book"}, False),
    ],
)
def test_a_formula_is_used_that_says_what_the_release_says_of_the_same_day(
    changed: dict[str, str | None], is_used: bool
) -> None:
    formula = formulas()["nursing_bed_share"]
    catalogue = _catalogue(manifest=SimpleNamespace(release_date=TODAY))
    result = {"reference_on": TODAY, "formula_code": formula.code, "words": in_words(formula)}
    row = {**result, **changed}
    row[f"formula_{language()}"] = row.pop("words")
    assert formula_behind(catalogue, row) == (formula if is_used else None)
    assert formula_behind(catalogue, None) is None
