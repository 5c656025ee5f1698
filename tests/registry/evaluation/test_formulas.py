"""Formulas over plain figures: a city small enough for paper, a random one against pandas."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from codes.book_check import check_book
from codes.capabilities import capabilities
from codes.errors import DataError
from codes.formula_words import in_words
from codes.formulas import (
    Formula,
    Term,
    formula_of,
    formulas,
    population_groups,
    read_formula,
    read_formulas,
)
from codes.indicators import find_indicator, indicators
from codes.messages import LANGUAGES, speaking, use_language
from registry.evaluation.figures import NOWHERE, Divisions, Facilities, rows_of
from registry.evaluation.formulas import Worked, work_out

NAN = float("nan")


@pytest.mark.parametrize("name", ["formulas", "population_groups"])
def test_the_books_are_right(name: str) -> None:
    assert check_book(name) == []


def test_at_least_25_of_the_plans_indicators_are_computed() -> None:
    named = [code for formula in formulas().values() for code in formula.indicators]
    assert len(named) >= 25
    assert {find_indicator(code).plan for code in named} == {
        "hangzhou-135",
        "hangzhou-145",
        "zhoushan-2022",
        "hefei-2022",
    }
    assert set(named) <= set(indicators())
    assert {code for code in indicators() if formula_of(code)} == set(named)
    assert formula_of("hangzhou-145.20") is None


def test_two_formulas_of_one_indicator_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        read_formulas([row_with(code="one"), row_with(code="other")])
    for lang in LANGUAGES:
        with speaking(lang):
            assert all(word in str(caught.value) for word in ("hangzhou-145.02", "one", "other"))


def test_scale_fits_the_name_of_the_indicator() -> None:
    """每千 is 1,000, 每万 10,000 and per cent 100."""
    for formula in formulas().values():
        for code in formula.indicators:
            row = find_indicator(code)
            if row.unit == "%":
                assert formula.scale == 100, code
            if "每千" in row.name_zh:
                assert formula.scale == 1_000, code
            if "每万" in row.name_zh or "万人" in row.unit:
                assert formula.scale == 10_000, code


def test_a_measure_is_carried_by_the_types_of_its_term() -> None:
    for formula in formulas().values():
        for term in (formula.numerator, formula.denominator):
            for name in term.capabilities if term else ():
                carried = capabilities()[name].carried_by
                reached = [
                    c for c in carried for t in term.types if c.startswith(t) or t.startswith(c)
                ]  # type: ignore[union-attr]
                assert reached or not term.types, (formula.code, name)  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_formula_can_be_said(lang: str) -> None:
    use_language(lang)
    said = [in_words(formula) for formula in formulas().values()]
    use_language(None)
    assert len(set(said)) == len(said)


def row_with(**changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": "x",
        "name_zh": "某",
        "name_en": "x",
        "indicators": ["hangzhou-145.02"],
        "scale": 1,
        "numerator": {"kind": "sum", "capabilities": ["places"], "types": ["A0201"]},
    }
    return row | changed


@pytest.mark.parametrize(
    ("changed", "seen"),
    [
        ({"numerator": {"kind": "sum", "capabilities": ["wings"]}}, "wings"),
        ({"numerator": {"kind": "count", "types": ["Z9"]}}, "Z9"),
        ({"denominator": {"kind": "population", "group": "giants"}}, "giants"),
        ({"indicators": ["hangzhou-145.52"]}, "hangzhou-145.52"),
        (
            {"numerator": {"kind": "count", "types": ["A"], "where": [{"identifier": "no_no"}]}},
            "no_no",
        ),
    ],
)
def test_a_formula_that_names_what_nobody_knows(changed: dict[str, Any], seen: str) -> None:
    with pytest.raises(DataError) as caught:
        read_formula(row_with(**changed))
    assert caught.value.message_id == "evaluate.formula_unknown_name"
    assert seen in str(caught.value)


TYPES = ("A0201", "A0202", "B0101", "E0101", "E0202", "D0101")


def facilities(*rows: tuple[str, int, int, dict[str, float], dict[str, str]]) -> Facilities:
    """(type, division, township, measures, attributes) of each facility."""
    names = {name for row in rows for name in row[3]}
    attributes = {name for row in rows for name in row[4]}
    return Facilities(
        type_codes=TYPES,
        type_row=rows_of([row[0] for row in rows], TYPES),
        division=np.array([row[1] for row in rows], dtype=np.int64),
        units={"township": np.array([row[2] for row in rows], dtype=np.int64)},
        capabilities={name: np.array([row[3].get(name, NAN) for row in rows]) for name in names},
        attributes={name: np.array([row[4].get(name, "") for row in rows]) for name in attributes},
    )


TWO = Divisions(
    codes=("330106", "330109"),
    population={"total": np.array([2_000.0, 5_000.0]), "age_60_plus": np.array([400.0, NAN])},
    units={"township": np.array([0, 0, 1, 1, 1])},
)
CITY = facilities(
    ("A0201", 0, 0, {"places": 10, "inclusive_places": 5}, {"inclusive": "是"}),
    ("A0202", 0, 0, {"places": 6}, {"inclusive": "否"}),
    ("A0201", 1, 2, {"places": 20, "inclusive_places": 20}, {"inclusive": "是"}),
    ("A0201", 1, 3, {}, {}),
    ("A0201", NOWHERE, NOWHERE, {"places": 1_000}, {"inclusive": "是"}),
    ("B0101", 1, 4, {}, {"ownership": "公办"}),
    ("B0101", 1, 4, {}, {"inclusive": "是", "ownership": "民办"}),
    ("B0101", 1, 4, {}, {"inclusive": "否", "ownership": "民办"}),
    ("E0101", 0, 1, {"beds": 50, "nursing_beds": 20}, {}),
    ("E0101", 0, 1, {"beds": 150}, {}),
    ("E0101", 1, 1, {}, {}),
)


def worked(code: str) -> Worked:
    return work_out(formulas()[code], CITY, TWO)


def test_a_rate_by_people() -> None:
    found = worked("childcare_places_per_1000")
    assert found.value.tolist() == [8.0, 4.0]
    assert found.numerator.tolist() == [16.0, 20.0]
    assert found.counted.tolist() == [2, 1]
    assert found.not_reported.tolist() == [0, 4]


def test_a_share_counts_only_who_reported_both() -> None:
    found = worked("nursing_bed_share")
    assert found.value[0] == 40.0
    assert (found.numerator[0], found.counted[0], found.not_reported[0]) == (20.0, 1, 1)
    inclusive = worked("childcare_inclusive_share")
    assert inclusive.value.tolist() == [50.0, 100.0]


def test_silence_is_not_zero() -> None:
    found = worked("nursing_bed_share").rows()[1]
    assert (found["value"], found["status"]) == (None, "missing")
    assert "1" in found["reason"]
    assert found["facilities_not_reported"] == 1


def test_no_facility_at_all_is_zero() -> None:
    found = worked("infectious_beds_per_10000")
    assert found.value.tolist() == [0.0, 0.0]
    assert found.reason == (None, None)


def test_unknown_population_is_missing() -> None:
    found = worked("elderly_beds_per_1000")
    assert found.value[0] == 500.0
    assert np.isnan(found.value[1])
    assert found.reason[1] is not None


def test_coverage_counts_units_once() -> None:
    found = worked("childcare_township_coverage")
    assert found.numerator.tolist() == [1.0, 2.0]
    assert found.value.tolist() == pytest.approx([50.0, 200 / 3])
    counties = work_out(formulas()["disabled_care_county_coverage"], CITY, TWO)
    assert [str(one) for one in counties.reason] != ["None", "None"]


def test_of_conditions_one_is_enough() -> None:
    found = worked("kindergarten_inclusive_share")
    assert found.value[1] == pytest.approx(200 / 3)
    assert np.isnan(found.value[0])
    assert found.rows()[0]["status"] == "missing"


def test_a_count_without_denominator() -> None:
    assert worked("childcare_filed").value.tolist() == [0.0, 0.0]
    assert worked("childcare_filed").denominator is None


def test_the_working_is_plain_json() -> None:
    rows = json.loads(json.dumps(worked("childcare_places_per_1000").rows(), ensure_ascii=False))
    assert rows[0]["numerator"] == 16
    assert rows[0]["denominator"] == 2000
    assert rows[0]["status"] == "computed"
    assert "÷" in rows[0]["formula"]


def random_city(
    facility_count: int, township_count: int, county_count: int
) -> tuple[Facilities, Divisions, pd.DataFrame]:
    """A made-up city; not a model of any real one."""
    random = np.random.default_rng(20261122)
    from codes.facility_types import facility_types

    types = tuple(facility_types())
    county_of = random.integers(0, county_count, township_count)
    township = random.integers(-1, township_count, facility_count)
    division = np.where(township < 0, NOWHERE, county_of[township])
    read = sorted({name for formula in formulas().values() for name in formula.measures})
    measures = {
        name: np.where(
            random.random(facility_count) < 0.7, random.integers(0, 90, facility_count), NAN
        )
        for name in read
    }
    attributes = {
        "inclusive": random.choice(["是", "否", ""], facility_count),
        "ownership": random.choice(["公办", "民办", ""], facility_count),
        "grade": random.choice(["示范型", "普通型", ""], facility_count),
    }
    community = np.where(
        township < 0, NOWHERE, township * 3 + random.integers(0, 3, facility_count)
    )
    type_row = random.integers(0, len(types), facility_count)
    filed = random.random(facility_count) < 0.4
    made = Facilities(
        type_codes=types,
        type_row=type_row,
        division=division,
        units={"township": township, "community": community, "county": division},
        capabilities=measures,
        attributes=attributes,
        identifiers={"childcare_record_no": filed},
    )
    counties = Divisions(
        codes=tuple(f"county {row}" for row in range(county_count)),
        population={
            group: random.integers(1, 90_000, county_count).astype(float)
            for group in population_groups()
        },
        units={
            "township": county_of,
            "community": np.repeat(county_of, 3),
            "county": np.arange(county_count),
        },
    )
    frame = pd.DataFrame(
        {
            "type": np.array(types)[type_row],
            "division": division,
            "township": township,
            "community": community,
            "county": division,
            "childcare_record_no": filed,
            **attributes,
            **measures,
        }
    )
    return made, counties, frame


def by_pandas(formula: Formula, frame: pd.DataFrame, divisions: Divisions) -> list[float]:
    """The value of each division, worked out in another way."""
    rows = []
    for row in range(len(divisions.codes)):
        inside = frame[frame["division"] == row]
        above = side_by_pandas(formula, formula.numerator, inside, divisions, row)
        below = (
            side_by_pandas(formula, formula.denominator, inside, divisions, row)
            if formula.denominator
            else 1.0
        )
        rows.append(formula.scale * above / below if below > 0 else NAN)
    return rows


def side_by_pandas(
    formula: Formula, term: Term, inside: pd.DataFrame, divisions: Divisions, row: int
) -> float:
    if term.kind == "population":
        return float(divisions.population[str(term.group)][row])
    if term.kind == "units":
        return float((divisions.units[str(term.unit)] == row).sum())
    fits = inside[inside["type"].map(lambda code: not term.types or code.startswith(term.types))]
    if term.where:
        kept = [
            fits[one.identifier] if one.identifier else fits[str(one.attribute)] == one.value
            for one in term.where
        ]
        fits = fits[pd.concat(kept, axis=1).any(axis=1)]
    if term.kind == "count":
        return float(len(fits))
    if term.kind == "covered":
        return float(fits[str(term.unit)].nunique())
    carried = tuple(
        {place for name in term.capabilities for place in capabilities()[name].carried_by}
    )
    fits = fits[fits["type"].map(lambda code: code.startswith(carried))]
    if formula.paired:
        fits = fits.dropna(subset=list(formula.measures))
    return float(fits[list(term.capabilities)].sum().sum())


def test_every_formula_equals_a_plain_pandas_recomputation() -> None:
    made, counties, frame = random_city(20_000, 40, 5)
    for formula in formulas().values():
        found = work_out(formula, made, counties)
        expected = by_pandas(formula, frame, counties)
        assert found.value.tolist() == pytest.approx(expected, rel=1e-12, nan_ok=True), formula.code
        assert not np.isnan(found.value).all(), formula.code


def test_no_formula_has_chinese_words_in_english() -> None:
    use_language("en")
    try:
        told = [in_words(one) for one in formulas().values()]
    finally:
        use_language(None)
    assert any('inclusive "yes"' in one for one in told)
    assert not [one for one in told if any("一" <= sign <= "鿿" for sign in one)]
