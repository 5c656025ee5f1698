"""What goes wrong, told in one shape: what was seen, what was expected, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from datasette import Response

from codes.messages import text

FOR_PROGRAMS: Final = (".json", ".geojson")
"""How an address ends that a program asks: there even a mistake is told in JSON."""

NOT_FOUND: Final = "not_found"
NOT_TAKEN: Final = "not_taken"
BROKEN: Final = "broken"
TOO_MUCH: Final = "too_much"


@dataclass(frozen=True)
class Problem:
    """A name of the catalogue `problem`, what fills its sentences, and more keys for programs."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def sentences(self) -> tuple[str, str, str]:
        """Return what was seen, what was expected, how to mend it, in the language in use."""
        error, expected, remedy = (
            text(f"problem.{self.name}.{part}", **self.params)
            for part in ("error", "expected", "remedy")
        )
        return error, expected, remedy

    def as_json(self, status: int) -> dict[str, Any]:
        """Return it for a program."""
        error, expected, remedy = self.sentences()
        said = {"error": error, "expected": expected, "remedy": remedy}
        return {"ok": False, "status": status, **said, **self.more}

    def response(self, status: int) -> Response:
        """Answer a program."""
        return Response.json(self.as_json(status), status=status)


def problem_of_status(status: int) -> Problem:
    """Return what can be said when only the status is known."""
    if status >= 500:
        return Problem(BROKEN)
    return Problem(NOT_FOUND if status == 404 else NOT_TAKEN)


def no_code(kind: str, code: str, listed: str) -> Response:
    """Tell a program that the release has no such code; `listed` is where those it has are."""
    return Problem(f"no_{kind}", {"listed": listed}, {"code": code}).response(404)
