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
