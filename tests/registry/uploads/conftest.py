"""Files as departments send them: one good synthetic row, spoilt one cell at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine

from codes.departments import find_department
from codes.elements import all_fields, example_row, fields_of
from registry.db import reading
from registry.facilities.lookup import Filter, listing
from registry.uploads.approve import approve
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport, Finding
from registry.uploads.settings import UploadSettings
from registry.uploads.submit import Submission, submit

TODAY = date(2026, 11, 22)
EDUCATION = find_department("市教育局").code
Send = Callable[..., Submission]

GOOD: dict[str, Any] = {
    "name": "示例幼儿园",
    "type": "幼儿园",
    "division": "330106",
    "address": "示例路1号",
    "longitude": 120.08,
    "latitude": 30.27,
    "datum": "WGS84",
    "operator_name": "示例运营单位",
    "operator_uscc": "12330199MA0000000Y",
    "ownership": "公办",
    "status": "运营",
    "opened_on": "2015-09-01",
    "floor_area": 3200,
    "phone": "0571-00000000",
    "inclusive": "是",
    "grade": "省二级",
    "as_of": "2026-06-30",
    "enrolment": 240,
    "inclusive_enrolment": 240,
    "class_groups": 9,
    "school_places": 270,
    "full_time_teachers": 22,
    "places": 20,
    "inclusive_places": 20,
    "enrolled_infants": 15,
}
"""A kindergarten with which nothing is wrong. Synthetic."""


def row(**changes: Any) -> dict[str, Any]:
    """Return the good row with some cells changed."""
    return {**GOOD, **changes}


def own_row(type_code: str) -> dict[str, Any]:
    """Return the example of a type with figures, words and numbers of its own, as good as it."""
    own: dict[str, Any] = example_row(type_code)
    own.pop("medical_licence_no", None)
    for key, kind in ((one.key, one.kind) for one in fields_of(type_code) if one.key in own):
        value = own[key]
        if kind in ("integer", "number"):
            own[key] = value + (0.00001 if key in ("longitude", "latitude") else 1)
        elif kind in ("text", "code") and key not in ("division", "operator_uscc"):
            last = value[-1]
            own[key] = f"{value[:-1]}{(int(last) + 1) % 10}" if last.isdigit() else f"{value}甲"
    return own


def headers_of(keys: Sequence[str]) -> list[str]:
    """Return our Chinese headers; a key that is none of ours stands for itself."""
    fields = all_fields()
    return [fields[key].header_zh if key in fields else key for key in keys]


def csv_text(rows: Sequence[Mapping[str, Any]], delimiter: str = ",") -> str:
    """Return rows as delimited text with Chinese headers."""
    keys = list(dict.fromkeys(key for one in rows for key in one))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(headers_of(keys))
    writer.writerows([one.get(key, "") for key in keys] for one in rows)
    return out.getvalue()


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as CSV and give the path."""

    def write(*rows: Mapping[str, Any], name: str = "表.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(csv_text(rows).encode(encoding))
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as one sheet of a workbook and give the path."""

    def write(*rows: Mapping[str, Any], name: str = "表.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        keys = list(dict.fromkeys(key for one in rows for key in one))
        sheet.append(headers_of(keys))
        for one in rows:
            sheet.append([one.get(key) for key in keys])
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def check(write_csv: Callable[..., Path]) -> Callable[..., CheckReport]:
    """Check rows sent as CSV, without a registry, on TODAY."""

    def check_rows(
        *rows: Mapping[str, Any], settings: UploadSettings | None = None, **options: Any
    ) -> CheckReport:
        return check_file(write_csv(*rows), settings, today=TODAY, **options)

    return check_rows


@pytest.fixture
def send(registry: Engine, write_csv: Callable[..., Path]) -> Send:
    """Submit rows as CSV by 张三 of the education department."""

    def send_rows(
        *rows: Mapping[str, Any],
        settings: UploadSettings | None = None,
        by: str = "张三",
        name: str = "表.csv",
    ) -> Submission:
        return submit(
            registry,
            write_csv(*rows, name=name),
            settings,
            department_code=EDUCATION,
            by=by,
            today=TODAY,
        )

    return send_rows


@pytest.fixture
def merge(registry: Engine, send: Send) -> Callable[..., list[str]]:
    """Submit and approve rows; give the codes of all facilities, in order."""

    def merge_rows(*rows: Mapping[str, Any], **options: Any) -> list[str]:
        done = send(*rows, **options)
        assert done.id is not None, rules_of(done.report)
        approve(registry, done.id, by="李四", today=TODAY)
        with reading(registry) as session:
            return [one.code for one in listing(session, Filter(), per_page=1000).items]

    return merge_rows


def rules_of(report: CheckReport) -> list[str]:
    """Return the rules broken, in the order found."""
    return [one.rule for one in report.findings]


def only(report: CheckReport, rule: str) -> Finding:
    """Return the one finding of a rule."""
    (found,) = [one for one in report.findings if one.rule == rule]
    return found
