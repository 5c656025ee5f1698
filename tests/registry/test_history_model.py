"""The registry's two times against a model that any reader can check: one value for every day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from registry.audit import verify
from registry.db import reading, writing
from registry.facilities.change import change, correct
from registry.facilities.lookup import find
from registry.tables.base import now

FIRST = date(2024, 3, 1)
DAYS = 12
NAMES = ["甲幼儿园", "乙幼儿园", "丙幼儿园"]
PHONES = [None, "0571-88888881", "0571-88888882"]
NEW = Callable[..., str]


@dataclass
class Model:
    """What holds on each day, as now known, and as it was known after each act."""

    name: list[str] = field(default_factory=lambda: [NAMES[0]] * DAYS)
    phone: list[str | None] = field(default_factory=lambda: [None] * DAYS)
    known: list[tuple[datetime, list[tuple[str, str | None]]]] = field(default_factory=list)

    def give(self, values: list[str | None], value: str | None, since: int) -> None:
        """Fill the days from `since` until the next day on which something else was recorded."""
        until = next((d for d in range(since + 1, DAYS) if values[d] != values[d - 1]), DAYS)
        values[since:until] = [value] * (until - since)

    def put_right(self, values: list[str | None], value: str | None) -> None:
        """Fill the days back from the last for as long as the last day's value held."""
        since = DAYS - 1
        while since and values[since - 1] == values[-1]:
            since -= 1
        self.give(values, value, since)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["change", "correct since", "correct"]),
        st.integers(0, DAYS - 1),
        st.sampled_from([None, *NAMES]),
        st.sampled_from(["-", *PHONES]),
    ),
    max_size=6,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_every_day_as_known_at_every_moment(
    registry: Engine, new: NEW, acts: list[tuple[str, int, str | None, str | None]]
) -> None:
    code, model = new(name=NAMES[0]), Model()
    for kind, since, name, phone in acts:
        fields = {} if name is None else {"name": name}
        if phone != "-":
            fields["phone"] = phone
        with writing(registry) as session:
            carry_out(session, code, kind, FIRST + timedelta(days=since), fields)
        for key, value in fields.items():
            values = getattr(model, key)
            if kind == "correct":
                model.put_right(values, value)
            else:
                model.give(values, value, since)
        model.known.append((now(), list(zip(model.name, model.phone, strict=True))))
    with reading(registry) as session:
        for moment, days in model.known:
            found = [
                find(session, code, on=FIRST + timedelta(days=n), known_at=moment)
                for n in range(DAYS)
            ]
            assert [(view.name, view.phone) for view in found] == days
        assert verify(session).faults == ()


def carry_out(
    session: Session, code: str, kind: str, since: date, fields: dict[str, str | None]
) -> None:
    if kind == "change":
        change(session, code, fields, on=since, by="a")
    elif kind == "correct since":
        correct(session, code, fields, since=since, by="a")
    else:
        correct(session, code, fields, by="a")
