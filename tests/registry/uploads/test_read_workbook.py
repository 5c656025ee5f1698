"""Workbooks as they come: several sheets, errors, formulas, bombs, encrypted and mangled files."""

import datetime
import pickle
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from codes.errors import DataError, FuwumaError, StoreError
from registry.uploads.read import read_file
from registry.uploads.source import BrokenCell, SourceFile

HEADERS = ["设施名称", "设施类型", "区划代码", "运营状态", "数据日期"]
CELLS = ["西湖幼儿园", "幼儿园", 330106, "运营", datetime.date(2026, 6, 30)]
SHEET_XML = "xl/worksheets/sheet1.xml"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., SourceFile]:
    """Build a workbook through a function of its first sheet and read it."""

    def build_and_read(build: Callable[[Worksheet], None]) -> SourceFile:
        book = openpyxl.Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        build(sheet)
        book.save(tmp_path / "表.xlsx")
        return read_file(tmp_path / "表.xlsx")

    return build_and_read


def _table(sheet: Worksheet, rows: int = 1) -> None:
    sheet.append(HEADERS)
    for _ in range(rows):
        sheet.append(CELLS)


def _rezip(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, change(name, content))


def _refused(path: Path, kind: type[FuwumaError] = StoreError) -> FuwumaError:
    with pytest.raises(kind) as caught:
        read_file(path)
    assert str(caught.value)
    return caught.value


def test_cells_stand_where_they_stand_in_the_file(read: Callable[..., SourceFile]) -> None:
    def build(sheet: Worksheet) -> None:
        sheet["B2"] = "2026 年幼儿园一览表"
        sheet.merge_cells("B2:F2")
        for index, (header, cell) in enumerate(zip(HEADERS, CELLS, strict=True)):
            sheet.cell(4, 2 + index, header)
            sheet.cell(7, 2 + index, cell)

    source = read(build)
    sheet = source.sheets[0]
    assert (source.kind, sheet.header_row, sheet.headers) == ("xlsx", 4, ("", *HEADERS))
    assert [row.number for row in sheet.rows] == [7]
    assert sheet.rows[0].cells[3:] == (330106.0, "运营", datetime.date(2026, 6, 30))
    assert sheet.merged == ()


def test_merged_cells_below_the_header_are_named(read: Callable[..., SourceFile]) -> None:
    def build(sheet: Worksheet) -> None:
        _table(sheet, rows=3)
        sheet.merge_cells("C2:C4")

    assert read(build).sheets[0].merged == ("C2:C4",)


def test_a_heading_over_all_columns_is_no_merged_data(read: Callable[..., SourceFile]) -> None:
    def build(sheet: Worksheet) -> None:
        _table(sheet, rows=3)
        sheet.insert_rows(3)
        sheet.cell(3, 1, "二、民办")
        sheet.merge_cells("A3:C3")
        sheet.merge_cells("A4:B4")

    (sheet,) = read(build).sheets
    assert sheet.sections == ((3, "二、民办"),)
    assert sheet.merged == ("A4:B4",)


def test_several_sheets_are_read_and_the_others_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, state in [
        ("填写说明", "visible"),
        ("幼儿园", "visible"),
        ("旧表", "hidden"),
        ("空表", "visible"),
        ("备注", "visible"),
        ("小学", "visible"),
        ("Causes", "visible"),
    ]:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        if name not in ("空表", "备注"):
            _table(sheet)
    book["备注"]["A1"] = "这里没有表头"
    book.create_chartsheet("图")
    book.save(tmp_path / "表.xlsx")
    source = read_file(tmp_path / "表.xlsx")
    assert [sheet.name for sheet in source.sheets] == ["幼儿园", "小学"]
    assert {one.name: one.reason for one in source.skipped} == {
        "填写说明": "ours",
        "旧表": "hidden",
        "空表": "empty",
        "备注": "no_header",
        "Causes": "ours",
        "图": "not_cells",
    }


def test_errors_and_uncalculated_formulas_are_not_blank(read: Callable[..., SourceFile]) -> None:
    def build(sheet: Worksheet) -> None:
        _table(sheet)
        sheet["A2"] = "#REF!"
        sheet["A2"].data_type = "e"
        sheet["C2"] = "=B1&1"

    cells = read(build).sheets[0].rows[0].cells
    assert isinstance(cells[0], BrokenCell)
    assert (cells[0], cells[0].reason) == ("#REF!", "error")
    assert isinstance(cells[2], BrokenCell)
    assert (cells[2], cells[2].reason) == ("=B1&1", "formula")


def test_a_calculated_formula_is_its_value_even_when_that_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ["西湖幼儿园", "幼儿园", "330106", "运营", "2026-06-30"])
        sheet.write_formula(2, 0, '="西湖"&"幼儿园"', None, "西湖幼儿园")
        sheet.write_formula(2, 1, '=IF(1,"","")', None, "EMPTY")
    _rezip(path, lambda _, one: one.replace(b"<v>EMPTY</v>", b"<v></v>"))  # as Excel writes it
    cells = read_file(path).sheets[0].rows[1].cells
    assert cells[0] == "西湖幼儿园"
    assert not isinstance(cells[0], BrokenCell)
    assert cells[1] == ""
    assert not isinstance(cells[1], BrokenCell)


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_pandas_writes(tmp_path: Path, suffix: str) -> None:
    if suffix == "ods":
        path = tmp_path / "表.ods"
        _write_ods(path, [HEADERS, [str(cell) for cell in CELLS]])
    else:
        path = tmp_path / "表.xlsx"
        pandas.DataFrame([CELLS], columns=HEADERS).to_excel(path, index=False)
    source = read_file(path)
    assert source.kind == suffix
    assert source.sheets[0].rows[0].cells[0] == "西湖幼儿园"


def _write_ods(path: Path, rows: list[list[str]], repeated: int = 1) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        f'<table:table-row table:number-rows-repeated="{repeated}">'
        + "".join(cell.format(value) for value in row)
        + "</table:table-row>"
        for row in rows
    )
    uri = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{uri}office:1.0" xmlns:table="{uri}table:1.0" '
        f'xmlns:text="{uri}text:1.0"><office:body><office:spreadsheet><table:table '
        f'table:name="表">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        manifest = f'<m:manifest xmlns:m="{uri}manifest:1.0"></m:manifest>'
        archive.writestr("META-INF/manifest.xml", manifest)


def test_an_ods_cell_repeated_a_million_times_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "表.ods"
    _write_ods(path, [HEADERS] * 12, repeated=1_000_000)
    assert _refused(path, DataError).message_id == "read.sheet_too_wide"


def test_a_cell_in_the_farthest_corner_is_refused_before_parsing(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    _table(book.active)
    book.active["XFD1048576"] = "x"
    book.save(path)
    error = _refused(path, DataError)
    assert error.message_id == "read.sheet_too_wide"
    assert error.params["seen"] == 1_048_576 * 16_384


def test_a_bomb_is_refused_before_parsing(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    _table(book.active)
    book.save(path)
    _rezip(path, lambda name, one: b" " * 60_000_000 + one if name == SHEET_XML else one)
    error = _refused(path)
    assert error.message_id == "read.archive_too_large"
    assert error.params["ratio"] > 150


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    _table(book.active)
    book.save(path)
    _rezip(path, lambda name, one: b" " * 60_000_000 + one if name == SHEET_XML else one)
    data = path.read_bytes()
    size = len(b" " * 60_000_000)
    found = re.compile(re.escape((size).to_bytes(4, "little")[2:]))
    assert found.search(data)
    with zipfile.ZipFile(path) as archive:
        true_size = archive.getinfo(SHEET_XML).file_size
    path.write_bytes(data.replace(true_size.to_bytes(4, "little"), (900).to_bytes(4, "little")))
    assert _refused(path).message_id == "read.archive_too_large"


def _with_sheet_data(path: Path, replace: Callable[[bytes], bytes]) -> None:
    """Write a small workbook and replace something in the XML of its sheet."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, CELLS[:4])
    _rezip(path, lambda name, one: replace(one) if name == SHEET_XML else one)


FARTHER_THAN_ANY_CELL = [
    'r="A4294967295"',
    'r="a4294967295"',
    'r="A1048577"',
    'r="XFE2"',
    'r="xfe2"',
    'r="AAAAAAA2"',
    'r="zzzzzzz2"',
    "r='ZZZZZZZ2'",
    'r = "A4294967295"',
    's="0"r="A4294967295"',
    'x="<" r="A4294967295"',
    f'r="A{"9" * 5000}"',
]


@pytest.mark.parametrize("reference", FARTHER_THAN_ANY_CELL)
def test_a_cell_beyond_the_last_there_can_be_is_damage(tmp_path: Path, reference: str) -> None:
    path = tmp_path / "表.xlsx"
    _with_sheet_data(path, lambda one: one.replace(b'r="A2"', reference.encode()))
    error = _refused(path)
    assert error.message_id == "read.workbook_corrupt"
    assert "表.xlsx" in str(error)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<row r="2"', '<row r="4294967295"'),
        ('<row r="2"', '<row r="1048577"'),
        ('<row r="2"', "<row r='00001048577'"),
        ('<dimension ref="A1:E2"', '<dimension ref="A1:A4294967295"'),
        ('<dimension ref="A1:E2"', '<dimension ref="A1:zzzzzzz2"'),
        ('<dimension ref="A1:E2"', "<dimension  ref = 'XFE1'"),
    ],
)
def test_a_row_or_area_beyond_the_last_is_damage(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "表.xlsx"
    changed: list[bool] = []

    def replace(one: bytes) -> bytes:
        changed.append(old.encode() in one)
        return one.replace(old.encode(), new.encode())

    _with_sheet_data(path, replace)
    assert changed == [True]
    assert _refused(path).message_id == "read.workbook_corrupt"


@pytest.mark.parametrize("reference", ["xfd1048576", "XfD1048576", "XFD0001048576"])
def test_the_farthest_corner_is_too_wide_however_it_is_written(
    tmp_path: Path, reference: str
) -> None:
    path = tmp_path / "表.xlsx"
    _with_sheet_data(path, lambda one: one.replace(b'r="A2"', f'r="{reference}"'.encode()))
    assert _refused(path, DataError).message_id == "read.sheet_too_wide"


def test_cells_that_do_not_say_where_they_stand_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    many = b'<row r="1048576">' + b"<c><v>1</v></c>" * 200 + b"</row></sheetData>"
    _with_sheet_data(path, lambda one: one.replace(b"</sheetData>", many))
    assert _refused(path, DataError).message_id == "read.sheet_too_wide"
    _with_sheet_data(path, lambda one: re.sub(rb'(<c|<row) r="[A-Z]*[0-9]+"', rb"\1", one))
    assert read_file(path).sheets[0].headers == tuple(HEADERS)


@pytest.mark.parametrize("member", ["xl/worksheets/SHEET1.xml", r"xl\worksheets\sheet1.xml"])
def test_a_sheet_is_looked_at_however_its_member_is_named(tmp_path: Path, member: str) -> None:
    path = tmp_path / "表.xlsx"
    _with_sheet_data(path, lambda one: one.replace(b'r="A2"', b'r="A4294967295"'))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(member if name == SHEET_XML else name, content)
    assert _refused(path).message_id == "read.workbook_corrupt"


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("xl/sharedStrings.xml", 'uniqueCount="99999999999999"'),
        ("xl/SHAREDSTRINGS.XML", "uniqueCount = '0099999999999999'"),
        (r"xl\sharedStrings.xml", "/ a='<si>'uniqueCount='99999999999999'"),
    ],
)
def test_more_strings_than_there_can_be_are_not_believed(
    tmp_path: Path, name: str, claim: str
) -> None:
    """The reader library would end the program: it takes memory for all that are claimed."""
    path = tmp_path / "表.xlsx"
    _with_sheet_data(path, lambda one: one)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    strings = members.pop("xl/sharedStrings.xml")
    assert b'uniqueCount="' in strings
    claimed = re.sub(rb'uniqueCount="[0-9]+"', claim.encode(), strings)
    for said, refused in ((claimed, True), (strings, False)):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in {**members, name: said}.items():
                archive.writestr(member, content)
        if refused:
            assert _refused(path).message_id == "read.workbook_corrupt"
        else:
            assert read_file(path).row_count == 1


def test_references_in_lower_case_are_read(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    _with_sheet_data(path, lambda one: re.sub(rb'r="[A-Z]+[0-9]+"', lambda m: m[0].lower(), one))
    assert read_file(path).sheets[0].rows[0].cells[0] == CELLS[0]


def test_a_long_text_in_a_workbook_names_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    _table(book.active)
    book.active["B2"] = "很长的内容"
    book.save(path)
    long = "长" * 40_000
    _rezip(path, lambda _, one: one.replace("很长的内容".encode(), long.encode()))
    error = _refused(path, DataError)
    assert (error.message_id, error.params["row"], error.params["column"]) == (
        "read.cell_too_long",
        2,
        "B",
    )
    assert "工作表“Sheet”" in str(error)


def test_mangled_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    _table(book.active)
    book.save(path)
    whole = path.read_bytes()
    broken = {
        "cut": whole[: len(whole) // 2],
        "zip only in name": b"PK\x03\x04" + bytes(300),
        "ole only in name": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    }
    for content in broken.values():
        path.write_bytes(content)
        assert _refused(path).message_id in ("read.workbook_corrupt", "read.kind_unreadable")
    for member in (SHEET_XML, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        path.write_bytes(whole)
        _rezip(path, lambda name, one, member=member: b"<x" if name == member else one)
        _refused(path, FuwumaError)


def test_an_encrypted_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    stream = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + stream + bytes(500))
    error = _refused(path)
    assert error.message_id == "read.kind_unreadable"
    assert "加密" in str(error)


def test_other_office_files_are_named(tmp_path: Path) -> None:
    for member, name in [("word/document.xml", "Word"), ("a.txt", "压缩包")]:
        path = tmp_path / "表.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, "x")
        assert name in str(_refused(path))


def test_a_workbook_with_no_sheet_to_read(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    book.active.append(["一", "二"])
    book.save(path)
    error = _refused(path, DataError)
    assert error.message_id == "read.header_absent"
    assert "一 | 二" in str(error)


def test_hidden_rows_are_read_and_said(tmp_path: Path) -> None:
    from registry.uploads.check import check_file
    from registry.uploads.wording import finding_text
    from tests.registry.uploads.conftest import GOOD, headers_of, only, row

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(headers_of(list(GOOD)))
    for number in range(4):
        sheet.append(list(row(name=f"第{number}园", address=f"示例路{number}号").values()))
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[5].hidden = True
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["D"].hidden = True
    path = tmp_path / "隐.xlsx"
    book.save(path)
    report = check_file(path)
    assert (report.rows, report.source.sheets[0].hidden) == (4, (3, 5))
    finding = only(report, "rows_hidden")
    assert finding.severity == "note"
    assert "有 2 行数据是隐藏的（如第 3、5 行）" in finding_text(finding, "zh")[0]


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_real_files_of_older_and_other_programs(suffix: str) -> None:
    """Synthetic rows saved by xlwt and odfpy: a merged title, dates, a hidden sheet, full width."""
    from registry.uploads.check import check_file
    from registry.uploads.wording import finding_text
    from tests.registry.uploads.conftest import TODAY, only

    report = check_file(Path(__file__).parent / "files" / f"names.{suffix}", today=TODAY)
    assert "也看不出隐藏的行" in finding_text(only(report, "format_inexact"), "zh")[0]
    (sheet,) = report.source.sheets
    assert (sheet.name, sheet.header_row, report.source.kind) == ("幼儿园 2026", 2, suffix)
    assert sheet.title_rows[0][0] == "西湖区幼儿园名单（示例数据）"
    assert ("隐藏的表", "hidden") in {(one.name, one.reason) for one in report.source.skipped}
    finding = only(report, "element_choice")
    assert (finding.row, finding.column, finding.value) == (4, "E", "营业中吗")
    assert only(report, "number_reformatted").value == " ３２００ "
    assert not [one for one in report.findings if one.element in ("opened_on", "as_of", "division")]
    assert report.outcomes["created"] == 1


def test_what_a_sum_leaves_behind_the_last_digit_shown_is_not_read(
    write_xlsx: Callable[..., Path],
) -> None:
    """Excel keeps 15 digits; else a facility would be moved by nothing at every report."""
    from registry.uploads.assess import assess
    from registry.uploads.check import context_of
    from registry.uploads.settings import upload_settings
    from tests.registry.uploads.conftest import TODAY, row

    written = {"longitude": 120.10029999999999, "floor_area": 0.1 + 0.2, "staff": 12 + 2e-15}
    settings = upload_settings()
    context = context_of(settings, False, None, TODAY)
    (judged,) = assess(write_xlsx(row(**written)), settings, context, None).rows
    read = [judged.row.fields[key] for key in written]
    assert read == [120.1003, 0.3, 12]


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_what_is_damaged_is_told_in_words_that_other_processes_can_take(
    tmp_path: Path, member: str
) -> None:
    """A judging process sends its refusal back; an error of the reader library is no text."""
    path = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
        archive.writestr(member, "<worksheet")
    with pytest.raises(StoreError) as refused:
        read_file(path)
    assert all(isinstance(one, str | Path) for one in refused.value.params.values())
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)
