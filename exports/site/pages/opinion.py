"""The form for opinions, what becomes of one that is sent, and the page that says thank you."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from codes.errors import DataError, FuwumaError, NotPermitted
from codes.messages import language, text
from exports.site import opinions
from exports.site.address import address
from exports.site.catalogue import Catalogue
from exports.site.opinions import Subject
from exports.site.options import options_of
from exports.site.pages.page import page
from registry.opinions.receive import Written, receive

LOG: Final = logging.getLogger("fuwuma.site")
RECEIVED: Final = "/opinion/received"
STATUS: Final = {DataError: 400, NotPermitted: 429}


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the form about one thing, or take in what was sent."""
    if not options_of(datasette).inbox:
        return await page(datasette, request, "not_found.html", status=404)
    if request.method == "POST":
        return await _posted(datasette, request, catalogue)
    subject = await _subject(datasette, catalogue, request.args)
    if subject is None:
        return await page(datasette, request, "not_found.html", status=404)
    return await page(datasette, request, "opinion.html", subject=subject, typed={}, problem="")


async def received(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Say thank you, and lead back."""
    subject = await _subject(datasette, catalogue, request.args)
    if subject is None or not options_of(datasette).inbox:
        return await page(datasette, request, "not_found.html", status=404)
    return await page(datasette, request, "opinion_received.html", subject=subject)


async def _posted(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    typed = opinions.read_form(await request.post_body())
    subject = await _subject(datasette, catalogue, typed) if typed else None
    if typed is None or subject is None:
        return await _again(datasette, request, subject, {}, "opinion.page.unreadable", 400)
    if not opinions.is_from_here(request.headers):
        return await _again(datasette, request, subject, {}, "opinion.page.refused_foreign", 403)
    if not typed["website"]:  # only a program fills in what nobody sees
        try:
            await _keep(datasette, request, subject, typed)
        except FuwumaError as error:
            status = STATUS.get(type(error), 503)
            return await _again(datasette, request, subject, typed, _said(error, status), status)
    about = subject.about
    return Response.redirect(address(RECEIVED, kind=about.kind, code=about.code), status=303)


async def _keep(
    datasette: Datasette, request: Any, subject: Subject, typed: dict[str, str]
) -> None:
    path = options_of(datasette).inbox_path
    assert path is not None, "no page has the form without an inbox"
    sent = Written(subject.about, typed["text"], typed["contact"], language())
    sender = opinions.sender_of(request.scope, request.headers)
    now = datetime.now(UTC)
    await asyncio.to_thread(receive, path, sent, sender, opinions.limits(), now)


def _said(error: FuwumaError, status: int) -> str:
    if status < 500:
        return str(error)
    LOG.error("%s", error)
    return text("opinion.page.out_of_order")


async def _again(
    datasette: Datasette,
    request: Any,
    subject: Subject | None,
    typed: dict[str, str],
    problem: str,
    status: int,
) -> Response:
    said = text(problem) if problem.startswith("opinion.page.") else problem
    shown = {"subject": subject, "typed": typed, "problem": said}
    return await page(datasette, request, "opinion.html", status=status, **shown)


async def _subject(datasette: Datasette, catalogue: Catalogue, given: Any) -> Subject | None:
    kind, code = given.get("kind") or "", given.get("code") or ""
    return await opinions.find_subject(datasette, catalogue, kind, code)
