"""What `--help` shows: our headings, every sentence whole, no line wider than the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unicodedata import east_asian_width

import pytest
import typer

from cli.app import build_app
from cli.help import speak
from codes.messages import speaking, text


def commands(one: Any, above: Any = None, name: str = "fuwuma") -> Iterator[Any]:
    context = one.context_class(one, info_name=name, parent=above)
    yield context
    for below, command in getattr(one, "commands", {}).items():
        yield from commands(command, context, below)


@pytest.fixture(scope="module")
def contexts() -> list[Any]:
    root = typer.main.get_command(build_app())
    speak(root)
    return list(commands(root))


def joined(page: str) -> str:
    return "".join(page.split())


def columns(line: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in line)


@pytest.mark.parametrize("width", [60, 80])
def test_every_page_keeps_within_the_terminal_and_cuts_nothing(
    contexts: list[Any], width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert len(contexts) > 60
    for context in contexts:
        page = context.get_help()
        assert max(map(columns, page.splitlines()[1:])) <= width, page
        assert joined(context.command.help) in joined(page)
        if not hasattr(context.command, "commands"):
            for one in context.command.params:
                assert joined(one.help) in joined(page), page


@pytest.mark.parametrize(
    ("lang", "seen", "unseen"),
    [("zh", "选项：", "Options:"), ("en", "Options:", "选项：")],
)
def test_headings_are_of_the_language_in_use(
    contexts: list[Any], lang: str, seen: str, unseen: str
) -> None:
    with speaking(lang):
        for context in contexts:
            page = context.get_help()
            assert seen in page
            assert unseen not in page
            assert text("cli.help.help") in page


def test_what_is_needed_and_what_is_taken_otherwise_is_said(
    fuwuma: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    _, out, _ = fuwuma("template", "--help")
    assert "以 .xlsx 结尾。（必填）" in out
    _, out, _ = fuwuma("facility", "list", "--help")
    assert "--per-page 数" in out
    assert "每页几个。（默认 50）" in out
    code, out, err = fuwuma("upload", "check")
    assert (code, out) == (2, "")
    assert "用法：fuwuma upload check [选项] FILE..." in err
    _, _, err = fuwuma("upload", "approve", "1")
    assert "fuwuma upload approve [选项] --by 值 ID" in err
    assert "缺少 --by：办理人姓名" in err
