"""A changed weight changes the mean, and what does not weigh as usual is printed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

import codes.indicator_weights
from cli.evaluate_view import print_standings
from codes.book import BOOKS_DIR
from codes.book_check import check_book
from codes.indicator_weights import weight_of, weights
from registry.db import reading
from registry.evaluation.results import evaluate
from registry.evaluation.scope import scope_of
from registry.evaluation.standing import standings_json

HEAVY = "hefei-2022.A10"


def test_the_book_is_right() -> None:
    assert [str(mistake) for mistake in check_book("indicator_weights")] == []
    assert weight_of(HEAVY) == 1


def test_a_weight_counts_in_the_mean_and_is_printed(
    registry: Engine,
    observed: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    observed((HEAVY, "340100", 2025, 50), ("hefei-2022.A03", "340100", 2025, 70))
    with reading(registry) as session:
        found = evaluate(session, scope_of("hefei-2022", 2025, None, None, date(2026, 11, 22)))
        usual = standings_json(found)
        monkeypatch.setattr(codes.indicator_weights, "weights", lambda: {HEAVY: 3.0})
        heavy = standings_json(found)
        print_standings(session, found)
    (before,), (after,) = (one["divisions"] for one in (usual, heavy))
    assert before["achievement"]["value"] == pytest.approx((0.5 + 1) / 2)
    assert after["achievement"]["value"] == pytest.approx((3 * 0.5 + 1) / 4)
    assert (usual["weights"], heavy["weights"]) == ({}, {HEAVY: 3.0})
    assert f"{HEAVY} 3" in capsys.readouterr().out


def changed(root: Path, row: str) -> Path:
    for book in BOOKS_DIR.iterdir():
        if book.name != "indicator_weights":
            (root / book.name).symlink_to(book)
    shutil.copytree(BOOKS_DIR / "indicator_weights", root / "indicator_weights")
    with (root / "indicator_weights" / "rows.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    return root


@pytest.mark.parametrize(
    ("row", "words"), [(f"{HEAVY},0,示例,example", "weight"), ("hefei-2022.A99,2,示例,x1", "A99")]
)
def test_a_weight_that_cannot_be_is_refused(row: str, words: str, tmp_path: Path) -> None:
    mistakes = check_book("indicator_weights", changed(tmp_path, row))
    assert any(words in str(one) for one in mistakes)


def test_the_book_is_what_is_read(tmp_path: Path) -> None:
    assert weights(changed(tmp_path, f"{HEAVY},3,示例,example")) == {HEAVY: 3.0}
