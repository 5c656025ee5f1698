from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from codes.book import BookError

Fuwuma = Callable[..., tuple[int, str, str]]


def test_init_backup_verify(fuwuma: Fuwuma, tmp_path: Path) -> None:
    db, copy = str(tmp_path / "a.db"), str(tmp_path / "b.db")
    code, out, _ = fuwuma("init", "--db", db)
    assert (code, "就绪" in out) == (0, True)
    assert fuwuma("init", "--db", db)[0] == 0
    code, out, err = fuwuma("backup", copy, "--db", db, "--json")
    assert code == 0
    assert json.loads(out) == {"target": copy, "facilities": 0, "entries": 0}
    assert "已备份" in err
    code, out, _ = fuwuma("verify", "--db", copy, "--json")
    assert code == 0
    assert json.loads(out)["faults"] == []
    code, _, err = fuwuma("backup", copy, "--db", db)
    assert (code, "--force" in err) == (4, True)
    assert fuwuma("backup", copy, "--force", "--db", db)[0] == 0


def test_a_backup_in_a_process_of_its_own(tmp_path: Path) -> None:
    """There nothing else has loaded the tables: only in the tests did it find any to copy."""
    script = "from cli.main import main; main({!r})"
    for command in (["init"], ["backup", "copy.db"], ["verify", "--db", "copy.db"]):
        done = subprocess.run(
            [sys.executable, "-c", script.format(command)],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), command


def test_verify_finds_and_says(fuwuma: Fuwuma, tmp_path: Path) -> None:
    db = str(tmp_path / "a.db")
    fuwuma("init", "--db", db)
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute(
            "INSERT INTO audit_entry VALUES (3, '2026-01-01 00:00:00.000000', '王五', 'x', 'y',"
            " '{}', 'd', 'p', 'h')"
        )
    code, out, _ = fuwuma("verify", "--db", db)
    assert code == 1
    assert "第 1 至 2 条" in out
    assert "王五" in out
    code, out, _ = fuwuma("verify", "--db", db, "--json", "--lang", "en")
    kinds = [fault["kind"] for fault in json.loads(out)["faults"]]
    assert kinds == ["entries_missing", "entry_changed", "rows_changed"]


@pytest.mark.parametrize("command", [["verify"], ["backup", "copy.db"]])
def test_no_registry_yet(fuwuma: Fuwuma, tmp_path: Path, command: list[str]) -> None:
    absent = tmp_path / "absent.db"
    code, out, err = fuwuma(*command, "--db", str(absent))
    assert (code, out) == (4, "")
    assert "fuwuma init" in err
    assert not absent.exists()


def test_not_a_registry(fuwuma: Fuwuma, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as raw, raw:
        raw.execute("CREATE TABLE letters (id INTEGER)")
    for command in (["init"], ["verify"]):
        code, _, err = fuwuma(*command, "--db", str(other))
        assert code == 4
        assert "other.db" in err
    assert fuwuma("init", "--db", "mysql://x/y")[0] == 4
    assert fuwuma("init", "--db", str(tmp_path / "no" / "x.db"))[0] == 4


def test_a_registry_made_by_a_later_program(fuwuma: Fuwuma, tmp_path: Path) -> None:
    db = str(tmp_path / "a.db")
    fuwuma("init", "--db", db)
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (["init"], ["verify"], ["backup", str(tmp_path / "b.db")]):
        code, _, err = fuwuma(*command, "--db", db)
        assert code == 4
        assert "9999" in err


def test_verify_names_a_mistake_in_the_books(
    fuwuma: Fuwuma, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = str(tmp_path / "x.db")
    assert fuwuma("init", "--db", db)[0] == 0
    wrong = BookError("book.file_missing", path="codes/books/x/rows.csv")
    monkeypatch.setattr("codes.spec_check.check_spec", lambda: [wrong])
    code, shown, _ = fuwuma("verify", "--db", db)
    assert code == 1
    assert "codes/books/x/rows.csv" in shown


def test_somebody_elses_database_is_left_as_it_is(fuwuma: Fuwuma, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as raw, raw:
        raw.execute("CREATE TABLE mine (x)")
    before = other.read_bytes()
    for command in (["facility", "list"], ["verify"], ["init"], ["publish", str(tmp_path / "r")]):
        assert fuwuma(*command, "--db", str(other))[0] == 4
    assert other.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["other.db"]


@pytest.mark.parametrize("seen", ["", "abc", "g" * 64])
def test_verify_says_what_expect_takes(fuwuma: Fuwuma, tmp_path: Path, seen: str) -> None:
    db = str(tmp_path / "a.db")
    fuwuma("init", "--db", db)
    code, _, err = fuwuma("verify", "--expect", seen, "--db", db)
    assert (code, "64 位" in err) == (2, True)
    code, out, _ = fuwuma("verify", "--expect", "0" * 64, "--db", db)
    assert (code, "0" * 64 in out) == (1, True)
