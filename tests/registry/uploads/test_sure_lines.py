"""A file of which DuckDB told the sure lines is stored byte for byte as one judged row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from sqlalchemy import Engine, text

from codes import facility_code
from codes.facility_types import facility_types
from codes.upload_limits import limit
from registry.bulk import choice, scan
from registry.uploads import judge, large_rows, sure_lines
from registry.uploads.judged import Judged
from registry.uploads.settings import UploadSettings
from registry.uploads.submit import Submission, submit
from tests.registry.bulk.test_check_dirty import DIRT
from tests.registry.uploads.conftest import EDUCATION, TODAY, csv_text, headers_of, own_row, row

pytestmark = pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)

SMALL = {"stream_bytes": 1, "stream_rows": 40, "bulk_rows_from": 2}
STORED = (
    'SELECT sheet, "row", outcome, raw, fields, changes, facility_id, base_version_id'
    " FROM upload_row WHERE upload_id = :id ORDER BY id",
    'SELECT sheet, "row", rule, severity, element, "column", value, params, further'
    " FROM upload_finding WHERE upload_id = :id ORDER BY id",
    "SELECT file_name, file_sha256, settings, rows, created, updated, unchanged, rejected, held"
    " FROM upload WHERE id = :id",
    "SELECT json_extract(detail, '$.digest') FROM audit_entry WHERE subject = 'upload:' || :id",
)

NOT_REGISTERED = facility_code.make("B01", "330106", 900)
ODD: tuple[Mapping[str, Any], ...] = (
    {"longitude": 30.27, "latitude": 120.08},
    {"longitude": 120.2},
    {"status": "规划", "opened_on": "2027-09-01"},
    {"as_of": "2026-11-23"},
    {"division": "330104"},
)
"""Cells that are plain each by itself, in rows with which something is wrong."""


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have every file judged in parts; give the numbers of the rows that are not asked again."""
    for module in (large_rows, choice):
        monkeypatch.setattr(module, "limit", lambda name: SMALL.get(name) or limit(name))
    rows: list[int] = []

    def noted(one: Judged, *args: Any) -> None:
        rows.append(one.row.number)
        check_settled(one, *args)

    check_settled = judge.check_settled
    monkeypatch.setattr(judge, "check_settled", noted)
    return rows


@pytest.fixture
def both(
    registry: Engine, settled: list[int], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[Any]]:
    """Submit a file row by row, then with what is sure; give what was stored, which is the same."""

    def submitted(path: Path, settings: UploadSettings | None = None) -> list[Any]:
        found = []
        for is_worth in (False, True):
            monkeypatch.setattr(sure_lines, "is_worth", lambda *_, said=is_worth: said)
            assert not settled
            done = _sent(registry, path, settings)
            found.append([*_stored(registry, done.id), done.report.outcomes, _told(done)])
            with registry.begin() as connection:
                connection.exec_driver_sql("UPDATE upload SET file_sha256 = 'another'")
        assert found[0] == found[1]
        return found[1]

    return submitted


def _sent(registry: Engine, path: Path, settings: UploadSettings | None) -> Submission:
    return submit(registry, path, settings, department_code=EDUCATION, by="张三", today=TODAY)


def _told(done: Submission) -> Any:
    return [(one.rule, one.element, one.total, one.findings) for one in done.report.totals()]


def _stored(registry: Engine, upload_id: int | None) -> list[Any]:
    with registry.connect() as connection:
        asked = (connection.execute(text(query), {"id": upload_id}) for query in STORED)
        found = [list(map(tuple, one)) for one in asked]
        connection.rollback()
    return found


def _good(count: int, start: int = 0) -> list[dict[str, Any]]:
    """So many kindergartens with which nothing is wrong; some leave a few cells blank."""
    own = (
        row(name=f"第{at}示例园", address=f"示例路{at}号", longitude=round(120.05 + at / 5000, 5))
        for at in range(start, start + count)
    )
    return [{**one, "phone": "", "website": ""} if at % 3 else one for at, one in enumerate(own)]


def _write(path: Path, rows: Sequence[Mapping[str, Any]], encoding: str = "utf-8") -> Path:
    path.write_bytes(csv_text(rows).encode(encoding))
    return path


def test_dirt(both: Callable[..., list[Any]], settled: list[int], tmp_path: Path) -> None:
    cells = [(key, one) for key, several in DIRT.items() for one in several][::2]
    good = _good(9 * len(cells) // 4)
    rows = [{**one, key: cell} for one, (key, cell) in zip(good, cells, strict=False)]
    rows += [*good[len(cells) :], *good[-3:], row(name="乙园", as_of="")]
    rows += [row(name="丙园", division="", longitude="", latitude="", datum="")]
    rows += [row(name="甲园", division="", address="甲路1号")]
    rows += [row(name="丁园", address="上城区一路1号", longitude=120.3, latitude=30.3)]
    _, found, *_ = both(_write(tmp_path / "表.csv", [*rows[1::2], *rows[::2]]))
    assert len(settled) > len(rows) // 3
    said = {rule for _, _, rule, *_ in found}
    assert {"row_repeated", "division_proposed", "element_required", "element_pattern"} <= said


def test_types_of_all_kinds(
    both: Callable[..., list[Any]], settled: list[int], tmp_path: Path
) -> None:
    """Other columns are filled of each type, and each has others that are recommended."""
    spot = {"longitude": 120.13, "latitude": 30.27}
    kept = {"name", "type", "division", "datum", *spot}
    rows = []
    for code in ("B0101", *[*facility_types()][::24]):
        one = {**own_row(code), **spot}
        optional = [key for key in one if key not in kept]
        for at in range(4):
            blank = dict.fromkeys(optional[at::5], "") if at else {}
            rows.append({**one, "name": f"{one['name']}{at}", "address": f"示例路{at}号", **blank})
    _, found, *_ = both(_write(tmp_path / "表.csv", rows))
    assert len({rows[at - 2]["type"] for at in settled}) > 5
    assert "element_recommended" in {rule for _, _, rule, *_ in found}
    assert "type_not_owned" in {rule for _, _, rule, *_ in found}


@pytest.mark.parametrize(
    ("mode", "scope"), [("both", "complete"), ("update", "changes"), ("new", "changes")]
)
def test_beside_a_registry(
    both: Callable[..., list[Any]], settled: list[int], merge: Callable[..., list[str]],
    tmp_path: Path, mode: str, scope: str,
) -> None:  # fmt: skip
    known = [{**one, "school_id": f"11330000{at:02d}"} for at, one in enumerate(_good(6))]
    codes = merge(*known)
    settled.clear()
    rows: list[Any] = [{**known[0], "code": codes[0]}, {**known[1], "name": "别名园"}, known[2]]
    rows += [{**known[3], "phone": "0571-00000009", "as_of": "2026-09-30", "school_id": ""}]
    rows += [{**known[4], "name": "西湖区第4示例幼儿园", "school_id": ""}]
    rows += [{**known[5], "division": "330105", "school_id": ""}, row(code=codes[0][::-1])]
    odd = [*ODD, {"code": NOT_REGISTERED}, {"code": codes[2]}]
    rows += [{**one, **cells} for one, cells in zip(_good(len(odd), 40), odd, strict=True)]
    rows += _good(12, start=20)
    settings = UploadSettings(mode=mode, scope=scope)
    _, found, _, _, outcomes, _ = both(_write(tmp_path / "表.csv", rows, "gb18030"), settings)
    assert settled
    said = {rule for _, _, rule, *_ in found}
    assert said >= {"code_not_registered", "registered_unlike", "point_swapped", "date_future"}
    if mode == "both":
        assert {"near_duplicate", "registered_elsewhere", "facility_missing"} & said
        assert outcomes["updated"] and outcomes["unchanged"] and outcomes["created"]
    else:
        assert f"mode_{mode}_only" in said


def test_what_is_said_of_all_rows(
    both: Callable[..., list[Any]], settled: list[int], tmp_path: Path
) -> None:
    """Values for all rows, headers of the sender's own, several columns of one element."""
    left = {"type", "as_of", "division", "status"}
    rows = [{key: one[key] for key in one if key not in left} for one in _good(20)]
    rows = [
        {"所在区县": "西湖区" if at % 2 else "", "街道": "" if at % 2 else "文新街道", **one}
        for at, one in enumerate(rows)
    ]
    rows = [{**one, "备注": "可" if at % 2 else " ", "规模": at} for at, one in enumerate(rows)]
    rows[4] |= {"所在区县": "西湖区"}
    heads = dict(zip(rows[0], headers_of(list(rows[0])), strict=True))
    rows[7] = rows[15] = heads
    given = {"type": "幼儿园", "as_of": "2026-06-30", "status": "运营"}
    settings = UploadSettings(mapped={"规模": "floor_area"}, given=given)
    rows = [{key: cell for key, cell in one.items() if key != "floor_area"} for one in rows]
    _, found, *_ = both(_write(tmp_path / "表.csv", rows), settings)
    assert 10 < len(settled) < 20
    assert "header_row_repeated" in {rule for _, _, rule, *_ in found}


def test_a_header_again_where_all_else_is_given(
    both: Callable[..., list[Any]], settled: list[int], tmp_path: Path
) -> None:
    """Of such a line no cell is odd: it may be taken for a facility called 设施名称."""
    shown = ("name", "operator_name", "opening_hours")
    rows = [{key: one.get(key, "全天") for key in shown} for one in _good(40)]
    rows[38] = dict(zip(shown, headers_of(shown), strict=True))
    given = {"type": "幼儿园", "as_of": "2026-06-30", "status": "运营", "division": "330106"}
    _, found, *_ = both(_write(tmp_path / "表.csv", rows), UploadSettings(given=given))
    assert len(settled) == 39
    assert "header_row_repeated" in {rule for _, _, rule, *_ in found}


def test_sheets_of_a_workbook(
    both: Callable[..., list[Any]], settled: list[int], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for title, rows in (("甲", _good(9)), ("幼儿园", _good(9, start=20))):
        sheet = book.create_sheet(title)
        keys = [key for key in rows[0] if title == "甲" or key != "type"]
        sheet.append(headers_of(keys))
        for at, one in enumerate(rows):
            sheet.append([one[key] if at % 4 or key != "grade" else "=A1" for key in keys])
    path = tmp_path / "表.xlsx"
    book.save(path)
    both(path)
    assert len(settled) == 12


@pytest.mark.parametrize("why", ["unreadable", "odd", "no type"])
def test_all_rows_the_long_way(
    both: Callable[..., list[Any]], settled: list[int], tmp_path: Path, why: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """DuckDB cannot read the file, or it would be of no use."""

    def refused(*_args: object, **_options: object) -> None:
        raise duckdb.InvalidInputException("CSV")

    if why == "unreadable":
        monkeypatch.setattr(sure_lines, "connect", refused)
    rows = _good(6)
    if why == "odd":
        # of no use either, and dear
        monkeypatch.setattr(scan, "known_cells", lambda *_: pytest.fail("looked at"))
        rows = [{**one, "status": "？"} for one in rows[:4]] + rows[4:]
    if why == "no type":
        monkeypatch.setattr(sure_lines, "types_met", lambda *_: ())
    assert both(_write(tmp_path / "表.csv", rows))[0]
    assert not settled


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        (duckdb.BinderException("no such column"), duckdb.BinderException),
        (RuntimeError("Query interrupted"), KeyboardInterrupt),
    ],
)
def test_neither_a_fault_of_ours_nor_a_signal_is_passed_over(
    registry: Engine, settled: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    said: Exception, ends: type[BaseException],
) -> None:  # fmt: skip
    def failing(*_args: object) -> None:
        raise said

    monkeypatch.setattr(sure_lines, "is_worth", lambda *_: True)
    monkeypatch.setattr(scan, "mostly_odd", failing)
    with pytest.raises(ends):
        _sent(registry, _write(tmp_path / "表.csv", _good(4)), None)
    assert not settled


def test_how_far_it_is_is_told(
    registry: Engine, settled: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sure_lines, "is_worth", lambda *_: True)
    told: list[tuple[int, int]] = []
    submit(
        registry, _write(tmp_path / "表.csv", _good(90)), department_code=EDUCATION, by="张三",
        today=TODAY, progress=lambda done, lines: told.append((done, lines)),
    )  # fmt: skip
    assert settled
    assert told == sorted(told)
    assert told[-1] == (90, 90)
    assert len(told) >= 3
