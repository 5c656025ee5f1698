"""A text submitted in parts is stored as one held in memory: the same rows, findings, outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from codes.errors import DataError, StoreError, UsageError
from codes.upload_limits import limit
from registry.bulk import opening
from registry.db import reading, writing
from registry.uploads import diff_rows, large_rows, replan
from registry.uploads.approve import approve
from registry.uploads.diff import diff
from registry.uploads.finding_rows import rows_of
from registry.uploads.findings import CheckReport
from registry.uploads.settings import UploadSettings
from registry.uploads.stored import find_upload
from registry.uploads.submit import Submission, submit
from registry.verify import verify
from tests.registry.uploads.conftest import EDUCATION, TODAY, csv_text, row

IN_PARTS = {"stream_bytes": 0, "stream_rows": 2}
ELSEWHERE = {"address": "样本街9号", "longitude": 120.06, "latitude": 30.28}
KEPT = (
    'SELECT sheet, "row", outcome, CAST(raw AS TEXT), CAST(fields AS TEXT),'
    " CAST(changes AS TEXT), facility_id, base_version_id FROM upload_row"
    " WHERE upload_id = :id ORDER BY id",
    'SELECT sheet, "row", rule, severity, element, "column", value, CAST(params AS TEXT), further'
    " FROM upload_finding WHERE upload_id = :id ORDER BY id",
    "SELECT file_name, file_sha256, file_size, CAST(settings AS TEXT), rows, created, updated,"
    " unchanged, rejected, held FROM upload WHERE id = :id",
)
MIXED: tuple[dict[str, Any], ...] = (
    row(name="第一", as_of="2026-09-30", phone="0571-00000009"),
    row(**ELSEWHERE, name="新设园", school_id="1133000009"),
    row(name="第二"),
    row(**ELSEWHERE, name="新设幼儿园", operator_uscc=""),
    row(**ELSEWHERE, name="新设园"),
    row(name="第四", type="不知道"),
    row(name="号码重复园", address="远处", school_id="1133000009"),
    row(name="设施名称", type="设施类型"),
    row(name="空格　园 ", as_of="2026年6月30日", 备注="未知的列"),
    row(**ELSEWHERE, name="西湖区新设园"),
)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it to have every text submitted in parts of two rows."""

    def small(name: str) -> int:
        return IN_PARTS[name] if name in IN_PARTS else limit(name)

    return lambda: monkeypatch.setattr(large_rows, "limit", small)


def _sent(registry: Engine, path: Path, settings: UploadSettings | None = None) -> Submission:
    return submit(registry, path, settings, department_code=EDUCATION, by="张三", today=TODAY)


def _kept(registry: Engine, upload_id: int | None) -> list[list[tuple[Any, ...]]]:
    with registry.connect() as connection:
        found = [list(map(tuple, connection.execute(text(q), {"id": upload_id}))) for q in KEPT]
        connection.rollback()
    found[1] = [(one[0], row, *one[2:-1]) for one in found[1] for row in rows_of(one[1], one[-1])]
    return found


def _told(report: CheckReport) -> Any:
    causes = [(one.rule, one.severity, one.element, one.total) for one in report.totals()]
    samples = {(o.rule, o.row, o.element): (o.column, o.value, o.params) for o in report.findings}
    whole = report.rows, report.outcomes, report.missing, report.ignored
    return whole, sorted(causes, key=str), samples


def _both(
    registry: Engine, path: Path, in_parts: Callable[[], None], settings: UploadSettings
) -> list[tuple[Any, Any]]:
    """What is stored and told of a file held in memory, then of the same in parts."""
    found = []
    for way in (lambda: None, in_parts):
        way()
        done = _sent(registry, path, settings)
        found.append((_kept(registry, done.id), _told(done.report)))
        if done.id is not None:
            with writing(registry) as session:
                session.execute(text("UPDATE upload SET file_sha256 = 'another'"))
    return found


@pytest.mark.parametrize("scope", ["changes", "complete"])
@pytest.mark.parametrize("form", ["plain", "ragged", "gb18030"])
def test_in_parts_as_in_memory(
    scope: str, form: str,
    registry: Engine, merge: Callable[..., list[str]], tmp_path: Path, in_parts: Callable[[], None],
) -> None:  # fmt: skip
    merge(*(row(name=name) for name in ("第一", "第二", "第三")))
    written = csv_text(MIXED)
    if form == "ragged":
        lines = written.splitlines(keepends=True)
        beyond = "," * len(lines[0].split(","))
        wide = ("x", ",x", "合计", " ")
        lines[8:8] = [f"{one}{beyond}{other}\n" for one in ("", "一、公办") for other in wide]
        lines[3:3] = [lines[0], "\n"]
        lines[5] = lines[5].rstrip("\n") + ",多出的\n"
        lines[7] = ",".join(lines[7].split(",")[:17]) + "\n"
        written = "".join(["某表\n", *lines, "合计,9\n"])
    if form == "gb18030":  # three columns without a name, of which a footer fills the second
        lines = [f"{line},,,\n" for line in written.splitlines()]
        written = "".join([*lines, f"合计{',' * (lines[0].count(',') - 1)}9,\n"])
    path = tmp_path / "表.csv"
    path.write_bytes(written.encode("gb18030" if form == "gb18030" else "utf-8"))
    in_memory, parts = _both(registry, path, in_parts, UploadSettings(scope=scope))
    assert parts[1] == in_memory[1]
    assert parts[0][0] == in_memory[0][0]
    assert sorted(parts[0][1], key=str) == sorted(in_memory[0][1], key=str)
    assert parts[0][2] == in_memory[0][2]
    if form != "ragged":  # there the rows that are not as wide as the header are rejected
        assert all(parts[1][0][1].values())


def test_a_wrong_code_asks_whatever_part_the_right_row_is_in(
    registry: Engine, merge: Callable[..., list[str]], write_csv: Callable[..., Path],
    in_parts: Callable[[], None],
) -> None:  # fmt: skip
    (code,) = merge(row(name="湖滨实验幼儿园"))
    moved = {"address": "凤起东路8号", "longitude": "", "latitude": "", "datum": ""}
    wrong = row(**moved, code=code, name="城东书香幼儿园")
    right = row(name="湖滨实验幼儿园", phone="0571-00000009")
    others = [row(**{**ELSEWHERE, "address": f"样本街{n}号"}, name=f"新设第{n}园") for n in (1, 2)]
    path = write_csv(wrong, *others, right)
    in_memory, parts = _both(registry, path, in_parts, UploadSettings())
    assert parts == in_memory
    outcomes = [one[2] for one in parts[0][0]]
    assert outcomes == ["held", "created", "created", "updated"]
    assert [one[2] for one in parts[0][1] if one[4] == "name"] == ["registered_unlike"]


def test_what_came_in_parts_is_approved(
    registry: Engine, write_csv: Callable[..., Path], in_parts: Callable[[], None]
) -> None:
    in_parts()
    path = write_csv(*(row(name=f"第{n}园", address=f"第{n}号") for n in range(5)))
    done = _sent(registry, path)
    with pytest.raises(DataError) as caught:
        _sent(registry, path)
    assert caught.value.message_id == "upload.again_submitted"
    assert approve(registry, int(done.id or 0), by="李四", today=TODAY).created == 5
    with reading(registry) as session:
        assert verify(session).faults == ()


def test_planned_anew_in_parts_as_it_was_planned(
    registry: Engine, merge: Callable[..., list[str]], write_csv: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What rows of different parts have to do with each other is found again, and shown."""
    merge(*(row(name=name) for name in ("第一", "第二", "第三")))
    upload_id = int(_sent(registry, write_csv(*MIXED)).id or 0)
    monkeypatch.setattr(replan, "limit", lambda name: IN_PARTS.get(name) or limit(name))
    monkeypatch.setattr(replan, "IN_MEMORY", 0)
    monkeypatch.setattr(diff_rows, "PAGE", 2)
    with reading(registry) as session:
        upload = find_upload(session, upload_id)
        pages = list(replan.replanned(session, upload, TODAY))
        assert len(pages) > 2
        assert list(replan.moved(session, upload, TODAY)) == []
    shown = diff(registry, upload_id).rows
    asked = {one.row: [each.rule for each in one.questions] for one in shown if one.questions}
    assert asked == {10: ["near_duplicate"], 11: ["row_alike"]}
    assert [one.row for one in shown] == list(range(2, 12))
    assert shown[0].changes["phone"] == ["0571-00000000", "0571-00000009"]


def test_in_parts_refuses_as_in_memory(
    registry: Engine, tmp_path: Path, in_parts: Callable[[], None]
) -> None:
    good = csv_text([row()])
    files: Mapping[str, str] = {
        "没有行": good.splitlines()[0] + "\n",
        "没有表头": "甲,乙\n1,2\n" * 40,
        "引号": good + '"没有收尾,\n' * 3,
    }
    said: list[list[str]] = []
    for way in (lambda: None, in_parts):
        way()
        said.append([])
        for name, content in files.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
            with pytest.raises(DataError) as caught:
                _sent(registry, tmp_path / name)
            said[-1].append(str(caught.value))
        with pytest.raises(UsageError) as misused:
            (tmp_path / "好.csv").write_text(good, encoding="utf-8")
            _sent(registry, tmp_path / "好.csv", UploadSettings(mapped={"没有": "name"}))
        said[-1].append(str(misused.value))
    assert said[0] == said[1]


def test_a_text_written_to_while_it_is_read(
    registry: Engine, in_parts: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its digest would be of one file and its rows of another."""
    in_parts()
    path = tmp_path / "表.csv"
    path.write_text(csv_text(list(MIXED)))
    digested = opening.hashlib.file_digest

    def then_written(*given: Any) -> Any:
        digest = digested(*given)
        path.write_text(csv_text([row(name="换了的园"), *MIXED]))
        return digest

    monkeypatch.setattr(opening.hashlib, "file_digest", then_written)
    with pytest.raises(StoreError, match="表"):
        submit(registry, path, department_code=EDUCATION, by="张三", today=TODAY)
    with reading(registry) as session:
        assert session.connection().execute(text("SELECT count(*) FROM upload")).scalar() == 0
