"""A file read piece by piece without a copy of each, its digest, and a copy with records mended."""

from __future__ import annotations

import hashlib
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import BinaryIO, Final, Self

from registry.bulk.in_form import NotMendableError, Records

PIECE: Final = 1 << 20


class Window:
    """The part of a file that is looked at: `held` bytes of `data`, what is beyond is stale."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.data, self.held = bytearray(size), 0
        self._file, self._ended = file, False

    def read_on(self) -> bool:
        """Read as much as there is room for; say whether there is anything to look at.

        A last line that nothing ends is ended. Raises NotMendableError for a record without end.
        """
        if self._ended:
            if self.held:
                raise NotMendableError
            return False
        if self.held == len(self.data):
            self.data = self.data + bytearray(len(self.data))
        with memoryview(self.data) as whole:
            read = self._file.readinto(whole[self.held :])  # type: ignore[attr-defined]
        self._ended = not read
        if self._ended and self.held:
            self.data[self.held] = ord("\n")
            self.held += 1
        self.held += read
        return bool(self.held)

    def pass_over(self, size: int) -> None:
        """Drop the first bytes, which have been looked at."""
        self.data[: self.held - size] = self.data[size : self.held]
        self.held -= size


class Copy:
    """A copy of a file, begun once there is something to mend; before, the file does."""

    def __init__(self, path: Path, target: Path) -> None:
        self.begun = False
        self._path, self._target, self._before = path, target, 0
        self._file: BinaryIO | None = None

    def add(self, data: bytearray, found: Records) -> None:
        """Take the records that `data` begins with, and that follow those taken before."""
        if self._file is None and found.mended is not None:
            self._file, self.begun = self._begin(), True
        if self._file is None:
            self._before += found.size
        elif found.mended is not None:
            self._file.write(found.mended)
        else:
            with memoryview(data) as whole:
                self._file.write(whole[: found.size])

    def _begin(self) -> BinaryIO:
        copy = self._target.open("wb")
        with self._path.open("rb") as file:
            while self._before and (piece := file.read(min(PIECE, self._before))):
                copy.write(piece)
                self._before -= len(piece)
        return copy

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()


class Digest:
    """The SHA-256 of a file, worked out beside the looks at it: hashing leaves Python to others."""

    def __init__(self, path: Path) -> None:
        self._path, self._stop, self._hash = path, Event(), hashlib.sha256()
        self._error: OSError | None = None
        self._thread = Thread(target=self._work, daemon=True)

    def result(self) -> str:
        """Return the digest in hexadecimal. Raises OSError for a file that cannot be read."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._hash.hexdigest()

    def _work(self) -> None:
        piece = bytearray(PIECE)
        try:
            with self._path.open("rb", buffering=0) as file, memoryview(piece) as whole:
                while not self._stop.is_set() and (read := file.readinto(whole)):
                    self._hash.update(whole[:read])
        except OSError as error:
            self._error = error

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
