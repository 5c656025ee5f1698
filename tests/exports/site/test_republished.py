"""A site keeps to the release it started with, whatever is published into its directory since."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from codes.errors import StoreError
from exports.release.directory import replacing
from exports.release.manifest import read_manifest
from exports.site.app import datasette_of
from exports.site.catalogue import read_catalogue
from exports.site.held import hold
from exports.site.settings import site_settings
from tests.exports.release.small_registry import ON, code_of
from tests.exports.site.conftest import opened_site

CSV = "facilities.csv"
LATER = "2026-11-23"
THREADS = site_settings().datasette["num_sql_threads"]


def published_again(release: Path, target: Path) -> None:
    """Put another release in the place of the one in `target`: its table is as long as before."""
    with replacing(target) as building:
        shutil.copytree(release, building, dirs_exist_ok=True)
        csv = building / CSV
        csv.write_bytes(csv.read_bytes().replace("运营".encode(), "暂停".encode()))
        with closing(sqlite3.connect(building / "fuwuma.sqlite")) as db:
            db.execute("UPDATE facility SET name = '后来的名称', longitude = NULL, latitude = NULL")
            db.commit()
        manifest = building / "manifest.json"
        manifest.write_text(manifest.read_text().replace(str(ON), LATER))
    assert read_manifest(target).release_date == LATER


def test_the_site_keeps_to_the_release_it_started_with(release: Path, tmp_path: Path) -> None:
    target = tmp_path / "a #? %20 place"
    shutil.copytree(release, target)
    with opened_site(target) as site:
        published_again(release, target)
        for row in read_manifest(release).files:
            answer = site.get(f"/download/{row.name}")
            assert hashlib.sha256(answer.content).hexdigest() == row.sha256, row.name
            assert answer.headers["etag"] == f'"{row.sha256}"'
        manifest = site.get("/download/manifest.json")
        assert manifest.content == (release / "manifest.json").read_bytes()
        same = {"if_none_match": manifest.headers["etag"]}
        assert site.get("/download/manifest.json", **same).status_code == 304
        assert site.get("/about.json").json()["release_date"] == str(ON)
        assert "后来的名称" not in site.get(f"/code/{code_of('nursery')}").text
        assert site.get("/map.json?bbox=70,10,140,60").json()["total"] > 0


def test_a_release_replaced_on_the_way_is_not_mixed_with_the_new_one(
    release: Path, tmp_path: Path
) -> None:
    target = tmp_path / "release"
    shutil.copytree(release, target)
    held = hold(target)
    catalogue = read_catalogue(held)
    published_again(release, target)
    for late in (lambda: read_catalogue(held), lambda: datasette_of(catalogue)):
        with pytest.raises(StoreError) as caught:
            late()
        assert caught.value.message_id == "site.release_replaced"
    held.check()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system shows no processes")
def test_a_worker_never_comes_back_with_another_release(release: Path, tmp_path: Path) -> None:
    target = tmp_path / "release"
    shutil.copytree(release, target)
    starter = "from cli.main import main; main()"
    command = [sys.executable, "-c", starter, "site", "serve", str(target), "--port", "0"]
    environment = {**os.environ, "FUWUMA_LANG": "zh", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "--workers", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
            assert found
            assert _day(found[0]) == str(ON)
            one, other = _workers(server.pid, 2)
            published_again(release, target)
            os.kill(one, signal.SIGKILL)
            assert "不再补起" in server.stdout.readline()
            assert [_day(found[0]) for _ in range(4)] == [str(ON)] * 4
            assert _workers(server.pid, 1) == [other]
            os.kill(other, signal.SIGKILL)
            rest, _ = server.communicate(timeout=20)
        finally:
            server.kill()
    assert server.returncode == StoreError.exit_code
    assert "已换成另一个发布版" in rest
    assert "Traceback" not in rest


def _day(url: str) -> str:
    with urllib.request.urlopen(f"{url}about.json", timeout=20) as answer:
        return str(json.load(answer)["release_date"])


def _workers(parent: int, expected: int) -> list[int]:
    """Return the workers of a server that have opened the snapshot; waits for so many."""
    deadline = time.monotonic() + 20
    found: list[int] = []
    while len(found) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
        found = [one for one in _children(parent) if _times_open(one, "fuwuma.sqlite") > THREADS]
    return found


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(one) for one in listed.split()]


def _times_open(process: int, name: str) -> int:
    try:
        return sum(name in str(one.readlink()) for one in Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # it ended meanwhile
        return 0
