"""Every text that stands in a table is read as written down here by hand."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from codes.errors import DataError
from codes.indicator_values import Reading, meets, parse
from codes.indicators import indicators


def single(number: str, comparator: str = "=", **more: object) -> Reading:
    return Reading("number", (Decimal(number),), comparator, **more)  # type: ignore[arg-type]


EXPECTED = {
    "<0.01": single("0.01", "<"),
    "<0.011": single("0.011", "<"),
    "<0.047": single("0.047", "<"),
    "<4": single("4", "<"),
    "<8.5": single("8.5", "<"),
    ">14000": single("14000", ">"),
    ">25": single("25", ">"),
    ">30": single("30", ">"),
    ">3000": single("3000", ">"),
    ">40": single("40", ">"),
    ">43.5": single("43.5", ">"),
    ">45": single("45", ">"),
    ">50": single("50", ">"),
    ">55": single("55", ">"),
    ">58": single("58", ">"),
    ">65": single("65", ">"),
    ">7": single("7", ">"),
    ">72": single("72", ">"),
    ">80": single("80", ">"),
    ">85": single("85", ">"),
    ">90": single("90", ">"),
    ">95": single("95", ">"),
    ">98": single("98", ">"),
    ">99": single("99", ">"),
    "≥20": single("20", ">="),
    "≥92.3": single("92.3", ">="),
    "≥95": single("95", ">="),
    "25以上": single("25", ">="),
    "3.5以上": single("3.5", ">="),
    "66以上": single("66", ">="),
    "80以上": single("80", ">="),
    "90以上": single("90", ">="),
    "99.5以上": single("99.5", ">="),
    "99以上": single("99", ">="),
    "保持在90以上": single("90", ">=", hold=True),
    "保持在95%以上": single("95", ">=", hold=True, unit="%"),
    "保持在98%以上": single("98", ">=", hold=True, unit="%"),
    "84.7%": single("84.7", unit="%"),
    "98.95%": single("98.95", unit="%"),
    "2.1(2019年)": single("2.1", year=2019),
    "44.7(2019年)": single("44.7", year=2019),
    "93.8(2019年)": single("93.8", year=2019),
    "4.73(2019年数值)": single("4.73", year=2019),
    "8.1(2019年数值)": single("8.1", year=2019),
    "98.1%(特指市控断面)": single("98.1", unit="%", remark="特指市控断面"),
    ">96%(特指市控断面)": single("96", ">", unit="%", remark="特指市控断面"),
    ">95(特指省控断面)": single("95", ">", remark="特指省控断面"),
    "[125]": Reading("sum", (Decimal("125"),), years=5),
    "[199.7]": Reading("sum", (Decimal("199.7"),), years=5),
    "[85]": Reading("sum", (Decimal("85"),), years=5),
    "100/98": Reading("pair", (Decimal("100"), Decimal("98"))),
    "100/100": Reading("pair", (Decimal("100"), Decimal("100"))),
    "4.50/4.95": Reading("pair", (Decimal("4.5"), Decimal("4.95"))),
    "4.73/5.31": Reading("pair", (Decimal("4.73"), Decimal("5.31"))),
    "主城区:13224 桐庐、建德:10584 淳安:11460": Reading(
        "by_place",
        (Decimal("13224"), Decimal("10584"), Decimal("11460")),
        places=(("主城区",), ("桐庐", "建德"), ("淳安",)),
    ),
    "-": Reading("none", meaning="not_stated"),
    "/": Reading("none", meaning="not_stated"),
    "应保尽保": Reading("word", meaning="all_entitled"),
    "省下达目标": Reading("word", meaning="set_by_province"),
    "尚未出台": Reading("word", meaning="not_issued"),
    "因行政区划原因,数据暂无法确定": Reading("word", meaning="undetermined"),
}


def book_cells() -> Iterator[str]:
    for row in indicators().values():
        figures = [*row.figures, *(figure for part in row.parts for figure in part.figures)]
        yield from (figure.raw for figure in figures)
        if row.unplaced:
            yield row.unplaced


def test_every_cell_of_the_book_is_read_as_expected() -> None:
    cells = set(book_cells())
    plain = {cell for cell in cells if re.fullmatch(r"\d+(\.\d+)?", cell)}
    assert cells - plain == set(EXPECTED)
    assert {cell: parse(cell) for cell in plain} == {cell: single(cell) for cell in plain}
    assert {cell: parse(cell) for cell in EXPECTED} == EXPECTED


def test_the_stored_reading_is_the_parsed_one() -> None:
    figures = [figure for row in indicators().values() for figure in row.figures]
    assert len(figures) > 250
    assert all(figure.reading == parse(figure.raw) for figure in figures)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "约95",
        "95 96",
        "3..5",
        ">",
        "[",
        "[]",
        "100/",
        "a:b",
        "主城区:",
        ">=95以上",
        "≥95以上",
        "1,200",
        "-5",
    ],
)
def test_what_cannot_be_read_is_an_error(cell: str) -> None:
    with pytest.raises(DataError) as caught:
        parse(cell)
    assert caught.value.message_id == "evaluate.figure_unreadable"
    assert caught.value.params == {"seen": cell}


def test_the_one_number() -> None:
    assert parse("[125]").number == 125
    assert parse("100/98").number is None
    assert parse("主城区:13224").number is None
    assert parse("-").number is None


@pytest.mark.parametrize(
    ("target", "actual", "direction", "met"),
    [
        ("99.5以上", "99.5", "higher", True),
        (">99.5", "99.5", "higher", False),
        ("98", "99.4", "higher", True),
        ("98", "97.9", "higher", False),
        ("98", "97.9", "lower", True),
        ("<4", "4", "lower", False),
        ("<4", "3.99", "higher", True),
        ("[85]", "[199.7]", "higher", True),
        ("[85]", "199.7", "higher", None),
        ("100/98", "100/97", "higher", False),
        ("100/98", "100", "higher", None),
        ("10584", "主城区:13224 桐庐、建德:10584 淳安:11460", "higher", True),
        ("10585", "主城区:13224 桐庐、建德:10584 淳安:11460", "higher", False),
        ("-", "98.2", "higher", None),
        ("保持在98%以上", "应保尽保", "higher", None),
        ("3", "3", "interval", None),
    ],
)
def test_whether_a_target_is_met(
    target: str, actual: str, direction: str, met: bool | None
) -> None:
    assert meets(parse(target), parse(actual), direction) is met
