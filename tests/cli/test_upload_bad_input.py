"""Files made to hurt: each is refused or taken as text, with a sentence, by either engine."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.registry.uploads.conftest import GOOD, csv_text, headers_of, row

Fuwuma = Callable[..., tuple[int, str, str]]
EVIL = (
    '=HYPERLINK("http://evil.example","点我")幼儿园',
    "+1+1幼儿园",
    "-2+3幼儿园",
    "@SUM(A1)幼儿园",
    "\t=1+1幼儿园",
    "=cmd|' /C calc'!A0幼儿园",
)
SHOWN = [one.strip() for one in EVIL]
"""The names as they are read: a tab in front is a space too many."""


def sheet_claiming(path: Path, dimension: str, cell: str) -> Path:
    """Write a workbook whose one sheet claims a size and has a cell far away."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(headers_of(list(GOOD)))
    sheet.append(list(GOOD.values()))
    sheet[cell] = "远"
    whole = io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                start = content.index(b'<dimension ref="') + len(b'<dimension ref="')
                end = content.index(b'"', start)
                content = content[:start] + dimension.encode() + content[end:]
            new.writestr(name, content)
    return path


def bomb(path: Path, size: int = 700 << 20) -> Path:
    """Write a workbook whose sheet unpacks to `size` bytes of nothing."""
    book = openpyxl.Workbook()
    whole = io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(size >> 20):
                sheet.write(bytes(1 << 20))
    return path


@pytest.fixture
def check(fuwuma: Fuwuma, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Check a file without a registry; nothing may be left in the folder but what was sent."""

    def run(path: Path, *options: str) -> tuple[int, str, str]:
        before = set(tmp_path.iterdir())
        done = fuwuma("upload", "check", str(path), *options, "--db", str(tmp_path / "no.db"))
        assert "Traceback" not in done[2] and "程序出了差错" not in done[2]
        assert set(tmp_path.iterdir()) == before
        return done

    return run


def test_a_workbook_that_is_a_bomb(check: Callable[..., Any], tmp_path: Path) -> None:
    code, out, err = check(bomb(tmp_path / "弹.xlsx", 25 << 20))
    assert (code, out) == (4, "")
    assert "已拒收，没有解析" in err


def test_a_sheet_that_declares_ten_thousand_million_cells(
    check: Callable[..., Any], tmp_path: Path
) -> None:
    """What a sheet declares takes no memory; a cell that is really there counts."""
    code, _, _ = check(sheet_claiming(tmp_path / "称.xlsx", "A1:XFD1048576", "A4"))
    assert code == 1
    code, out, err = check(sheet_claiming(tmp_path / "远.xlsx", "A1:B2", "XFD1048576"))
    assert (code, out) == (1, "")
    assert "Ctrl+End" in err


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_bytes_called_csv(check: Callable[..., Any], tmp_path: Path, engine: str) -> None:
    path = tmp_path / "程序.csv"
    path.write_bytes(b"\x7fELF" + bytes(range(256)) * 40)
    code, out, err = check(path, "--engine", engine)
    assert (code in (1, 4), out) == (True, "")
    assert "程序.csv" in err


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_row_of_a_million_columns(check: Callable[..., Any], tmp_path: Path, engine: str) -> None:
    path = tmp_path / "宽.csv"
    text = csv_text([row()]) + "甲园" + ",1" * 1_000_000 + "\n"
    path.write_text(text, encoding="utf-8")
    code, out, err = check(path, "--engine", engine)
    assert code == 1
    assert "列" in out + err
    assert len(out + err) < 20_000


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_header_of_thousands_of_columns(
    check: Callable[..., Any], tmp_path: Path, engine: str
) -> None:
    head, *rows = csv_text([row()]).splitlines()
    path = tmp_path / "宽.csv"
    more = ",".join(f"列{at}" for at in range(3_000))
    path.write_text("\n".join([f"{head},{more}", *rows]), encoding="utf-8")
    code, _, err = check(path, "--engine", engine)
    assert code == 1
    assert f"第 1 行有 {3_000 + len(GOOD)} 列" in err


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("红\x1b[31m字\u202e\x07\x9b.csv", "'红�[31m字���.csv'"),
        ("两 个.csv", "'两 个.csv'"),
        ("a'b;$(x).csv", "'a'\"'\"'b;$(x).csv'"),
        ("-x.csv", "./-x.csv"),
        ("学校、医院.csv", "'学校、医院.csv'"),
        ("学校_1.csv", "学校_1.csv"),
    ],
)
def test_the_name_of_a_file_steers_no_terminal_and_no_shell(
    fuwuma: Fuwuma, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, typed: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(csv_text([row(name="")]), encoding="utf-8")
    code, out, err = fuwuma("upload", "check", f"./{name}")
    assert code == 1
    assert f"fuwuma upload check {typed}\n" in out
    _, told, gone = fuwuma("upload", "check", f"./没有{name}")
    assert not set("\x1b\x07\x9b\u202e") & set(out + err + told + gone)


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_nul_characters(check: Callable[..., Any], tmp_path: Path, engine: str) -> None:
    path = tmp_path / "空.csv"
    path.write_text(csv_text([row(), row(name="乙\0园")]), encoding="utf-8")
    code, out, err = check(path, "--engine", engine)
    assert (code, out) == (1, "")
    assert "第 3 行 A 列有空字符（NUL）" in err


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_formulas_stay_text_in_everything_a_check_writes(
    fuwuma: Fuwuma, tmp_path: Path, engine: str
) -> None:
    path, folder = tmp_path / "表.csv", tmp_path / "报告"
    path.write_text(csv_text([row(name=one, status=one) for one in EVIL]), encoding="utf-8")
    at = ["--engine", engine, "--db", "no.db", "--report", str(folder)]
    assert fuwuma("upload", "check", str(path), *at)[0] == 1
    book = openpyxl.load_workbook(folder / "表-检查结果.xlsx")
    names = [one.value for one in book.worksheets[1]["C"][1:]]
    assert [str(one).strip() for one in names] == SHOWN
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [one for one in cells if one.hyperlink and "evil" in str(one.hyperlink.target)]
    page = (folder / "report.html").read_text("utf-8")
    assert 'href="http' not in page
    assert "=HYPERLINK(&#34;" in page
    causes = json.loads((folder / "report.json").read_text("utf-8"))["findings"]
    said = [one["value"] for cause in causes for one in cause["samples"]]
    assert {one.strip() for one in said if one} == set(SHOWN)
    assert [one["total"] for one in causes if one["rule"] == "formula_uncalculated"] == [3, 3]


def test_formulas_stay_text_in_codes_and_in_the_release(fuwuma: Fuwuma, tmp_path: Path) -> None:
    path, folder, release = tmp_path / "表.csv", tmp_path / "编码", tmp_path / "发布"
    names = [one for one in EVIL if "=" not in one[:2]]
    rows = [row(name=one, address=f"示例路{at}号") for at, one in enumerate(names)]
    path.write_text(csv_text(rows), encoding="utf-8")
    at = ["--db", str(tmp_path / "登记库.db")]
    assert fuwuma("init", *at)[0] == 0
    sender = ["--department", "市教育局", "--by", "张三"]
    assert fuwuma("upload", "submit", str(path), *sender, *at)[0] == 0
    code, out, err = fuwuma("upload", "approve", "1", "--by", "李四", "--report", str(folder), *at)
    assert code == 0, out + err
    (workbook,) = folder.glob("*.xlsx")
    cells = [cell for line in openpyxl.load_workbook(workbook).worksheets[0] for cell in line]
    assert {"s", "n"} >= {cell.data_type for cell in cells}
    assert set(names) <= {cell.value for cell in cells}
    code, out, err = fuwuma("publish", str(release), *at)
    assert code == 0, out + err
    for file in release.rglob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for line in csv.reader(opened):
                assert not [one for one in line if one[:1] in "=+@\t" and one], file
                assert not [one for one in line if one.startswith("-2+3")], file
