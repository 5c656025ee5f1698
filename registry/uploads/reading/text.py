"""Decode a text file: UTF-8, UTF-16, or GB18030; say where it cannot be decoded."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from codes.errors import DataError, StoreError
from registry.uploads.source import column_letter

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DELIMITERS: Final = (",", "\t", ";", "|")
LINE_FEED: Final = 0x0A
PROOF_OF_UTF8: Final = 8
"""So many Chinese characters in a row that decode as UTF-8 are no accident of GB18030."""

SAMPLE: Final = 4096
"""Bytes, or characters, at the start of a text that tell what it is."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BINARY_SHARE: Final = 0.02


@dataclass(frozen=True)
class Decoded:
    """The text without its mark, and the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes, name: str) -> Decoded:
    """Decode `data`, the content of the file called `name`.

    Raises StoreError when it is no text at all, DataError with row and column for a NUL character
    or for bytes that are neither UTF-8 nor GB18030.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _checked(_marked(data, len(mark), encoding, name), name)
    if found := unmarked_utf16(data[:SAMPLE]):
        return _checked(_marked(data, 0, found, name), name)
    return _checked(_unmarked(data, name), name)


def _marked(data: bytes, skip: int, encoding: str, name: str) -> Decoded:
    plain = encoding.removesuffix("-sig")
    try:
        return Decoded(data[skip:].decode(plain), encoding)
    except UnicodeDecodeError as error:
        before = data[skip : skip + error.start].decode(plain, "replace")
        raise _damaged(before, encoding, name) from error


def unmarked_utf16(head: bytes) -> str | None:
    """Return which UTF-16 a text without a mark is in, by its line ends and delimiters.

    These are half nought; a few characters are too (U+4E00), but on the other side.
    """
    low, high = head[0::2], head[1::2]
    pairs = list(zip(low, high, strict=False))
    if (LINE_FEED, 0) in pairs and high.count(0) > 2 * low.count(0):
        return "utf-16-le"
    return "utf-16-be" if (0, LINE_FEED) in pairs and low.count(0) > 2 * high.count(0) else None


def _unmarked(data: bytes, name: str) -> Decoded:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        if sum(character > "\u2e7f" for character in before) >= PROOF_OF_UTF8:
            raise _damaged(before, "utf-8", name) from error
    try:
        return Decoded(data.decode("gb18030"), "gb18030")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("gb18030", "replace")
        if b"\0" in data[:SAMPLE]:
            raise StoreError("read.not_text", path=name) from error
        raise _damaged(before, "gb18030", name) from error


def _checked(decoded: Decoded, name: str) -> Decoded:
    sample = decoded.text[:SAMPLE]
    strange = len(_CONTROL.findall(sample))
    if strange > max(_BINARY_SHARE * len(sample), 1):
        raise StoreError("read.not_text", path=name)
    nul = decoded.text.find("\0")
    if nul >= 0:
        row, column = place_of(decoded.text[:nul])
        raise DataError("read.nul_character", path=name, row=row, column=column)
    return decoded


def _damaged(before: str, encoding: str, name: str) -> DataError:
    row, column = place_of(before)
    return DataError(
        "read.encoding_damaged", path=name, encoding=encoding.upper(), row=row, column=column
    )


def place_of(before: str) -> tuple[int, str]:
    """Return (line, column letter) of the cell in which the text `before` ends."""
    lines = before.splitlines() or [""]
    row = len(lines) + before.endswith(("\n", "\r"))
    line = "" if before.endswith(("\n", "\r")) else lines[-1]
    delimiter = max(DELIMITERS, key=before[:SAMPLE].count)
    return row, column_letter(line.count(delimiter))
