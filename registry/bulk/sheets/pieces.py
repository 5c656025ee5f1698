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
_DECLARED: Final = len(b"\xef\xbb\xbf<?")
"""A part may begin with what declares it as XML; no such thing may follow."""


class OddXmlError(zipfile.BadZipFile):
    """The part is XML of a shape that spreadsheet programs do not write; others may read it."""


class Elements:
    """The elements called `name` of a part, none of which holds another.

    `around` is the element around them; what precedes it is `head`, what follows it is `after`.
    """

    def __init__(self, part: IO[bytes], name: str, around: str) -> None:
        """Read as far as that element. Raises OddXmlError, and BadZipFile where there is none."""
        self._part = part
        self._rest = part.read(PIECE)
        root = _ROOT.search(self._rest)
        if root is None:
            raise OddXmlError("root")
        self.prefix = root.group(1) + b":" if root.group(1) else b""
        own, outer = self.prefix + name.encode(), self.prefix + around.encode()
        self._open, self._close = b"<" + own, b"</" + own + b">"
        empty = re.escape(self._open) + rb"(?:\s[^<>]*)?/>"
        self._begin = re.compile(re.escape(self._open) + rb"[\s/>]")
        self._between = re.compile(rb"(?:\s|" + empty + rb")*+")
        self._around = re.compile(b"</" + re.escape(outer) + rb"\s*>")
        self._is_empty = False
        self.head = self._before(re.compile(b"<" + re.escape(outer) + rb"(?:\s[^<>]*)?/?>"))

    def __iter__(self) -> Iterator[tuple[int, bytes, bytes | None]]:
        """Yield of each: how many closed at once came before it, its attributes, its content.

        At the end those closed at once that were left are yielded, with None.
        Raises OddXmlError for an element that is too long, or for what stands between two; and
        BadZipFile when the part ends before the element around them.
        """
        while not self._is_empty:
            self._check()
            end = self._around.search(self._rest)
            whole = self._rest[: end.start()] if end else self._rest
            *pieces, left = whole.split(self._close)
            for piece in pieces:
                yield self._parted(piece)
            if end is not None:
                self._rest = self._rest[end.end() :]
                yield self._empty(left), b"", None
                return
            self._rest = left
            if not self._more():
                raise zipfile.BadZipFile("end")

    def after(self) -> Iterator[bytes]:
        """Yield what follows, in pieces that cut no element in two. Raises OddXmlError."""
        while True:
            self._check()
            cut = self._rest.rfind(b"<")
            cut = len(self._rest) if cut < 0 or self._rest.find(b">", cut) >= 0 else cut
            yield self._rest[:cut]
            self._rest = self._rest[cut:]
            if not self._more():
                return

    def _before(self, opening: re.Pattern[bytes]) -> bytes:
        """Return what precedes the element around the others; the part is then inside it."""
        while (found := opening.search(self._rest)) is None:
            self._check(_DECLARED)
            if not self._more():
                raise zipfile.BadZipFile("end")
        head, self._rest = self._rest[: found.start()], self._rest[found.end() :]
        if b"<!" in head or head.find(b"<?", _DECLARED) >= 0:
            raise OddXmlError("comment")
        self._is_empty = found.group().endswith(b"/>")
        return head

    def _parted(self, piece: bytes) -> tuple[int, bytes, bytes]:
        start = piece.rfind(self._open)
        stop = piece.find(b">", start)
        if start < 0 or stop < 0 or piece[stop - 1 : stop] == b"/":
            raise OddXmlError("element")
        before = self._empty(piece[:start]) if start else 0
        return before, piece[start + len(self._open) : stop], piece[stop + 1 :]

    def _empty(self, between: bytes) -> int:
        """Return how many elements closed at once stand there, where nothing else may."""
        if not self._between.fullmatch(between):
            raise OddXmlError("element")
        return between.count(b"/>")

    def _more(self) -> bool:
        piece = self._part.read(PIECE)
        self._rest += piece
        return bool(piece)

    def _check(self, declared: int = 0) -> None:
        if len(self._rest) > LONGEST:
            raise OddXmlError("element")
        if b"<!" in self._rest or self._rest.find(b"<?", declared) >= 0:
            raise OddXmlError("comment")
