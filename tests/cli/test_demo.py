"""`fuwuma demo`: one small city played through, then what else may happen to its folder."""

from __future__ import annotations

import io
import json
import shlex
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine

from cli import context, demo_folder
from cli.main import run
from codes.china_time import today
from codes.messages import use_language
from exports.release.manifest import check_files, read_manifest
from registry.db import DEFAULT_DB, open_registry, reading
from registry.facilities.lookup import find, history
from registry.facilities.succession import standing
from registry.synthetic.mark import is_synthetic

Say = Callable[..., tuple[int, str, str]]
SIZE = "300"


@pytest.fixture
def fuwuma(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    monkeypatch.setattr(context.current, "json", False)
    monkeypatch.setattr(context.current, "db", DEFAULT_DB)

    def say(*arguments: str) -> tuple[int, str, str]:
        context.current.json = False
        return run(list(arguments)), *capsys.readouterr()

    yield say
    use_language("zh")


@dataclass(frozen=True)
class Played:
    folder: Path
    document: dict[str, Any]
    complaint: str


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A demonstration, once for the whole module, with the JSON it gave."""
    folder = tmp_path_factory.mktemp("played") / "demo"
    said, complaint = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context.current, "db", DEFAULT_DB)
        patch.setattr(context.current, "json", False)
        use_language("zh")
        with redirect_stdout(said), redirect_stderr(complaint):
            assert run(["demo", str(folder), "--size", SIZE, "--json"]) == 0
    yield Played(folder, json.loads(said.getvalue()), complaint.getvalue())


@pytest.fixture
def played(demonstration: Played) -> Path:
    return demonstration.folder


@pytest.fixture
def registry_of(played: Path) -> Iterator[Engine]:
    engine = open_registry(str(played / "fuwuma.db"))
    yield engine
    engine.dispose()


def test_everything_it_speaks_of_is_there(played: Path) -> None:
    assert sorted(path.name for path in played.iterdir()) == sorted(
        [".fuwuma-demo", "fuwuma.db", "release", "回执", "报送"]
    )
    sent = {path.suffix for path in (played / "报送").iterdir()}
    assert sent == {".csv", ".xlsx"}
    assert all(path.name.startswith("合成-") for path in (played / "报送").iterdir())
    receipt = next((played / "回执").iterdir())
    workbook = openpyxl.load_workbook(receipt)
    assert workbook.sheetnames[0] == "问题汇总"
    assert any("检查结果" in str(cell.value) for cell in workbook.worksheets[1]["B"])


def test_the_release_is_whole_and_says_that_it_is_made_up(played: Path) -> None:
    manifest = read_manifest(played / "release")
    check_files(played / "release", manifest)
    assert manifest.synthetic
    assert manifest.counts["facility"] > 250


def test_the_registry_is_marked_and_verifies(
    played: Path, registry_of: Engine, fuwuma: Say
) -> None:
    with reading(registry_of) as session:
        assert is_synthetic(session)
    assert fuwuma("verify", "--db", str(played / "fuwuma.db"))[0] == 0


def test_rejected_and_held_rows_stay_out(played: Path) -> None:
    with sqlite3.connect(played / "fuwuma.db") as connection:
        counts = dict(
            connection.execute("SELECT outcome, count(*) FROM upload_row GROUP BY outcome")
        )
        coded = connection.execute("SELECT count(*) FROM facility").fetchone()[0]
        people = connection.execute("SELECT submitted_by, decided_by FROM upload").fetchall()
    connection.close()
    assert counts["rejected"] > 0
    assert counts["held"] > 0
    assert coded == counts["created"] + 2  # the two campuses
    assert all(one != other and other for one, other in people)


def test_events_leave_their_traces(played: Path, registry_of: Engine) -> None:
    with sqlite3.connect(played / "fuwuma.db") as connection:
        acts = dict(connection.execute("SELECT action, subject FROM audit_entry").fetchall())
        links = connection.execute("SELECT kind, count(*) FROM succession GROUP BY kind").fetchall()
    connection.close()
    assert {"close", "merge", "split", "change", "synthetic"} <= set(acts)
    assert dict(links) == {"merged": 1, "split": 2}
    with reading(registry_of) as session:
        assert find(session, acts["close"]).status == "关闭"
        assert find(session, acts["split"]).status == "已拆分"
        assert len(standing(session, acts["split"], today())) == 2
        renamed = find(session, acts["change"])
        assert renamed.name.endswith("（示例更名）")
        assert len(history(session, acts["change"]).versions) == 2


def test_the_command_it_names_evaluates_the_city(demonstration: Played, fuwuma: Say) -> None:
    program, *arguments = shlex.split(demonstration.document["evaluate"])
    assert program == "fuwuma"
    assert str(demonstration.folder / "fuwuma.db") in arguments
    code, said, complaint = fuwuma(*arguments, "--json")
    assert (code, complaint) == (0, "")
    found = json.loads(said)
    assert any(one["value"] is not None for one in found)
    with sqlite3.connect(demonstration.folder / "fuwuma.db") as connection:
        (figures,) = connection.execute("SELECT count(*) FROM population_figure").fetchone()
    connection.close()
    assert figures == demonstration.document["census"] > 0


def test_the_json_adds_up(demonstration: Played) -> None:
    document, folder = demonstration.document, demonstration.folder
    assert demonstration.complaint == ""
    assert document["synthetic"] is True
    totals = document["totals"]
    outcomes = ("created", "updated", "unchanged", "rejected", "held")
    assert totals["rows"] == sum(totals[name] for name in outcomes)
    assert len(document["uploads"]) == len(list((folder / "报送").iterdir()))
    receipts = [Path(one["receipt"]) for one in document["uploads"] if one["receipt"]]
    assert sorted(receipts) == sorted((folder / "回执").iterdir())
    assert [one["kind"] for one in document["events"]] == ["close", "merge", "split", "rename"]
    assert document["serve"] == f"fuwuma site serve {folder / 'release'}"


def test_again_in_the_same_folder_in_english_with_a_registry_elsewhere(
    played: Path, tmp_path: Path, fuwuma: Say
) -> None:
    folder, elsewhere = tmp_path / "again", tmp_path / "elsewhere.db"
    shutil.copytree(played, folder)
    (folder / "报送" / "left over.csv").write_text("x", encoding="utf-8")
    (folder / "my notes.txt").write_text("keep me", encoding="utf-8")
    code, said, complaint = fuwuma(
        "demo", str(folder), "--size", SIZE, "--lang", "en", "--db", str(elsewhere)
    )
    assert (code, complaint) == (0, "")
    assert "Everything here is made up" in said
    assert f"fuwuma site serve {folder / 'release'}" in said
    assert f"fuwuma --db {elsewhere} evaluate indicators" in said
    assert not (folder / "报送" / "left over.csv").exists()
    assert (folder / "my notes.txt").read_text(encoding="utf-8") == "keep me"
    assert elsewhere.exists()
    assert not (folder / "fuwuma.db").exists()
    same = {path.name: path.read_bytes() for path in (played / "报送").glob("*.csv")}
    assert same == {path.name: path.read_bytes() for path in (folder / "报送").glob("*.csv")}


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path, fuwuma: Say) -> None:
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送" / "real.csv").write_text("real", encoding="utf-8")
    code, said, complaint = fuwuma("demo", str(tmp_path))
    assert (code, said) == (2, "")
    assert "--force" in complaint
    assert (tmp_path / "报送" / "real.csv").read_text(encoding="utf-8") == "real"
    assert not (tmp_path / ".fuwuma-demo").exists()


def test_force_replaces_only_what_is_the_demonstrations(tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "old").write_text("x", encoding="utf-8")
    (tmp_path / "other").write_text("keep", encoding="utf-8")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("keep", encoding="utf-8")
    (tmp_path / "回执").symlink_to(outside)
    folder = demo_folder.prepare(tmp_path, force=True)
    assert not folder.release.exists()
    assert (tmp_path / "other").exists()
    assert (outside / "kept").exists()


def test_a_file_is_no_folder(tmp_path: Path, fuwuma: Say) -> None:
    (tmp_path / "demo").write_text("x", encoding="utf-8")
    code, _, complaint = fuwuma("demo", str(tmp_path / "demo"))
    assert code == 2
    assert "demo" in complaint


def test_a_registry_with_facilities_is_refused(played: Path, tmp_path: Path, fuwuma: Say) -> None:
    code, said, complaint = fuwuma("demo", str(tmp_path / "new"), "--db", str(played / "fuwuma.db"))
    assert (code, said) == (2, "")
    assert "空库" in complaint


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_a_size_that_is_none_is_a_wrong_command(tmp_path: Path, fuwuma: Say, size: str) -> None:
    code, _, complaint = fuwuma("demo", str(tmp_path / "d"), "--size", size)
    assert code == 2
    assert complaint
    assert not (tmp_path / "d").exists()
