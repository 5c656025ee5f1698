"""CSV as it comes: encodings, delimiters, titles above the header, quotes that swallow rows."""

import os
from pathlib import Path
from typing import Any

import pytest

from codes.errors import DataError, FuwumaError, StoreError
from registry.bulk.check import check_large
from registry.bulk.choice import is_large
from registry.uploads.read import read_file
from registry.uploads.reading import delimited
from registry.uploads.reading.bundle import is_bundle
from registry.uploads.source import SourceFile

HEADER = "设施名称,设施类型,区划代码,运营状态,数据日期\n"
ROW = "西湖幼儿园,幼儿园,330106,运营,2026-06-30\n"
CELLS = ("西湖幼儿园", "幼儿园", "330106", "运营", "2026-06-30")


def read(tmp_path: Path, content: str | bytes, **options: object) -> SourceFile:
    path = tmp_path / "表.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(path, **options)  # type: ignore[arg-type]


def refused(tmp_path: Path, content: str | bytes, kind: type[FuwumaError]) -> FuwumaError:
    with pytest.raises(kind) as caught:
        read(tmp_path, content)
    assert str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ((HEADER + ROW).encode("utf-8"), "utf-8"),
        ((HEADER + ROW).encode("utf-8-sig"), "utf-8-sig"),
        ((HEADER + ROW).encode("gb18030"), "gb18030"),
        ((HEADER + ROW.replace("西湖", "𠮷湖")).encode("gb18030"), "gb18030"),
        (b"\xff\xfe" + (HEADER + ROW).encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + (HEADER + ROW).encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encodings(tmp_path: Path, content: bytes, encoding: str) -> None:
    source = read(tmp_path, content)
    assert source.encoding == encoding
    assert source.sheets[0].headers[0] == "设施名称"
    assert source.sheets[0].rows[0].cells[1:] == CELLS[1:]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    source = read(tmp_path, (HEADER + ROW).replace(",", delimiter))
    assert source.delimiter == delimiter
    assert source.sheets[0].rows[0].cells == CELLS


def test_the_delimiter_is_the_one_that_gives_known_headers(tmp_path: Path) -> None:
    source = read(tmp_path, "设施名称;地址(省,市,区,路,号)\n甲,乙,丙;丁,戊\n")
    assert source.delimiter == ";"
    assert source.sheets[0].rows[0].cells == ("甲,乙,丙", "丁,戊")


def test_excel_names_its_delimiter(tmp_path: Path) -> None:
    source = read(tmp_path, "sep=|\n" + (HEADER + ROW).replace(",", "|"))
    assert (source.delimiter, source.sheets[0].header_row) == ("|", 1)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, line_end: str) -> None:
    source = read(tmp_path, (HEADER + ROW + ROW).replace("\n", line_end))
    assert [row.number for row in source.sheets[0].rows] == [2, 3]


def test_a_quoted_line_break_does_not_move_the_row_numbers(tmp_path: Path) -> None:
    source = read(tmp_path, HEADER + '"西湖\n幼儿园",幼儿园,330106,运营,2026-06-30\n' + ROW)
    assert [row.number for row in source.sheets[0].rows] == [2, 3]


def test_titles_blank_rows_and_a_header_said_twice(tmp_path: Path) -> None:
    sheet = read(
        tmp_path, ",,,,\n杭州市幼儿园一览表,,,,\n\n" + HEADER + "\n" + ROW + HEADER + ",,,,\n" + ROW
    ).sheets[0]
    assert sheet.header_row == 4
    assert [cell for title in sheet.title_rows for cell in title if cell] == ["杭州市幼儿园一览表"]
    assert [row.number for row in sheet.rows] == [6, 9]
    assert sheet.repeated == (7,)


def test_trailing_empty_columns_are_no_columns(tmp_path: Path) -> None:
    sheet = read(tmp_path, HEADER.replace("\n", ",,,\n") + ROW.replace("\n", ",,,\n")).sheets[0]
    assert len(sheet.headers) == 5
    assert sheet.widths == ()


def test_rows_with_more_or_fewer_cells_are_counted(tmp_path: Path) -> None:
    sheet = read(tmp_path, HEADER + "甲,乙,丙,丁,戊,己,庚\n甲,乙\n" + ROW).sheets[0]
    assert sheet.widths == ((2, 7), (3, 2))


def test_their_header_is_found_through_the_mapping(tmp_path: Path) -> None:
    source = read(tmp_path, "甲,乙\n一,二\n", mapped={"甲": "name", "乙": "type"})
    assert source.sheets[0].rows[0].cells == ("一", "二")


def test_a_quote_never_closed_names_its_cell(tmp_path: Path) -> None:
    error = refused(tmp_path, HEADER + ROW + '甲,"乙,330106\n' + ROW * 3, DataError)
    assert error.message_id == "read.quote_unclosed"
    assert (error.params["row"], error.params["column"], error.params["lines"]) == (3, "B", 4)
    assert "第 3 行 B 列" in str(error)


def test_a_row_too_wide_is_refused_before_its_cells_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """75 million cells in one line took over 50 s."""
    monkeypatch.setattr(delimited, "check_cells", lambda *_: pytest.fail("looked at"))
    error = refused(tmp_path, HEADER + "a," * 600 + "a,,\n", DataError)
    assert (error.message_id, error.params["row"]) == ("read.columns_too_many", 2)
    assert error.params["seen"] == 601


def test_lines_that_end_in_a_return_are_counted_below_an_open_quote(tmp_path: Path) -> None:
    error = refused(tmp_path, '名称,地址\r"甲,乙\r' + "丙,丁\r" * 3, DataError)
    assert (error.message_id, error.params["lines"]) == ("read.quote_unclosed", 4)


def test_a_stray_quote_names_its_cell(tmp_path: Path) -> None:
    error = refused(tmp_path, HEADER + ROW + '甲,乙,"3301"06,运营,\n' + ROW, DataError)
    assert (error.message_id, error.params["row"], error.params["column"]) == (
        "read.quote_stray",
        3,
        "C",
    )


def test_a_quote_that_closes_rows_later_names_its_cell(tmp_path: Path) -> None:
    swallowing = '西湖幼儿园,"幼儿园,330106,运营,2026-06-30\n' + ROW + 'x",330106,运营,2026-06-30\n'
    error = refused(tmp_path, HEADER + ROW + swallowing + ROW, DataError)
    assert error.message_id == "read.quote_swallowed"
    assert (error.params["row"], error.params["column"], error.params["lines"]) == (3, "B", 2)


def test_a_quoted_text_of_several_lines_is_no_swallowed_row(tmp_path: Path) -> None:
    text = '"一楼,二楼\n三楼"'
    source = read(tmp_path, HEADER + f"{text},幼儿园,330106,运营,2026-06-30\n")
    assert source.sheets[0].rows[0].cells[0] == "一楼,二楼\n三楼"


def test_a_nul_character_names_its_cell(tmp_path: Path) -> None:
    error = refused(tmp_path, HEADER + ROW + "西湖,幼\0儿园,330106,运营,\n", DataError)
    assert (error.message_id, error.params["row"], error.params["column"]) == (
        "read.nul_character",
        3,
        "B",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bytes_that_do_not_decode_name_their_cell(tmp_path: Path, encoding: str) -> None:
    good = (HEADER + ROW * 3).encode(encoding)
    error = refused(tmp_path, good + "甲,".encode(encoding) + b"\xff\xff,\n", DataError)
    assert error.message_id == "read.encoding_damaged"
    assert (error.params["row"], error.params["column"]) == (5, "B")
    assert error.params["encoding"] == encoding.upper()


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf", "　\n".encode()])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, content, DataError).message_id == "read.file_empty"


def test_what_holds_nothing_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a pipe, a device or a file of the system (/proc/kmsg) the size is 0; it may never end."""
    path = tmp_path / "空.csv"
    path.touch()
    opened: list[str] = []
    as_it_is: Any = Path.open

    def noted(one: Path, *mode: Any, **more: Any) -> Any:
        opened.append(one.name)
        return as_it_is(one, *mode, **more)

    monkeypatch.setattr(Path, "open", noted)
    assert not is_bundle(path)
    assert not is_large(path)
    for read in (read_file, check_large):
        with pytest.raises(DataError, match="空"):
            read(path)
    os.mkfifo(pipe := tmp_path / "管道")
    for read in (read_file, check_large):
        with pytest.raises(StoreError, match="普通文件"):
            read(pipe)
    assert not {"空.csv", "管道"} & {*opened}


def test_a_header_and_nothing_else(tmp_path: Path) -> None:
    error = refused(tmp_path, HEADER + "\n,,,,\n", DataError)
    assert error.message_id == "read.rows_absent"


def test_no_header_says_what_was_read(tmp_path: Path) -> None:
    error = refused(tmp_path, ROW * 3, DataError)
    assert error.message_id == "read.header_absent_text"
    assert "西湖幼儿园 | 幼儿园" in str(error)


def test_text_in_the_wrong_encoding_is_shown_as_read(tmp_path: Path) -> None:
    error = refused(tmp_path, "設施名稱,類型\n甲,乙\n".encode("big5"), DataError)
    assert error.message_id in ("read.header_absent_text", "read.encoding_damaged")


def test_a_cell_of_fifty_megabytes_names_its_place(tmp_path: Path) -> None:
    cell = "x" * 50_000_000
    error = refused(tmp_path, HEADER + ROW + f"西湖,{cell},330106,运营,\n", DataError)
    assert error.message_id == "read.cell_too_long"
    assert (error.params["row"], error.params["column"]) == (3, "B")
    assert "第 3 行 B 列" in str(error)


def test_more_columns_than_allowed(tmp_path: Path) -> None:
    error = refused(tmp_path, HEADER + "," * 600 + "x\n", DataError)
    assert (error.message_id, error.params["row"]) == ("read.columns_too_many", 2)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "图片（PNG）"),
        (b"%PDF-1.7\n", "PDF 文件"),
        (b"<HTML><table></table></HTML>", "网页（HTML）"),
        (b"\xef\xbb\xbf<!doctype html><table></table>", "网页（HTML）"),
        (b"SQLite format 3\0" + bytes(99), "SQLite 数据库"),
        (b"\x1f\x8b" + bytes(99), "压缩文件（gzip）"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_named(tmp_path: Path, content: bytes, kind: str) -> None:
    error = refused(tmp_path, content, StoreError)
    assert error.message_id == "read.kind_unreadable"
    assert kind in str(error)


def test_bytes_of_no_kind(tmp_path: Path) -> None:
    assert refused(tmp_path, bytes(range(256)) * 9, StoreError).message_id == "read.not_text"


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for path, message in [
        (tmp_path / "没有.csv", "read.file_missing"),
        (tmp_path, "read.file_is_folder"),
        (Path("/dev/null"), "read.file_not_regular"),
        (Path("a\0b"), "read.file_unreadable"),
    ]:
        with pytest.raises(StoreError) as caught:
            read_file(path)
        assert caught.value.message_id == message


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.csv"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)  # a hole, no disk used
    with pytest.raises(StoreError) as caught:
        read_file(path)
    assert caught.value.message_id == "read.file_too_large"


def test_a_file_with_only_the_worked_example_says_so(tmp_path: Path) -> None:
    example = ROW.replace("西湖", "示例（请删除或覆盖此行）")
    error = refused(tmp_path, HEADER + example, DataError)
    assert error.message_id == "read.rows_examples"
    assert "示例行" in str(error)
