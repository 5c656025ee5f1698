"""No page shows a reader the words that are meant for programs; files and JSON keep them."""

from __future__ import annotations

import re
import sqlite3
from typing import get_args

import pytest

from codes.indicator_types import Direction, Role
from exports.release.allow_list import PublicColumn, allow_list
from exports.site.machine_words import _NAMES, MESSAGES, word_of
from tests.exports.site.conftest import Site

FOR_PROGRAMS = re.compile(r"[a-z]{2,}(_[a-z0-9]+)*|True|False")
CHINESE = re.compile("[一-鿿]")
NAMES = {"dictionary.column_name", "field.key", "policy.code", "rule.id"}
"""Columns that tell a name as it stands in the files; what it is called stands beside."""

LISTED = [
    (f"{table.name}.{column.name}", column)
    for table in allow_list().tables.values()
    for column in table.columns.values()
    if column.kind == "text"
]


def _values(snapshot: sqlite3.Connection, where: str) -> list[str]:
    table, name = where.split(".")
    sql = f'SELECT DISTINCT "{name}" FROM "{table}" WHERE "{name}" <> \'\' LIMIT 100'
    return [value for (value,) in snapshot.execute(sql)]


def test_no_column_is_all_words_for_programs(snapshot: sqlite3.Connection) -> None:
    bare = [
        where
        for where, column in LISTED
        if not (column.points_to or column.values or column.words)
        and where not in NAMES
        and not where.endswith(".code")
        and (values := _values(snapshot, where))
        and all(FOR_PROGRAMS.fullmatch(value) for value in values)
    ]
    assert bare == []


@pytest.mark.parametrize(("where", "column"), [(one, row) for one, row in LISTED if row.words])
def test_every_word_has_a_name(
    snapshot: sqlite3.Connection, where: str, column: PublicColumn
) -> None:
    known = {"direction": get_args(Direction), "role": get_args(Role)}
    values = [*_values(snapshot, where), *known.get(column.name, ())]
    named = {value: word_of(str(column.words), value, "zh") for value in values}
    assert {value: name for value, name in named.items() if not CHINESE.search(name)} == {}
    in_english = [word_of(str(column.words), value, "en") for value in values]
    assert [name for name in in_english if "_" in name or CHINESE.search(name)] == []


@pytest.mark.parametrize(
    ("table", "word", "zh", "en"),
    [
        ("division", "township", "乡级", "township"),
        ("rule", "must", "必须改正", "must"),
        ("value_label", "ownership", "举办性质", "Ownership"),
        ("type_field", "annual_outpatients", "年诊疗人次", "Outpatient visits a year"),
        ("release", "licence", "许可", "Licence"),
    ],
)
def test_a_table_says_what_people_call_it(
    site: Site, table: str, word: str, zh: str, en: str
) -> None:
    cell = re.compile(r"<td[^>]*>(?:<[^>]+>)*([^<]+)")
    address = f"/fuwuma/{table}?_size=100"
    shown = cell.findall(site.get(f"{address}&lang=zh").text)
    assert zh in shown
    assert word not in shown
    assert en in cell.findall(site.get(f"{address}&lang=en").text)
    assert word in site.get(f"/fuwuma/{table}.json?_size=500").text


@pytest.mark.parametrize("words", [*MESSAGES, *_NAMES])
def test_a_word_without_a_name_is_shown_itself(words: str) -> None:
    assert word_of(words, "no_such_word", "zh") == "no_such_word"
