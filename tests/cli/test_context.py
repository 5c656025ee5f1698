"""What every command shares."""

import json
from datetime import date

import pytest

from cli import context


@pytest.mark.parametrize("rows", [[], [{"a": [1, {"b": "行\n二"}]}, {}, 3]])
def test_a_document_given_in_parts_is_the_same(
    rows: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    document = {"id": 1, "on": date(2026, 11, 22), "rows": rows, "none": [], "more": {"x": rows}}
    context.give(document)
    whole = capsys.readouterr().out
    context.give_parts({**document, "rows": iter(rows)})
    assert capsys.readouterr().out == whole
    assert json.loads(whole)["rows"] == rows
