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


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("answers", [0, 1])
def test_a_batch_withdrawn_leaves_its_answers_and_says_so(
    fuwuma: Fuwuma, registry_url: str, tmp_path: Path, answers: int
) -> None:
    file, at = tmp_path / "表.csv", ("--db", registry_url)
    file.write_text(csv_text([row(name=f"{place}晨光幼儿园") for place in ("西湖区", "杭州市")]))
    fuwuma("upload", "submit", str(file), "--department", "市教育局", "--by", "张三", *at)
    if answers:
        fuwuma("upload", "decide", "1", "3", "--new", "--by", "王五", *at)
    _, said, _ = fuwuma("upload", "withdraw", "1", "--by", "张三", *at)
    assert "批次 1 已撤回" in said
    assert ("对这一批的答复有 1 条仍然记住" in said) is bool(answers)
    assert ("fuwuma upload answers --upload 1" in said) is bool(answers)


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("same", [True, False])
def test_what_a_mistaken_answer_made_is_mended_by_its_kind(
    fuwuma: Fuwuma, registry_url: str, tmp_path: Path, same: bool
) -> None:
    file = tmp_path / "表.csv"

    def upload(*arguments: str) -> str:
        return fuwuma("upload", *arguments, "--db", registry_url)[1]

    for number, name in ((1, "示例幼儿园"), (2, "示例幼儿园有限公司")):
        file.write_text(csv_text([row(name=name, operator_uscc="", as_of=f"2026-06-0{number}")]))
        upload("submit", str(file), "--department", "市教育局", "--by", "张三")
        if number == 2:
            found = json.loads(fuwuma("facility", "list", "--json", "--db", registry_url)[1])
            answer = ("--same", found["items"][0]["code"]) if same else ("--new",)
            upload("decide", "2", "2", *answer, "--by", "王五")
        upload("approve", str(number), "--by", "李四")
    number = str(json.loads(upload("answers", "--json"))[0]["number"])
    said = upload("take-back", number, "--by", "李四", "--reason", "现场核实")
    assert "批次 2 已经审核通过" in said
    assert ("facility duplicate" in said) is not same
    assert ("facility correct" in said and "facility add" in said) is same
