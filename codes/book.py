"""Load a book of the spec: `codes/books/<name>/` with a header, a row schema and rows.

    book.toml         header: title, source, own-design mark, dates, key
    row.schema.json   JSON Schema 2020-12 of one row; `x-references` names the books it points to
    rows.csv          short rows; or
    rows.toml         rows with long texts, as [[row]]

CSV cells are converted to the type the schema gives the column; a list is written `a;b`; an empty
cell is an absent value. Every mistake is a `BookError` that begins with the file and the line.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from codes.errors import FuwumaError

BOOKS_DIR: Final = Path(__file__).parent / "books"


class BookError(FuwumaError):
    """A book of ours is wrong; shown with file and line."""


@dataclass(frozen=True)
class BookHeader:
    """What is said of a whole book. `own_design` marks what is ours, not a standard's text.

    A `checked` book is one that results are worked out from; it is checked whenever it is loaded.
    """

    name: str
    title_zh: str
    title_en: str
    key: tuple[str, ...]
    source: str
    own_design: bool
    valid_from: str
    verified_on: str
    note_zh: str = ""
    note_en: str = ""
    checked: bool = False


@dataclass(frozen=True)
class Book:
    """A header and its rows in file order; each row is read-only by custom."""

    header: BookHeader
    rows: tuple[Mapping[str, Any], ...]
    schema: Mapping[str, Any] = field(repr=False)

    def by_key(self) -> dict[Any, Mapping[str, Any]]:
        """Return the rows by key: the bare value for one key column, else a tuple."""
        return {_key_of(row, self.header.key): row for row in self.rows}


@cache
def load_book(name: str, root: Path = BOOKS_DIR) -> Book:
    """Load the book `name` and convert its cells; `check_book` does the thorough checking.

    Raises BookError for a missing file, an unreadable header or row, or a cell of the wrong type;
    of a `checked` book also for the first row against its schema, its key or another book.
    """
    folder = root / name
    header = _read_header(folder / "book.toml", name)
    schema = _read_json(folder / "row.schema.json")
    numbered = list(numbered_rows(folder, schema))
    book = Book(header, tuple(row for _, row in numbered), schema)
    if header.checked:
        from codes.row_relations import first_mistake  # most books need none of it

        if mistake := first_mistake(numbered, book, root):
            raise mistake
    return book


def numbered_rows(folder: Path, schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (file and line or entry, row) of a book's rows, converted."""
    csv_file, toml_file = folder / "rows.csv", folder / "rows.toml"
    if csv_file.exists():
        yield from _csv_rows(csv_file, schema)
    elif toml_file.exists():
        for position, row in enumerate(_read_toml(toml_file).get("row", []), start=1):
            yield f"{toml_file} [[row]] {position}", row
    else:
        raise BookError("book.file_missing", path=csv_file)


def _csv_rows(path: Path, schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        properties = {column: _of_column(schema, column) for column in reader.fieldnames or ()}
        for column, found in properties.items():
            if found is None:
                known = ", ".join([*schema["properties"], *schema.get("patternProperties", ())])
                raise BookError("book.column_unknown", where=f"{path}:1", seen=column, known=known)
        for cells in reader:
            where = f"{path}:{reader.line_num}"
            if None in cells or None in cells.values():
                expected = len(reader.fieldnames or ())
                raise BookError("book.cell_count", where=where, expected=expected)
            yield (
                where,
                {
                    column: _convert(cell, properties[column], f"{where} {column}")
                    for column, cell in cells.items()
                    if cell != ""
                },
            )


def _of_column(schema: Mapping[str, Any], column: str) -> Mapping[str, Any] | None:
    """What the schema says of a column, by its name or by a pattern of names (years)."""
    by_pattern = schema.get("patternProperties", {}).items()
    found = [one for pattern, one in by_pattern if re.search(pattern, column)]
    own: Mapping[str, Any] | None = schema["properties"].get(column)
    return own or (found[0] if found else None)


def _convert(cell: str, column_schema: Mapping[str, Any] | None, where: str) -> Any:
    kind = (column_schema or {}).get("type", "string")
    try:
        if kind == "integer":
            return int(cell)
        if kind == "number":
            return float(cell)
        if kind == "boolean":
            return {"true": True, "false": False}[cell]
    except (ValueError, KeyError):
        raise BookError("book.cell_type", where=where, seen=cell, expected=kind) from None
    return cell.split(";") if kind == "array" else cell


def _read_header(path: Path, name: str) -> BookHeader:
    values = _read_toml(path)
    known = set(BookHeader.__dataclass_fields__) - {"name"}
    needed = known - {"note_zh", "note_en", "checked"}
    if unknown := sorted(set(values) - known):
        listed = ", ".join(sorted(known))
        raise BookError("book.header_unknown", where=path, seen=", ".join(unknown), known=listed)
    if missing := sorted(needed - set(values)):
        raise BookError("book.header_missing", where=path, missing=", ".join(missing))
    return BookHeader(**{**values, "name": name, "key": tuple(values["key"])})


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BookError("book.file_missing", path=path) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BookError("book.unreadable", where=path, detail=error) from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BookError("book.file_missing", path=path) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BookError("book.unreadable", where=path, detail=error) from None
    return loaded


def _key_of(row: Mapping[str, Any], key: tuple[str, ...]) -> Any:
    return row[key[0]] if len(key) == 1 else tuple(row.get(column) for column in key)
