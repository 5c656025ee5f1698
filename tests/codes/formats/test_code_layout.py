"""The layout is data: another one makes other codes, a broken one is refused with its place."""

import csv
import shutil
from pathlib import Path

import pytest
from stdnum.exceptions import ValidationError

from codes import facility_code
from codes.book import BOOKS_DIR, BookError
from codes.book_check import check_book
from codes.code_layout import load_layout

SWAPPED = {"check": {"segment": "serial"}, "serial": {"segment": "check"}}


def test_shipped_layout_is_right():
    assert check_book("code_layout") == []
    layout = load_layout()
    assert (layout.length, layout.payload_length) == (17, 15)
    assert layout.capacity() == 999_999


@pytest.fixture
def books(tmp_path) -> Path:
    for name in ("code_layout", "categories", "classes"):
        shutil.copytree(BOOKS_DIR / name, tmp_path / name)
    return tmp_path


def _change(books: Path, changes: dict[str, dict[str, str] | None]) -> None:
    """Change cells of segments; None drops the segment."""
    path = books / "code_layout" / "rows.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row | (changes.get(row["segment"], {}) or {}) for row in reader]
    gone = {name for name, change in changes.items() if change is None}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in rows if row["segment"] not in gone)


@pytest.mark.parametrize(
    ("changes", "message_id", "named"),
    [
        ({"county": None}, "code.layout_segments", "county"),
        ({"county": {"segment": "serial"}}, "code.layout_segments", "serial"),
        (SWAPPED, "code.layout_check_last", "serial"),
        ({"serial": {"length": "0"}}, "code.layout_length", "serial"),
        ({"serial": {"length": "-6"}}, "code.layout_length", "-6"),
        ({"county": {"alphabet": "01234567899"}}, "code.layout_alphabet_repeated", "01234567899"),
        ({"county": {"alphabet": "0123456789X"}}, "code.layout_alphabet_mixed", "0123456789X"),
        ({"category": {"alphabet": "abcdefghjkl"}}, "code.layout_alphabet_mixed", "abcdefghjkl"),
        ({"county": {"alphabet": ""}}, "code.layout_cells_missing", "alphabet"),
        ({"county": {"separator_before": "X"}}, "code.layout_separator", "X"),
        ({"county": {"separator_before": "--"}}, "code.layout_separator", "--"),
        ({"county": {"pattern": "(33"}}, "code.layout_pattern", "(33"),
        (
            {"serial": {"alphabet": "ABCDEFGHJK", "misread": ""}},
            "code.layout_serial_digits",
            "ABCDEFGHJK",
        ),
        ({"serial": {"minimum": "1000000"}}, "code.layout_serial_minimum", "1000000"),
        ({"serial": {"misread": "01"}}, "code.layout_misread", "01"),
        ({"category": {"alphabet": "ABCDEFGHJK", "misread": ""}}, "code.layout_book_value", "L"),
        ({"class": {"length": "3"}}, "code.layout_book_value", "A01"),
        ({"class": {"book_prefix": ""}}, "code.layout_book_value", "A01"),
        ({"class": {"book_prefix": "sort"}}, "code.layout_book_prefix", "sort"),
        ({"check": {"check_system": "mod_97"}}, "code.layout_check_system", "mod_97_10"),
        ({"check": {"check_system": ""}}, "code.layout_check_system", "mod_97_10"),
        ({"check": {"length": "1"}}, "code.layout_check_length", "mod_97_10"),
        ({"check": {"check_system": "mod_11_2"}}, "code.layout_check_unfit", "mod_11_2"),
        ({"check": {"check_system": "mod_37_36"}}, "code.layout_check_length", "mod_37_36"),
        ({"category": {"book": "sorts"}}, "book.file_missing", "sorts"),
        ({"serial": {"length": "six"}}, "book.cell_type", "six"),
    ],
)
def test_broken_layout_is_refused(books, changes, message_id, named):
    _change(books, changes)
    with pytest.raises(BookError) as caught:
        load_layout(books)
    assert caught.value.message_id == message_id
    assert named in str(caught.value)
    assert str(books) in str(caught.value)


@pytest.fixture
def other_city(books, monkeypatch):
    """County first, dots in print, a serial of four, one check character of another system."""
    path = books / "code_layout" / "rows.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([lines[0], lines[3], lines[1], lines[2], lines[4], lines[5]]), encoding="utf-8"
    )
    dotted = {"separator_before": "."}
    digits_and_x = {
        "check_system": "mod_37_36",
        "length": "1",
        "alphabet": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    }
    _change(
        books,
        {
            "county": {"separator_before": ""},
            "category": dotted,
            "serial": dotted | {"length": "4"},
            "check": dotted | digits_and_x | {"misread": "1I"},
        },
    )  # fmt: skip
    monkeypatch.setattr(facility_code, "load_layout", lambda: load_layout(books))
    facility_code._around_serial.cache_clear()
    yield
    facility_code._around_serial.cache_clear()


def test_another_layout_is_another_code(other_city):
    made = [facility_code.make("E02", "330106", serial) for serial in range(1, 60)]
    valid = [code for code in made if facility_code.is_valid(code)]
    assert valid, "mod_37_36 gives a letter for most of these"
    code = valid[0]
    printed = facility_code.format(code)
    assert printed.startswith("330106.E02.00")
    assert printed.count(".") == 3
    assert facility_code.validate(printed.lower()) == code
    assert facility_code.split(code).serial == made.index(code) + 1
    assert facility_code.from_int(facility_code.to_int(code)) == code
    with pytest.raises(ValidationError):
        facility_code.validate("E02-330106-000174-06")
