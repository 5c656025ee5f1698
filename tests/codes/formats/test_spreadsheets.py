"""What spreadsheets and pandas do to a column of codes, beside a number of 19 digits.

The code begins with a letter, so every program keeps it as text. A number of 19 digits (what a code
with two digits for the category would be) loses its end, or turns into 3.30106E+18.
"""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import python_calamine
import xlsxwriter

from codes.facility_code import format, is_valid, to_int

HEADERS = ["设施编码", "印刷体", "十九位数", "顺序号"]
SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def rows(some_codes) -> list[tuple[str, str, str, str]]:
    """Code, printed code, the same as 19 digits, the serial with its leading zeros."""
    return [(code, format(code), f"{to_int(code)}7", code[9:15]) for code in some_codes[:100]]


@pytest.fixture(scope="module")
def csv_file(rows, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("csv") / "codes.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    return path


@pytest.fixture(scope="module")
def xlsx_file(rows, tmp_path_factory) -> Path:
    """As a program writes it that takes text for text and digits for a number."""
    path = tmp_path_factory.mktemp("xlsx") / "codes.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_numbers": True}) as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate([HEADERS, *rows]):
            sheet.write_row(at, 0, row)
    return path


def _codes_intact(table: list[list[object]], rows: list[tuple[str, str, str, str]]) -> None:
    assert [row[0] for row in table] == [row[0] for row in rows]
    assert [row[1] for row in table] == [row[1] for row in rows]
    assert all(is_valid(row[0]) and is_valid(row[1]) for row in table)


def _numbers_spoilt(table: list[list[object]], rows: list[tuple[str, str, str, str]]) -> None:
    assert all(str(seen[2]) != sent[2] for seen, sent in zip(table, rows, strict=True))
    assert all(
        str(seen[3]) != sent[3] for seen, sent in zip(table, rows, strict=True) if sent[3][0] == "0"
    )


@pytest.mark.parametrize("engine", ["openpyxl", "calamine"])
def test_pandas_reads_codes_from_a_workbook(xlsx_file, rows, engine):
    table = pd.read_excel(xlsx_file, engine=engine).values.tolist()
    _codes_intact(table, rows)
    _numbers_spoilt([[*row[:2], int(row[2]), row[3]] for row in table], rows)


def test_calamine_and_openpyxl_read_codes_from_a_workbook(xlsx_file, rows):
    sheet = python_calamine.CalamineWorkbook.from_path(xlsx_file).get_sheet_by_index(0)
    _codes_intact(sheet.to_python()[1:], rows)
    cells = openpyxl.load_workbook(xlsx_file).active.iter_rows(min_row=2, values_only=True)
    _codes_intact([list(row) for row in cells], rows)


def test_workbook_written_by_openpyxl_is_read_by_calamine(rows, tmp_path):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))
    workbook.save(tmp_path / "codes.xlsx")
    sheet = python_calamine.CalamineWorkbook.from_path(tmp_path / "codes.xlsx").get_sheet_by_index(
        0
    )
    _codes_intact(sheet.to_python(), rows)


def test_pandas_guesses_text_for_codes_in_csv(csv_file, rows):
    table = pd.read_csv(csv_file)
    _codes_intact(table.values.tolist(), rows)
    assert table[HEADERS[2]].dtype != table[HEADERS[0]].dtype, "digits are guessed to be numbers"


def test_one_empty_cell_spoils_numbers_and_no_code(csv_file, rows):
    # pandas turns a column of integers with a gap into floats
    text = csv_file.read_text(encoding="utf-8-sig") + ",,,\n"
    table = pd.read_csv(io.StringIO(text)).iloc[:-1].values.tolist()
    _codes_intact(table, rows)
    _numbers_spoilt([[*row[:2], int(row[2]), int(row[3])] for row in table], rows)


def test_pandas_writes_codes_back_as_they_were(csv_file, rows, tmp_path):
    pd.read_csv(csv_file).to_excel(tmp_path / "codes.xlsx", index=False)
    _codes_intact(pd.read_excel(tmp_path / "codes.xlsx", engine="calamine").values.tolist(), rows)


@pytest.fixture(scope="module")
def profile(tmp_path_factory) -> Path:
    """LibreOffice's own settings, apart from those of whoever runs the tests."""
    return tmp_path_factory.mktemp("profile")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("sent_as", ["csv", "xlsx"])
@pytest.mark.parametrize("saved_as", ["csv", "xlsx"])
def test_libreoffice_opens_and_saves_codes(
    csv_file, xlsx_file, rows, profile, tmp_path, sent_as, saved_as
):
    saved = _resaved(csv_file if sent_as == "csv" else xlsx_file, saved_as, tmp_path, profile)
    if saved_as == "csv":
        with saved.open(encoding="utf-8", newline="") as file:
            table: list[list[object]] = list(csv.reader(file))[1:]
        assert all("E+" in str(row[2]) for row in table), "shown and saved as 1.40233010600017E+18"
    else:
        table = (
            python_calamine.CalamineWorkbook.from_path(saved).get_sheet_by_index(0).to_python()[1:]
        )
        table = [[*row[:2], int(row[2]), int(row[3])] for row in table]
    _codes_intact(table, rows)
    _numbers_spoilt(table, rows)


def _resaved(source: Path, saved_as: str, folder: Path, profile: Path) -> Path:
    utf8_comma = "44,34,76,1"
    reading = [f"--infilter=CSV:{utf8_comma}"] if source.suffix == ".csv" else []
    target = f"csv:Text - txt - csv (StarCalc):{utf8_comma}" if saved_as == "csv" else saved_as
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            *reading,
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"codes.{saved_as}"
