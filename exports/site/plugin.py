"""Our Datasette plugin. It is registered in this process only and minds no other Datasette."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any

from datasette.app import Datasette
from datasette.filters import FilterArguments
from datasette.plugins import pm
from markupsafe import Markup
from pluggy import HookimplMarker

from exports.release.grams import match_expression
from exports.site import gate, queries, routes, words
from exports.site.catalogue import Catalogue
from exports.site.cells import shown_cell
from exports.site.facets import TotalsFacet
from exports.site.opinions import opinion_globals
from exports.site.options import options_of
from exports.site.settings import DATABASE, site_settings
from exports.site.sites import SITES

NAME = "fuwuma-site"
CHINESE = re.compile(r"[一-鿿]+")
hookimpl = HookimplMarker("datasette")


def attach(datasette: Datasette, catalogue: Catalogue) -> None:
    """Make `datasette` one of our sites."""
    SITES[datasette] = catalogue
    if not pm.has_plugin(NAME):
        pm.register(sys.modules[__name__], name=NAME)


@hookimpl
def register_facet_classes() -> list[type]:
    """Count facets from the totals."""
    return [TotalsFacet]


@hookimpl
def filters_from_request(request: Any, table: str, datasette: Datasette) -> FilterArguments | None:
    """Let the search index narrow a condition on names before every row is looked at.

    Only for Chinese characters, where the index can miss nothing that the condition would find.
    """
    part = request.args.get("name__contains") or ""
    if datasette not in SITES or table != "facility" or not CHINESE.fullmatch(part):
        return None
    return FilterArguments([queries.NARROWED], {"narrowed": match_expression(part)})


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]] | None:
    """Open every thread's connection now, so that all keep to the file that was checked."""
    if datasette not in SITES:
        return None
    threads = site_settings().datasette["num_sql_threads"]
    barrier = threading.Barrier(threads)

    async def open_all() -> None:
        snapshot = datasette.get_database(DATABASE)
        await asyncio.gather(
            *(snapshot.execute_fn(lambda _connection: barrier.wait(10)) for _ in range(threads))
        )

    return open_all


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Datasette) -> None:
    """Give the templates their words."""
    if catalogue := SITES.get(datasette):
        env.globals.update(words.template_globals(catalogue))
        env.globals.update(opinion_globals(datasette))
        env.trim_blocks = env.lstrip_blocks = True


@hookimpl
def extra_template_vars(datasette: Datasette, request: Any) -> dict[str, Any]:
    """Give every page the address of itself in the other language, and as JSON."""
    catalogue = SITES.get(datasette)
    return {} if catalogue is None or request is None else words.page_globals(catalogue, request)


@hookimpl(tryfirst=True)
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Hang our pages in, and close every address that is not a page of ours."""
    catalogue = SITES.get(datasette)
    return [] if catalogue is None else routes.routes(catalogue)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Put the gate before everything."""
    catalogue = SITES.get(datasette)
    if catalogue is None:
        return lambda app: app
    return partial(gate.Gate, options_of(datasette), catalogue.manifest.facts())


@hookimpl(tryfirst=True)
def permission_allowed(datasette: Datasette, action: str) -> bool | None:
    """Nobody may run SQL of their own, download through Datasette or see its workings."""
    if datasette not in SITES:
        return None
    return None if action in ("view-instance", "view-database", "view-table") else False


@hookimpl
def skip_csrf(datasette: Datasette) -> bool:
    """The site has no sessions; an opinion is taken only from a page of its own."""
    return datasette in SITES


@hookimpl
def render_cell(
    value: Any, column: str, table: str | None, datasette: Datasette
) -> Markup | str | None:
    """Show codes by name, values in the visitor's language."""
    catalogue = SITES.get(datasette)
    if catalogue is None or table is None:
        return None
    return shown_cell(catalogue, table, column, value)


@hookimpl(hookwrapper=True)
def handle_exception(
    datasette: Datasette, request: Any, exception: Exception
) -> Generator[None, Any, None]:
    """Answer every mistake with our page, and ours alone: the stock one prints a traceback."""
    outcome = yield
    if datasette in SITES:

        async def answer() -> Any:
            return await routes.explain(datasette, request, exception)

        outcome.force_result([answer])


@hookimpl(tryfirst=True)
def forbidden(datasette: Datasette, request: Any) -> Callable[[], Awaitable[Any]] | None:
    """Answer what is not allowed as what is not there."""
    if datasette not in SITES:
        return None

    async def answer() -> Any:
        return await routes.not_found(datasette, request)

    return answer
