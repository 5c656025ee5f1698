"""Cut Chinese text so that one, two or any number of characters can be found in it.

The search index holds every pair of neighbouring characters and the last character by itself. Two
or more characters are looked up as pairs that must all occur; a single one as the beginning of a
pair. Pairs that occur far apart can match wrongly, so a hit is confirmed on the text (`contains`).
SQLite's own tokenizers do not do: unicode61 finds only beginnings of a run, trigram needs three.
"""

from __future__ import annotations

import re
import unicodedata
from operator import add
from typing import Final

_RUN: Final = re.compile(r"\w+")


def runs(text: str) -> list[str]:
    """Return the stretches of letters, digits and characters in `text`, half-width, one case.

    >>> runs("杭州市 第２医院(城北)")
    ['杭州市', '第2医院', '城北']
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _RUN.findall(folded.replace("_", " "))  # `\w` is `str.isalnum` and the underscore


def grams(text: str) -> str:
    """Return what is indexed for `text`, separated by spaces.

    >>> grams("第一医院")
    '第一 一医 医院 院'
    """
    parts: list[str] = []
    for run in runs(text):
        parts += map(add, run, run[1:])
        parts.append(run[-1])
    return " ".join(parts)


def match_expression(query: str) -> str:
    """Return the FTS5 expression that finds `query`; empty when it holds nothing to look for.

    >>> match_expression("医院 西")
    '"医院" AND "西"*'
    """
    return " AND ".join(dict.fromkeys(part for run in runs(query) for part in _parts(run)))


def contains(text: str, query: str) -> bool:
    """Say whether every run of `query` stands in one run of `text`.

    >>> contains("西湖区第一医院", "医院 西湖"), contains("医学院", "医院")
    (True, False)
    """
    if query in text:
        return True  # the common case, without taking either apart
    inside = runs(text)
    return all(any(run in other for other in inside) for run in runs(query))


def _parts(run: str) -> list[str]:
    if len(run) == 1:
        return [f'"{run}"*']
    return [f'"{run[start : start + 2]}"' for start in range(len(run) - 1)]


def code_parts(length: int, tail: int) -> tuple[str, ...]:
    """Return the SQL of every piece of the last `tail` characters of `code` that is indexed.

    Parts of a code that begin earlier begin with class or county, which are few: those are looked
    up in the index of codes itself.

    >>> code_parts(4, 5)
    ('substr(code, -5, 4)', 'substr(code, -4, 4)')
    """
    return tuple(f"substr(code, -{back}, {length})" for back in range(tail, length - 1, -1))


def code_expression(part: str, length: int) -> str:
    """Return the FTS5 expression that finds a part of a code's end; empty when it is too short.

    >>> code_expression("00174", 4)
    '"0017" AND "0174"'
    """
    pieces = [part[start : start + length] for start in range(len(part) - length + 1)]
    return " AND ".join(f'"{piece}"' for piece in pieces)
