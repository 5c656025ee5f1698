"""Where the documents are, when they are beside the repository.

What they number is kept in `numbering.json`, so that the books are counted without them too; a
reading of the documents themselves is skipped, visibly, where there are none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

SEEDS: Final = Path(__file__).resolve().parents[4] / "shared" / "seeds"
NUMBERING: Final = Path(__file__).with_name("numbering.json")

Seeds = Callable[[str], list[str]]
"""File name -> the non-blank lines of a document, trimmed."""


@pytest.fixture
def seeds() -> Seeds:
    """Give the reader of the documents."""
    if not SEEDS.is_dir():
        pytest.skip("the documents are not beside the repository")
    return lines_of


def lines_of(file_name: str) -> list[str]:
    """Return the non-blank lines of a document, trimmed."""
    lines = (SEEDS / file_name).read_text(encoding="utf-8").replace("\xa0", " ").splitlines()
    return [line.strip() for line in lines if line.strip()]


def lines_between(lines: list[str], start: str, end: str) -> list[str]:
    """Return the lines after the first that is `start`, before the next that is `end`."""
    first = lines.index(start) + 1
    return lines[first : lines.index(end, first)]


@pytest.fixture(scope="session")
def numbering() -> dict[str, Any]:
    """The numbers the documents give their rows and items, in their order."""
    found: dict[str, Any] = json.loads(NUMBERING.read_text("utf-8"))
    return found
