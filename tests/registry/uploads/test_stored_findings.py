"""What was found comes back from the registry as the check said it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from registry.db import reading
from registry.uploads.stored import upload_causes
from registry.uploads.submit import submit
from tests.registry.uploads.conftest import EDUCATION, TODAY, csv_text, row


def test_findings_keep_their_column_and_its_header(registry: Engine, tmp_path: Path) -> None:
    head, good, *_ = csv_text([row(division="西湖区", 备注="")]).splitlines()
    head = head.replace("区划代码", "所在区县,街道（乡镇）")
    good = good.replace("西湖区", "西湖区,北山街道", 1)
    bad = good.replace("3200", "三千", 1).replace("示例路1号", "示例路9号")
    odd = good.replace("示例幼儿园", " 示例二幼儿园", 1)
    path = tmp_path / "表.csv"
    empty = "," * head.count(",")
    path.write_text("\n".join([head, good, bad, good, f"一、公办{empty}", odd]), encoding="utf-8")
    done = submit(registry, path, department_code=EDUCATION, by="张三", today=TODAY)
    told = {(one.rule, one.element): one.findings for one in done.report.totals()}
    rules = {rule for rule, _ in told}
    assert {"header_levels", "header_unknown", "row_repeated", "section_row_skipped"} <= rules
    with reading(registry) as session:
        causes = upload_causes(session, int(done.id or 0))
    assert {(one.rule, one.element): one.findings for one in causes} == told
    headers = {one.rule: one.findings[0].header for one in causes}
    assert headers["header_levels"] == "街道（乡镇）"
    assert headers["row_repeated"] is None
