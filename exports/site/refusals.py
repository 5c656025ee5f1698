"""What is said to somebody who asks for what the site does not give."""

from __future__ import annotations

import json
from typing import Any, Final

from codes.messages import text
from exports.site.address import Refused
from exports.site.answers import Answer, Headers
from exports.site.settings import site_settings

JSON: Final = (b"content-type", b"application/json; charset=utf-8")
REFUSED: Final = "fuwuma_refused"
"""Key of a request's scope: what the page that refuses it is to say."""

PLAIN: Final = (b"content-type", b"text/plain; charset=utf-8")


def refused_query(refused: Refused) -> Answer:
    """Tell a program which condition of its address is not accepted."""
    named: dict[str, Any] = {"parameter": refused.parameter} if refused.parameter else {}
    return _json(400, str(refused), **named)


def too_long() -> Answer:
    """Tell a program that it sent too much."""
    return _json(413, text("site.too_long.say", most=site_settings().post_bytes))


def wrong_method(path: str, allowed: str) -> Answer:
    """Say by which methods an address can be asked."""
    said = text("site.method.say", allowed=allowed)
    allow = (b"allow", allowed.encode())
    if path.endswith(".json"):
        return _json(405, said, headers=[allow])
    return Answer(405, [allow, PLAIN], f"{said}\n".encode(), b"")


def _json(status: int, error: str, headers: Headers | None = None, **more: Any) -> Answer:
    body = {"ok": False, "status": status, "error": error, **more}
    said = json.dumps(body, ensure_ascii=False).encode()
    return Answer(status, [*(headers or []), JSON], said, b"")
