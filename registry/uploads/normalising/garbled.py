"""Texts that were lost in a change of encoding, and what they may have been.

UTF-8 read as Windows' Latin letters, UTF-8 read as GBK, GBK read as Latin letters or as Japanese,
characters a program had no place for.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from codes.text_fixes import garbled_words

LEADS: Final = range(0xE4, 0xEA)
"""First bytes of Chinese characters in UTF-8."""

FOLLOWING: Final = range(0x80, 0xC0)
LEAST: Final = 3
"""Characters of GBK that as bytes are two of UTF-8; shorter texts may be so by chance."""

HALF_KATAKANA: Final = 0xFF61 - 0xA1
"""How far the half-width katakana of Shift-JIS stand from their bytes."""

DIFFERENT: Final = 3
"""So many different letters make a run one of bytes: ×××× is typed in the place of a name."""

_BYTES: Final = re.compile("[\u00a1-\u00ff]{4,}|[\uff61-\uff9f]{4,}")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Garbled:
    """A garbled text; `meant` is what it seems to have been, '' when that is lost."""

    meant: str = ""


def garbled(seen: str, element: str) -> Garbled | None:
    """Say whether the text of a cell is garbled.

    >>> garbled("å¹¼å„¿å›\xad", "name"), garbled("骞煎効鍥?", "name")
    (Garbled(meant='幼儿园'), Garbled(meant='幼儿'))
    >>> garbled("°²ÀÖÓ×¶ùÔ°", "name"), garbled("ｺｼﾖﾝﾊﾐ", "name"), garbled("××××园", "name")
    (Garbled(meant='安乐幼儿园'), Garbled(meant='杭州市'), None)
    >>> garbled("锟斤拷锟斤拷", "name"), garbled("西湖??幼儿园", "name"), garbled("café", "name")
    (Garbled(meant=''), Garbled(meant=''), None)
    """
    if meant := _of_latin(seen) or _of_gbk(seen) or _of_bytes(seen):
        return Garbled(meant)
    return Garbled() if any(word in seen for word in garbled_words(element)) else None


@cache
def gbk_beginnings() -> str:
    """Return the characters of GBK that begin UTF-8 read as it; a few are in names too."""
    pairs = (bytes((first, second)) for first in LEADS for second in FOLLOWING)
    return "".join(pair.decode("gb18030") for pair in pairs)


def _of_latin(seen: str) -> str:
    if seen.isascii() or not _latin().search(seen):
        return ""
    groups = (one.group() for one in _latin().finditer(seen))
    return "".join(bytes(map(_byte, one)).decode("utf-8", "replace") for one in groups)


def _of_gbk(seen: str) -> str:
    """The text as it was before a program read its UTF-8 as GBK; its end is often lost."""
    if len(seen) < LEAST or seen[0] not in gbk_beginnings():
        return ""
    kept = seen.rstrip("?\ufffd")
    try:
        meant = codecs.getincrementaldecoder("utf-8")().decode(kept.encode("gb18030"))
    except UnicodeError:
        return ""
    return meant if _CHINESE.search(meant) and len(kept) >= LEAST else ""


def _of_bytes(seen: str) -> str:
    """The text as it was before each byte of its GBK was read as one character; '' if it is none.

    The most frequent characters have two bytes from 161 on, which GB 2312 gave them.
    """
    if seen.isascii() or not _BYTES.search(seen):
        return ""
    meant = _BYTES.sub(lambda run: _as_bytes(run.group()), seen)
    return meant if meant != seen else ""


def _as_bytes(run: str) -> str:
    if len(run) % 2 or len(set(run)) < DIFFERENT:
        return run
    shift = HALF_KATAKANA if ord(run[0]) > 0xFF else 0
    try:
        meant = bytes(ord(one) - shift for one in run).decode("gb2312")
    except UnicodeDecodeError:
        return run
    return meant if all(map(_CHINESE.match, meant)) else run


@cache
def _latin() -> re.Pattern[str]:
    """The three bytes of a Chinese character, each shown as a Latin letter or sign."""
    following = "".join(re.escape(_shown(byte)) for byte in FOLLOWING)
    return re.compile(f"[{''.join(map(chr, LEADS))}][{following}]{{2}}")


def _byte(character: str) -> int:
    return ord(character) if ord(character) < 0x100 else character.encode("cp1252")[0]


def _shown(byte: int) -> str:
    """The character Windows shows for a byte; it has none for five of them."""
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
