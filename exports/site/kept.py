"""Pages kept in memory."""

from __future__ import annotations

from collections import OrderedDict

from exports.site.answers import Answer


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
        self.answers[key] = answer
        self.bytes += len(answer.body)
        while self.bytes > self.most_bytes:
            _, dropped = self.answers.popitem(last=False)
            self.bytes -= len(dropped.body)
