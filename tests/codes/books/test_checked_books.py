"""Books that results are worked out from are refused as they are loaded when a row cannot be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from codes.book import BOOKS_DIR, BookError, load_book
from codes.book_check import book_names
from codes.messages import use_language
from codes.row_check import KEYWORDS, row_mistakes

CHECKED = [name for name in book_names() if load_book(name).header.checked]

TAMPERED = {
    "a negative scale": ("formulas", "rows.toml", "scale = 100", "scale = -100", "scale", "-100"),
    "another kind": ("formulas", "rows.toml", 'kind = "sum"', 'kind = "eval"', "kind", "eval"),
    "no such plan": (
        "indicators", "rows.csv", "hangzhou-135.05,hangzhou-135,",
        "hangzhou-135.05,hangzhou-999,", "plan", "hangzhou-999",
    ),
    "another attribute": ("indicators", "rows.csv", "约束性", "约束", "attribute", "约束"),
    "a code twice": (
        "indicators", "rows.csv", "hangzhou-135.05,", "hangzhou-135.04,", "rows.csv:6", "135.04",
    ),
    "no class": ("standards", "rows.toml", 'class_code = "', 'class_code = "Z', "class_code", "Z"),
    "no type": ("norms", "rows.toml", 'type_codes = ["', 'type_codes = ["Z', "type_codes", "Z"),
    "no date": (
        "indicator_plans", "rows.toml", 'issued_on = "', 'issued_on = "x', "issued_on", "date",
    ),
    "a group of the policy": ("policy", "rows.csv", ",ledger,", ",ledgers,", "group", "ledgers"),
}  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("books")
    others = {"categories", "classes", "facility_types", "departments"}
    for name in {*CHECKED, *others}:
        shutil.copytree(BOOKS_DIR / name, root / name)
    return root


def test_what_evaluation_uses_is_checked() -> None:
    used = {"formulas", "indicators", "indicator_plans", "indicator_totals", "standards", "norms"}
    assert used | {"policy", "population_groups"} <= set(CHECKED)


@pytest.mark.parametrize("how", TAMPERED)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_changed_row_is_refused(books: Path, tmp_path: Path, how: str, lang: str) -> None:
    name, file, before, after, *words = TAMPERED[how]
    root = tmp_path / "books"
    root.mkdir()
    for one in books.iterdir():
        (root / one.name).symlink_to(one)
    (root / name).unlink()
    shutil.copytree(books / name, root / name)
    text = (root / name / file).read_text(encoding="utf-8")
    assert before in text
    (root / name / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    use_language(lang)
    with pytest.raises(BookError) as refused:
        load_book(name, root)
    said = str(refused.value)
    assert f"{name}/{file}" in said
    assert all(word in said for word in words), said


def keywords(schema: Any) -> Iterator[str]:
    """Yield every keyword of a schema that is not the name of a field."""
    if isinstance(schema, list):
        for one in schema:
            yield from keywords(one)
    if isinstance(schema, dict):
        for key, below in schema.items():
            yield key
            if key in ("properties", "patternProperties", "$defs"):
                for one in below.values():
                    yield from keywords(one)
            elif key in ("items", "if", "then", "else", "oneOf"):
                yield from keywords(below)


@pytest.mark.parametrize("name", CHECKED)
def test_every_keyword_of_the_schemas_is_known(name: str) -> None:
    notes = {"$schema", "$defs", "title", "description", "then", "else", "x-references"}
    assert set(keywords(dict(load_book(name).schema))) <= {*KEYWORDS, *notes}


def changed(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the row with one thing, here or below, removed or made something else."""
    for key, value in row.items():
        yield {one: row[one] for one in row if one != key}
        for other in ("", "约束", -1000, 1.5, True, [], ["a", "a"], {}):
            yield {**row, key: other}
        below = value[0] if isinstance(value, list) and value else value
        if isinstance(below, dict):
            for one in changed(below):
                yield {**row, key: [one, *value[1:]] if isinstance(value, list) else one}
    yield {**row, "another": 1}
    yield {**row, "note_zh": "只有中文"}


@pytest.mark.parametrize("name", CHECKED)
def test_the_same_rows_are_right_as_with_jsonschema(name: str) -> None:
    book = load_book(name)
    validator = Draft202012Validator(book.schema, format_checker=FormatChecker())
    seen = 0
    for row in book.rows[:1] + book.rows[-1:] or (dict.fromkeys(book.schema["properties"], "x"),):
        for tried in (deepcopy(dict(row)), *changed(deepcopy(dict(row)))):
            mistakes = list(row_mistakes(tried, book.schema))
            assert (not mistakes) == validator.is_valid(tried), (tried, mistakes)
            seen += bool(mistakes)
    assert seen > 5
