"""Heads of requests that nobody honest sends: they cost little and reach no other visitor."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from exports.site.answers import Answer
from exports.site.gate import Gate
from exports.site.hosts import host_is_readable
from exports.site.kept import Kept
from exports.site.options import PLAIN
from tests.exports.site.conftest import Site


def _language_of(cookie: bytes) -> str | None:
    """Ask a gate before an application that says which language it was asked in."""
    answered: list[dict[str, Any]] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    async def ask() -> str:
        gate = Gate(PLAIN, {}, application)
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b""}
        await gate(scope | {"headers": [(b"cookie", cookie)]}, None, send)
        ((_, _, lang, _),) = gate.kept.answers
        return lang

    # in a thread of its own: Playwright keeps a loop running in the test's
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, ask()).result()


@pytest.mark.parametrize(
    ("cookie", "lang"),
    [
        (b"lang=en", "en"),
        (b"a=1; lang=en; b=2", "en"),
        (b"a=1;lang=en", "en"),
        (b"language=en", "zh"),
        (b"lang=xx", "zh"),
        (b"", "zh"),
        (b'a="\\"\\"; lang=en', "en"),
    ],
)
def test_the_language_is_found_among_cookies(cookie: bytes, lang: str) -> None:
    assert _language_of(cookie) == lang


def test_a_long_cookie_stops_nobody() -> None:
    started = time.process_time()
    assert _language_of(b'a="' + b'\\"' * 30_000) == "zh"
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("host", "taken"),
    [
        (b"example.org", True),
        (b"example.org:8001", True),
        (b"127.0.0.1:8001", True),
        (b"[::1]:8001", True),
        (b"", True),
        (b'\xff\xe4"<s>@[::', False),
        (b"example.org/evil", False),
        (b"a" * 300, False),
        (b"example.org:8001:2", False),
    ],
)
def test_a_host_is_a_name_or_an_address(host: bytes, taken: bool) -> None:
    assert host_is_readable({"headers": [(b"host", host)]}) is taken


def test_a_host_that_is_none_is_refused_in_a_sentence(site: Site) -> None:
    page = site.get("/fuwuma/facility", host="a<s>")
    assert (page.status_code, page.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert "主机名" in page.text
    program = site.get("/fuwuma/facility.json", host="a<s>")
    assert program.status_code == 400
    assert program.json()["remedy"] == "请用网站的地址访问。"


def test_one_visitors_host_does_not_reach_the_next(site: Site) -> None:
    address = "/fuwuma/facility?_size=7"
    assert site.get(address, host="evil.example").status_code == 200
    answer = site.get(address)
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)


def test_what_is_kept_is_counted_with_its_address() -> None:
    kept = Kept(100_000)
    small = Answer(200, [(b"content-type", b"text/html")], b"x", b"")
    for number in range(1_000):
        kept.put((f"/suggest.json?q={number}", "x" * 1_000, "zh", ""), small)
    assert 5 < len(kept.answers) < 30
    kept.put(("/suggest.json", "y" * 20_000, "zh", ""), small)
    assert all(len(query) < 20_000 for _, query, _, _ in kept.answers)
    for key in list(kept.answers):
        kept.get(key)
        kept.put((*key[:3], "again"), small)
    assert 0 < kept.bytes <= kept.most_bytes
