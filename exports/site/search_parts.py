"""A query taken apart: 文新幼儿园 is a place and a kind, 西湖 a02 a place and the start of a code.

Every part has to be met somewhere: by the facility's words, by where it is, by its type, by its
grade, or by its code. A run of characters is parted only where a place begins it, a kind ends it,
or a code stands at one of its ends; words that only join parts (文新街道的幼儿园) are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from codes import facility_code
from codes.value_lists import find_value, list_names
from exports.release.grams import contains, match_expression
from exports.release.search_keys import CODE, GRADE, PLACE, TYPE, key_expression
from exports.release.snapshot import CODE_PIECE
from exports.site.catalogue import Catalogue, Row
from exports.site.naming import known_codes, known_names
from exports.site.settings import site_settings

SHORTEST_CODE_START: Final = 3
SHORTEST_PLACE: Final = 2
COUNTY: Final = "county"
DIVISION: Final = "division"
GRADES: Final = "grade_"
"""What the names of the lists of grades begin with."""

_CODE_PART: Final = re.compile(r"[A-Z]?[0-9]+")
_CODE_AT_AN_END: Final = re.compile(
    r"(?P<before>[a-z]?[0-9][0-9-]+)(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])(?P<after>[a-z]?[0-9][0-9-]+)$"
)
_PLACES_OF_ROW: Final = ("county_code", "township_code", "division_code")


@dataclass(frozen=True)
class Part:
    """One part of a query: its words, what is so called, the part of a code it is.

    `places` and `types` are codes, `grades` values of the lists of grades.

    `starts` are the beginnings of codes that hold the part. `anywhere` says that every facility of
    the release lies in the place named.
    """

    words: str
    places: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()
    code: str = ""
    starts: tuple[str, ...] = ()
    anywhere: bool = False

    @property
    def means_more(self) -> bool:
        """Whether something else than the facility's own words may meet it."""
        return bool(self.places or self.types or self.grades or self.code)

    def expression(self) -> str:
        """Return the FTS5 expression for the index of texts and keys."""
        keys = {PLACE: self.places, TYPE: self.types, GRADE: self.grades, CODE: self.starts}
        ways = [match_expression(self.words)]
        ways += [
            key_expression(mark, one) for mark, values in keys.items() for one in sorted(values)
        ]
        return " OR ".join(f"({way})" for way in ways if way)

    def is_met(self, row: Row, words: str) -> bool:
        """Say whether a facility that goes by these words meets it."""
        return (
            contains(words, self.words)
            or any(row[column] in self.places for column in _PLACES_OF_ROW)
            or row["type_code"] in self.types
            or row["grade"] in self.grades
            or bool(self.code and self.code in row["code"])
        )


def parts_of(catalogue: Catalogue, query: str) -> tuple[Part, ...]:
    """Return the parts of a tidied query, each once, in its order."""
    words = _joined(known_names(catalogue), query.casefold().split())
    pieces = [piece for word in words for piece in _pieces(catalogue, word)]
    telling = [piece for piece in pieces if piece not in site_settings().fillers] or pieces
    return tuple(dict.fromkeys(_part(catalogue, piece) for piece in telling))


def code_part(words: str) -> str:
    """Return the part of a code that words are, compact; empty when they can be none.

    >>> code_part("e02-33"), code_part("330106"), code_part("12"), code_part("医院")
    ('E0233', '330106', '', '')
    """
    part = facility_code.compact(words)
    if not _CODE_PART.fullmatch(part):
        return ""
    shortest = SHORTEST_CODE_START if part[0].isalpha() else CODE_PIECE
    return part if len(part) >= shortest else ""


def _joined(known: dict[str, list[tuple[str, str]]], words: list[str]) -> Iterator[str]:
    """Put words together again that are one name, such as nursing home."""
    while words:
        ends = (end for end in range(len(words), 1, -1) if " ".join(words[:end]) in known)
        end = next(ends, 1)
        yield " ".join(words[:end])
        words = words[end:]


def _pieces(catalogue: Catalogue, word: str) -> Iterator[str]:
    known = known_names(catalogue)
    while word not in known and (code := _CODE_AT_AN_END.search(word)):
        yield code.group()
        word = word[code.end() :] if code["before"] else word[: code.start()]
    while word not in known and (place := _place_before(known, word)):
        yield place
        word = _without_filler(word.removeprefix(place))
    kind = "" if word in known else _kind_behind(known, word)
    yield from filter(None, (word.removesuffix(kind), kind))


def _without_filler(word: str) -> str:
    fillers = (one for one in site_settings().fillers if not one.isascii() and word != one)
    filler = next((one for one in fillers if word.startswith(one)), "")
    return word.removeprefix(filler)


def _place_before(known: dict[str, list[tuple[str, str]]], word: str) -> str:
    """Return the longest name of a place that the word begins with and goes on after."""
    starts = (word[:end] for end in range(len(word) - 1, SHORTEST_PLACE - 1, -1))
    return next((one for one in starts if _is_place(known.get(one, []))), "")


def _kind_behind(known: dict[str, list[tuple[str, str]]], word: str) -> str:
    """Return the longest name of a kind that the word ends with, with something before it."""
    ends = (word[start:] for start in range(1, len(word) - 1))
    return next((one for one in ends if _has_kind(known.get(one, []))), "")


def _is_place(named: list[tuple[str, str]]) -> bool:
    return any(table == DIVISION for table, _ in named)


def _has_kind(named: list[tuple[str, str]]) -> bool:
    return any(table != DIVISION for table, _ in named)


def _part(catalogue: Catalogue, words: str) -> Part:
    code = code_part(words)
    starts = tuple(start for start in catalogue.code_starts if code and code in start)
    called = [*known_names(catalogue).get(words, ())]
    if not starts:  # what begins codes is looked up as such
        called += known_codes(catalogue).get(words, ())
    return part_called(catalogue, words, called, code, starts)


def part_called(
    catalogue: Catalogue,
    words: str,
    called: Iterable[tuple[str, str]],
    code: str = "",
    starts: tuple[str, ...] = (),
) -> Part:
    """Return the part that stands for the kinds and places (public table, code) it is to mean."""
    places: set[str] = set()
    types: set[str] = set()
    for table, one in called:
        if table == DIVISION:
            places |= _counties_below(catalogue, one) or {one}
        else:
            types |= set(_types_of(catalogue, table, one))
    counties = {row["code"] for row in catalogue.counties()}
    anywhere = bool(counties) and places >= counties
    kinds, grades = frozenset(types), grades_called(words)
    return Part(words, frozenset(places), kinds, grades, code, starts, anywhere)


@cache
def _grade_lists() -> tuple[str, ...]:
    return tuple(name for name in list_names() if name.startswith(GRADES))


def grades_called(words: str) -> frozenset[str]:
    """Return the grades that words are a name of, in any list.

    >>> grades_called("三甲"), grades_called("幼儿园")
    (frozenset({'三级甲等'}), frozenset())
    """
    values = (find_value(name, words) for name in _grade_lists())
    return frozenset(value for value in values if value)


def _counties_below(catalogue: Catalogue, code: str) -> set[str]:
    """Return the counties of a city or province; none of a county or what lies in one."""
    below = catalogue.below(code)
    counties = {row["code"] for row in below if row["level"] == COUNTY}
    upper = [row["code"] for row in below if row["level"] in ("city", "province")]
    return counties.union(*(_counties_below(catalogue, one) for one in upper))


def _types_of(catalogue: Catalogue, table: str, code: str) -> list[str]:
    if table == "facility_type":
        return [code]
    classes = [code] if table == "class" else [row["code"] for row in catalogue.classes_of(code)]
    return [row["code"] for one in classes for row in catalogue.types_of(one)]
