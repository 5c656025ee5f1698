"""What the registry knows of a code that is to be explained, where there is a registry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.context import DEFAULT_DB, current, enumerated, say
from codes import facility_code
from codes.china_time import CHINA_TIME
from codes.errors import DataError

if TYPE_CHECKING:
    from registry.facilities.view import FacilityView


@dataclass(frozen=True)
class RegistryEntry:
    """The facility as it is today; or why nothing can be said of it.

    `heirs` end the chains of successors (itself when it has none); `standing` are those of them
    that have not closed.
    """

    view: FacilityView | None
    heirs: tuple[str, ...]
    standing: tuple[str, ...]
    refusal: DataError | None

    @property
    def issued_on(self) -> date | None:
        """The day the code was given."""
        return self.view.issued_at.astimezone(CHINA_TIME).date() if self.view else None

    def as_document(self) -> dict[str, Any]:
        """Return what goes into the JSON document."""
        if self.view is None:
            return {"registered": False, "message": str(self.refusal)}
        kept = ("name", "type_code", "status", "division_code", "address", "issued_at")
        facts = {name: getattr(self.view, name) for name in kept}
        return {
            "registered": True,
            **facts,
            "heirs": list(self.heirs),
            "standing": list(self.standing),
        }

    def print_out(self) -> None:
        """Print the same in words."""
        if self.view is None:
            say("code.explain_not_registered", db=current.db, detail=self.refusal)
            return
        view = self.view
        say("code.explain_registered", name=view.name, status=view.status, division=_place(view))
        if self.heirs != (view.code,):
            printed = [facility_code.format(code) for code in self.heirs]
            say("code.explain_followed_by", codes=enumerated(printed))


def registered(code: str, on: date) -> RegistryEntry | None:
    """Look a stored code up in the registry as of a day.

    None when no registry was named and there is none here. Raises StoreError when the one that was
    named cannot be used.
    """
    if current.db == DEFAULT_DB and not Path(DEFAULT_DB).exists():
        return None
    from registry.db import open_registry, reading
    from registry.facilities.lookup import find
    from registry.facilities.succession import heirs, standing

    with reading(open_registry(current.db)) as session:
        try:
            view = find(session, code, on=on)
        except DataError as error:
            return RegistryEntry(None, (), (), error)
        return RegistryEntry(
            view, tuple(heirs(session, code, on)), tuple(standing(session, code, on)), None
        )


def _place(view: FacilityView) -> str:
    from codes.divisions import full_name

    try:
        return full_name(view.division_code)
    except DataError:
        return view.division_code
