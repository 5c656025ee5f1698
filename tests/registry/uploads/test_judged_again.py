"""What reading a row found stays when the row is judged again; a stored row is not read again."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from codes.rules import reading_rules, rules
from codes.upload_limits import limit
from registry.db import writing
from registry.uploads import large_rows, replan
from registry.uploads.approve import approve
from registry.uploads.decide import Answer, decide
from registry.uploads.diff import diff
from registry.uploads.finding_rows import rows_of
from registry.uploads.store import save_plans
from registry.uploads.stored import find_upload
from tests.registry.uploads.conftest import TODAY, Send, row
from tests.registry.uploads.test_large_submit import IN_PARTS

ONCE = pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
FOUND = (
    'SELECT "row", rule, severity, element, "column", value, CAST(params AS TEXT), further'
    " FROM upload_finding WHERE upload_id = :id"
)
UPLOADS = Path(replan.__file__).parent
READING = (
    "normalising/*.py", "reading/*.py", "columns.py", "sheet_type.py", "source.py", "assess.py",
    "large_rows.py", "judged.py",
)  # fmt: skip
JUDGING = ("elements_check.py", "breaches.py", "repeated.py", "two_counties.py", "check.py")
MENDED: tuple[dict[str, Any], ...] = (
    {"name": "东園幼兒園", "opened_on": "2015年9月1日", "status": "營業", "ownership": "公辦"},
    {"address": "文新路&nbsp;1号", "longitude": "120°4′48″", "floor_area": "0.32万平方米"},
    {"operator_name": "無名<br>公司", "website": "暂无", "enrolment": "240人"},
    {"operator_name": "甲<i>公司", "type": "幼兒園", "operator_uscc": " 12330199ma0000000y"},
    {"longitude": 30.27, "latitude": 120.08, "name": "示例幼儿圆", "department": "教育局"},
    {"operator_name": "甲&copy;公司", "phone": "13800000000", "division": "西湖区"},
    {"division": "３３０１０６０００", "phone": "１３８００００００００", "longitude": "120°24′"},
    {"division": "330106000", "datum": "火星坐标", "inclusive": "√", "grade": "无等级"},
)
"""Rows with something mended in each, all of which proceed."""


def _mended() -> list[dict[str, Any]]:
    own = ({"name": f"第{at}幼儿园", "address": f"第{at}路{at}号"} for at in range(len(MENDED)))
    return [row(**one, **mended) if not one.keys() & mended.keys() else row(**{**one, **mended})
            for one, mended in zip(own, MENDED, strict=True)]  # fmt: skip


def _found(engine: Engine, upload_id: int) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        stored = connection.execute(text(FOUND), {"id": upload_id}).fetchall()
        connection.rollback()
    return sorted(((at, *one[1:-1]) for one in stored for at in rows_of(one[0], one[-1])), key=str)


@pytest.fixture(params=["in memory", "in parts"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files held in memory, or sent and judged again in parts of two rows."""
    if request.param == "in parts":
        for module in (large_rows, replan):
            monkeypatch.setattr(module, "limit", lambda name: IN_PARTS.get(name, limit(name)))
        monkeypatch.setattr(replan, "IN_MEMORY", 0)


@ONCE
@pytest.mark.usefixtures("way")
def test_what_was_found_is_the_same_when_all_is_judged_again(registry: Engine, send: Send) -> None:
    done = send(*_mended())
    upload_id = int(done.id or 0)
    assert done.report.outcomes["rejected"] == 0
    before = _found(registry, upload_id)
    with writing(registry) as session:
        upload = find_upload(session, upload_id)
        for page in replan.replanned(session, upload, TODAY):
            save_plans(session, page)
    assert _found(registry, upload_id) == before


Q1: dict[str, Any] = {
    "name": "东園幼兒園",
    "address": "文新路&nbsp;1号",
    "longitude": "120°4′48″",
    "operator_name": "甲&copy;公司",
    "division": "３３０１０６０００",
}


@ONCE
@pytest.mark.usefixtures("way")
def test_the_approver_sees_what_was_mended_after_the_registry_moved(
    registry: Engine, send: Send
) -> None:
    upload_id = int(send(row(**Q1, as_of="2026-09-30")).id or 0)
    before = _found(registry, upload_id)
    mended = {one[1] for one in before}
    assert {"script_simplified", "markup_removed", "markup_left", "angle_converted"} <= mended
    other = send(row(name="东园幼儿园", address="文新路 1号", operator_name="甲公司"))
    approve(registry, int(other.id or 0), by="李四", today=TODAY)
    shown = diff(registry, upload_id)
    assert (shown.moved, [one.outcome for one in shown.rows]) == (1, ["updated"])
    assert _found(registry, upload_id) == before


@ONCE
@pytest.mark.usefixtures("way")
def test_an_answer_leaves_what_was_mended(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    (code,) = merge(row(name="东园幼儿园", address="文新路1号"))
    unsure = {"operator_uscc": "", "name": "东園幼兒園有限公司", "as_of": "2026-09-30"}
    upload_id = int(send(row(**{**Q1, **unsure})).id or 0)
    before = _found(registry, upload_id)
    for answer in (Answer(same=code), Answer(new=True)):
        decide(registry, upload_id, 2, answer, by="王五", today=TODAY)
        after = _found(registry, upload_id)
        assert [one for one in before if one[1] in reading_rules()] == [
            one for one in after if one[1] in reading_rules()
        ]


def _named_in(*places: str) -> set[str]:
    """The rules that modules below registry/uploads name."""
    paths = [path for one in places for path in sorted(UPLOADS.glob(one))]
    trees = (ast.walk(ast.parse(path.read_text("utf-8"))) for path in paths)
    texts = {one.value for tree in trees for one in tree if isinstance(one, ast.Constant)}
    return {one for one in texts if isinstance(one, str)} & rules().keys()


def test_the_book_says_of_each_rule_whether_it_is_found_in_reading() -> None:
    read = _named_in(*READING)
    assert "angle_converted" in read
    assert read | {"row_in_other_file", "point_swapped"} == reading_rules()
    judging = _named_in("rules/*.py", "placing/*.py", "proposing/*.py", *JUDGING)
    assert "near_duplicate" in judging
    assert judging & reading_rules() == {"point_swapped"}  # it turns the row's own fields
