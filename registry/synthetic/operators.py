"""Who runs a synthetic facility: bodies with several sites each, named 示例, with made-up codes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from random import Random

from registry.synthetic.ground import County
from registry.synthetic.naming import chinese_number
from registry.synthetic.parameters import OperatorKind, operator_kinds, words
from registry.synthetic.uscc import synthetic_uscc

_SITES_EACH = 8


@dataclass(frozen=True)
class Operator:
    """A body that runs facilities."""

    name: str
    uscc: str
    ownership: str


class Operators:
    """Gives operators; a new one in a county and category for about every eighth site."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._pools: dict[tuple[str, str, str], list[Operator]] = {}
        self._names: set[str] = set()
        self._serials = count(1)

    def give(self, county: County, category_code: str) -> Operator:
        """Return the operator of the next facility of a category in a county."""
        kinds = [row for row in operator_kinds() if row.of == category_code]
        kind = self._random.choices(kinds, [row.weight for row in kinds])[0]
        pool = self._pools.setdefault((county.code, category_code, kind.ownership), [])
        if not pool or self._random.random() < 1 / _SITES_EACH:
            pool.append(self._new(county, kind, len(pool) + 1))
        return self._random.choice(pool)

    def _new(self, county: County, kind: OperatorKind, number: int) -> Operator:
        name = ""
        length = 1
        while not name or name in self._names:
            word = "".join(self._random.sample(words()["common"], length))
            name = kind.pattern.format(county=county.name, word=word, n=chinese_number(number))
            length, number = 2, number + 1
        self._names.add(name)
        uscc = synthetic_uscc(kind.uscc_prefix, county.code, next(self._serials))
        return Operator(name, uscc, kind.ownership)
