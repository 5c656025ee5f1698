"""The bar says what is read or checked, how much of it and how fast; only a terminal sees it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from cli import context
from cli.progress import progress_bar
from cli.upload_input import progress_shown, submission_shown, writing_shown
from codes.messages import speaking


@pytest.mark.parametrize("terminal", [True, False])
def test_only_a_terminal_sees_what_is_read_then_checked(
    terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100)
    monkeypatch.setattr(context, "console", lambda **_: console)
    with speaking("zh"), progress_shown("a[b].csv") as show:
        for done in range(100):
            show(done, 200)
        show(100, 200)
    seen = out.getvalue()
    assert ("正在读取 a[b].csv" in seen) == terminal
    assert ("正在检查 a[b].csv" in seen) == terminal
    assert ("100/200 行，每秒 " in seen) == terminal
    assert terminal or not seen.strip()


def test_steps_after_the_check_are_shown_and_the_clock_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, clock = io.StringIO(), iter(range(0, 100_000, 5))
    console = Console(file=out, force_terminal=True, width=100, get_time=lambda: next(clock))
    monkeypatch.setattr(context, "console", lambda **_: console)
    with speaking("zh"), submission_shown("a.csv") as (progress, told):
        progress(200, 200)
        told("storing", 100, 200)
        told("sealing", 0, 200)
    with speaking("zh"), writing_shown():
        pass
    seen = out.getvalue()
    words = ("正在检查", "正在存入这一批 a.csv", "正在封存这一批 a.csv", "正在写报告")
    assert [seen.index(one) for one in words] == sorted(seen.index(one) for one in words)
    last = seen[seen.rindex("正在封存") : seen.rindex("正在写报告")]
    assert "200/200" not in last
    assert "0:00:00" not in last  # neither nothing left nor no time gone by


def test_a_speed_is_known_from_the_first_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(context, "console", lambda **_: Console(file=out, force_terminal=True))
    with speaking("zh"), progress_bar("", "report.progress_far") as show:
        show("", 1_000_000, 2_000_000)
    assert "每秒 0 行" not in out.getvalue()
    assert "1,000,000/2,000,000 行" in out.getvalue()
