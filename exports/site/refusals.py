"""What is said to somebody who asks for what the site does not give."""

from __future__ import annotations

import json
from typing import Final

from exports.site.address import Refused
from exports.site.answers import Answer, Headers
from exports.site.problems import FOR_PROGRAMS, Problem
from exports.site.settings import site_settings

JSON: Final = (b"content-type", b"application/json; charset=utf-8")
REFUSED: Final = "fuwuma_refused"
"""Key of a request's scope: what the page that refuses it is to say."""

PLAIN: Final = (b"content-type", b"text/plain; charset=utf-8")


def refused_query(refused: Refused) -> Answer:
    """Tell a program which condition of its address is not accepted."""
    return _json(400, refused.problem)


def too_long() -> Answer:
    """Tell a program that it sent too much."""
    return _json(413, Problem("too_large", {"most": site_settings().post_bytes}))


def wrong_method(path: str, method: str, allowed: str) -> Answer:
    """Say by which methods an address can be asked."""
    seen = method if method.isalpha() else ""
    problem = Problem("method", {"method": seen, "allowed": allowed})
    return _told(405, problem, path, [(b"allow", allowed.encode())])


def wrong_host(path: str) -> Answer:
    """Say that the name of the host is none."""
    return _told(400, Problem("host"), path, [])


def _told(status: int, problem: Problem, path: str, headers: Headers) -> Answer:
    """Tell a program in JSON, anybody else in plain words."""
    if path.endswith(FOR_PROGRAMS):
        return _json(status, problem, headers=headers)
    said = " ".join(problem.sentences())
    return Answer(status, [*headers, PLAIN], f"{said}\n".encode(), b"")


def _json(status: int, problem: Problem, headers: Headers | None = None) -> Answer:
    said = json.dumps(problem.as_json(status), ensure_ascii=False).encode()
    return Answer(status, [*(headers or []), JSON], said, b"")
