"""`fuwuma template` as a clerk types it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from cli import context
from cli.main import run
from codes.messages import use_language

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fuwuma(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Say]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(context.current, "json", False)

    def say(*arguments: str) -> tuple[int, str, str]:
        context.current.json = False
        return run(list(arguments)), *capsys.readouterr()

    yield say
    use_language("zh")


@pytest.mark.parametrize("type_given", ["幼儿园", "B0101", "b0101", "幼稚园"])
def test_a_type_may_be_named_in_any_way(fuwuma: Say, type_given: str) -> None:
    code, said, complaints = fuwuma("template", type_given, "-o", "幼儿园.xlsx")
    assert (code, complaints) == (0, "")
    assert "幼儿园（B0101）" in said
    assert openpyxl.load_workbook("幼儿园.xlsx").sheetnames == ["填报", "填写说明", "代码表"]


def test_in_english(fuwuma: Say) -> None:
    code, said, _ = fuwuma("template", "B0101", "-o", "k.xlsx", "--lang", "en")
    assert code == 0
    assert "Kindergarten (B0101)" in said
    assert openpyxl.load_workbook("k.xlsx").sheetnames == ["Data", "Instructions", "Codes"]


def test_json(fuwuma: Say) -> None:
    code, said, _ = fuwuma("template", "B0101", "-o", "k.xlsx", "--json")
    assert code == 0
    assert json.loads(said) == {"path": "k.xlsx", "type": "B0101", "name_zh": "幼儿园"}


def test_a_file_that_is_there_is_left_alone(fuwuma: Say) -> None:
    Path("k.xlsx").write_text("somebody's work", encoding="utf-8")
    code, said, complaint = fuwuma("template", "B0101", "-o", "k.xlsx")
    assert (code, said) == (2, "")
    assert "--force" in complaint
    assert Path("k.xlsx").read_text(encoding="utf-8") == "somebody's work"
    assert fuwuma("template", "B0101", "-o", "k.xlsx", "--force")[0] == 0
    assert openpyxl.load_workbook("k.xlsx").sheetnames[0] == "填报"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "word"),
    [
        (["幼儿院", "-o", "k.xlsx"], 1, "幼儿园"),
        (["B0101", "-o", "k.csv"], 2, "k.xlsx"),
        (["B0101", "-o", "absent/k.xlsx"], 4, "absent"),
        (["B0101", "-o", "k.xlsx", "--city", "330106"], 1, "330100"),
        (["B0101", "-o", "k.xlsx", "--city", "市"], 1, "330100"),
        (["B0101"], 2, "--output"),
    ],
)
def test_mistakes_are_said_and_nothing_is_written(
    fuwuma: Say, tmp_path: Path, arguments: list[str], exit_code: int, word: str
) -> None:
    code, said, complaint = fuwuma("template", *arguments)
    assert (code, said) == (exit_code, "")
    assert word in complaint
    assert "Traceback" not in complaint
    assert not list(tmp_path.iterdir())
