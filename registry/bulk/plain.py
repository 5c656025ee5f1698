"""Cells that mean what they show: what the exact path would take as it stands, and say nothing of.

A cell that is not plain (spaces, full-width digits, an alias, `2015/9/1`, `约3200`) makes its row
one for the exact path. What is called plain here must be so there; the reverse is not needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from sqlglot import exp

from codes.book import load_book
from codes.departments import departments
from codes.elements import FIGURES, Field, all_fields
from codes.facility_types import facility_types
from codes.names import fold
from codes.private_numbers import LONG, card_digits, identity_card, mobile_beside_words
from codes.reserved_names import NUMERALS, SECTION
from codes.text_fixes import (
    garbled_words,
    is_clear_token,
    is_joined,
    is_placeholder,
    misspellings,
    words_without_content,
)
from codes.units import conversion
from registry.bulk.compile.values import DATE, Value, any_of, literal, matches, negated
from registry.uploads.normalising.garbled import gbk_beginnings
from registry.uploads.normalising.identity import CONTACTS
from registry.uploads.normalising.row import known_fields

CHINESE: Final = "一-鿿"
WIDE: Final = "（），：；！？－／＋＃％＆．～"
"""Punctuation whose half-width form is one character: a text keeps it, a name is compared by it."""

NARROW: Final = "(),:;!?-/+#%&.~"
MARKS: Final = "、。《》“”‘’·—〔〕【】"
TEXTS_PLAIN: Final = "texts plain"
CODES_PLAIN: Final = "codes plain"
STRANGER: Final = f"[^ !-~{CHINESE}{WIDE}{MARKS}]"
CODE_STRANGER: Final = rf"[^0-9A-Z{CHINESE}〔〕\[\]\-]"
ENDS: Final = "^ | $|  "
"""Spaces that a text loses."""

MARKUP: Final = "<[A-Za-z!/]|&[A-Za-z#]"
"""How marks and signs of web pages begin."""

BROKEN: Final = "^[=#]"
"""How formulas and errors begin that are typed as text."""

SCIENTIFIC: Final = r"^[0-9](\.[0-9]+)?[eE]\+[0-9]{1,3}$"


FIGURE: Final = r"^[+-]?[0-9]{1,14}(?:\.[0-9]{1,9})?$"
"""A figure of fewer digits than the number of a person has, as such a figure is read in SQL."""


def is_odd(key: str, value: Value, unit: str | None, types: Sequence[str] | None) -> exp.Expr:
    """Return the condition under which a filled cell is not plain for some type that is looked at.

    `unit` is the one in the header of its column; `types` None are all. NULL means it is plain.
    """
    return any_of([odd_in(field, value, unit) for field, _ in variants(key, types)])


def variants(key: str, types: Sequence[str] | None) -> Iterator[tuple[Field, list[str]]]:
    """Yield the forms of a field and the types that have it so; `type` is looked up elsewhere."""
    found: dict[tuple[object, ...], tuple[Field, list[str]]] = {}
    every = facility_types() if types is None else types
    for code in every if key != "type" else ():
        field = known_fields(code or None).get(key) or all_fields()[key]
        form = (field.kind, field.choices, field.unit_zh)
        found.setdefault(form, (field, []))[1].append(code)
    yield from found.values()


def odd_in(field: Field, value: Value, unit: str | None) -> exp.Expr:
    """Return the condition under which a filled cell is not plain in this form of a field."""
    if field.key == "department":
        # of the type's own departments: that another is not its owner is said of its code
        return negated(value.text.copy().isin(*_department_words(field.choices)))
    if field.kind == "choice":
        return negated(value.text.copy().isin(*field.choices))
    if field.kind == "date":
        return negated(matches(value.text, DATE))
    if field.kind in FIGURES:
        converted = bool(unit) and conversion(str(unit), field.unit_zh or "") != 1.0
        return exp.true() if converted else negated(matches(value.text, FIGURE))
    return _holds(value.text, *odd_patterns(field.key, field.kind))


def odd_patterns(key: str, kind: str) -> Iterator[str]:
    """Yield patterns of which one is found in every cell of a text or a code that is not plain.

    They are as RE2 and Python's `re` read them alike.
    """
    if kind != "code":
        yield from _odd_texts(key)
        return
    yield _odd_code()
    if key == "code":
        yield "-"  # it is compared as it is stored, without the hyphens it is printed with


def footer_perhaps(text: exp.Expr) -> exp.Expr:
    """Return the condition under which a cell may begin a footer or be a heading of a section."""
    return _holds(text, STRANGER, ENDS, _footer(), SECTION)


def plain_together(
    values: Mapping[str, Value], types: Sequence[str] | None = None
) -> Iterator[tuple[str, exp.Expr]]:
    """Yield columns that say of all texts of a row at once, and of all codes, that they are plain.

    `types` are those that are looked at, None for all.

    A line break parts the cells: no cell of a canonical file holds one.
    """
    texts, codes = [], []
    for key in values:
        kinds = {field.kind for field, _ in variants(key, types)}
        if kinds & {"text"}:
            texts.append(key)
        if kinds & {"code"}:
            codes.append(key)
    odd_texts = dict.fromkeys(one for key in texts for one in _odd_texts(key))
    for name, keys, patterns in (
        (TEXTS_PLAIN, texts, odd_texts),
        (CODES_PLAIN, codes, [_odd_code()]),
    ):
        cells = [values[key].text.copy() for key in keys]
        parted = [literal("\n"), *cells, literal("")]
        joined = exp.Anonymous(this="concat_ws", expressions=parted)
        said = _in_lines("|".join(patterns)) if keys else "^x$"
        yield name, exp.Not(this=exp.RegexpLike(this=joined, expression=literal(said)))


def _in_lines(pattern: str) -> str:
    """The pattern as it finds a line among others; sets of characters have no line break."""
    parts = re.split(r"(\\.|\[(?:\\.|[^\]\\])*\])", pattern)
    for at in range(0, len(parts), 2):
        parts[at] = parts[at].replace("^", r"(?:^|\n)").replace("$", r"(?:\n|$)")
    return "".join(one.replace("[^", r"[^\n") if one[:2] == "[^" else one for one in parts)


def _odd_code() -> str:
    return f"{CODE_STRANGER}|{_says_nothing()}|{identity_card().digits}|[0-9]-[0-9]"


def _holds(text: exp.Expr, *patterns: str) -> exp.Expr:
    """Whether one of the patterns is found; in one pattern they cost as much as the dearest."""
    return exp.RegexpLike(this=text.copy(), expression=exp.Literal.string("|".join(patterns)))


def _odd_texts(key: str) -> Iterator[str]:
    """Yield patterns for what is not plain in a text; they may fit a few plain texts more."""
    yield STRANGER
    yield ENDS
    yield SCIENTIFIC
    yield BROKEN
    yield _says_nothing()
    yield MARKUP
    yield LONG.pattern
    if key in CONTACTS:
        yield "[0-9]{13}"
        yield from card_digits()
    yield f"^[{re.escape(gbk_beginnings())}]"
    yield from map(re.escape, garbled_words(key))
    yield from (re.escape(seen) for seen, _ in misspellings(key))
    if is_joined(key):
        yield f"[{CHINESE}] [{CHINESE}]"
    if key == "name":
        yield f"^(?:{'|'.join(map(_however_typed, _reserved('example')))})"
        yield _footer()
        yield SECTION
        yield mobile_beside_words()


def _footer() -> str:
    """A pattern for a footer's word alone, before a colon, a blank or a count, and for a count."""
    words = "|".join(map(_however_typed, _reserved("footer")))
    return f"^(?:{words})(?:[ :：{NUMERALS}].*)?$|^共 ?有? ?[{NUMERALS}]"


def _however_typed(word: str) -> str:
    """A pattern for what a folded word is folded from, as far as such a text is plain else."""
    return " ?".join(map(_typed, word))


def _typed(character: str) -> str:
    at = NARROW.find(character)
    wide = WIDE[at] if at >= 0 else ""
    if wide or (character.isascii() and character.isalpha()):
        return f"[{re.escape(character)}{wide}{character.upper() if not wide else ''}]"
    return re.escape(character)


def folded(text: exp.Expr) -> exp.Expr:
    """Return a plain text as `codes.names.fold` gives it."""
    bare = exp.func("replace", text.copy(), exp.Literal.string(" "), exp.Literal.string(""))
    wide, narrow = exp.Literal.string(WIDE), exp.Literal.string(NARROW)
    return exp.Anonymous(this="translate", expressions=[exp.Lower(this=bare), wide, narrow])


@cache
def _says_nothing() -> str:
    """A pattern for a word without content, or the token that clears."""
    return f"^(?:{'|'.join(map(_however_typed, _nothing()))})$"


@cache
def _nothing() -> tuple[str, ...]:
    seen = [row["seen"] for row in load_book("text_fixes").rows]
    words = [one for one in seen if is_placeholder(one) or is_clear_token(one)]
    bare = [one.strip("[]【】") for one in seen if is_clear_token(one)]
    return tuple(sorted({fold(one) for one in (*words, *bare)} | words_without_content()))


@cache
def _reserved(kind: str) -> tuple[str, ...]:
    """How rows begin that are no data: folded, without the colon that may follow."""
    rows = load_book("reserved_names").rows
    return tuple(fold(row["name"]).rstrip(":") for row in rows if row["kind"] == kind)


def _department_words(names: tuple[str, ...]) -> list[str]:
    own = [one for one in departments().values() if one.name_zh in names]
    return [word for one in own for word in (one.code, one.name_zh)]
