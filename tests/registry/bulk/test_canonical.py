"""A file that is mended holds the records that Python's `csv` reads from the file as sent."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from random import Random
from time import process_time

import pytest

from codes.errors import DataError
from registry.bulk import canonical
from registry.bulk.canonical import as_it_stands
from registry.bulk.check import check_large

CELLS = ("", "甲", "a b", '"x"', '"x,y"', '"a ""b"" c"', '"一\n二"', '"一\r\n二"', '""')
"""Cells as they are written; the last four need looking at."""

COLUMNS = 3


def _text(random: Random, ending: str) -> str:
    lines = []
    for _ in range(random.randrange(1, 12)):
        weights = [9, 9, 9, 3, 3, 1, 1, int(ending == "\r\n"), 2]
        cells = random.choices(CELLS, weights, k=COLUMNS)
        lines.append("" if random.random() < 0.1 else ",".join(cells))
    return ending.join(["一,二,三", *lines, *([""] if random.random() < 0.5 else [])])


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_mended_records_are_those_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    random = Random(5)
    mended = 0
    path, target = tmp_path / "sent.csv", tmp_path / "mended.csv"
    for round_ in range(300):
        # pieces so short that records are cut
        monkeypatch.setattr(canonical, "CHUNK", random.choice((48, 64, 1000)))
        text = _text(random, ending)
        path.write_bytes(text.encode())
        found = as_it_stands(path, ",", 1, COLUMNS, target)
        if found is None:
            continue
        mended += found.path == target
        read = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
        expected = [row or [""] * COLUMNS for row in read]
        given = [cells for _, _, cells in found.records(range(found.lines))]
        assert given == expected, (round_, text)
        numbers = [number for number, _, _ in found.records(range(found.lines))]
        assert numbers == list(range(2, len(read) + 2))
        assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert mended > 50


@pytest.mark.parametrize(
    "line",
    [
        '甲,"乙',
        '甲"乙,丙,丁',
        '"甲"乙,丙,丁',
        "甲,乙\0,丙",
        "甲,乙\rx,丙",
        "甲,\ue00a,丙",
        '"一\n二",三',
    ],
)
def test_what_cannot_be_mended_is_left_to_the_rewriting(tmp_path: Path, line: str) -> None:
    path = tmp_path / "sent.csv"
    path.write_bytes(f"一,二,三\n甲,乙,丙\n{line}\n".encode())
    assert as_it_stands(path, ",", 1, COLUMNS, tmp_path / "mended.csv") is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("opening", ['"', '甲{0}"'])
@pytest.mark.parametrize("end", ["", '"{0}乙\n'])
def test_the_lines_below_an_open_quote_are_counted_once(
    tmp_path: Path, delimiter: str, opening: str, end: str
) -> None:
    path, target = tmp_path / "sent.csv", tmp_path / "mended.csv"
    opened = f"名称{delimiter}地址\n" + opening.format(delimiter)
    path.write_text(opened + "a\n" * 100_000 + end.format(delimiter), encoding="utf-8")
    before = process_time()
    assert as_it_stands(path, delimiter, 1, 2, target) is None
    assert process_time() - before < 1  # 0.06 s; counted anew at each line, 3 s


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_open_quote_is_named_by_row_and_column(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sent.csv"
    path.write_text('名称,地址\n甲,"' + "a\n" * 60_000, encoding=encoding)
    with pytest.raises(DataError) as caught:
        check_large(path)
    assert caught.value.message_id == "read.quote_unclosed"
    assert (caught.value.params["row"], caught.value.params["column"]) == (2, "B")
