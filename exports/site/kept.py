"""Pages kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from exports.site.answers import Answer

ENTRY_BYTES: Final = 2_048
"""What a page takes beside its text and its address: the objects around them, generously."""

KEY_CHARACTERS: Final = 1_500
"""Longer addresses are none that our pages link to; what is asked with one is made each time."""


class Kept:
    """Pages kept in memory, the least recently asked for dropped first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> Answer | None:
        """Return a kept page and note that it was asked for."""
        if key in self.answers:
            self.answers.move_to_end(key)
        return self.answers.get(key)

    def put(self, key: tuple[str, ...], answer: Answer) -> None:
        """Keep a page that was made well; make room for it."""
        if answer.status != 200 or len(answer.body) > self.most_bytes // 16 or key in self.answers:
            return
        if sum(map(len, key)) > KEY_CHARACTERS:
            return
        self.answers[key] = answer
        self.bytes += _size(key, answer)
        while self.bytes > self.most_bytes:
            self.bytes -= _size(*self.answers.popitem(last=False))


def _size(key: tuple[str, ...], answer: Answer) -> int:
    """So many bytes a kept page takes in memory, at most."""
    headers = sum(len(name) + len(value) for name, value in answer.headers)
    # a character takes four bytes at most
    return len(answer.body) + headers + 4 * sum(map(len, key)) + ENTRY_BYTES
