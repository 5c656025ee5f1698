"""The shared strings of a workbook, kept on disk: there may be more of them than memory holds."""

from __future__ import annotations

import mmap
import re
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from registry.bulk.sheets.cells import NulError, TooLongError, written
from registry.bulk.sheets.pieces import Elements, OddXmlError

KEPT: Final = 1 << 16
"""The first strings are met again and again, so they stay in memory."""

_PLAIN: Final = re.compile(rb"\s*<t(\s[^<>]*)?>([^<&]*)</t>\s*")
_PRESERVE: Final = re.compile(rb"\sxml:space\s*=\s*[\"']preserve[\"']")
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_BLANKS: Final = " \t\r\n"
_ENTITY: Final = re.compile(r"&(?:#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))|(lt|gt|amp|quot|apos));")
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ESCAPED: Final = re.compile(r"_x(?![dD][89a-fA-F])([0-9A-Fa-f]{4})_")
_REFUSED: Final = b"\0"
"""Before the length of a string that is too long; alone for one that holds this character."""


class Strings:
    """The strings by number, each as it stands in a canonical file."""

    def __init__(self, folder: Path, part: Elements | None) -> None:
        """Write them into `folder`. Raises OddXmlError and UnicodeDecodeError."""
        self._first: list[bytes] = []
        self._ends = array("Q", [0])
        self._opened = ExitStack()
        self._held: mmap.mmap | bytes = b""
        if part is None:
            return
        path = folder / "strings"
        with path.open("wb") as file:
            end = 0
            for one in _strings(part):
                end += file.write(one)
                self._ends.append(end)
                if len(self._first) < KEPT:
                    self._first.append(one)
        if end:
            file_again = self._opened.enter_context(path.open("rb"))
            held = mmap.mmap(file_again.fileno(), 0, access=mmap.ACCESS_READ)
            self._held = self._opened.enter_context(held)

    def __getitem__(self, number: int) -> bytes:
        """Return a string. Raises IndexError, NulError, and TooLongError for one too long."""
        if number < 0:
            raise IndexError(number)
        if number < len(self._first):
            found = self._first[number]
        else:
            found = self._held[self._ends[number] : self._ends[number + 1]]
        if found == _REFUSED:
            raise NulError
        if found[:1] == _REFUSED:
            raise TooLongError(int(found[1:]))
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._opened.close()


def text_of(content: bytes, prefix: bytes) -> str:
    """Return the text of a string item: its own text, or those of its runs; no reading aids.

    Raises OddXmlError.
    """
    found = None if prefix else _PLAIN.fullmatch(content)
    if found:
        attributes, raw = found.groups()
        text = _line_ends(raw.decode())
        kept = attributes and _PRESERVE.search(attributes)
        return _unescaped(text if kept else text.strip(_BLANKS))
    named = f' xmlns:{prefix[:-1].decode()}="x"' if prefix else ' xmlns="x"'
    try:
        # expat limits entity expansion, and there is no declaration of any
        item = fromstring(f"<i{named}>".encode() + content + b"</i>")  # noqa: S314
    except ParseError as error:
        raise OddXmlError(str(error)) from error
    own, in_runs = item.findall("{x}t"), item.findall("{x}r/{x}t")
    foreign = any(not str(one.tag).startswith("{x}") for one in item.iter())
    if foreign or len(own) > 1 or (own and in_runs) or any(map(len, (*own, *in_runs))):
        raise OddXmlError("text")
    return _unescaped("".join(map(_shown, own or in_runs)))


def plain_text(raw: bytes) -> str:
    """Return text as it stands between two elements, entities read. Raises OddXmlError."""
    text = _line_ends(raw.decode())
    if "&" not in text:
        return _unescaped(text)
    if text.count("&") != len(_ENTITY.findall(text)):
        raise OddXmlError("entity")
    return _unescaped(_ENTITY.sub(_character, text))


def _strings(part: Elements) -> Iterator[bytes]:
    for empty, attributes, content in part:
        if attributes.strip():
            raise OddXmlError("string")
        for _ in range(empty):
            yield b""
        if content is not None:
            yield _kept(text_of(content, part.prefix))


def _kept(text: str) -> bytes:
    try:
        return written(text)
    except TooLongError as error:
        return _REFUSED + str(error).encode()
    except NulError:
        return _REFUSED


def _shown(text: Element) -> str:
    """Return the text of an element, without the space around it that is not to be kept."""
    said = text.text or ""
    return said if text.get(_SPACE) == "preserve" else said.strip(_BLANKS)


def _line_ends(text: str) -> str:
    """Return a text with line ends as every XML parser gives them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _unescaped(text: str) -> str:
    """Return a text with the characters that XML cannot hold: `_x000D_` is a return."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code, number, name = found.groups()
    if name:
        return _NAMED[name]
    value = int(code, 16) if code else int(number)
    if not value or value > 0x10FFFF or 0xD800 <= value < 0xE000:
        raise OddXmlError("entity")
    return chr(value)
