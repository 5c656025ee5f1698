"""`fuwuma upload answers` and `take-back` as a clerk types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.registry.uploads.conftest import csv_text, row

Fuwuma = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_an_answer_is_seen_and_taken_back(
    fuwuma: Fuwuma, registry_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "表.csv"
    file.write_text(csv_text([row(name=f"{place}晨光幼儿园") for place in ("西湖区", "杭州市")]))

    def upload(*arguments: str) -> tuple[int, str, str]:
        return fuwuma("upload", *arguments, "--db", registry_url)

    assert upload("answers")[:2] == (0, "没有这样的答复。\n")
    upload("submit", str(file), "--department", "市教育局", "--by", "张三")
    upload("decide", "1", "3", "--new", "--by", "王五")
    _, listed, _ = upload("answers")
    assert "答复 2：批次 1 第 3 行“杭州市晨光幼儿园”（示例路1号），王五" in listed
    assert "与第 2 行“西湖区晨光幼儿园”（示例路1号）不是同一处" in listed
    wanted = ("take-back", "2", "--by", "李四", "--reason")
    assert upload(*wanted, "")[0] == 2
    code, done, _ = upload(*wanted, "是同一处")
    assert (code, "第 3 行恢复到答复以前，现在是：待核。" in done) == (0, True)
    code, document, message = upload(*wanted, "是同一处", "--json")
    assert (code, json.loads(document)["error"]) == (1, "upload.answer_taken_back")
    assert "李四" in message
    (past,) = json.loads(upload("answers", "--all", "--json")[1])
    assert (past["state"], past["taken_back"]["reason"]) == ("taken_back", "是同一处")
    assert "李四" in upload("answers", "--all")[1]
    assert fuwuma("verify", "--db", registry_url)[0] == 0
