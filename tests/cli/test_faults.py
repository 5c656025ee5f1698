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


def test_who_reads_only_the_beginning_gets_no_mistake() -> None:
    command = "import sys, cli.main; cli.main.main(['spec', 'types'])"
    with subprocess.Popen(
        [sys.executable, "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait()) == (b"", 0)


def test_an_interrupted_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.store._verify", interrupted)
    assert run(["verify"]) == 130
    assert "已按要求中断" in capsys.readouterr().err


def test_short_memory_is_no_fault_of_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def short() -> None:
        raise MemoryError

    monkeypatch.setattr("cli.store._verify", short)
    assert run(["verify"]) == 4
    said = capsys.readouterr().err
    assert "内存不够" in said
    assert "程序出了差错" not in said


def test_a_file_that_may_not_be_read_is_told_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = tmp_path / "园.csv"
    sent.write_text("设施名称", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda *_args, **_more: False)
    assert run(["upload", "check", str(sent)]) == 4
    shown = capsys.readouterr().err
    assert "园.csv（没有权限）" in shown
    assert "readable" not in shown


def test_a_full_disk_leaves_no_traceback_and_no_file(tmp_path: Path) -> None:
    command = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
        "import cli.main; cli.main.main(['template', '幼儿园', '-o', '园.xlsx', '--lang', 'zh'])"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", command], cwd=tmp_path, capture_output=True, check=False
    )
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (4, b"")
    assert said.startswith("文件写不进去：园.xlsx（文件超过了系统允许的大小）")
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_an_earlier_report_stays_whole_when_the_new_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, earlier = tmp_path / "园.csv", tmp_path / "回执" / "report.json"
    sent.write_text("设施名称,设施类型,区划代码,运营状态,数据日期\n甲园,幼儿园,330106,运营,今天\n")
    earlier.parent.mkdir()
    earlier.write_text("earlier")

    def full(path: Path, *_args: object, **_more: object) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    asked = ["upload", "check", str(sent), "--report", str(earlier.parent)]
    assert run([*asked, "--db", str(tmp_path / "absent.db")]) == 4
    assert "磁盘满了" in capsys.readouterr().err
    assert [one.name for one in earlier.parent.iterdir()] == ["report.json"]
    assert earlier.read_bytes() == b"earlier"


def test_a_database_is_shown_as_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--db", "没有/登记.db", "init"]) == 4
    assert "没有/登记.db" in capsys.readouterr().err
