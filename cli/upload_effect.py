"""What approving a batch would do to the indicators, printed and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.context import console, harmless
from codes.messages import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from registry.evaluation.effect import Change
    from registry.evaluation.results import Result

SHOWN: Final = 40
"""Changes printed; the JSON has all."""


def effect_of(engine: Engine, upload_id: int) -> list[Change]:
    """Return the indicators that approving would change."""
    from registry.db import reading
    from registry.evaluation.effect import effect_of as changes_of

    with reading(engine) as session:
        return changes_of(session, upload_id)


def effect_document(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Return the changes as JSON objects."""
    return [change.as_json() for change in changes]


def print_effect(changes: Sequence[Change]) -> None:
    """Print the changes, colours that change first, or that none changes."""
    if not changes:
        console().print()
        _line(text("evaluate.effect.none"))
        return
    from registry.evaluation.wording import named

    first = changes[0].before
    coloured = sum(change.colour_changes for change in changes)
    out = console()
    out.print()
    head: dict[str, Any] = {"plan": named(first.plan), "year": first.year, "colours": coloured}
    _line(text("evaluate.effect.head", total=len(changes), **head), "bold")
    for change in changes[:SHOWN]:
        _line("  " + _shown(change))
    if len(changes) > SHOWN:
        _line("  " + text("report.first", shown=SHOWN, total=len(changes)))


def _shown(change: Change) -> str:
    from registry.evaluation.wording import name_of, number_of, unit_of

    one = change.before
    return text(
        "evaluate.effect.change",
        division=one.division.name,
        number=number_of(one),
        name=name_of(one),
        before=_side(change.before),
        after=_side(change.after),
        unit=unit_of(one.row),
    )


def _side(one: Result) -> str:
    from registry.evaluation.wording import colour_name, colour_sign, figure, status_name

    code = one.rating.colour
    missing = one.value.value is None
    value = status_name("missing") if missing else figure(one.value.value, 3)
    return f"{value} {colour_sign(code)}{colour_name(code)}"


def _line(words: str, style: str | None = None) -> None:
    console().print(harmless(words), style=style, markup=False, soft_wrap=True)
