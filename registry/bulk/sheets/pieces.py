"""Walk through a large XML part in bounded memory, element by element."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from registry.uploads.reading.unpacking import PIECE

LONGEST: Final = 64 * PIECE
"""Bytes that one element may have; a row of 500 texts as long as they may be has fewer."""

_ROOT: Final = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?(?:worksheet|sst)[\s>]")


class OddXmlError(zipfile.BadZipFile):
    """The part is XML of a shape that spreadsheet programs do not write; others may read it."""


class Elements:
    """The elements called `name` of a part, none of which holds another.

    `end` is the element around them; what follows it is `after`.
    """

    def __init__(self, part: IO[bytes], name: str, around: str) -> None:
        """Read as far as the root element, whose prefix all others have."""
        self._part = part
        self._rest = part.read(PIECE)
        root = _ROOT.search(self._rest)
        if root is None:
            raise OddXmlError("root")
        self.prefix = root.group(1) + b":" if root.group(1) else b""
        own = self.prefix + name.encode()
        self._open, self._close = b"<" + own, b"</" + own + b">"
        self._begin = re.compile(re.escape(self._open) + rb"[\s/>]")
        self._around = re.compile(b"</" + re.escape(self.prefix) + around.encode() + rb"\s*>")

    def __iter__(self) -> Iterator[tuple[int, bytes, bytes | None]]:
        """Yield of each: how many closed at once came before it, its attributes, its content.

        At the end those closed at once that were left are yielded, with None.
        Raises OddXmlError for an element that is too long, or for a comment, and BadZipFile for one
        that is never closed.
        """
        over = False
        while not over:
            self._check()
            end = self._around.search(self._rest)
            over = end is not None
            whole = self._rest[: end.start()] if end else self._rest
            *pieces, left = whole.split(self._close)
            for piece in pieces:
                yield self._parted(piece)
            if end is not None:
                self._rest = self._rest[end.end() :]
                yield len(self._begin.findall(left)), b"", None
                return
            self._rest = left
            over = not self._more()
        if self._begin.search(self._rest):
            raise zipfile.BadZipFile("element")

    def after(self) -> Iterator[bytes]:
        """Yield what follows, in pieces that overlap a little."""
        yield self._rest
        while self._more():
            yield self._rest
            self._rest = self._rest[-256:]

    def _parted(self, piece: bytes) -> tuple[int, bytes, bytes]:
        start = piece.rfind(self._open)
        stop = piece.find(b">", start)
        if start < 0 or stop < 0 or piece[stop - 1 : stop] == b"/":
            raise OddXmlError("element")
        before = self._begin.findall(piece, 0, start) if start else ()
        return len(before), piece[start + len(self._open) : stop], piece[stop + 1 :]

    def _more(self) -> bool:
        piece = self._part.read(PIECE)
        self._rest += piece
        return bool(piece)

    def _check(self) -> None:
        if len(self._rest) > LONGEST:
            raise OddXmlError("element")
        if b"<!" in self._rest:
            raise OddXmlError("comment")
