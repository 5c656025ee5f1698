"""Books and documents number the same rows and items: 135 in four tables, 138 in nine boxes.

`numbering.json` keeps the numbers the documents print, so that the books are always counted; where
the documents are at hand, it is checked against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile
from typing import Any, Final

from codes.indicators import indicators_of, plans
from codes.standards import boxes, standards

from .conftest import Seeds, lines_between

TABLES: Final = {
    "hangzhou-135": ("属性", "注:[]内数据为5年累计数。"),
    "hangzhou-145": ("2025年全省目标", "三、 构建普惠安全的幼儿照护体系"),
    "hefei-2022": ("責任部門", "三、重點任務"),
}
"""Plan -> the lines before and after its table."""
A_FIGURE: Final = re.compile(r"[\d.>≥/%\[\]-]*")


def test_the_rows_of_the_tables_are_those_the_documents_number(numbering: dict[str, Any]) -> None:
    ours = {plan: [row.number for row in indicators_of(plan)] for plan in plans()}
    assert ours == numbering["tables"]
    assert {plan: len(rows) for plan, rows in ours.items()} == {
        code: plan.rows for code, plan in plans().items()
    }
    assert sum(map(len, ours.values())) == 135


def test_the_items_of_the_boxes_are_those_the_documents_number(numbering: dict[str, Any]) -> None:
    ours: dict[str, list[int]] = {}
    for row in standards().values():
        ours.setdefault(str(row.box.number), []).append(row.item)
    assert ours == numbering["boxes"]
    assert {number: len(items) for number, items in ours.items()} == {
        str(number): box.items for number, box in boxes().items()
    }
    assert sum(map(len, ours.values())) == 138


def test_the_numbers_kept_are_those_the_documents_print(
    seeds: Seeds, numbering: dict[str, Any]
) -> None:
    assert {plan: numbered_rows(seeds, plan) for plan in plans()} == numbering["tables"]
    text = seeds(plans()["hangzhou-145"].seed_file)
    assert {str(box): list(numbered_items(text, box)) for box in boxes()} == numbering["boxes"]


def numbered_rows(seeds: Seeds, plan: str) -> list[int]:
    """The numbers a table's rows bear: each one more than the one before.

    Hefei's second part begins at 1 again after 19.
    """
    lines = seeds(plans()[plan].seed_file)
    if plan in TABLES:
        cells = lines_between(lines, *TABLES[plan])
    else:
        head = lines.index("“一老一小”整体解决方案重点指标表")
        table = takewhile(lambda line: "|" in line, lines[head + 2 :])
        cells = [cell.strip() for line in table for cell in line.split("|")]
    found: list[int] = []
    for cell, name in pairwise(cells):
        due = {"1" if not found else str(found[-1] + 1), *(["1"] if found[-1:] == [19] else [])}
        if cell in due and not A_FIGURE.fullmatch(name):
            found.append(int(cell))
    return found


def numbered_items(lines: list[str], box: int) -> Iterator[int]:
    """The numbers the items of a box begin with."""
    start = next(place for place, line in enumerate(lines) if line.startswith(f"专栏{box}:")) + 1
    for line in lines[start:]:
        if re.match(r"\(二\)", line.replace(" ", "")):
            return
        number = re.match(r"(\d+)\s*\.?\s*", line)
        assert number, line
        yield int(number[1])
