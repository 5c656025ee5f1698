"""What all pages share: rendering, paging, reading rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.site.address import address
from exports.site.asked_values import UnknownValue
from exports.site.catalogue import Row
from exports.site.problems import FOR_PROGRAMS, problem_of_status
from exports.site.settings import DATABASE


@dataclass(frozen=True)
class Paging:
    """Where in a list a page stands; addresses are None at the ends."""

    page: int
    pages: int
    total: int
    before: str | None
    after: str | None


async def page(
    datasette: Datasette, request: Any, template: str, *, status: int = 200, **shown: Any
) -> Response:
    """Render a template of ours; a request for JSON is told of a problem in JSON."""
    if status >= 400 and request.path.endswith(FOR_PROGRAMS):
        return problem_of_status(status).response(status)
    body = await datasette.render_template(template, shown, request=request)
    return Response.html(body, status=status)


async def rows(datasette: Datasette, sql: str, **parameters: Any) -> list[Row]:
    """Run one of our statements and return its rows."""
    found = await datasette.get_database(DATABASE).execute(sql, parameters)
    return [dict(row) for row in found.rows]


def page_number(request: Any) -> int:
    """Return the page asked for; anything unreadable is the first."""
    written = request.args.get("page") or "1"
    return (
        int(written) if written.isascii() and written.isdigit() and 0 < int(written) < 10**6 else 1
    )


def paging(path: str, query: dict[str, Any], number: int, per_page: int, total: int) -> Paging:
    """Return the paging of a list of `total` items; a page for people shows the last there is.

    Raises UnknownValue when a program asks for a page after the last.
    """
    pages = max(1, -(-total // per_page))
    if number > pages and path.endswith(FOR_PROGRAMS):
        raise UnknownValue("page", address(path, **query))
    number = min(number, pages)

    def at(wanted: int) -> str | None:
        if not 1 <= wanted <= pages:
            return None
        return address(path, **query, page=None if wanted == 1 else wanted)

    return Paging(number, pages, total, at(number - 1), at(number + 1))
