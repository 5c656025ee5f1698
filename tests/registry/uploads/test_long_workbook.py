"""A long workbook is submitted in parts: stored, found and decided as one held in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, text

from codes.elements import all_fields
from codes.upload_limits import limit
from registry.bulk import choice
from registry.db import writing
from registry.uploads import large_rows, part_processes
from registry.uploads.approve import approve
from registry.uploads.diff import diff
from registry.uploads.submit import Submission, submit
from tests.registry.uploads.conftest import EDUCATION, TODAY
from tests.registry.uploads.test_large_submit import MIXED
from tests.registry.uploads.test_part_processes import in_a_thread

IN_PARTS = {"stream_bytes": 1, "stream_rows": 2, "bulk_rows_from": 2}
KEPT = (
    'SELECT sheet, "row", outcome, CAST(fields AS TEXT), CAST(changes AS TEXT)'
    " FROM upload_row WHERE upload_id = :id ORDER BY id",
    'SELECT sheet, "row", rule, element, "column", value, CAST(params AS TEXT)'
    ' FROM upload_finding WHERE upload_id = :id ORDER BY sheet, "row", rule, element',
    "SELECT file_name, file_size, CAST(settings AS TEXT), rows, created, updated, unchanged,"
    " rejected, held FROM upload WHERE id = :id",
)


def _workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    keys = list(dict.fromkeys(key for one in MIXED for key in one))
    fields = all_fields()
    sheet.append(["一览表"])
    sheet.append([fields[key].header_zh if key in fields else key for key in keys])
    for one in MIXED[:6]:
        sheet.append([one.get(key) for key in keys])
    sheet.cell(4, 1 + keys.index("grade"), "=VLOOKUP(A1,B:B,1,0)")
    sheet.cell(5, 1 + keys.index("opened_on"), "2015年9月")
    sheet.append(["合计", 10])
    sheet.row_dimensions[6].hidden = True
    book.create_sheet("说明").append(["填表说明"])
    more = book.create_sheet("补报")
    keys.reverse()
    more.append([fields[key].header_zh if key in fields else key for key in keys])
    for one in MIXED[3:]:
        more.append([one.get(key) for key in keys])
    untyped = [key for key in keys if key != "type"]
    typed = book.create_sheet("幼儿园")
    typed.append([fields[key].header_zh if key in fields else key for key in untyped])
    typed.append([{**MIXED[0], "name": "另一处", "address": "别路1号"}.get(key) for key in untyped])
    book.save(path)
    return path


def _sent(registry: Engine, path: Path) -> Submission:
    return submit(registry, path, department_code=EDUCATION, by="张三", today=TODAY)


def _kept(registry: Engine, upload_id: int | None) -> list[list[Any]]:
    with registry.connect() as connection:
        return [list(map(tuple, connection.execute(text(one), {"id": upload_id}))) for one in KEPT]


def test_a_long_workbook_in_parts_as_in_memory(
    registry: Engine, merge: Callable[..., list[str]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = _workbook(tmp_path / "表.xlsx")
    small = _sent(registry, path)
    in_memory = _kept(registry, small.id)
    with writing(registry) as session:
        session.execute(text("UPDATE upload SET file_sha256 = 'another'"))
    for module in (large_rows, choice):
        monkeypatch.setattr(module, "limit", lambda name: IN_PARTS.get(name) or limit(name))
    monkeypatch.setattr(part_processes, "_pool", in_a_thread)
    monkeypatch.setattr(part_processes, "processes_for", lambda _file: 2)
    large = _sent(registry, path)
    if engine := part_processes._given[0].engine:
        engine.dispose()
    assert type(large.report).__name__ == "LargeReport"
    assert _kept(registry, large.id) == in_memory
    assert large.report.outcomes == small.report.outcomes
    rules = {one.rule for one in large.report.findings}
    assert {"type_of_sheet", "rows_hidden", "formula_uncalculated", "footer_row_skipped"} <= rules
    assert large.report.source.sheets[1].name == "补报"
    assert large.report.source.skipped == small.report.source.skipped
    for name in ("Sheet", "补报", "幼儿园"):
        assert large.report.outcomes_of(name) == small.report.outcomes_of(name)
    assert large.report.ignored == small.report.ignored
    assert large.id is not None
    assert diff(registry, large.id).summary.created == small.report.outcomes["created"]
    assert approve(registry, large.id, by="李四", today=TODAY).created == in_memory[2][0][4]
