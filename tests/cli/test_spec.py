"""`fuwuma spec` as a user and a script see it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli import context
from cli.main import run
from cli.spec_listings import LISTINGS
from codes.book import BookError
from codes.elements import example_row
from codes.facility_types import facility_types

Say = Callable[..., tuple[int, str, str]]

COMMANDS = [listing.command for listing in LISTINGS]


@pytest.fixture
def fuwuma(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Run one command line in a wide terminal; return (exit code, output, error output)."""
    monkeypatch.setenv("COLUMNS", "240")

    def say(*arguments: str) -> tuple[int, str, str]:
        context.current.json = False
        code = run(list(arguments))
        return code, *capsys.readouterr()

    yield say
    context.current.json = False


def _json(fuwuma: Say, *arguments: str) -> Any:
    code, out, err = fuwuma(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_book_is_one_json_list_with_code_and_names(fuwuma: Say, command: str) -> None:
    rows = _json(fuwuma, "spec", command)
    assert rows
    for row in rows:
        assert row["code"]
        assert row["name_zh"]
        assert row["name_en"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_book_is_a_table_with_its_total(fuwuma: Say, command: str, lang: str) -> None:
    code, out, err = fuwuma("spec", command, "--lang", lang)
    assert (code, err) == (0, "")
    total = len(_json(fuwuma, "spec", command))
    assert f"共 {total} 条" in out if lang == "zh" else f"{total} rows" in out


def test_types_carry_every_key_of_their_row(fuwuma: Say) -> None:
    rows = {row["code"]: row for row in _json(fuwuma, "spec", "types")}
    assert list(rows) == list(facility_types())
    assert rows["B0101"]["class_code"] == "B01"
    assert rows["B0101"]["department_codes"] == ["jyj"]
    assert rows["B0101"]["source"]


def test_words_narrow_the_list(fuwuma: Say) -> None:
    found = [row["name_zh"] for row in _json(fuwuma, "spec", "types", "书房")]
    assert found == ["城市书房"]
    assert _json(fuwuma, "spec", "types", "没有这样的词") == []


@pytest.mark.parametrize("name", ["B0101", "幼儿园", "幼稚园"])
def test_elements_of_a_type_are_its_schema(fuwuma: Say, name: str) -> None:
    schema = _json(fuwuma, "spec", "elements", name)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(example_row("B0101"))
    assert schema["title"] == "幼儿园"
    assert "beds" not in schema["properties"]


def test_elements_are_shown_as_columns(fuwuma: Say) -> None:
    code, out, _ = fuwuma("spec", "elements", "托育机构")
    assert code == 0
    assert all(word in out for word in ("托位数", "必填", "应填", "选填", "不公开"))
    code, out, _ = fuwuma("spec", "elements", "A0201", "--lang", "en")
    assert code == 0
    assert "Childcare places" in out


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("“幼稚圆”", "B0101 幼儿园")), ("en", ("'幼稚圆'", "B0101 Kindergarten"))],
)
def test_a_wrong_type_is_refused_with_near_ones(
    fuwuma: Say, lang: str, words: tuple[str, ...]
) -> None:
    code, out, err = fuwuma("spec", "elements", "幼稚圆", "--lang", lang)
    assert (code, out) == (1, "")
    assert all(word in err for word in words)


def test_a_wrong_type_is_one_json_document(fuwuma: Say) -> None:
    code, out, _ = fuwuma("spec", "elements", "幼稚圆", "--json")
    assert code == 1
    assert json.loads(out)["error"] == "spec.type_unknown"


@pytest.mark.parametrize("arguments", [["spec", "planets"], ["spec", "elements"]])
def test_a_wrong_command_is_exit_2(fuwuma: Say, arguments: list[str]) -> None:
    code, out, err = fuwuma(*arguments)
    assert (code, out) == (2, "")
    assert err


def test_every_command_has_help_with_an_example(fuwuma: Say) -> None:
    for command in (*COMMANDS, "elements"):
        code, out, _ = fuwuma("spec", command, "--help")
        assert code == 0
        assert f"fuwuma spec {command}" in " ".join(out.split())


def test_the_installed_command_prints_json() -> None:
    script = "import sys; from cli.main import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", script, "spec", "classes", "--json"]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert len(json.loads(done.stdout)) == 25
    assert done.stderr == ""


def test_the_spec_is_checked(fuwuma: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _json(fuwuma, "spec", "check")["mistakes"] == []
    wrong = BookError("book.row_wrong", where="rows.csv:2", column="scale", detail="-1000")
    monkeypatch.setattr("codes.spec_check.check_spec", lambda: [wrong])
    code, out, err = fuwuma("spec", "check")
    assert (code, "rows.csv:2" in out + err, "1 处错误" in out + err) == (1, True, True)
