"""The sizing rules: every number the design names, with scope, type and measure."""

import json
import re
from decimal import Decimal

import pytest

from codes.book_check import check_book
from codes.capabilities import capabilities
from codes.errors import DataError
from codes.indicators import indicators
from codes.norms import as_json, find_norm, in_words, norms, norms_for
from codes.standards import standards
from codes.unit_names import english_unit

from .conftest import Seeds

DOCUMENTS = {
    "hangzhou": ("001_b300e784a0160a55.txt", "000_eaecbe1286a28be8.txt"),
    "zhoushan": ("003_a04cd55af43d86a8.txt",),
    "hefei": ("004_82989894b6aaeb46.txt",),
}
IN_WORDS = {"20": "二十平方米", "200": "二百平方米"}
COVERAGE = re.compile("全覆盖|全覆蓋|均建有|所有建制")


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


def test_numbers_of_seed_rules_stand_in_the_seeds(seeds: Seeds) -> None:
    """A rule marked seed has each of its numbers in its document, or is a coverage of one each."""
    checked = 0
    for row in norms().values():
        texts = ["".join(seeds(name)) for name in DOCUMENTS.get(row.code.split("-")[0], ())]
        for quantity in row.quantities if row.mark == "seed" else ():
            number = f"{quantity.amount.normalize():f}"
            written = {number, IN_WORDS.get(number, number), f"{quantity.amount / 10000}万"}
            found = any(form in text for form in written for text in texts)
            covered = number == "1" and any(COVERAGE.search(text) for text in texts)
            assert found or covered, (row.code, number)
            checked += 1
    assert checked > 25


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
    assert all(english_unit(unit) for unit in units if unit)
