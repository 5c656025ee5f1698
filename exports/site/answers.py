"""A whole response: taken from the application, given our headers, sent on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from exports.site.settings import site_settings

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
MOVED = 300
JSON_KINDS = (b"application/json", b"application/geo+json")
LEFT_OUT = (b"link",)
"""Datasette's Link names the host of whoever asked first; the page itself says it without."""


@dataclass(frozen=True)
class Answer:
    """A whole response."""

    status: int
    headers: Headers
    body: bytes
    etag: bytes


async def collect(app: Any, scope: Scope, receive: Any) -> Answer:
    """Let the application answer and keep the whole of it."""
    start: dict[str, Any] = {}
    body: list[bytes] = []

    async def take(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.append(message.get("body", b""))

    await app(scope, receive, take)
    whole = b"".join(body)
    headers = [tuple(pair) for pair in start["headers"] if pair[0].lower() not in LEFT_OUT]
    return Answer(start["status"], headers, whole, _etag(whole))


def _etag(whole: bytes) -> bytes:
    return b'"' + hashlib.sha256(whole).hexdigest()[:32].encode() + b'"'


def readable(answer: Answer, facts: dict[str, Any]) -> Answer:
    """Return JSON as people read it, its characters written out; anything else as it is.

    `facts` of the release go before what an object says; a mistake (`ok: false`) says none of it.
    """
    kind = next((value for name, value in answer.headers if name.lower() == b"content-type"), b"")
    if not kind.startswith(JSON_KINDS):
        return answer
    read = json.loads(answer.body)
    if isinstance(read, dict) and read.get("ok") is not False:
        read = facts | read
    try:
        whole = json.dumps(read, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half a character, which a program may send to be checked
        whole = json.dumps(read, separators=(",", ":")).encode()
    return replace(answer, body=whole, etag=_etag(whole))


def moved_in(answer: Answer, option: str, value: str) -> Answer:
    """Return a redirect with an option of its address added; any other answer as it is."""
    headers = [
        (name, _with_option(url, option, value) if name.lower() == b"location" else url)
        for name, url in answer.headers
    ]
    return replace(answer, headers=headers) if MOVED <= answer.status < 400 else answer


def _with_option(url: bytes, option: str, value: str) -> bytes:
    bare, sign, fragment = url.partition(b"#")
    joined = b"&" if b"?" in bare else b"?"
    return bare + joined + f"{option}={value}".encode() + sign + fragment


async def send_answer(send: Send, answer: Answer, scope: Scope, more: dict[str, str]) -> None:
    """Send a response with our headers, or 304 when the visitor has it already."""
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


def with_headers(send: Send, more: dict[str, str]) -> Send:
    """Return a `send` that adds our headers to what is sent in pieces."""

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
