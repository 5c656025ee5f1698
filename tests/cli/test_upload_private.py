"""Numbers of persons are nowhere in what is said, sent back and stored, wherever they stood."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from registry.uploads.rules.types import REQUIRED_OF_ALL
from tests.registry.uploads.conftest import GOOD, headers_of, row

Fuwuma = Callable[..., tuple[int, str, str]]

BORN = "19800411"
CARD, OTHER = f"330106{BORN}0669", f"330106{BORN}0661"
"""A number that cannot be of anybody but passes for one, and one with a wrong check digit."""

OLD, BANK, MOBILE = "330106800411066", "6222021202012345678", "13905718888"
CONTACTS = ("phone", "contact_name", "contact_phone")
TEXTS = ("name", "address", "operator_name", "website")
PARTED = (
    f"330106<b>{BORN}</b>0669", f"330106{BORN}\u200b0669", f"家长SFZ{CARD}",
    "330 106198 00411/0669",
    f"330106&nbsp;{BORN}  0669",
)  # fmt: skip
"""The same number as reading would put it together, or with more beside it."""

SEEN = (BORN, OLD, BANK, MOBILE, "06198 00411")


ELEMENTS = (*GOOD, *CONTACTS[1:], "code", "school_id", "website", "closed_on")
"""Of every kind; to get ready for all that there are takes seconds."""


def _lines(types_too: bool) -> list[list[Any]]:
    """A table with a card number in a cell of every element, and in all that is no row."""
    keys = [*ELEMENTS, f"家长 {CARD}"]
    good = row(name="第甲园", address="示例路甲号", 备注="")
    rows = []
    for said in (CARD, f"经办人{CARD}"):
        rows += [good | {key: said for key in keys[:-1] if key not in REQUIRED_OF_ALL}]
        rows += [good | {key: said} for key in REQUIRED_OF_ALL if key != "type" or types_too]
    for said in PARTED:
        rows += [good | dict.fromkeys((*TEXTS, *CONTACTS, "places", "operator_uscc"), said)]
    for said in (OTHER, f"Ａ{OTHER}", OLD, BANK):
        rows += [good | dict.fromkeys(CONTACTS, said)]
    rows += [good | dict.fromkeys(("places", "floor_area"), said) for said in (OTHER, OLD)]
    rows += [good | {"address": f'=CONCATENATE("{CARD}")', "places": f"={CARD}"}]
    rows += [good | {"school_places": 330106198004110700.0, "places": 330106800411066}]
    table = [[one.get(key, "") for key in keys] for one in rows]
    beside = [""] * (len(keys) - 1)
    return [
        [f"花名册（{CARD} {MOBILE}）", *beside],
        headers_of(keys),
        [f"二、民办（{CARD}，{MOBILE}）", *beside],
        *table,
        [f"填表人：孙丽 {OTHER} {MOBILE}", *beside],
        [f"备注：{CARD} {OLD}", *beside],
    ]


def _written(folder: Path, ending: str, types_too: bool = True) -> Path:
    path = folder / f"名册{ending}"
    lines = _lines(types_too)
    if ending == ".csv":
        text = "\n".join(",".join('"' + str(one).replace('"', '""') + '"' for one in line)
                         for line in lines)  # fmt: skip
        path.write_text(text, encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    book.active.title = f"园{CARD}"
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def _found(folder: Path) -> list[tuple[str, str]]:
    """Which number is in which file of a folder, those of workbooks unpacked."""
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        said = path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
            notes = [cell.comment.text for cell in cells if cell.comment]
            said = f"{book.sheetnames}{[cell.value for cell in cells]}{notes}"
        found += [(path.name, one) for one in SEEN if one in said]
    return found


@pytest.mark.parametrize(("engine", "ending"), [("python", ".csv"), ("duckdb", ".xlsx")])
def test_no_number_of_a_person_is_repeated(
    engine: str, ending: str, fuwuma: Fuwuma, tmp_path: Path
) -> None:
    path, kept = _written(tmp_path, ending, engine == "python"), tmp_path / "检查"
    at = ["--engine", engine, "--db", "none.db"]
    code, out, err = fuwuma("upload", "check", str(path), "--report", str(kept), *at)
    assert code == 1, err
    assert not [one for one in SEEN if one in out + err]
    assert {one.suffix for one in kept.iterdir()} == {".json", ".html", ".xlsx"}
    assert _found(kept) == []


@pytest.mark.parametrize("in_parts", [False, True])
def test_no_number_of_a_person_is_stored(
    in_parts: bool, fuwuma: Fuwuma, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codes.upload_limits import limit
    from registry.uploads import large_rows

    if in_parts:
        own = {"stream_bytes": 0, "stream_rows": 50}
        monkeypatch.setattr(large_rows, "limit", lambda name: own.get(name) or limit(name))
    (tmp_path / "登记").mkdir()
    path, at = _written(tmp_path, ".csv"), ["--db", str(tmp_path / "登记" / "a.db")]
    assert fuwuma("init", *at)[0] == 0
    by = ["--department", "市教育局", "--by", "张三"]
    code, out, err = fuwuma("upload", "submit", str(path), *by, *at)
    assert code in (0, 1), err
    _, shown, _ = fuwuma("upload", "show", "1", *at)
    assert not [one for one in SEEN if one in out + err + shown]
    assert _found(tmp_path / "登记") == []


def test_a_file_without_a_header_shows_no_number(fuwuma: Fuwuma, tmp_path: Path) -> None:
    path = tmp_path / "无头.csv"
    path.write_text(f"张三,身份证号码{CARD},{MOBILE}\n李四,{OLD},\n", encoding="utf-8")
    for engine in ("python", "duckdb"):
        at = ["--engine", engine, "--db", "none.db"]
        code, out, err = fuwuma("upload", "check", str(path), *at)
        assert code != 0
        assert "张三" in out + err
        assert not [one for one in SEEN if one in out + err]
