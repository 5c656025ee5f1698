"""Pinyin initials of names, so that `wxyey` finds 文新幼儿园. A help in searching, nothing else.

A character is read as it is between its neighbours (长者 z, 长途 c): nearly as good as taking the
whole name apart, and names share their neighbourhoods, so a million take seconds.
"""

from __future__ import annotations

from typing import Any, Final

from pypinyin import Style, lazy_pinyin

from exports.release.grams import runs

LONGEST: Final = 4
"""Letters an indexed piece has at most; a longer query is looked up as several."""

MOST_KEPT: Final = 1 << 18


def initials(text: str) -> str:
    """Return the initials of every run of the text, separated by spaces.

    >>> initials("文新幼儿园（长者食堂A座）")
    'wxyey zzstaz'
    """
    return " ".join(_initials_of_run(run) for run in runs(text))


def initial_pieces(text: str) -> str:
    """Return what is indexed for a name: the letters from every place on, a few at a time.

    >>> initial_pieces("文新幼儿园")
    'wxye xyey yey ey y'
    """
    pieces: list[str] = []
    for run in map(_initials_of_run, runs(text)):
        pieces += [run[start : start + LONGEST] for start in range(len(run))]
    return " ".join(pieces)


def initials_expression(query: str) -> str:
    """Return the FTS5 expression that finds initials; empty when the query is none.

    >>> initials_expression("WXYEY"), initials_expression("yey"), initials_expression("文新")
    ('"wxye" AND "xyey"', '"yey"*', '')
    """
    letters = query.casefold()
    if len(letters) < 2 or not (letters.isascii() and letters.isalpha()):
        return ""
    if len(letters) < LONGEST:
        return f'"{letters}"*'
    pieces = (letters[at : at + LONGEST] for at in range(len(letters) - LONGEST + 1))
    return " AND ".join(dict.fromkeys(f'"{piece}"' for piece in pieces))


class _Initials(dict[str, str]):
    """Three neighbouring characters -> the initial of the one in the middle; kept once read."""

    def __missing__(self, neighbourhood: str) -> str:
        if len(self) >= MOST_KEPT:
            self.clear()
        self[neighbourhood] = initial = _initial(neighbourhood)
        return initial


_INITIALS: Final = _Initials()


def _initials_of_run(run: str) -> str:
    around = f" {run} "
    return "".join([_INITIALS[around[start : start + 3]] for start in range(len(run))])


def _initial(neighbourhood: str) -> str:
    """Return the initial of the character in the middle of three; what has none is kept."""
    if neighbourhood[1].isascii():
        return neighbourhood[1]
    read = _read(neighbourhood.strip())  # a blank stands before and after the run
    return read[0 if neighbourhood[0] == " " else 1]


def _read(characters: str) -> list[str]:
    letters = lazy_pinyin(characters, style=Style.FIRST_LETTER, errors=_each)
    return [letter or character for letter, character in zip(letters, characters, strict=True)]


def _each(unread: str) -> Any:
    """Give back every character that has no reading, so that letters and characters keep step."""
    return list(unread)
