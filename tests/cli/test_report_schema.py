"""The published JSON Schema holds for what `upload check --json` really gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registry.uploads.document import report_schema
from tests.registry.uploads.conftest import csv_text, row

Fuwuma = Callable[..., tuple[int, str, str]]
DIRTY = [
    row(name="甲园", status="很好", enrolment="很多", opened_on="2015/9/1"),
    row(name="乙园", division="330104", longitude="", latitude="", datum="", 备注="随便"),
    row(name="　丙园", as_of="", phone=""),
]


@pytest.fixture
def valid() -> Callable[[Any], bool]:
    """Say whether a document is as published."""
    Draft202012Validator.check_schema(report_schema())
    return Draft202012Validator(report_schema()).is_valid


@pytest.mark.parametrize("engine", ["python", "duckdb"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_both_engines_give_is_as_published(
    fuwuma: Fuwuma, tmp_path: Path, valid: Callable[[Any], bool], engine: str, lang: str
) -> None:
    path = tmp_path / "表.csv"
    path.write_text(csv_text(DIRTY), encoding="utf-8")
    at = ["--engine", engine, "--lang", lang, "--db", "none.db", "--json"]
    code, out, _ = fuwuma("upload", "check", str(path), *at)
    document = json.loads(out)
    assert (code, len(document["findings"]) > 4) == (1, True)
    assert valid(document)
    _, out, _ = fuwuma("upload", "check", str(path), str(tmp_path / "无.csv"), *at)
    assert valid(json.loads(out))


def test_the_schema_refuses_what_scripts_could_not_rely_on(
    fuwuma: Fuwuma, tmp_path: Path, valid: Callable[[Any], bool]
) -> None:
    path = tmp_path / "表.csv"
    path.write_text(csv_text(DIRTY), encoding="utf-8")
    _, out, _ = fuwuma("upload", "check", str(path), "--db", "none.db", "--json")
    for damage in (
        lambda one: one.pop("rows"),
        lambda one: one["findings"][0].pop("total"),
        lambda one: one["findings"][0].update(severity="error"),
        lambda one: one["findings"][0]["samples"][0].update(row=0),
        lambda one: one["findings"][0]["samples"].clear(),
        lambda one: one["outcomes"].pop("held"),
        lambda one: one["file"].update(sha256="?"),
    ):
        document = json.loads(out)
        damage(document)
        assert not valid(document)
    assert not valid({"files": [], "rows": 0, "outcomes": json.loads(out)["outcomes"]})
