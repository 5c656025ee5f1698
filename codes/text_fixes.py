"""Known slips in written cells: misspellings, words for "nothing", spaces (book `text_fixes`)."""

from __future__ import annotations

from functools import cache

from codes.book import load_book
from codes.name_affixes import simplified as simplified_characters
from codes.names import fold


def misspellings(element: str) -> tuple[tuple[str, str], ...]:
    """Return (seen, read as) for an element: misspelt words, then traditional characters."""
    characters = tuple((chr(seen), meant) for seen, meant in simplified_characters().items())
    return (*misspelt_words(element), *characters)


@cache
def misspelt_words(element: str) -> tuple[tuple[str, str], ...]:
    """Return (wrong, right) for an element, in book order."""
    return tuple(
        (row["seen"], row["correct"])
        for row in load_book("text_fixes").rows
        if row["kind"] == "misspelling" and row["element"] in ("*", element)
    )


def is_placeholder(text: str, element: str = "*") -> bool:
    """Say whether `text` only says that nothing was filled in, anywhere or for an element.

    >>> is_placeholder("暂无"), is_placeholder("0"), is_placeholder("未定级", "grade")
    (True, False, True)
    """
    return fold(text) in _placeholders("*") or fold(text) in _placeholders(element)


def is_joined(element: str) -> bool:
    """Say whether spaces between Chinese characters of this element are slips."""
    return element in _joined()


def is_clear_token(text: str) -> bool:
    """Say whether `text` asks to clear what is registered.

    >>> is_clear_token("[清空]"), is_clear_token("清空")
    (True, False)
    """
    return fold(text) in _clear_tokens()


def is_bare_clear(text: str) -> bool:
    """Say whether `text` is the token that clears, but for its brackets.

    >>> is_bare_clear("清空"), is_bare_clear("[清空]")
    (True, False)
    """
    return fold(text) in _bare_clear_words()


def is_error_word(text: str) -> bool:
    """Say whether `text` is what a spreadsheet shows where it could not calculate.

    `#N/A` is none: people type it for nothing.

    >>> is_error_word("#REF!"), is_error_word("#name?"), is_error_word("#N/A")
    (True, True, False)
    """
    return fold(text) in _words("error")


def is_ditto(text: str) -> bool:
    """Say whether `text` only refers to what another cell says.

    >>> is_ditto("同上"), is_ditto("同 上"), is_ditto("同上城区")
    (True, True, False)
    """
    return fold(text) in _words("ditto")


def is_filler(text: str) -> bool:
    """Say whether `text` is what a spreadsheet shows of a cell that its column is too narrow for.

    >>> is_filler("#######"), is_filler("#"), is_filler("#1")
    (True, False, False)
    """
    return any(text.startswith(word) and not text.strip(word) for word in _words("filler"))


@cache
def garbled_words(element: str) -> tuple[str, ...]:
    """Return what a text of an element holds whose characters were lost in a change of encoding."""
    rows = load_book("text_fixes").rows
    ours = [row for row in rows if row["kind"] == "garbled" and row["element"] in ("*", element)]
    return tuple(row["seen"] for row in ours)


@cache
def entities() -> tuple[tuple[str, str], ...]:
    """Return (how web pages write a character, that character or '' for a space), in book order."""
    rows = load_book("text_fixes").rows
    return tuple((row["seen"], row.get("correct", "")) for row in rows if row["kind"] == "entity")


@cache
def tags() -> tuple[str, ...]:
    """Return the names of marks of web pages that a text loses."""
    return tuple(_seen("tag"))


def words_without_content() -> frozenset[str]:
    """Return the folded words after which nothing is known of a cell's content."""
    return _words("error") | _words("ditto")


@cache
def first_characters() -> frozenset[str]:
    """Return how cells begin of which that may be so, whatever the case."""
    words = [*_seen("error"), *_seen("ditto"), *_seen("filler")]
    return frozenset(case(word[0]) for word in words for case in (str.lower, str.upper))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(map(fold, _seen(kind)))


@cache
def _placeholders(element: str) -> frozenset[str]:
    rows = load_book("text_fixes").rows
    said = [row for row in rows if row["kind"] == "placeholder" and row["element"] == element]
    return frozenset(fold(row["seen"]) for row in said)


@cache
def _clear_tokens() -> frozenset[str]:
    return frozenset(map(fold, _seen("clear")))


@cache
def _bare_clear_words() -> frozenset[str]:
    return frozenset(token.strip("[]【】") for token in _clear_tokens())


@cache
def _joined() -> frozenset[str]:
    rows = load_book("text_fixes").rows
    return frozenset(row["element"] for row in rows if row["kind"] == "joined")


def _seen(kind: str) -> list[str]:
    return [row["seen"] for row in load_book("text_fixes").rows if row["kind"] == kind]
