"""What may leave is listed; what is private cannot be."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from codes.elements import all_fields
from exports.release.allow_list import AllowListError, allow_list
from exports.release.registry_rows import SOURCES
from exports.release.snapshot import SEARCH_TABLES

GOOD = """never = ["contact_name", "contact_phone"]
[facility]
title_zh = "设施"
title_en = "Facilities"
about_zh = "-"
about_en = "-"
key = ["code"]
[facility.columns]
code = {from = "facility.code", type = "text", zh = "编码", en = "Code"}
"""


def _read(tmp_path: Path, more: str) -> AllowListError:
    path = tmp_path / "columns.toml"
    path.write_text(GOOD + more, encoding="utf-8")
    with pytest.raises(AllowListError) as caught:
        allow_list(path)
    return caught.value


@pytest.mark.parametrize(
    "line",
    [
        'contact_phone = {from = "version.contact_phone", type = "text", zh = "电话", en = "Tel"}',
        'tel = {from = "version.contact_phone", type = "text", zh = "电话", en = "Phone"}',
        'contact_name = {from = "version.name", type = "text", zh = "人", en = "Who"}',
        'who = {from = "facility.contact_name", type = "text", zh = "人", en = "Who"}',
    ],
)
def test_a_private_column_is_refused_under_any_name(tmp_path: Path, line: str) -> None:
    error = _read(tmp_path, line)
    assert error.message_id == "release.list_private"
    assert "不得公开" in str(error)


def test_private_elements_are_refused_even_when_the_file_does_not_name_them(tmp_path: Path) -> None:
    path = tmp_path / "columns.toml"
    line = 'tel = {from = "version.contact_phone", type = "text", zh = "电话", en = "Phone"}'
    text = GOOD.replace('"contact_name", "contact_phone"', "") + line
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AllowListError, match="contact_phone"):
        allow_list(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('a = {from = "made", type = "text", zh = "甲", en = "A", colour = "red"}', "unknown_key"),
        ('a = {from = "made", type = "day", zh = "甲", en = "A"}', "unknown_kind"),
        (
            'a = {from = "made", type = "text", zh = "甲", en = "A", points_to = "b"}',
            "points_nowhere",
        ),
        (
            'a = {from = "made", type = "text", zh = "甲", en = "A", points_to = "facility", '
            'shows = "nmae"}',
            "points_nowhere",
        ),
        (
            'a = {from = "made", type = "text", zh = "甲", en = "A", values = "statuses"}',
            "points_nowhere",
        ),
    ],
)
def test_a_wrong_list_says_where(tmp_path: Path, line: str, message: str) -> None:
    error = _read(tmp_path, line)
    assert error.message_id == f"release.list_{message}"
    assert error.params["where"] == "facility.a"


def test_the_label_of_a_table_is_one_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "columns.toml"
    path.write_text(GOOD.replace('key = ["code"]', 'key = ["code"]\nlabel = "nmae"'), "utf-8")
    with pytest.raises(AllowListError, match="nmae"):
        allow_list(path)


def test_our_list_reads_and_forbids_every_private_element() -> None:
    listed = allow_list()
    private = {key for key, field in all_fields().items() if field.private}
    assert {"contact_name", "contact_phone"} <= private <= listed.never
    assert "recorded_by" in listed.never


def test_every_source_column_exists() -> None:
    for table in allow_list().tables.values():
        for column in table.columns_from(*SOURCES):
            alias, name = column.source.split(".")
            assert name in SOURCES[alias].c, f"{table.name}.{column.name}"


def test_the_snapshot_has_the_listed_columns_and_no_others(snapshot: sqlite3.Connection) -> None:
    tables = [
        row["name"]
        for row in snapshot.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if not row["name"].startswith("sqlite_stat")
    ]
    ours = [name for name in tables if not name.startswith(tuple(SEARCH_TABLES))]
    assert sorted(ours) == sorted(allow_list().tables)
    for name, table in allow_list().tables.items():
        found = [row["name"] for row in snapshot.execute(f'PRAGMA table_info("{name}")')]
        assert found == list(table.columns), name
    others = snapshot.execute("SELECT name FROM sqlite_schema WHERE type IN ('view', 'trigger')")
    assert others.fetchall() == []
