"""Nothing a person types ends in a traceback or shows a password."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import run


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["facility", "list", "--text", "\udcff"], 2),
        (["--db", "\udcff", "init"], 2),
        (["backup", "a\0b"], 2),
        (["--db", "postgresql://h:notaport/x", "verify"], 4),
        (["--db", "postgresql://[::1", "verify"], 4),
    ],
)
def test_odd_arguments_get_a_sentence(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == code
    shown = capsys.readouterr().err
    assert shown.strip()
    assert "Traceback" not in shown


def test_a_number_too_large_for_the_database_gets_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = str(tmp_path / "x.db")
    assert run(["--db", db, "init"]) == 0
    assert run(["--db", db, "upload", "show", "9223372036854775808"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_password_is_never_shown(capsys: pytest.CaptureFixture[str]) -> None:
    address = "postgresql://user:geheim1@127.0.0.1:1/x?password=geheim2&connect_timeout=1"
    assert run(["--db", address, "verify"]) == 4
    assert "geheim" not in capsys.readouterr().err


def test_a_terminal_without_chinese_gets_marks_instead_of_a_failure() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    command = "import cli.main; cli.main.main(['--lang', 'zh', 'spec', 'categories'])"
    done = subprocess.run(
        [sys.executable, "-c", command], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
