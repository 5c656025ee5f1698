"""The rows of a book are found by halving the file, the same ones as by reading all of it."""

import csv
from pathlib import Path

import pytest

from codes.divisions.sorted_rows import SortedRows
from codes.divisions.store import BOOKS, DIVISIONS_DIR


@pytest.mark.parametrize(("length", "folder", "digits"), [(k, *v) for k, v in BOOKS.items()])
def test_every_row_is_found_by_its_code(length: int, folder: str, digits: int) -> None:
    path = DIVISIONS_DIR / folder / "rows.csv"
    found = SortedRows(path, digits)
    with path.open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    assert found.columns == tuple(columns)
    assert [row for code in found.codes("") for row in found.of(code)] == rows
    assert {len(row[0]) for row in rows} == {length}
    for begin in ("33", "3301", "330106", "330106003", "90", "1", "659"):
        assert list(found.codes(begin)) == [
            code for code in dict.fromkeys(row[0] for row in rows) if code.startswith(begin)
        ]


def test_what_is_not_there_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("code,name\n110101,甲\n110101,乙\n330106,丙\n", encoding="utf-8")
    found = SortedRows(path, 4)
    assert [name for _, name in found.of("110101")] == ["甲", "乙"]
    assert list(found.beginnings(4)) == ["1101", "3301"]
    assert list(found.beginnings(4, "33")) == ["3301"]
    for code in ("000000", "110100", "220000", "990000", "3301061"):
        assert found.of(code) == ()
    path.write_text("code,name\n", encoding="utf-8")
    empty = SortedRows(path, 4)
    assert (empty.of("330106"), list(empty.codes("")), list(empty.codes("3301"))) == ((), [], [])
