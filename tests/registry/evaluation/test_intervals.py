"""An indicator that is to stay between two figures, from its row in a book to its colour."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import codes.indicators
from cli.evaluate_explain import explained
from codes.book import BOOKS_DIR, load_book
from codes.book_check import check_book
from codes.errors import DataError
from codes.indicator_json import as_json
from codes.indicators import Indicator, find_indicator, read_indicators
from codes.messages import LANGUAGES, speaking
from registry.db import reading
from registry.evaluation.result_json import result_json
from registry.evaluation.results import Result, evaluate
from registry.evaluation.scope import scope_of
from registry.evaluation.wording import target_shown

CODE = "hangzhou-145.52"
ROW = {
    "code": CODE,
    "plan": "hangzhou-145",
    "number": "52",
    "area": "测试",
    "category_code": "C",
    "name_zh": "测试用的调查失业率",
    "name_en": "Unemployment for a test",
    "unit": "%",
    "direction": "interval",
    "zero_below": "0",
    "zero_above": "12",
    "target_2025": "保持在3%~6%之间",
    "name_raw": "测试用的调查失业率（%）",
}


def book_with(root: Path, **changed: str) -> Path:
    """A copy of the books of indicators with one row more."""
    for name in ("indicators", "indicator_plans", "categories"):
        shutil.copytree(BOOKS_DIR / name, root / name)
    path = root / "indicators" / "rows.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [*rows[0], "zero_below", "zero_above", *(key for key in changed if key not in ROW)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows([*rows, {**ROW, **changed}])
    return root


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Indicator]]:
    """The indicators with the one of the test book among them."""
    found = read_indicators(load_book("indicators", book_with(tmp_path)).rows)
    monkeypatch.setattr(codes.indicators, "indicators", lambda: found)
    # what is looked up by code is kept: it is made of the test's rows, and then of the book's again
    codes.indicators._by_code.cache_clear()
    yield found
    monkeypatch.undo()
    codes.indicators._by_code.cache_clear()


def results(registry: Engine, level: str, year: int = 2025) -> list[Result]:
    with reading(registry) as session:
        scope = scope_of("hangzhou-145", year, None, level, date(2026, 11, 22))
        found = evaluate(session, scope).results
    return [one for one in found if one.code == CODE]


def test_the_test_book_is_right(tmp_path: Path) -> None:
    assert check_book("indicators", book_with(tmp_path)) == []


def test_a_plan_of_other_years_needs_no_change_of_the_schema(tmp_path: Path) -> None:
    root = book_with(tmp_path, target_2030="3~5")
    assert check_book("indicators", root) == []
    row = read_indicators(load_book("indicators", root).rows)[CODE]
    assert [(one.role, one.year) for one in row.figures] == [("target", 2025), ("target", 2030)]


DEGREES = {
    "330102": (3, 1.0, True, "blue"),
    "330105": (6, 1.0, True, "blue"),
    "330106": (6.3, 0.95, False, "green"),
    "330108": (2, 1 - 1 / 6, False, "orange"),
    "330109": (7.5, 0.75, False, "orange"),
    "330110": (12, 0.0, False, "red"),
    "330111": (30, 0.0, False, "red"),
}


@pytest.mark.usefixtures("known")
def test_the_degree_falls_on_either_side(registry: Engine, observed: Callable[..., None]) -> None:
    observed(*((CODE, place, 2025, value) for place, (value, *_) in DEGREES.items()))
    rows = {one.division.code: result_json(one) for one in results(registry, "county")}
    for place, (_, degree, met, colour) in DEGREES.items():
        row: dict[str, Any] = json.loads(json.dumps(rows[place]))
        assert (row["target"], row["target_between"], row["comparator"]) == (None, [3, 6], None)
        assert row["achievement"] == pytest.approx(degree)
        assert (row["met"], row["colour"], row["reason"]) == (met, colour, None)
        assert row["direction"] == "interval"


@pytest.mark.usefixtures("known")
def test_it_is_said_in_words(registry: Engine, observed: Callable[..., None]) -> None:
    observed((CODE, "330100", 2022, 5.5))
    [one] = results(registry, "city", 2022)
    assert target_shown(one) == "3–6"
    for lang, words in (("zh", "规划期内各年都按它"), ("en", "every year of the plan")):
        with speaking(lang):
            assert words in " ".join(explained(one))
    assert result_json(one)["target_from"]["how"] == "range"


def test_the_spec_tells_where_it_ends(known: dict[str, Indicator]) -> None:
    row = as_json(find_indicator(CODE))
    assert row["zero_at"] == [0, 12]
    assert row["targets"][0]["reading"] == {
        "kind": "interval",
        "numbers": [3, 6],
        "comparator": "=",
        "unit": "%",
        "hold": True,
    }
    assert known[CODE].met is None


@pytest.mark.parametrize(
    "changed",
    [
        {"target_2025": "6"},
        {"target_2025": "3~13"},
        {"zero_below": "3", "zero_above": "6"},
        {"direction": "lower"},
    ],
)
def test_a_target_that_does_not_fit_its_direction_is_refused(
    tmp_path: Path, changed: dict[str, str]
) -> None:
    rows = load_book("indicators", book_with(tmp_path, **changed)).rows
    with pytest.raises(DataError) as caught:
        read_indicators(rows)
    for lang in LANGUAGES:
        with speaking(lang):
            assert CODE in str(caught.value)


def test_an_interval_without_its_ends_is_refused(tmp_path: Path) -> None:
    mistakes = check_book("indicators", book_with(tmp_path, zero_below=""))
    assert any("zero_below" in str(one) for one in mistakes)
