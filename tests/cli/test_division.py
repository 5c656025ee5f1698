"""`fuwuma division`: what it prints, the JSON scripts rely on, and the exit codes."""

import json
from typing import Any

import pytest

from cli import context
from cli.main import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _no_json_left_over() -> Any:
    yield
    context.current.json = False


def _json(capsys: Capture, *arguments: str, exit_code: int = 0) -> Any:
    assert run(["division", *arguments, "--json"]) == exit_code
    context.current.json = False
    return json.loads(capsys.readouterr().out)


def test_show_in_words(capsys: Capture) -> None:
    assert run(["division", "show", "330110", "--on", "2026-11-22"]) == 0
    out = capsys.readouterr().out
    for words in ("浙江省杭州市余杭区", "GB/T 2260", "划出部分至", "330113 临平区", "推定在用"):
        assert words in out
    assert "…" not in out


def test_show_in_english(capsys: Capture) -> None:
    assert run(["--lang", "en", "division", "show", "330106", "--on", "2021-01-01"]) == 0
    out = capsys.readouterr().out
    assert "in force: editions before and after show it" in out


def test_show_as_json(capsys: Capture) -> None:
    shown = _json(capsys, "show", "330104", "--on", "2020-07-01")
    assert shown["full_name"] == "浙江省杭州市江干区"
    assert (shown["level"], shown["system"], shown["evidence"]) == ("county", "gbt2260", "stated")
    assert (shown["valid_from"], shown["valid_to"]) == (None, "2021-04-09")
    assert shown["parent"] == {"code": "330100", "name": "杭州市"}
    assert shown["children"] == 10
    assert [unit["code"] for unit in shown["successors"]] == ["330102", "330114"]
    assert "2021-04-09" in shown["sources"][0]


def test_show_of_each_level(capsys: Capture) -> None:
    assert _json(capsys, "show", "33", "--on", "2021-01-01")["children"] == 11
    assert _json(capsys, "show", "110101001", "--on", "2021-01-01")["children"] is None
    assert _json(capsys, "show", "330106007001", "--on", "2021-01-01")["level"] == "village"
    assert run(["division", "show", "110101001", "--on", "2021-01-01"]) == 0
    assert "本册未收" in capsys.readouterr().out


def test_not_in_force_today_is_a_finding(capsys: Capture) -> None:
    answer = _json(capsys, "show", "330103", exit_code=1)
    assert answer["error"] == "division.not_in_force"
    assert answer["successors"] == [{"code": "330105", "name": "拱墅区"}]


def test_resolve_with_one_answer(capsys: Capture) -> None:
    dates = ("--from", "2020-06-30", "--on", "2026-11-22")
    answer = _json(capsys, "resolve", "330104009", *dates)
    assert answer["code"] == "330114002"
    assert answer["full_name"] == "浙江省杭州市钱塘区白杨街道"
    assert answer["from"] == {"code": "330104009", "name": "白杨街道", "on": "2020-06-30"}
    assert answer["changed"] is True
    assert run(["division", "resolve", "330104009", *dates]) == 0
    assert "330114002 浙江省杭州市钱塘区白杨街道" in capsys.readouterr().out
    assert run(["division", "resolve", "330106", *dates]) == 0
    assert "没有变" in capsys.readouterr().out


def test_resolve_without_a_starting_day(capsys: Capture) -> None:
    answer = _json(capsys, "resolve", "330103", "--on", "2026-11-22")
    assert answer["code"] == "330105"
    assert answer["from"]["on"] == "2021-04-08"


def test_resolve_of_a_split_county_is_a_question(capsys: Capture) -> None:
    arguments = ("resolve", "330104", "--from", "2020-06-30", "--on", "2026-11-22")
    answer = _json(capsys, *arguments, exit_code=1)
    assert answer["error"] == "division.split"
    assert [unit["code"] for unit in answer["candidates"]] == ["330102", "330114"]
    assert "街道" in answer["needs"]
    assert run(["division", *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "330102 上城区、330114 钱塘区" in captured.err


def test_list(capsys: Capture) -> None:
    counties = _json(capsys, "list", "3301", "--on", "2026-11-22")
    assert len(counties) == 13
    assert counties[0] == {"code": "330102", "name": "上城区", "level": "county"}
    assert run(["division", "list", "330113", "--on", "2026-11-22"]) == 0
    assert "330113100  塘栖镇" in capsys.readouterr().out


def test_find(capsys: Capture) -> None:
    found = _json(capsys, "find", "西湖区")
    assert [unit["full_name"] for unit in found] == ["浙江省杭州市西湖区", "江西省南昌市西湖区"]
    assert run(["division", "find", "下城区"]) == 0
    assert "（2021-04-09 起停用）" in capsys.readouterr().out
    assert _json(capsys, "find", "白杨街道", "--in", "3301", "--on", "2020-06-30") == [
        {
            "code": "330104009",
            "name": "白杨街道",
            "full_name": "浙江省杭州市江干区白杨街道",
            "level": "township",
            "valid_from": None,
            "valid_to": "2021-04-09",
        }
    ]
    assert _json(capsys, "find", "没有这样的地方", exit_code=1)["error"] == "division.none_found"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (("show", "33O106"), 1, "33O106"),
        (("show", "330199"), 1, "330199"),
        (("show", "110101001001"), 1, "110101001"),
        (("show", "330106", "--on", "2020-13-01"), 2, "--on"),
        (("resolve", "330106", "--from", "昨天", "--on", "2026-01-01"), 2, "昨天"),
        (("resolve", "330106", "--from", "2026-01-01", "--on", "2020-01-01"), 2, "晚于"),
        (("show",), 2, "CODE"),
        (("show", "330106", "--day", "1"), 2, "--day"),
    ],
)
def test_mistakes_have_a_sentence_and_an_exit_code(
    capsys: Capture, arguments: tuple[str, ...], exit_code: int, words: str
) -> None:
    assert run(["division", *arguments]) == exit_code
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.err
