"""The values a program may give: a code nobody has would be answered with everything or nothing."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, Final

from exports.site.catalogue import Catalogue
from exports.site.problems import Problem

STATUS: Final = "status"
EVERY_STATUS: Final = "all"
"""Value of `status` in an address that lists closed and merged facilities too."""


def _statuses(release: Catalogue) -> set[str]:
    return {EVERY_STATUS} | {value for name, value in release.value_labels if name == STATUS}


_KNOWN: Final[dict[str, tuple[str, Callable[[Catalogue], Container[str]]]]] = {
    "category": ("/categories.json", lambda release: release.categories),
    "class": ("/fuwuma/class.json", lambda release: release.classes),
    "type": ("/fuwuma/facility_type.json", lambda release: release.types),
    "county": ("/fuwuma/division.json", lambda release: release.divisions),
    "division": ("/fuwuma/division.json", lambda release: release.divisions),
    "plan": ("/indicators.json", lambda release: release.plans),
    "severity": ("/rules.json", lambda release: {row["severity"] for row in release.rules}),
    STATUS: ("/fuwuma/value_label.json?list=status", _statuses),
}
"""Name of an option -> where its values are listed, and which the release has."""


def unknown_value(request: Any, catalogue: Catalogue) -> Problem | None:
    """Return what is wrong with the first value that the release has not, None when all is well."""
    for name, (listed, known) in _KNOWN.items():
        given = request.args.get(name)
        if given and not any(one in known(catalogue) for one in (given, given.upper())):
            return Problem("value", {"name": name, "listed": listed}, {"parameter": name})
    return None
