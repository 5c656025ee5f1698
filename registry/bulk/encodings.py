"""How a large text file is encoded, decided as for a small one without holding it in memory."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

from codes.errors import DataError
from registry.uploads.reading.text import MARKS, PROOF_OF_UTF8, SAMPLE, unmarked_utf16

CHUNK: Final = 1 << 22
HEAD: Final = 1 << 20
_CHINESE: Final = re.compile("[^\0-\u2e7f]")


def encoding_of(path: Path) -> str:
    """Return how a file is encoded, as the reading of small files decides it.

    Raises DataError `bulk.encoding_damaged` when it is neither UTF-8 nor GB18030 throughout.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if unmarked := unmarked_utf16(head):
        return unmarked
    if _surely_utf8(path):
        return "utf-8"
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise DataError("bulk.encoding_damaged", path=path.name)


def codec(path: Path, encoding: str) -> str:
    """Return what reads a file in this encoding and takes its mark, if there is one, away."""
    if not encoding.startswith("utf-16"):
        return encoding
    with path.open("rb") as file:
        head = file.read(2)
    # the codec utf-16 takes a text without a mark for that of the machine
    return "utf-16" if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else encoding


def _surely_utf8(path: Path) -> bool:
    """So many Chinese characters at the start that the rest is UTF-8 or damaged; DuckDB looks."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return len(_CHINESE.findall(text)) >= PROOF_OF_UTF8


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
