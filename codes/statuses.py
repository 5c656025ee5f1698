"""What the statuses of a facility mean: the one place that says so (book `value_lists`).

A status is stored as its word, 运营; programs go by its state, `open`.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from codes.value_lists import values

STATUS: Final = "status"
ON_REGISTER: Final = ("planned", "building", "open", "suspended")
"""States of a facility that is there or on its way: 在册."""

LEADS_ON: Final = ("merged", "duplicate")
"""States whose one successor stands for the facility."""

ANNULLED: Final = "annulled"
"""State of a record made in error: its code stays, nothing else of it is told."""


@cache
def states() -> dict[str, str]:
    """Return the state of each status, in book order.

    >>> states()["运营"]
    'open'
    """
    return {name: str(item.state) for name, item in values(STATUS).items()}


def named(state: str) -> str:
    """Return the status of a state. Raises KeyError when there is none.

    >>> named("annulled")
    '误登作废'
    """
    return {of: name for name, of in states().items()}[state]


def in_states(*wanted: str) -> tuple[str, ...]:
    """Return the statuses of some states, in book order.

    >>> in_states("planned", "building")
    ('规划', '在建')
    """
    return tuple(name for name, state in states().items() if state in wanted)


@cache
def on_register() -> tuple[str, ...]:
    """Return the statuses of facilities on the register: standing, or on their way."""
    return in_states(*ON_REGISTER)


@cache
def off_register() -> tuple[str, ...]:
    """Return the statuses of facilities that are no more: closed, merged, split and so on."""
    return tuple(name for name in states() if name not in on_register())
