"""The gate before the site: language, what an address may hold, headers, pages kept in memory.

A visitor has no session: cookies other than the language and any credentials are taken off before
Datasette sees the request. A release never changes, so a page once made is kept and sent again.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl

from codes.messages import LANGUAGES, use_language
from exports.site.address import Refused, checked_query
from exports.site.catalogue import Catalogue
from exports.site.settings import site_settings

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

LANGUAGE: Final = "lang"
POSTED: Final = ("/check", "/check.json")
"""The only addresses that something can be sent to."""

KEPT_SECONDS: Final = 31_536_000
_DROPPED: Final = (b"cookie", b"authorization")


@dataclass(frozen=True)
class Answer:
    """A whole response."""

    status: int
    headers: Headers
    body: bytes
    etag: bytes


class Gate:
    """ASGI middleware around the whole site."""

    def __init__(self, app: Any, catalogue: Catalogue) -> None:
        self.app = app
        self.catalogue = catalogue
        self.kept = Kept(site_settings().cache_bytes)

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] == "POST" and scope["path"] in POSTED:
            await self._answer_posted(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await _send(send, Answer(405, [(b"allow", b"GET, HEAD")], b"", b""), scope, {})
        else:
            await self._answer(scope, receive, send)

    async def _answer_posted(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer a list sent to be checked; it is read whole first, and never kept."""
        use_language(_cookie_language(scope) or LANGUAGES[0])
        body = await _body(receive, site_settings().post_bytes)
        if body is None:
            await _send(send, Answer(413, [], b"", b""), scope, {})
            return
        inner = _inner_scope(scope, scope["path"], "") | {"method": "POST"}
        answer = await _collect(self.app, inner, _once(body))
        await _send(send, answer, scope, {"cache-control": "no-store"})

    async def _answer(self, scope: Scope, receive: Any, send: Send) -> None:
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        chosen = next((value for name, value in pairs if name == LANGUAGE), None)
        lang = chosen if chosen in LANGUAGES else _cookie_language(scope) or LANGUAGES[0]
        use_language(lang)
        more = _cookie(lang) if chosen == lang else {}
        pairs = [pair for pair in pairs if pair[0] != LANGUAGE]
        path = scope["path"]
        try:
            query = checked_query(path, pairs)
        except Refused:
            path, query = "/400", ""
        inner = _inner_scope(scope, path, query)
        if path.startswith("/download/"):
            await self.app(inner, receive, _with_headers(send, more))
            return
        key = (path, query, lang, _host(scope) if path.endswith(".json") else "")
        answer = self.kept.get(key)
        if answer is None:
            answer = await _collect(self.app, inner, receive)
            self.kept.put(key, answer)
        await _send(send, answer, scope, more)


class Kept:
    """Pages kept in memory, the least recently asked for dropped first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> Answer | None:
        """Return a kept page and note that it was asked for."""
        if key in self.answers:
            self.answers.move_to_end(key)
        return self.answers.get(key)

    def put(self, key: tuple[str, ...], answer: Answer) -> None:
        """Keep a page that was made well; make room for it."""
        if answer.status != 200 or len(answer.body) > self.most_bytes // 16 or key in self.answers:
            return
        self.answers[key] = answer
        self.bytes += len(answer.body)
        while self.bytes > self.most_bytes:
            _, dropped = self.answers.popitem(last=False)
            self.bytes -= len(dropped.body)


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


async def _collect(app: Any, scope: Scope, receive: Any) -> Answer:
    start: dict[str, Any] = {}
    body: list[bytes] = []

    async def take(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.append(message.get("body", b""))

    await app(scope, receive, take)
    whole = b"".join(body)
    etag = b'"' + hashlib.sha256(whole).hexdigest()[:32].encode() + b'"'
    return Answer(start["status"], [tuple(pair) for pair in start["headers"]], whole, etag)


async def _send(send: Send, answer: Answer, scope: Scope, more: dict[str, str]) -> None:
    asked = dict(scope["headers"]).get(b"if-none-match", b"")
    unchanged = answer.status == 200 and bool(answer.etag) and answer.etag in asked
    given = [pair for pair in answer.headers if pair[0].lower() != b"content-length"]
    headers = _headers(given, answer.status, more)
    if answer.etag:
        headers.append((b"etag", answer.etag))
    body = b"" if unchanged else answer.body
    if not unchanged:
        headers.append((b"content-length", str(len(body)).encode()))
    status = 304 if unchanged else answer.status
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _with_headers(send: Send, more: dict[str, str]) -> Send:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            kept = [tuple(pair) for pair in message["headers"]]
            message = {**message, "headers": _headers(kept, message["status"], more)}
        await send(message)

    return sending


def _headers(given: Iterable[tuple[bytes, bytes]], status: int, more: dict[str, str]) -> Headers:
    ours = {**site_settings().headers, **more}
    if status != 200 and "cache-control" not in more:
        ours["cache-control"] = "no-store" if status >= 500 else "public, max-age=60"
    ours.setdefault("cache-control", f"public, max-age={site_settings().browser_seconds}")
    ours["vary"] = "Cookie"
    replaced = {name.encode() for name in ours}
    kept = [(name, value) for name, value in given if name.lower() not in replaced]
    if any(b"json" in value for name, value in kept if name.lower() == b"content-type"):
        ours["access-control-allow-origin"] = "*"
    return [*kept, *((name.encode(), value.encode()) for name, value in ours.items())]


def _inner_scope(scope: Scope, path: str, query: str) -> Scope:
    headers = [pair for pair in scope["headers"] if pair[0] not in _DROPPED]
    raw = scope.get("raw_path") if path == scope["path"] else path.encode()
    changed = {"method": "GET", "path": path, "raw_path": raw, "query_string": query.encode()}
    return {**scope, **changed, "headers": headers}


def _host(scope: Scope) -> str:
    """Datasette writes whole addresses into JSON: one visitor's host must not reach another."""
    return f"{scope.get('scheme')} {dict(scope['headers']).get(b'host', b'').decode('latin-1')}"


def _cookie_language(scope: Scope) -> str | None:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return None
    value = jar[LANGUAGE].value if LANGUAGE in jar else None
    return value if value in LANGUAGES else None


def _cookie(lang: str) -> dict[str, str]:
    kept = f"{LANGUAGE}={lang}; Path=/; Max-Age={KEPT_SECONDS}; SameSite=Lax; HttpOnly"
    return {"set-cookie": kept, "cache-control": "private, no-cache"}
