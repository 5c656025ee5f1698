"""The form for opinions: where it is, what it takes, what it refuses, what comes back published."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import Engine

from codes.china_time import day_of
from exports.release import publish
from exports.site.opinions import is_from_here, read_form, sender_of
from exports.site.options import SiteOptions
from exports.site.settings import site_settings
from registry.opinions import clerk
from registry.opinions.inbox import create_inbox
from registry.opinions.opinion import About
from registry.opinions.receive import Limits, Written, receive
from tests.exports.release.small_registry import ON, code_of
from tests.exports.site.conftest import Site, opened_site

CODE = code_of("nursery")
HERE = {"origin": "http://site.test", "content_type": "application/x-www-form-urlencoded"}
HOSTILE = "<script>alert(1)</script>\n{{ 7*7 }} ' OR 1=1 -- \u200f\"><img src=x onerror=alert(1)>"
STANDARD = "01-01"
NOON = datetime(ON.year, ON.month, ON.day, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("letters") / "inbox.db"
    create_inbox(path)
    return path


@pytest.fixture(scope="module")
def listening(release: Path, inbox: Path) -> Iterator[Site]:
    """The site of the small release, with an inbox."""
    with opened_site(release, SiteOptions(inbox=str(inbox))) as site:
        yield site


@pytest.fixture(autouse=True)
def fresh_day(request: pytest.FixtureRequest) -> None:
    """Forget who sent how many."""
    if "inbox" in request.fixturenames:
        with sqlite3.connect(request.getfixturevalue("inbox")) as db:
            db.execute("DELETE FROM day")
            db.execute("DELETE FROM sender")
        db.close()


def send(site: Site, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
    form = {"kind": "facility", "code": CODE, "text": "请加坡道", "contact": "", "website": ""}
    return site.post("/opinion", urlencode(form | fields), **(HERE if headers is None else headers))


def test_without_an_inbox_there_is_no_form(site: Site) -> None:
    assert "提意见建议" not in site.get(f"/code/{CODE}").text
    assert "提意见建议" not in site.get("/standards").text
    assert site.get(f"/opinion?kind=facility&code={CODE}").status_code == 404
    assert site.get(f"/opinion/received?kind=facility&code={CODE}").status_code == 404
    assert send(site).status_code == 404


def test_the_form_is_where_it_should_be(listening: Site) -> None:
    page = listening.get(f"/code/{CODE}").text
    assert 'action="/opinion"' in page
    assert f'name="code" value="{CODE}"' in page
    standards = listening.get("/standards?category=A").text
    link = re.search(r'href="(/opinion\?kind=standard&amp;code=[^"]+)"', standards)
    assert link
    form = listening.get(link[1].replace("&amp;", "&"))
    assert form.status_code == 200
    assert "服务标准" in form.text
    english = listening.get(f"/opinion?kind=facility&code={CODE}", cookie="lang=en").text
    assert "Your opinion" in english
    indicator = listening.get("/indicator/hangzhou-135.01").text
    assert 'name="kind" value="indicator"' in indicator
    assert listening.get("/opinion?kind=indicator&code=hangzhou-135.01").status_code == 200
    assert "西湖区文新幼儿园" in english


def test_an_opinion_is_received_and_kept(listening: Site, inbox: Path) -> None:
    before = clerk.listing(inbox).total
    answer = send(listening, text=HOSTILE, contact="0571-12345678")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/opinion/received?kind=facility&code={CODE}"
    assert answer.headers["cache-control"] == "no-store"
    thanks = listening.get(answer.headers["location"])
    assert "意见已收到" in thanks.text
    assert f"/code/{CODE}" in thanks.text
    kept = clerk.find(inbox, before + 1)
    assert (kept.text, kept.contact, kept.about) == (
        HOSTILE,
        "0571-12345678",
        About("facility", CODE),
    )
    assert b"127.0.0.1" not in inbox.read_bytes()


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"text": ""}, 400, "没有写内容"),
        ({"text": "字" * 1001}, 400, "内容有 1001 字"),
        ({"text": "a\x00b"}, 400, "控制字符（U+0000）"),
        ({"text": "好\u202e坏"}, 400, "控制字符（U+202E）"),
        ({"contact": "1" * 101}, 400, "联系方式有 101 字"),
        ({"code": code_of("annulled")}, 400, "无法读取"),
        ({"code": "nope"}, 400, "无法读取"),
        ({"kind": "release"}, 400, "无法读取"),
        ({"kind": "standard", "code": CODE}, 400, "无法读取"),
    ],
)
def test_what_is_refused(
    listening: Site, inbox: Path, fields: dict[str, str], status: int, said: str
) -> None:
    before = clerk.listing(inbox).total
    answer = send(listening, **fields)
    assert answer.status_code == status
    assert said in answer.text
    assert clerk.listing(inbox).total == before


def test_what_was_typed_comes_back_escaped(listening: Site) -> None:
    answer = send(listening, text=HOSTILE, contact="x" * 101)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "{{ 7*7 }}" in answer.text


@pytest.mark.parametrize(
    "body",
    ["", "text=%ff%fe", "a=1&" * 50, "kind=facility&code=" + CODE + "&text=%ed%a0%80", "\u4e2d"],
)
def test_what_is_no_form_is_refused(listening: Site, body: str) -> None:
    answer = listening.post("/opinion", body, **HERE)
    assert answer.status_code == 400
    assert "没有收下" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://site.test", "sec_fetch_site": "cross-site"},
        {"origin": "http://site.test", "sec_fetch_site": "same-site"},
        {"origin": "http://site.test", "sec_fetch_site": "none"},
        {"origin": "http://site.test.evil.example"},
        {"referer": "http://site.test/"},
    ],
)
def test_only_a_page_of_this_site_may_send(
    listening: Site, inbox: Path, headers: dict[str, str]
) -> None:
    before = clerk.listing(inbox).total
    assert send(listening, headers).status_code == 403
    assert clerk.listing(inbox).total == before


def test_same_origin_needs_no_origin_header_when_the_browser_says_so() -> None:
    assert is_from_here({"sec-fetch-site": "same-origin", "host": "a"})
    assert is_from_here({"origin": "https://A.example:8443", "host": "a.example:8443"})
    assert not is_from_here({"origin": "", "host": ""})


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(
    listening: Site, inbox: Path
) -> None:
    before = clerk.listing(inbox).total
    assert send(listening, website="http://spam.example").status_code == 303
    assert clerk.listing(inbox).total == before


def test_so_many_from_one_address(listening: Site) -> None:
    most = site_settings().opinion["a_day_from_one_address"]
    for _ in range(most):
        assert send(listening).status_code == 303
    answer = send(listening, text="再提一条")
    assert answer.status_code == 429
    assert f"已收到 {most} 条" in answer.text
    assert "再提一条</textarea>" in answer.text
    proxied = send(listening, {**HERE, "x_real_ip": "203.0.113.9"})
    assert proxied.status_code == 303  # the proxy on this machine says that it is somebody else


def test_only_a_proxy_on_this_machine_is_believed() -> None:
    told = {"x-real-ip": "203.0.113.9"}
    assert sender_of({"client": ("127.0.0.1", 1)}, told) == "203.0.113.9"
    assert sender_of({"client": ("198.51.100.1", 1)}, told) == "198.51.100.1"
    assert sender_of({"client": ("127.0.0.1", 1)}, {"x-real-ip": "nonsense"}) == "127.0.0.1"
    assert sender_of({}, {}) == ""


def test_a_form_has_five_fields_and_no_more() -> None:
    assert read_form(b"text=a&text=b&x=1") == {
        "kind": "", "code": "", "text": "b", "contact": "", "website": ""
    }  # fmt: skip


def test_a_broken_inbox_is_said_and_the_text_kept(release: Path, tmp_path: Path) -> None:
    with opened_site(release, SiteOptions(inbox=str(tmp_path / "gone.db"))) as site:
        answer = send(site, text="写了很久的意见")
        assert answer.status_code == 503
        assert "写了很久的意见" in answer.text
        assert "gone.db" not in answer.text


def test_opinions_cannot_be_read_from_outside(listening: Site) -> None:
    send(listening, text="只给工作人员看的话")
    for path in ("/opinion.json", "/inbox.db", "/fuwuma/opinion", "/opinions", f"/code/{CODE}"):
        assert "只给工作人员看的话" not in listening.get(path).text


def test_a_published_answer_stands_on_its_page(filled_sqlite: Engine, tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    create_inbox(path)
    limits = Limits(**site_settings().opinion)
    about = [("facility", CODE), ("facility", code_of("annulled")), ("standard", STANDARD)]
    for number, (kind, code) in enumerate(about, 1):
        sent = Written(About(kind, code), f"来信{number} {HOSTILE}", f"电话金丝雀{number}", "zh")
        receive(path, sent, "192.0.2.1", limits, NOON)
        clerk.answer(
            path, number, text=f"<b>答复{number}</b>", by="经办人金丝雀", publish=True,
            with_question=kind == "standard",
        )  # fmt: skip
    publish(filled_sqlite, tmp_path / "r", on=_answered(path), synthetic=True, inbox=path)
    with opened_site(tmp_path / "r", SiteOptions()) as site:
        facility = site.get(f"/code/{CODE}").text
        assert "&lt;b&gt;答复1&lt;/b&gt;" in facility
        assert "来信1" not in facility
        assert "提意见建议</summary>" not in facility
        standards = site.get("/standards").text
        assert "来信3 &lt;script&gt;" in standards
        table = site.get("/fuwuma/opinion_answer.json?_shape=objects").json()["rows"]
        assert [row["id"] for row in table] == [1, 3]  # nothing of an annulled record
    for file in (tmp_path / "r").rglob("*.*"):
        body = file.read_bytes()
        for secret in ("电话金丝雀", "经办人金丝雀", "来信1", "来信2", "答复2"):
            assert secret.encode() not in body, file.name


def _answered(path: Path) -> date:
    return day_of(datetime.fromisoformat(clerk.find(path, 1).acts[0].at))
