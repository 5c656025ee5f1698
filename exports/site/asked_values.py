"""The values an address may give: an unknown one would be answered with everything or nothing.

A page for people refuses it as an endpoint for programs does, in the same sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any, Final

from exports.site.catalogue import Catalogue
from exports.site.problems import FOR_PROGRAMS, Problem

STATUS: Final = "status"
EVERY_STATUS: Final = "all"
"""Value of `status` in an address that lists closed and merged facilities too."""

WARNING: Final = "warning"
"""Value of `paint` in an address whose marks have the colour of their county."""

SHOWN: Final = "yes"
"""Value of `marks` in an address that shows facilities over the colours of an indicator."""

UNPLACED: Final = "no"
"""Value of `placed` in an address that lists what is not on the map."""

COUNTED: Final = ("page", "columns")
"""Options that are numbers from 1."""

LONGEST_NUMBER: Final = 6

DOCUMENT: Final = "/api/openapi.json"
_PAGES: Final = {"/categories.json": "/", DOCUMENT: DOCUMENT}
"""Lists whose page is called otherwise than the list without its ending."""


class UnknownValue(Exception):
    """An address gives a value that the release has not; `listed` is where those it has are."""

    def __init__(self, name: str, listed: str) -> None:
        super().__init__(name)
        self.name, self.listed = name, listed

    def problem(self, *, for_people: bool = False) -> Problem:
        """Return what is said of it; people are sent to the page that lists the values."""
        page = _PAGES.get(self.listed, self.listed.replace(".json", ""))
        listed = page if for_people else self.listed
        return Problem("value", {"name": self.name, "listed": listed}, {"parameter": self.name})


def _statuses(release: Catalogue) -> set[str]:
    return {EVERY_STATUS} | {value for name, value in release.value_labels if name == STATUS}


def _counties(release: Catalogue) -> set[str]:
    return {code for code, unit in release.divisions.items() if unit["level"] == "county"}


_KNOWN: Final[dict[str, tuple[str, Callable[[Catalogue], Container[str]]]]] = {
    "category": ("/categories.json", lambda release: release.categories),
    "class": ("/fuwuma/class.json", lambda release: release.classes),
    "type": ("/fuwuma/facility_type.json", lambda release: release.types),
    "county": ("/fuwuma/division.json?level=county", _counties),
    "division": ("/fuwuma/division.json", lambda release: release.divisions),
    "plan": ("/indicators.json", lambda release: release.plans),
    "indicator": ("/indicators.json", lambda release: release.indicators),
    "severity": ("/rules.json", lambda release: {row["severity"] for row in release.rules}),
    STATUS: ("/fuwuma/value_label.json?list=status", _statuses),
    "paint": (DOCUMENT, lambda _release: (WARNING,)),
    "marks": (DOCUMENT, lambda _release: (SHOWN,)),
    "placed": (DOCUMENT, lambda _release: (UNPLACED,)),
}
"""Name of an option -> where its values are listed, and which the release has."""


def check_values(request: Any, catalogue: Catalogue) -> None:
    """Raise UnknownValue for the first value that the release has not."""
    for name, (listed, known) in _KNOWN.items():
        given = request.args.get(name)
        if given and not any(one in known(catalogue) for one in (given, given.upper())):
            raise UnknownValue(name, listed)
    if request.path.endswith(FOR_PROGRAMS):
        for name in COUNTED:
            if (given := request.args.get(name)) and not _counts(given):
                raise UnknownValue(name, DOCUMENT)


def year_of(request: Any, years: Iterable[int], listed: str) -> int | None:
    """Return the year that is asked for, None without one.

    Raises UnknownValue when it is none of `years`; `listed` is the address that lists them.
    """
    written = request.args.get("year") or ""
    if not written:
        return None
    found = next((year for year in years if str(year) == written), None)
    if found is None:
        raise UnknownValue("year", listed)
    return found


def _counts(written: str) -> bool:
    is_number = written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER
    return is_number and int(written) > 0
