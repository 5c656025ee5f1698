"""Check the element parts: only keywords that can be compiled to SQL, only names that exist.

Which keywords and annotations there are is data: `books/elements/part.schema.json`. Part of
`codes.spec_check.check_spec`; kept out of loading, which every command pays for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from codes.book import BOOKS_DIR, BookError, load_book
from codes.element_parts import SUBSET, read_json, schemas_in
from codes.patterns import pattern_mistake

Schema = Mapping[str, Any]


def check_elements(root: Path = BOOKS_DIR) -> list[BookError]:
    """Return every mistake in the parts under `root`, empty when they are right."""
    folder = root / "elements"
    special = sorted([*folder.glob("class/*.json"), *folder.glob("type/*.json")])
    try:
        keys = set(read_json(folder / "common.json").get("properties", {}))
        mistakes = [*_wrong(folder / "common.json", root)]
        for path in special:
            mistakes += [*_wrong(path, root), *_misplaced(path, keys, root)]
    except BookError as error:
        return [error]
    return mistakes


def schema_mistakes(schema: Schema, where: str) -> Iterator[BookError]:
    """Yield what a part or a composed schema says beyond `part.schema.json`."""
    for error in _validator().iter_errors(schema):
        place = f"{where} /{'/'.join(str(part) for part in error.absolute_path)}"
        yield from _in_our_words(error, place)


@cache
def _validator() -> Draft202012Validator:
    schema = read_json(SUBSET)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _in_our_words(error: ValidationError, place: str) -> Iterator[BookError]:
    seen: Any = error.instance
    schema: Any = error.schema
    if error.validator == "additionalProperties":
        for keyword in sorted(set(seen) - set(schema["properties"])):
            yield BookError("book.keyword_refused", where=place, seen=keyword)
    elif error.validator == "required":
        missing = [name for name in schema["required"] if name not in seen]
        yield BookError("book.header_missing", where=place, missing=", ".join(missing))
    else:
        yield BookError("book.part_wrong", where=place, seen=seen, detail=error.message)


def _wrong(path: Path, root: Path) -> Iterator[BookError]:
    part = read_json(path)
    yield from schema_mistakes(part, str(path))
    for place, schema in schemas_in(part):
        where = f"{path} {place or '/'}"
        if "pattern" in schema and (mistake := pattern_mistake(schema["pattern"], where)):
            yield mistake
        if schema.get("x-rule", "") and schema["x-rule"] not in load_book("rules", root).by_key():
            yield _unknown(where, "x-rule", schema["x-rule"], "rules")
        if schema.get("x-codebook", "") and schema["x-codebook"] not in _codebooks(root):
            yield _unknown(where, "x-codebook", schema["x-codebook"], "value_lists")


def _misplaced(path: Path, keys: set[str], root: Path) -> Iterator[BookError]:
    """A special part changes common elements only, and belongs to a class or type that exists."""
    for key in sorted(set(read_json(path).get("properties", {})) - keys):
        yield BookError("book.element_unknown", where=path, seen=key)
    book = {"class": "classes", "type": "facility_types"}[path.parent.name]
    if path.stem not in load_book(book, root).by_key():
        yield _unknown(str(path), "-", path.stem, book)


def _unknown(where: str, column: str, seen: str, book: str) -> BookError:
    return BookError("book.reference_unknown", where=where, column=column, seen=seen, book=book)


def _codebooks(root: Path) -> set[str]:
    lists = {row["list"] for row in load_book("value_lists", root).rows}
    return lists | {"facility_types", "departments"}
