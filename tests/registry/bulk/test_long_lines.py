"""A line that cannot be a row is refused within its first megabyte."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from codes.errors import DataError
from registry.bulk.check import check_large
from registry.bulk.long_lines import PIECE, whole_lines
from registry.uploads.findings import Cause, order

HEAD = "设施名称,设施类型\n甲,幼儿园\n"


@pytest.mark.parametrize(
    ("line", "column"),
    [("乙" * 3 * PIECE + ",幼儿园\n", "A"), ("乙,幼儿园" + "," * 3 * PIECE + "\n", "XFE")],
)
def test_a_row_longer_than_any_is_refused_where_it_stands(
    line: str, column: str, tmp_path: Path
) -> None:
    path = tmp_path / "表.csv"
    path.write_text(HEAD + line, encoding="utf-8")
    with pytest.raises(DataError) as error:
        check_large(path)
    assert error.value.message_id == "bulk.line_too_long"
    assert (error.value.params["row"], error.value.params["column"]) == (3, column)


def test_a_long_line_within_the_limits_is_read_whole() -> None:
    line = ",".join(["字" * 9_000] * 400) + "\r\n"
    assert len(line) > 3 * PIECE
    text = f"甲,乙\n{line}丙,丁"
    assert list(whole_lines(io.StringIO(text, newline=""), ",")) == ["甲,乙\n", line, "丙,丁"]


def test_a_cause_of_which_no_place_is_known_has_its_place_in_the_order() -> None:
    assert order(Cause("name_short", "should", "name", ()))[3] == 0
