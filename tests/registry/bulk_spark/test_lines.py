"""Lines are numbered before they are sent, and proved while they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.bulk.canonical import CanonicalFile
from registry.bulk.spark.lines import LINES, UnevenError, columns_of, write_placed


def _file(tmp_path: Path, content: bytes, columns: int = 2, **said: bool) -> CanonicalFile:
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    numbered = said.get("numbered", False)
    return CanonicalFile(path, ",", 0 if numbered else 1, columns, 0, numbered, columns, "")


def test_each_line_says_its_place(tmp_path: Path) -> None:
    file = _file(tmp_path, '甲,乙\r\n1,2\r\n"a,""b",\r\n3,4'.encode())
    assert write_placed(file, tmp_path / "out") == 3
    assert (tmp_path / "out").read_bytes() == b'0,1,2\n1,"a,""b",\n2,3,4\n'


def test_places_go_on_over_batches(tmp_path: Path) -> None:
    file = _file(tmp_path, b"a,b\n" + b"1,2\n" * (LINES + 3))
    assert write_placed(file, tmp_path / "out") == LINES + 3
    lines = (tmp_path / "out").read_bytes().splitlines()
    assert [int(line.split(b",")[0]) for line in lines] == list(range(LINES + 3))


def test_a_rewritten_file_has_two_cells_more(tmp_path: Path) -> None:
    file = _file(tmp_path, b"7,2,1,2\n", numbered=True)
    assert columns_of(file) == ("number", "cells", "c0", "c1")
    assert write_placed(file, tmp_path / "out") == 1


@pytest.mark.parametrize(
    "line", [b"1", b"1,2,3", b'"1,2"', b'"1"x,2', b"\xff,2", "甲".encode()[:2] + b",2"]
)
def test_what_is_not_in_the_form_is_told(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(UnevenError):
        write_placed(_file(tmp_path, b"a,b\n1,2\n" + line + b"\n"), tmp_path / "out")
