"""The standards are the 138 items of the source, and no number in it is left out."""

import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

import pytest

from codes.book_check import check_book
from codes.standards import Standard, as_json, boxes, standards

from .conftest import Seeds

HANGZHOU = "001_b300e784a0160a55.txt"
ITEMS = {1: 8, 3: 13, 5: 13, 6: 20, 8: 7, 10: 33, 11: 8, 12: 15, 13: 21}
NOT_FIGURES = ("2型", "PM2.5", "12348", "〔201931号", "2.交通通信服务")
"""Digits that are part of a name, a document number or a stray heading."""
WRITTEN_IN_WORDS = {
    "01-07": "三、四级",
    "03-06": "三年级",
    "03-07": "一、二年级",
    "03-09": "三级",
    "06-02": "半年",
    "06-17": "二度",
    "08-04": "每两年",
    "10-04": "六倍",
    "10-14": "一、二级",
    "11-04": "八大水系",
    "12-05": "一辆",
    "13-01": "八大水系",
    "13-19": "三级",
    "13-20": "一次",
}
"""Figures the source writes in Chinese characters."""
IMPLIED = {"03-06": {"1"}, "06-17": {"1"}, "08-04": {"1"}}
"""A count of one, or a range's lower end, that the words imply."""
WORD = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "六": "6", "八": "8", "半": "0.5"}
NAMED_BY_US = {"03-02", "03-04"}
"""Items whose first sentence serves as the name in the source."""


@pytest.mark.parametrize("name", ["standards", "standard_boxes"])
def test_the_books_are_right(name: str) -> None:
    assert check_book(name) == []


def test_138_items_in_nine_boxes() -> None:
    assert {number: box.items for number, box in boxes().items()} == ITEMS
    assert len(standards()) == sum(ITEMS.values()) == 138
    codes = [f"{box:02}-{item:02}" for box, items in ITEMS.items() for item in range(1, items + 1)]
    assert list(standards()) == codes
    assert all(row.code == f"{row.box.number:02}-{row.item:02}" for row in standards().values())


def source_items(seeds: Seeds) -> Iterator[tuple[str, str]]:
    """Yield (code, text) of the items the source numbers."""
    lines = seeds(HANGZHOU)
    for box in ITEMS:
        start = next(i for i, line in enumerate(lines) if line.startswith(f"专栏{box}:")) + 1
        for line in lines[start:]:
            if re.match(r"\(二\)", line.replace(" ", "")):
                break
            number = re.match(r"(\d+)\s*\.?\s*", line)
            assert number, line
            yield f"{box:02}-{int(number[1]):02}", line[number.end() :]


def test_names_and_titles_are_the_sources(seeds: Seeds) -> None:
    for code, text in source_items(seeds):
        if code not in NAMED_BY_US:
            assert text.replace(" ", "").startswith(half_width(standards()[code].name_zh)), code
    titles = [line for line in seeds(HANGZHOU) if re.match(r"专栏\d+:.*服务项目和内容", line)]
    expected = [f"专栏{box.number}:{box.title_zh}" for box in boxes().values()]
    assert [title.replace(" ", "") for title in titles if "专栏" in title] == expected


def test_every_number_of_the_source_is_a_figure_and_no_other(seeds: Seeds) -> None:
    for code, text in source_items(seeds):
        counted = re.sub("|".join(map(re.escape, NOT_FIGURES)), "", text)
        words = WRITTEN_IN_WORDS.get(code, "")
        assert words in counted, code
        said = set(re.findall(r"\d+(?:\.\d+)?", counted)) | {WORD[c] for c in words if c in WORD}
        said |= IMPLIED.get(code, set())
        assert numbers_of(standards()[code]) == said, code


def numbers_of(row: Standard) -> set[str]:
    found: set[str] = set()
    for figure in row.figures:
        found.add(f"{figure.amount.normalize():f}")
        found |= set(re.findall(r"\d+", figure.per or ""))
        found |= {str(figure.by)} if figure.by else set()
    return found


def test_figures_are_exact_decimals() -> None:
    per_person = next(f for f in standards()["12-03"].figures if f.what == "人均年新增藏书")
    assert per_person.amount == Decimal("0.08")
    assert (per_person.comparator, per_person.unit, per_person.per) == (">=", "册", "人·年")


def test_a_slip_of_the_source_is_said() -> None:
    assert "交通通信服务" in standards()["13-01"].note_zh
    assert "16" in standards()["13-16"].note_zh


def test_content_is_in_our_own_words(seeds: Seeds) -> None:
    """No long run of the source's own characters."""
    for code, text in source_items(seeds):
        row = standards()[code]
        assert longest_common_run(half_width(row.content_zh), text) < 25, code


def half_width(text: str) -> str:
    """Our text with the punctuation of the source's copy."""
    return unicodedata.normalize("NFKC", text)


def longest_common_run(ours: str, theirs: str) -> int:
    longest = 0
    for start in range(len(ours)):
        while ours[start : start + longest + 1] in theirs and start + longest < len(ours):
            longest += 1
    return longest


def test_json_is_plain() -> None:
    rows = json.loads(json.dumps([as_json(row) for row in standards().values()]))
    assert len(rows) == 138
    assert rows[1]["figures"] == [
        {
            "what": "单位缴费占工资总额",
            "what_en": "employer's contribution as a share of total wages",
            "comparator": "<=",
            "amount": 1,
            "unit": "%",
            "per": None,
            "per_en": None,
            "by": None,
        }
    ]


def test_figures_are_said_in_both_languages() -> None:
    rows = [as_json(row) for row in standards().values() if row.figures]
    assert len(rows) > 40
    for row in rows:
        assert row["figures_zh"]
        assert not re.search("[一-鿿]", row["figures_en"]), row["code"]
