"""A list of codes is checked whole, in its order, and nothing of it is kept."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from codes import facility_code
from exports.site import checking
from exports.site.settings import site_settings
from tests.exports.release.small_registry import code_of
from tests.exports.site.conftest import Site

FORM = {"content_type": "application/x-www-form-urlencoded"}


def _results(site: Site, codes: list[str]) -> list[tuple[str, list[str]]]:
    answer = site.post("/check.json", json.dumps({"codes": codes}))
    assert answer.status_code == 200
    return [
        (row["outcome"], [now["code"] for now in row["standing"]])
        for row in answer.json()["results"]
    ]


def test_every_outcome_and_the_order_kept(site: Site) -> None:
    code = code_of("nursery")
    unknown = facility_code.make("A01", "330106", 999)
    swapped = code[:-3] + code[-2] + code[-3] + code[-1]
    asked = [
        facility_code.format(code).lower(), code_of("merged_before"), code_of("split"),
        code_of("closed"), code_of("annulled"), code_of("duplicate"), unknown, swapped, "", code,
    ]  # fmt: skip
    assert _results(site, asked) == [
        ("standing", [code]),
        ("moved", [code_of("health")]),
        ("moved", [code_of("split_a"), code_of("split_b")]),
        ("ended", []),
        ("annulled", []),
        ("moved", [code_of("split_a")]),
        ("unknown", []),
        ("wrong", []),
        ("wrong", []),
        ("standing", [code]),
    ]


def test_a_code_is_read_alike_on_the_page_and_by_a_program(site: Site) -> None:
    code = code_of("nursery")
    printed = facility_code.format(code)
    spaced, swapped = printed.replace("-", " "), printed[:-2] + printed[:-3:-1]
    odd = [f'"{printed}"', f"“{printed}”", f'="{code}"', f"'{code}", spaced, f' "{spaced}" ']
    assert swapped != printed
    assert _results(site, odd) == [("standing", [code])] * len(odd)
    for between in ("\n", ",", " ", ";"):
        pasted = between.join([*odd, swapped.replace("-", " "), "医"])
        page = site.post("/check", urlencode({"codes": pasted}), **FORM).text
        assert page.count(f'href="/code/{code}"') == len(odd)
        assert f"核对了 {len(odd) + 2} 个编码" in page


def test_the_answer_says_how_many_of_each_and_of_which_day(site: Site) -> None:
    answer = site.post("/check.json", json.dumps({"codes": [code_of("home"), "x"]}))
    body = answer.json()
    assert body["counts"] == {"wrong": 1, "standing": 1}
    assert (body["release_date"], body["synthetic"]) == ("2026-11-22", True)
    assert body["results"][1]["detail"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_ten_thousand_codes_are_checked_and_one_more_is_not(site: Site) -> None:
    most = site_settings().check_most
    assert most == 10_000
    codes = [facility_code.make("B01", "330105", 1000 + number) for number in range(most)]
    results = _results(site, codes)
    assert len(results) == most
    assert sum(outcome == "standing" for outcome, _ in results) == 45
    assert site.post("/check.json", json.dumps({"codes": [*codes, "x"]})).status_code == 400
    pasted = site.post("/check", urlencode({"codes": "\n".join(codes)}), **FORM)
    assert pasted.status_code == 200
    assert "核对了 10,000 个编码" in pasted.text
    assert pasted.text.count("<tr>") == site_settings().check_shown + 1
    more = site.post("/check", urlencode({"codes": "\n".join([*codes, "x"])}), **FORM)
    assert more.status_code == 413
    assert "最多 10,000 个" in more.text


@pytest.mark.parametrize("between", ["\n", ", ", "；", "\t", "、", "  \r\n "])
def test_a_pasted_list_may_be_separated_in_any_way(site: Site, between: str) -> None:
    codes = between.join([code_of("home"), facility_code.format(code_of("eye"))])
    body = site.post("/check", urlencode({"codes": codes}), **FORM).text
    assert "核对了 2 个编码" in body
    assert "拱墅区夕阳红养老院" in body
    assert "光明眼科医院" in body


@pytest.mark.parametrize(
    "sent",
    ["", "x", "[]", "{}", '{"codes": "E01"}', '{"codes": [1]}', '{"codes": null}', "[" * 5000],
)
def test_what_is_not_a_list_is_refused_with_the_form_expected(site: Site, sent: str) -> None:
    answer = site.post("/check.json", sent)
    assert answer.status_code == 400
    assert "codes" in answer.json()["expected"]


def test_too_much_is_cut_off(site: Site) -> None:
    assert site.post("/check", "x" * (site_settings().post_bytes + 1)).status_code == 413


def test_a_pasted_text_is_shown_and_not_run(site: Site) -> None:
    pasted = "</textarea><script>alert(1)</script>"
    body = site.post("/check", urlencode({"codes": pasted}), **FORM).text
    assert "<script>" not in body
    assert "</textarea><" not in body


def test_lists_are_not_kept(site: Site) -> None:
    site.post("/check", urlencode({"codes": "SECRET-LIST"}), **FORM)
    assert "SECRET-LIST" not in site.get("/check").text


def test_names_are_suggested(site: Site) -> None:
    names = site.get("/suggest.json?q=文新").json()["names"]
    found = ["文新第二幼儿园", "文新街道社区卫生服务中心", "西湖区文新幼儿园"]
    assert names == ["文新街道", *found], "the place first, then the facilities"
    assert site.get("/suggest.json?q=医").json()["names"]
    assert site.get("/suggest.json?q=").json()["names"] == []
    assert len(site.get("/suggest.json?q=幼").json()["names"]) == site_settings().suggestions
    assert site.get("/suggest.json?q=误登").json()["names"] == []


@pytest.mark.parametrize(
    "body", [b"\xff\xff", b"codes=%ff", b"codes=\xc3", b"&".join([b"a=1"] * 11)]
)
def test_a_form_that_cannot_be_read_is_refused(site: Site, body: bytes) -> None:
    answer = site.post("/check", body, **FORM)
    assert answer.status_code == 400
    assert "读不出来" in answer.text


def test_half_a_character_is_checked_too(site: Site) -> None:
    answer = site.post("/check.json", '{"codes": ["\\ud800医"]}')
    assert answer.status_code == 200
    assert answer.json()["counts"] == {"wrong": 1}


def test_others_are_answered_while_a_long_list_is_checked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading the codes stops until somebody else has been answered, or for ten seconds."""
    begun, answered, read = threading.Event(), threading.Event(), checking._read

    def waiting(text: str) -> tuple[str | None, str | None]:
        begun.set()
        assert answered.wait(10)
        return read(text)

    monkeypatch.setattr(checking, "_read", waiting)
    with ThreadPoolExecutor(1) as pool:
        checked = pool.submit(site.post, "/check.json", json.dumps({"codes": ["x"]}))
        assert begun.wait(10)
        assert site.get("/about").status_code == 200
        answered.set()
        assert checked.result().json()["counts"] == {"wrong": 1}
