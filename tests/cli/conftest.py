"""Run the command line as a user does, without a new process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cli import context
from cli.main import run

Fuwuma = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fuwuma(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Fuwuma]:
    """Run one command line; give (exit code, standard output, standard error)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(context.current, "json", False)
        code = run(list(arguments))
        return (code, *capsys.readouterr())

    monkeypatch.setattr(context.current, "db", context.current.db)
    monkeypatch.setenv("COLUMNS", "200")
    yield call
    monkeypatch.undo()
