"""The sizing rules: every number the design names, with scope, type and measure."""

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from codes.book_check import check_book
from codes.capabilities import capabilities
from codes.errors import DataError
from codes.indicators import indicators
from codes.norms import Quantity, as_json, find_norm, in_words, norms, norms_for
from codes.standards import standards
from codes.unit_names import english_unit

from .conftest import Seeds

IN_WORDS = {"1": "一", "20": "二十", "200": "二百"}
UNITS = {"分钟": "分[钟鐘]", "个": "[个個]", "所": "所|个"}
PER = {Decimal(100): "百", Decimal(1000): "千", Decimal(10000): "万", Decimal(100000): "10万"}
COVERAGE = re.compile("全覆盖|均建有|所有建制|需建设")


def test_the_book_is_right() -> None:
    assert check_book("norms") == []


@pytest.mark.parametrize(
    ("code", "estate", "figures"),
    [
        ("zhoushan-01", "existing", [("20", "100", "household"), ("200", "1", "facility")]),
        ("zhoushan-02", "new", [("10", "1000", "resident")]),
        ("hefei-02", "new", [("30", "100", "household"), ("350", "1", "facility")]),
        ("hefei-03", "existing", [("20", "100", "household")]),
        ("hefei-04", "new", [("10", "1000", "resident")]),
        ("hefei-05", "existing", [("8", "1000", "resident")]),
        ("hangzhou-04", "any", [("1", "1000", "child_under_3")]),
        ("hangzhou-05", "any", [("2", "1000", "child_under_3")]),
        ("hangzhou-08", "new", [("0.1", "1", "resident"), ("0.3", "1", "resident")]),
        ("hangzhou-09", "any", [("60", "1", "facility")]),
        ("hangzhou-12", "any", [("42", "1", "facility")]),
        ("hangzhou-17", "any", [("500", "1", None)]),
    ],
)
def test_rules_the_design_names(
    code: str, estate: str, figures: list[tuple[str, str, str | None]]
) -> None:
    row = find_norm(code)
    assert row.estate == estate
    assert row.type_codes
    assert [(str(q.amount), str(q.per_amount), q.per) for q in row.quantities] == figures


SEED = [(row, each) for row in norms().values() if row.mark == "seed" for each in row.quantities]


def has_amount(quantity: Quantity) -> bool:
    """Say whether the quoted words have the amount with its unit, or say that each has one."""
    number = f"{quantity.amount.normalize():f}"
    many = f"{(quantity.amount / 10000).normalize():f}万"
    forms = "|".join(map(re.escape, (number, many, IN_WORDS.get(number, number))))
    unit = UNITS.get(quantity.unit, re.escape(quantity.unit))
    quote = str(quantity.quote)
    if re.search(rf"(?<![\d.])(?:{forms})(?:[+-][\d+-]+)?(?:{unit})", quote):
        return True
    if re.search(rf"万分之{re.escape(number)}(?![\d.])", quote):
        return True
    return number == "1" and bool(COVERAGE.search(quote))


def test_each_number_of_a_seed_rule_is_in_the_words_quoted() -> None:
    assert len(SEED) == 63
    for row, quantity in SEED:
        assert row.seed_file, row.code
        assert has_amount(quantity), (row.code, quantity.quote)
        if (said := PER.get(quantity.per_amount)) and quantity.per:
            assert said in str(quantity.quote), (row.code, quantity.quote)


def test_a_wrong_number_is_not_in_the_words_quoted() -> None:
    """Two figures quoted in one span (5+10+15 minutes, 2-3 a year) may stand for each other."""
    for row, quantity in SEED:
        own = {each.amount for each in row.quantities}
        right = quantity.amount
        for wrong in {right + 1, right * 2, right / 2, right * 10, right / 10, right + 5} - own:
            assert not has_amount(replace(quantity, amount=wrong)), (row.code, wrong)


def test_the_words_quoted_stand_in_the_document(seeds: Seeds) -> None:
    texts: dict[str, str] = {}
    for row, quantity in SEED:
        name = str(row.seed_file)
        text = texts.setdefault(name, re.sub(r"\s", "", "".join(seeds(name))))
        assert quantity.quote
        assert quantity.quote in text, (row.code, quantity.quote)


def test_every_measure_is_known_and_carried_by_a_type_of_the_rule() -> None:
    used = 0
    for row in norms().values():
        for quantity in row.quantities:
            if quantity.capability and quantity.capability != "floor_area":
                used += 1
                measure = capabilities()[quantity.capability]
                carried = [code for code in row.type_codes if measure.is_carried_by(code)]
                assert carried or not row.type_codes, (row.code, quantity.capability)
    assert used > 25


def test_a_need_is_worked_out_exactly() -> None:
    per_hundred = find_norm("zhoushan-01").quantities[0]
    assert per_hundred.needed_for(1234) == Decimal("246.8")
    assert find_norm("hangzhou-19").quantities[0].needed_for(11_936_010) == Decimal("2088.80175")


def test_a_city_keeps_its_own_rules_and_the_countrys() -> None:
    places = {row.code for row in norms_for("A0201")}
    kept = {row.code for row in norms_for("A0201", "330900")}
    assert "hefei-04" in places - kept
    assert {"zhoushan-02", "national-14"} <= kept


def test_what_is_from_memory_is_marked_so() -> None:
    marks = {row.mark for row in norms().values()}
    assert marks == {"seed", "V", "V copy", "V press", "S", "MEM"}
    assert find_norm("national-02").mark == "MEM"


def test_an_unknown_code() -> None:
    with pytest.raises(DataError) as caught:
        find_norm("zhoushan-99")
    assert "zhoushan-99" in str(caught.value)


def test_json_is_plain() -> None:
    rows = json.loads(json.dumps([as_json(row) for row in norms().values()]))
    assert len(rows) == len(norms())
    assert rows[0]["quantities"][0]["amount"] == 15


def test_every_rule_can_be_said_in_both_languages() -> None:
    for row in norms().values():
        shown = as_json(row)
        assert shown["rule_zh"]
        assert not re.search("[一-鿿]", shown["rule_en"]), row.code
    assert in_words(find_norm("hangzhou-08"), "zh") == (
        "室内人均建筑面积 ≥ 0.1 平方米 / 人，或 室外人均用地 ≥ 0.3 平方米 / 人"
    )


def test_every_unit_has_an_english_name() -> None:
    assert check_book("unit_names") == []
    units = {quantity.unit for row in norms().values() for quantity in row.quantities}
    units |= {figure.unit for row in standards().values() for figure in row.figures}
    units |= {row.unit for row in indicators().values()}
    assert {unit for unit in units if unit and not english_unit(unit)} <= {"个"}, "a bare number"
