"""Whatever is sent: every row has exactly one outcome, the five add up, no sentence breaks."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from codes import facility_code
from codes.errors import FuwumaError
from registry.db import create_registry, reading
from registry.uploads.approve import approve
from registry.uploads.check import check_file
from registry.uploads.document import report_document
from registry.uploads.findings import OUTCOMES
from registry.uploads.settings import upload_settings
from registry.uploads.submit import submit
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import EDUCATION, TODAY, csv_text, row

CELLS: dict[str, list[Any]] = {
    "name": ["示例幼儿园", "示例幼儿园东园", "示例幼儿园有限公司", "", "第二幼儿园", "[清空]"],
    "type": ["幼儿园", "B0102", "", "幼稚班", "市图书馆"],
    "division": ["330106", "330104", "330103", "", "999999", "330100", "3.3E+05", "西湖区"],
    "address": ["示例路1号", "下沙街道", ""],
    "longitude": [120.08, 30.27, "", "x", 0],
    "latitude": [30.27, 120.08, "", 99],
    "datum": ["WGS84", "百度", "", "未知"],
    "status": ["运营", "营业", "关闭", "很好", ""],
    "closed_on": ["", "2020-01-01", "x"],
    "as_of": ["2026-06-30", "2026/9/30", "2020-01-01", "2030-01-01", "", "2026年"],
    "code": [
        "",
        facility_code.make("B01", "330106", 1),
        facility_code.make("B01", "330106", 9),
        "B",
    ],
    "school_id": ["", "1133000001", "1133000002", "x"],
    "enrolment": [240, "1,000", "-", "很多", -5, ""],
    "operator_uscc": ["", "12330199MA0000000Y", "12330199MA0000000X", "1"],
}

sent = st.lists(
    st.fixed_dictionaries({key: st.sampled_from(cells) for key, cells in CELLS.items()}),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def some_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A registry with two kindergartens, one with a school number."""
    folder = tmp_path_factory.mktemp("outcomes")
    engine = create_registry(str(folder / "registry.db"))
    path = folder / "表.csv"
    path.write_text(csv_text([row(school_id="1133000001"), row(name="第二幼儿园")]), "utf-8")
    done = submit(engine, path, department_code=EDUCATION, by="张三", today=TODAY)
    approve(engine, int(done.id or 0), by="李四", today=TODAY)
    yield engine
    engine.dispose()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=sent, mode=st.sampled_from(["both", "new", "update"]), complete=st.booleans())
def test_every_row_has_exactly_one_outcome(
    rows: list[dict[str, Any]], mode: str, complete: bool, some_registry: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "表.csv"
    path.write_text(csv_text(rows), "utf-8")
    scope = "complete" if complete else "changes"
    filled = [one for one in rows if any(str(cell) for cell in one.values())]
    with reading(some_registry) as session:
        try:
            report = check_file(
                path,
                upload_settings(mode=mode, scope=scope),
                reader=session,
                department_code=EDUCATION,
                today=TODAY,
            )
        except FuwumaError as error:
            assert not filled, error
            return
    assert report.rows == len(filled) == sum(report.outcomes.values()) == len(report.row_outcomes)
    assert set(report.outcomes) == set(OUTCOMES)
    assert Counter(report.row_outcomes.values()) == Counter(
        {name: count for name, count in report.outcomes.items() if count}
    )
    worst: dict[int, set[str]] = {}
    for one in report.findings:
        worst.setdefault(one.row or 0, set()).add(one.severity)
    for (_, number), outcome in report.row_outcomes.items():
        assert (outcome == "rejected") == ("must" in worst.get(number, ()))
        if outcome == "held":
            assert "held" in worst[number]
    _every_sentence_can_be_said(report)


def _every_sentence_can_be_said(report: Any) -> None:
    for one in report.findings:
        for lang in ("zh", "en"):
            message, remedy = finding_text(one, lang)
            assert "{" not in message + remedy
            assert "None" not in message + remedy
        json.dumps(dict(one.params))
    document = json.loads(json.dumps(report_document(report, "en")))
    assert sum(one["total"] for one in document["findings"]) == len(report.findings)
    assert document["rows"] == report.rows
