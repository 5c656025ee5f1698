"""Of the sources of one figure a release says which one evaluation reads."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from exports.release.allow_list import allow_list
from exports.release.place_rows import population_rows
from registry.audit import acting
from registry.db import open_registry, reading, writing
from registry.ledgers.lookup import populations
from tests.exports.release.small_registry import ON, fill

ROW: dict[str, Any] = {
    "division_code": "330106", "area": "", "year": 2020, "group_code": "total", "persons": 1,
    "rounded_to": 1, "divisions_on": ON, "source": "另一来源", "source_kind": "register",
    "is_projection": "否", "preferred": "否",
}  # fmt: skip
OTHERS = (ROW, {**ROW, "group_code": "age_60_plus", "preferred": "是"}, {**ROW, "area": "某区"})


def test_the_row_that_evaluation_reads_is_marked(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "own.db")
    engine = open_registry(str(tmp_path / "own.db"))
    fill(engine)
    with (
        writing(engine) as session,
        acting(session, actor="test", action="test", subject="people", detail={}) as act,
    ):
        act.write("population_figure", list(OTHERS))
    table = allow_list().tables["population"]
    with reading(engine) as session:
        made = [
            dict(zip(table.columns, row, strict=True))
            for row in population_rows(table, session, ["330106"], ON)
        ]
        used = {
            row["group_code"]: row for row in made if row["used"] == "是" and row["year"] == 2020
        }
        read = populations(session, 2020, ["total", "age_60_plus"], ["330106"])
    engine.dispose()
    assert len(made) == 6
    assert {group: row["source"] for group, row in used.items()} == {
        group: choice.source for (_, group), choice in read.items()
    }
    assert used["total"]["preferred"] == "否", "the census comes before a register"
    assert used["age_60_plus"]["source"] == "另一来源"
    assert [row["used"] for row in made if row["area"]] == ["否"]
