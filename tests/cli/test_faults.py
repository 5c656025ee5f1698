"""Nothing a person types ends in a traceback or shows a password."""

import errno
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli import context
from cli.main import run
from codes.system_errors import reason_of


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


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["publish", "release", "extra"], 2, "多写了 extra"),
        (["uplod", "check"], 2, "没有命令 uplod。相近的有：upload。"),
        (["upload", "show", "abc"], 2, "参数 ID 的值不对：应为整数，写的是“abc”。"),
        (["facility", "list", "--page", "0"], 2, "参数 --page 的值不对：不能小于 1，写的是 0。"),
        (["site", "serve", "x", "--workers", "99"], 2, "不能大于 64，写的是 99。"),
        (["publish", "--on"], 2, "选项 --on 后面要写一个值。"),
        (["publish", "release", "--older=1"], 2, "选项 --older 后面不写值。"),
        (["site", "serve", "release", "--port", "99999"], 2, "端口 99999 不对"),
        (["site", "serve", "nothere"], 4, "没有 nothere 这个目录。先用 fuwuma publish nothere"),
        (["facility", "list", "--db", __file__], 4, "不是 SQLite 数据库文件"),
        (["facility", "list", "--db", "postgresql://u@127.0.0.1:1/x"], 4, "连不上数据库服务器"),
    ],
)
def test_common_mistakes_are_told_in_chinese(
    arguments: list[str],
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(context.current, "db", "absent.db")
    assert run(arguments) == code
    shown = capsys.readouterr().err
    assert said in shown
    assert not re.search(r"Usage|Input should|No such|Got unexpected|not a database", shown)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EADDRINUSE, "Address already in use"), "端口已被别的程序占用"),
        (PermissionError(errno.EACCES, "Permission denied"), "没有权限"),
        (OSError(errno.EXDEV, "Invalid cross-device link"), "Invalid cross-device link"),
        (socket.gaierror(-2, "Name or service not known"), "没有这个主机名"),
        (ValueError("as it was"), "as it was"),
    ],
)
def test_what_the_system_says_is_told_in_chinese_where_it_is_common(
    error: Exception, said: str
) -> None:
    assert reason_of(error) == said


def test_the_list_of_commands_says_what_each_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out.partition("Commands:")[2].splitlines()
    assert not [line for line in listed if line.split()[1:] == ["..."]]
