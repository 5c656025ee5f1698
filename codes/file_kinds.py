"""Kinds of file, told by their first bytes (book `file_kinds`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from codes.messages import language
from codes.typed_rows import typed_rows

HEAD_BYTES: Final = 64
"""How many bytes of a file are enough to tell its kind."""


@dataclass(frozen=True)
class FileKind:
    """One kind: the bytes it begins with and, in a container, the entry that tells it apart."""

    code: str
    magic_hex: str
    name_zh: str
    name_en: str
    readable: bool
    advice_zh: str
    advice_en: str
    member: str | None = None

    @property
    def name(self) -> str:
        """What people call it, in the language in use."""
        return self.name_en if language() == "en" else self.name_zh

    @property
    def advice(self) -> str:
        """What to do when we cannot read it, in the language in use."""
        return self.advice_en if language() == "en" else self.advice_zh


@cache
def file_kinds() -> tuple[FileKind, ...]:
    """Return the kinds in book order, which is the order of trying."""
    return typed_rows("file_kinds", FileKind)


def kinds_beginning(head: bytes) -> tuple[FileKind, ...]:
    """Return the kinds whose first bytes `head` has, letters in either case; empty for text.

    Marks and spaces before them do not count: programs that export web pages leave some.
    """
    folded = head.lstrip(b"\xef\xbb\xbf").lstrip().lower()
    return tuple(
        kind for kind in file_kinds() if folded.startswith(bytes.fromhex(kind.magic_hex).lower())
    )
