"""The gate before the site: language, what an address may hold, headers, pages kept in memory.

A visitor has no session: cookies other than the language and any credentials are taken off before
Datasette sees the request. A release never changes, so a page once made is kept and sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qsl

from codes.messages import LANGUAGES, use_language
from exports.site.address import Refused, address_of, checked_query
from exports.site.answers import (
    Answer,
    Scope,
    Send,
    collect,
    moved_in,
    readable,
    send_answer,
    with_headers,
)
from exports.site.asked_values import DOCUMENT
from exports.site.hosts import host_is_readable, host_of
from exports.site.kept import Kept
from exports.site.options import SiteOptions
from exports.site.problems import FOR_PROGRAMS
from exports.site.refusals import REFUSED, refused_query, too_long, wrong_host, wrong_method
from exports.site.settings import site_settings
from exports.site.words import static_address, static_files

LANGUAGE: Final = "lang"
POSTED: Final = ("/check", "/check.json", "/opinion")
"""The only addresses that something can be sent to."""

FROM_OTHER_PAGES: Final = ("/check.json",)
"""What a script on another site's page may post to; a browser asks first."""

_PREFLIGHT: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"86400"),
)
FROM_ANYWHERE: Final = {"access-control-allow-origin": "*"}
FOR_EVER: Final = {"cache-control": "public, max-age=31536000, immutable"}
NOT_KEPT: Final = {"cache-control": "no-store"}
LONG_BYTES: Final = 100_000
KEPT_SECONDS: Final = 31_536_000
_DROPPED: Final = (b"cookie", b"authorization")


class Gate:
    """ASGI middleware around the whole site."""

    def __init__(self, options: SiteOptions, facts: dict[str, Any], app: Any) -> None:
        self.app = app
        self.facts = facts
        self.more = _policy(options)
        self.kept = Kept(site_settings().cache_bytes)

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http":
            return
        elif not host_is_readable(scope):
            use_language(_cookie_language(scope) or LANGUAGES[0])
            await send_answer(send, wrong_host(scope["path"]), scope, self.more | NOT_KEPT)
        elif scope["method"] == "POST" and scope["path"] in POSTED:
            await self._answer_posted(scope, receive, send)
        elif scope["method"] == "OPTIONS" and scope["path"] in FROM_OTHER_PAGES:
            await send_answer(send, Answer(200, [*_PREFLIGHT], b"", b""), scope, self.more)
        elif scope["method"] not in ("GET", "HEAD"):
            use_language(_cookie_language(scope) or LANGUAGES[0])
            allowed = "GET, HEAD, POST" if scope["path"] in POSTED else "GET, HEAD"
            refused = wrong_method(scope["path"], scope["method"], allowed)
            await send_answer(send, refused, scope, self.more | NOT_KEPT)
        else:
            await self._answer(scope, receive, send)

    async def _answer_posted(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer a list to be checked, or an opinion; read whole first, and never kept."""
        use_language(_cookie_language(scope) or LANGUAGES[0])
        body = await _body(receive, site_settings().post_bytes)
        if body is not None:
            inner = _inner_scope(scope, scope["path"], "") | {"method": "POST"}
            answer = await self._readable(
                scope["path"], await collect(self.app, inner, _once(body))
            )
        elif scope["path"].endswith(FOR_PROGRAMS):
            answer = too_long()
        else:
            answer = await collect(self.app, _inner_scope(scope, "/413", ""), _once(b""))
        await send_answer(send, answer, scope, self.more | NOT_KEPT)

    async def _readable(self, path: str, answer: Answer) -> Answer:
        """Write JSON for people; a long one in a thread, so that nobody else has to wait for it."""
        facts = {} if path == DOCUMENT else self.facts
        if len(answer.body) < LONG_BYTES:
            return readable(answer, facts)
        return await asyncio.to_thread(readable, answer, facts)

    async def _answer(self, scope: Scope, receive: Any, send: Send) -> None:
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        chosen = next((value for name, value in pairs if name == LANGUAGE), None)
        lang = chosen if chosen in LANGUAGES else _cookie_language(scope) or LANGUAGES[0]
        use_language(lang)
        more = self.more | (_cookie(lang) if chosen == lang else {})
        pairs = [pair for pair in pairs if pair[0] != LANGUAGE]
        path = scope["path"]
        try:
            query = checked_query(path, pairs)
        except Refused as refused:
            if path.endswith(FOR_PROGRAMS):
                await send_answer(send, refused_query(refused), scope, more)
                return
            path, query, scope = "/400", "", {**scope, REFUSED: str(refused)}
        inner = _inner_scope(scope, path, query)
        if path.startswith("/download/"):
            inner = inner | {"method": scope["method"]}
            await self.app(inner, receive, with_headers(send, more | FROM_ANYWHERE))
            return
        if _is_for_ever(path, pairs):
            more = more | FOR_EVER
        key = (path, query, lang, host_of(scope) if path.endswith(".json") else "")
        answer = self.kept.get(key)
        if answer is None:
            answer = await self._readable(path, await collect(self.app, inner, receive))
            self.kept.put(key, answer)
        if chosen == lang:  # a shared link keeps its language where it leads on
            answer = moved_in(answer, LANGUAGE, lang)
        await send_answer(send, answer, scope, more)


def _is_for_ever(path: str, pairs: list[tuple[str, str]]) -> bool:
    """Tell whether an address names a static file with its content, as our pages do."""
    name = path.removeprefix("/static/")
    if name == path or name not in static_files():
        return False
    return address_of(path, pairs) == static_address(name)


async def _body(receive: Any, most_bytes: int) -> bytes | None:
    """Return what was sent, or None when it is too long or broken off."""
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or len(body) > most_bytes:
            return None
        if not message.get("more_body"):
            return body


def _once(body: bytes) -> Callable[[], Awaitable[dict[str, Any]]]:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _inner_scope(scope: Scope, path: str, query: str) -> Scope:
    headers = [pair for pair in scope["headers"] if pair[0] not in _DROPPED]
    raw = scope.get("raw_path") if path == scope["path"] else path.encode()
    changed = {"method": "GET", "path": path, "raw_path": raw, "query_string": query.encode()}
    return {**scope, **changed, "headers": headers}


def _cookie_language(scope: Scope) -> str | None:
    """Read by hand: the library's reading of a cookie takes seconds for a long hostile one."""
    given = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    pairs = (one.strip().partition("=") for one in given.split(";"))
    value = next((value for name, _, value in pairs if name == LANGUAGE), None)
    return value if value in LANGUAGES else None


def _policy(options: SiteOptions) -> dict[str, str]:
    """Return the content security policy that lets tiles in, where there are any of elsewhere."""
    name, ours = "content-security-policy", "img-src 'self'"
    if not options.image_source:
        return {}
    return {name: site_settings().headers[name].replace(ours, f"{ours} {options.image_source}")}


def _cookie(lang: str) -> dict[str, str]:
    kept = f"{LANGUAGE}={lang}; Path=/; Max-Age={KEPT_SECONDS}; SameSite=Lax; HttpOnly"
    return {"set-cookie": kept, "cache-control": "private, no-cache"}
