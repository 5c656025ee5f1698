"""`fuwuma publish` and `fuwuma site serve` as a user and a script see them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cli import context
from cli.main import run
from exports.release.manifest import read_manifest
from registry.opinions.inbox import create_inbox
from registry.opinions.opinion import About
from registry.opinions.receive import Limits, Written, receive
from tests.exports.release.small_registry import code_of

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fuwuma(
    filled_sqlite: Engine,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Say]:
    """Run one command line on the small registry; return (exit code, output, error output)."""

    def say(*arguments: str) -> tuple[int, str, str]:
        context.current.json = False
        code = run([*arguments, "--db", str(filled_sqlite.url.database)])
        return code, *capsys.readouterr()

    before = context.current.db
    yield say
    context.current.json, context.current.db = False, before


def test_publish_says_what_it_wrote(fuwuma: Say, tmp_path: Path) -> None:
    code, out, _ = fuwuma("publish", str(tmp_path / "r"), "--on", "2026-11-22")
    assert code == 0
    assert "69 个设施，2026-11-22 的情况" in out
    assert "fuwuma.sqlite" in out
    assert not read_manifest(tmp_path / "r").synthetic


def test_a_release_of_an_earlier_day_does_not_replace_a_later_one(
    fuwuma: Say, release: Path, tmp_path: Path
) -> None:
    target = tmp_path / "r"
    shutil.copytree(release, target)
    standing = read_manifest(target)
    arguments = ("publish", str(target), "--on", "2020-01-01")
    code, out, err = fuwuma(*arguments)
    assert (code, out) == (2, "")
    assert (
        "里现有 2026-11-22 的发布版（69 个设施），要写的是 2020-01-01 的（2 个），没有替换。" in err
    )
    assert "--older" in err
    assert read_manifest(target) == standing
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
    code, out, _ = fuwuma(*arguments, "--older")
    assert code == 0
    assert "与上一版（2026-11-22）相比：新增 0、变更 2、关闭 0。" in out
    assert "上一版里有 67 个设施，这一版里没有了。" in out


def test_publishing_the_same_again_tells_no_changes(fuwuma: Say, tmp_path: Path) -> None:
    arguments = ("publish", str(tmp_path / "r"), "--on")
    said = fuwuma(*arguments, "2025-02-01")[1]
    assert "与上一版" not in said
    assert "重启" not in said
    said = fuwuma(*arguments, "2026-11-22")[1]
    assert "与上一版（2025-02-01）相比：新增 2、变更 " in said
    assert "、关闭 " in said
    assert "正在运行的网站仍显示原来的发布版，重启后换成新的。" in said
    said = fuwuma(*arguments, "2026-11-22")[1]
    assert "与上一版（2026-11-22）相比：新增 0、变更 0、关闭 0。" in said
    assert "重启" not in said


def test_published_answers_do_not_vanish_without_a_word(fuwuma: Say, tmp_path: Path) -> None:
    inbox, target = tmp_path / "inbox.db", str(tmp_path / "r")
    create_inbox(inbox)
    about = About("facility", code_of("nursery"))
    noon = datetime(2026, 11, 22, 4, tzinfo=UTC)
    receive(inbox, Written(about, "门口台阶太高", "", "zh"), "192.0.2.1", Limits(9, 9, 9, 9), noon)
    answered = fuwuma(
        "opinion", "answer", "1", "--text", "坡道十二月完工。", "--by", "李强", "--publish",
        "--inbox", str(inbox),
    )  # fmt: skip
    assert answered[0] == 0
    code, _, err = fuwuma("publish", target, "--inbox", str(inbox))
    assert (code, "--inbox" in err) == (0, False)
    assert read_manifest(tmp_path / "r").counts["opinion_answer"] == 1
    code, out, err = fuwuma("publish", target, "--json")
    assert (code, json.loads(out)["counts"]["opinion_answer"]) == (0, 0)
    assert "上一版登有 1 条意见答复，这次没有给 --inbox，新的发布版里都没有了。" in err


def test_publish_gives_one_json_document(fuwuma: Say, tmp_path: Path) -> None:
    arguments = ("publish", str(tmp_path / "r"), "--on", "2026-11-22", "--synthetic", "--json")
    code, out, err = fuwuma(*arguments)
    assert code == 0
    given = json.loads(out)
    assert given == json.loads((tmp_path / "r" / "manifest.json").read_text("utf-8"))
    assert given["synthetic"] is True
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--on", "22.11.2026"), 2, "读不出来"),
        (("--on", "2999-01-01"), 2, "还没有到"),
        (("--yesterday",), 2, "--yesterday"),
    ],
)
def test_a_wrong_command_writes_nothing(
    fuwuma: Say, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    given, _, err = fuwuma("publish", str(tmp_path / "r"), *arguments)
    assert given == code
    assert words in err
    assert not (tmp_path / "r").exists()


def test_somebody_elses_directory_is_refused(fuwuma: Say, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    code, _, err = fuwuma("publish", str(tmp_path))
    assert code == 4
    assert "没有发布版" in err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_without_a_registry_there_is_nothing_to_publish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = context.current.db
    code = run(["publish", str(tmp_path / "r"), "--db", str(tmp_path / "absent.db")])
    context.current.db = before
    assert code == 4
    assert "absent.db" in capsys.readouterr().err


def test_serving_what_is_no_release_is_refused(fuwuma: Say, tmp_path: Path) -> None:
    code, _, err = fuwuma("site", "serve", str(tmp_path))
    assert code == 4
    assert "没有发布版" in err


def test_a_port_that_is_taken_is_named(fuwuma: Say, release: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, _, err = fuwuma("site", "serve", str(release), "--port", port)
    assert code == 4
    assert f"{port} 端口启动：端口已被别的程序占用。" in err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_site_comes_up_answers_and_goes_down(
    release: Path,
    workers: str,
) -> None:
    starter = "from cli.main import main; main()"
    command = [sys.executable, "-c", starter, "site", "serve", str(release), "--port", "0"]
    command += ["--workers", workers]
    environment = {**os.environ, "FUWUMA_LANG": "zh", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True
    ) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/", said)
            assert found, said
            with urllib.request.urlopen(found[0], timeout=20) as answer:
                assert "基本公共服务设施" in answer.read().decode()
            server.send_signal(signal.SIGINT)
            rest, _ = server.communicate(timeout=20)
        finally:
            server.kill()
    assert "Traceback" not in rest
