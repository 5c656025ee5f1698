"""What a visitor may not do."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette

from codes.errors import StoreError
from exports.release.allow_list import allow_list
from exports.site.app import make_datasette
from exports.site.settings import site_settings
from tests.exports.release.small_registry import CANARIES, code_of
from tests.exports.site.conftest import Site

CLOSED = [
    "/-/metadata", "/-/metadata.json", "/-/settings", "/-/settings.json", "/-/plugins.json",
    "/-/versions.json", "/-/threads.json", "/-/databases.json", "/-/actor.json", "/-/messages",
    "/-/allow-debug", "/-/permissions", "/-/patterns", "/-/auth-token?token=x", "/-/logout",
    "/-/static/app.css", "/-/config", "/-/static-plugins/fuwuma-site/site.css",
    "/_internal", "/_internal.json", "/_internal/databases.json", "/_memory", "/_memory.json",
    "/:memory:", "/fuwuma.db", "/fuwuma.sqlite", "/fuwuma.csv", "/.json", "/.jsono",
    "/fuwuma/name_index", "/fuwuma/name_index.json", "/fuwuma/name_index_data.json",
    "/fuwuma/code_index.json",
    "/fuwuma/text_index_content.json", "/fuwuma/text_index_data/1.json",
    "/fuwuma/sqlite_schema.json", "/fuwuma/sqlite_stat1.json", "/fuwuma/facility.csv",
    "/fuwuma/facility.blob", "/fuwuma/facility.jsono", "/fuwuma/facility/x.blob",
    "/%2d/versions.json", "/fuwuma/facility/a/b",
    "//-/versions", "/fuwuma/~66acility.json",
    "/static/../app.py", "/static/%2e%2e/app.py",
]  # fmt: skip
REFUSED = [
    "/fuwuma/facility.json?sql=select+1", "/fuwuma/facility.json?_where=1=1",
    "/fuwuma/facility.json?_facet=address", "/fuwuma/facility.json?_facet_array=address",
    "/fuwuma/facility.json?_fts_table=text_index&_search=x", "/fuwuma/facility.json?_search=x",
    "/fuwuma/facility.json?_timelimit=99999", "/fuwuma/facility.json?_stream=on",
    "/fuwuma/facility.json?_format=csv", "/fuwuma/facility.json?_trace=1",
    "/fuwuma/facility.json?_extra=settings", "/fuwuma/facility.json?_through={}",
    "/fuwuma/facility?contact_phone=1", "/fuwuma/facility?name__like=%25",
    "/fuwuma/facility?name__arraycontains=x", "/fuwuma/facility?_sort=contact_phone",
    "/fuwuma/facility?_size=100000", "/fuwuma/facility?name=" + "x" * 2001,
    "/fuwuma/facility?nope=1", "/fuwuma/facility?_col=contact_phone",
    "/fuwuma/facility.json?_json=name&_ttl=0",
]  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
def test_what_is_not_a_page_of_ours_is_closed(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code in (301, 302, 404), path
    if answer.status_code != 404:
        assert site.get(answer.headers["location"]).status_code == 404


def test_a_program_is_told_in_json_which_condition_is_refused(site: Site) -> None:
    answer = site.get("/fuwuma/facility.json?name=x&nope=1")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (answer.json()["ok"], answer.json()["parameter"]) == (False, "nope")
    assert "nope" in answer.json()["error"]
    other = site.get("/fuwuma/facility.json?nope=1", cookie="lang=en").json()
    assert "not accepted" in other["error"]
    foul = site.get("/fuwuma/facility.json?<b>=1")
    assert "parameter" not in foul.json()
    assert "<b>" not in foul.text + site.get("/fuwuma/facility?<b>=1").text
    assert "2000" in site.get("/fuwuma/facility.json?name=" + "x" * 2001).json()["expected"]


@pytest.mark.parametrize("size", ["101", "500", "max", "+500", "5_00", " 500"])
def test_a_page_lists_a_hundred_rows_and_no_more(site: Site, size: str) -> None:
    refused = site.get(f"/fuwuma/facility?_size={quote(size)}")
    assert refused.status_code == 400
    assert "最多列 100 行" in refused.text
    assert site.get("/fuwuma/facility?_size=100").status_code == 200
    assert site.get("/fuwuma/facility.json?_size=500").status_code == 200


def test_the_list_of_tables_is_ours(site: Site) -> None:
    assert site.get("/fuwuma.json?sql=select+1").status_code == 400
    found = site.get("/fuwuma.json").json()
    assert {one["name"] for one in found["tables"]} == {*allow_list().tables}
    assert "queries" not in found


@pytest.mark.parametrize("path", REFUSED)
def test_what_a_table_address_may_not_hold_is_refused(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 400, path
    assert "select" not in answer.text.lower()


@pytest.mark.parametrize(
    "sql",
    [
        "select zeroblob(300000000)",
        "with recursive c(x) as (select 1 union all select x+1 from c) select count(*) from c",
        "select load_extension('x')",
    ],
)
def test_nobody_runs_sql(site: Site, sql: str) -> None:
    for path in ("/fuwuma", "/"):
        assert site.get(f"{path}?sql={sql}").content == site.get(path).content
    for path in ("/fuwuma.json", "/fuwuma/facility", "/fuwuma/facility.json"):
        answer = site.get(f"{path}?sql={sql}")
        assert answer.status_code == 400
        assert sql.split()[1] not in answer.text


def test_even_our_own_sql_cannot_make_much(site: Site, release: Path) -> None:
    datasette = make_datasette(release)
    connection = datasette.get_database("fuwuma").connect()
    with pytest.raises((sqlite3.DataError, sqlite3.OperationalError)):
        connection.execute("select length(hex(zeroblob(300000000)))").fetchone()
    with pytest.raises(sqlite3.OperationalError):
        connection.execute("delete from facility")
    datasette.executor.shutdown()
    connection.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent(site: Site, method: str) -> None:
    for path, allowed in (("/fuwuma/facility", "GET, HEAD"), ("/check", "GET, HEAD, POST")):
        if (method, path) == ("POST", "/check"):
            continue
        answer = site.get(path, method=method)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        assert allowed in answer.text
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/check", "/opinion", "/check.json"])
def test_too_much_is_refused_in_words(site: Site, path: str) -> None:
    answer = site.post(path, "codes=" + "x" * site_settings().post_bytes)
    assert answer.status_code == 413
    assert "没有接收" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith(
        "application/json" if path.endswith(".json") else "text/html"
    )


def test_every_answer_has_the_headers(site: Site) -> None:
    for path in ("/", "/nope", "/fuwuma/facility", "/fuwuma/facility.json", "/code/x",
                 "/robots.txt", "/download/facilities.csv", "/fuwuma/facility?sql=1",
                 "/search?q=医"):  # fmt: skip
        headers = site.get(path).headers
        for name, value in site_settings().headers.items():
            assert headers[name] == value, f"{path} {name}"
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "http" not in policy


def test_no_canary_is_in_any_answer(site: Site) -> None:
    paths = ["/", "/about", "/search?q=医院", "/fuwuma/facility?_size=100"]
    paths += [f"/fuwuma/{table}.json?_size=500" for table in allow_list().tables]
    paths += [
        f"/code/{code_of(key)}{end}" for key in ("nursery", "annulled") for end in ("", ".json")
    ]
    for path in paths:
        answer = site.get(path)
        assert answer.status_code in (200, 410), path
        body = answer.text
        for place, canary in CANARIES.items():
            assert canary not in body, f"{place} at {path}"


def test_a_page_is_kept_and_known_by_its_etag(site: Site) -> None:
    first = site.get("/about")
    assert first.headers["etag"]
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = site.get("/about", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    other = site.get("/about", if_none_match=first.headers["etag"], cookie="lang=en")
    assert other.status_code == 200


def test_one_visitors_host_does_not_reach_another(site: Site) -> None:
    evil = site.get("/fuwuma/facility.json?_size=1", host="evil.example")
    assert "evil.example" in evil.json()["next_url"]
    good = site.get("/fuwuma/facility.json?_size=1", host="good.example")
    assert "good.example" in good.json()["next_url"]
    for path in ("/fuwuma/facility", "/", f"/code/{code_of('nursery')}"):
        answer = site.get(path, host="evil.example")
        assert "evil.example" not in answer.text + str(answer.headers)


def test_cookies_and_credentials_change_nothing(site: Site) -> None:
    plain = site.get("/fuwuma/facility")
    dressed = site.get(
        "/fuwuma/facility", cookie="ds_actor=x; ds_messages=y", authorization="Bearer dstok_x"
    )
    assert dressed.text == plain.text
    assert dressed.headers["cache-control"] == plain.headers["cache-control"]


def test_head_is_answered_without_a_body(site: Site) -> None:
    answer = site.get("/about", method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 1000


def test_a_directory_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        make_datasette(tmp_path)
    assert caught.value.message_id == "release.not_a_release"


def test_a_damaged_release_is_refused(release: Path, tmp_path: Path) -> None:
    shutil.copytree(release, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "fuwuma.sqlite").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(StoreError) as caught:
        make_datasette(tmp_path)
    assert caught.value.message_id == "release.damaged"


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("DROP TABLE value_label", "value_label"),
        ("ALTER TABLE indicator DROP COLUMN name_en", "name_en"),
        ("ALTER TABLE facility ADD COLUMN contact_phone TEXT", "contact_phone"),
        ("DROP TABLE code_index", "code_index"),
    ],
)
def test_a_snapshot_of_another_version_is_refused(
    release: Path, tmp_path: Path, change: str, seen: str
) -> None:
    shutil.copytree(release, tmp_path, dirs_exist_ok=True)
    db = sqlite3.connect(tmp_path / "fuwuma.sqlite")
    db.execute(change)
    db.close()
    with pytest.raises(StoreError) as caught:
        make_datasette(tmp_path, checked=True)
    assert caught.value.message_id == "release.other_columns"
    assert seen in str(caught.value)


def test_a_snapshot_that_is_no_database_is_refused(release: Path, tmp_path: Path) -> None:
    shutil.copytree(release, tmp_path, dirs_exist_ok=True)
    (tmp_path / "fuwuma.sqlite").write_bytes(b"no database " * 1000)
    with pytest.raises(StoreError) as caught:
        make_datasette(tmp_path, checked=True)
    assert caught.value.message_id == "release.unreadable"


def test_another_datasette_in_the_process_is_left_alone(site: Site) -> None:
    other = Datasette(memory=True)
    answer = site.wait(other.client.get("/-/versions.json"))
    assert answer.status_code == 200
    assert "python" in answer.json()
    other.executor.shutdown()
