"""The search index finds what plain looking finds, whatever the length."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.release.grams import contains, grams, match_expression, runs

SMALL = st.text(alphabet="医院第一文新湖(） aB2", max_size=12)


def _found(names: list[str], query: str) -> set[int]:
    db = sqlite3.connect(":memory:")
    try:
        db.execute(
            'CREATE VIRTUAL TABLE t USING fts5(grams, content="", detail=none, columnsize=0,'
            ' tokenize="ascii")'
        )
        db.executemany(
            "INSERT INTO t(rowid, grams) VALUES (?, ?)",
            [(number, grams(name)) for number, name in enumerate(names)],
        )
        match = match_expression(query)
        if not match:
            return set()
        hits = {row for (row,) in db.execute("SELECT rowid FROM t WHERE t MATCH ?", (match,))}
        return {row for row in hits if contains(names[row], query)}
    finally:
        db.close()


@given(st.lists(SMALL, min_size=1, max_size=8), SMALL)
@settings(max_examples=150, deadline=None)
def test_the_index_finds_what_looking_finds(names: list[str], query: str) -> None:
    looked = {number for number, name in enumerate(names) if runs(query) and contains(name, query)}
    assert _found(names, query) == looked


@pytest.mark.parametrize("query", ["医", "医院", "第一医", "一医院", "第一医院", "院"])
def test_one_two_and_more_characters(query: str) -> None:
    assert _found(["杭州市第一医院", "图书馆"], query) == {0}


def test_pairs_far_apart_do_not_match() -> None:
    assert _found(["医学院和学医院"], "医学医") == set()


@pytest.mark.parametrize("query", ['"', "* OR name", "NEAR(", "a AND", "'; --", ""])
def test_no_query_is_a_command(query: str) -> None:
    _found(["第一医院 or name"], query)
