"""`fuwuma opinion` as a clerk and a script see it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from codes.indicators import indicators
from codes.standards import standards
from registry.opinions.inbox import create_inbox
from registry.opinions.opinion import About
from registry.opinions.receive import Limits, Written, receive
from tests.cli.conftest import Fuwuma

CODE = "B0133010600000185"


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "inbox.db"
    create_inbox(path)
    limits = Limits(1000, 100, 100, 100)
    for text, contact in (
        ("门口台阶太高，轮椅进不去。\n请加坡道。", "王女士 13900000000"),
        ("开放时间不对", ""),
    ):
        sent = Written(About("facility", CODE), text, contact, "zh")
        receive(path, sent, "192.0.2.1", limits, datetime(2026, 11, 22, tzinfo=UTC))
    monkeypatch.setenv("FUWUMA_INBOX", str(path))
    return path


def test_list_and_show(fuwuma: Fuwuma, inbox: Path) -> None:
    code, out, _ = fuwuma("opinion", "list")
    assert code == 0
    assert (
        out.splitlines()[0]
        == "1  2026-11-22  待办  设施 B01-330106-000001-85  门口台阶太高，轮椅进不去。 请加坡道。"
    )
    assert "共 2 条，这是第 1 页，共 1 页。" in out
    assert "13900000000" not in out
    code, out, _ = fuwuma("opinion", "show", "1")
    assert "    请加坡道。" in out
    assert "联系方式（不公开）：王女士 13900000000" in out


def test_answer_and_close(fuwuma: Fuwuma, inbox: Path) -> None:
    answer = ("opinion", "answer", "1", "--text", "坡道十二月完工。", "--by", "李强")
    assert fuwuma(*answer, "--with-question")[0] == 2
    code, out, _ = fuwuma(*answer, "--publish", "--with-question")
    assert (code, "发布、并重启网站后，答复登在相应页面上" in out) == (0, True)
    code, out, _ = fuwuma("opinion", "show", "1")
    assert "李强 答复（选登，连同原文）：" in out
    code, _, _ = fuwuma("opinion", "close", "2", "--reason", "已更正", "--by", "李强")
    assert code == 0
    assert "没有符合条件的意见。" in fuwuma("opinion", "list")[1]
    code, out, _ = fuwuma("opinion", "list", "--state", "closed", "--json")
    given = json.loads(out)
    assert (given["total"], given["items"][0]["id"]) == (1, 2)
    code, _, err = fuwuma("opinion", "close", "2", "--reason", "再次", "--by", "李强")
    assert (code, err.strip()) == (1, "意见 2 已经办结，没有改动。")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("已回电 13922223333。", "答复里有像是手机号码的 *******3333，没有答复"),
        ("请打 ＋86 139-2222-3333", "像是手机号码的 **********3333"),
        ("您的证件 11010519491231002X 已核", "像是身份证号码的 **************002X"),
        ("旧证 110105491231002 已核", "像是十五位身份证号码的 ************002"),
    ],
)
def test_an_answer_with_a_persons_number_is_not_published(
    fuwuma: Fuwuma, inbox: Path, words: str, said: str
) -> None:
    answer = ("opinion", "answer", "1", "--text", words, "--by", "李强")
    code, _, err = fuwuma(*answer, "--publish")
    assert code == 1
    assert said in err
    assert "待办" in fuwuma("opinion", "show", "1")[1], "nothing was answered"
    assert fuwuma(*answer)[0] == 0, "an answer that is not published may have it"
    assert fuwuma(*answer, "--publish", "--sure")[0] == 0


def test_a_letter_with_a_persons_number_is_not_published(fuwuma: Fuwuma, inbox: Path) -> None:
    sent = Written(About("facility", CODE), "我是13811112222", "", "zh")
    limits = Limits(1000, 100, 100, 100)
    receive(inbox, sent, "192.0.2.1", limits, datetime(2026, 11, 22, tzinfo=UTC))
    answer = ("opinion", "answer", "3", "--by", "李强", "--publish", "--text")
    code, _, err = fuwuma(*answer, "好", "--with-question")
    assert code == 1
    assert "来信原文里有像是手机号码的 *******2222" in err
    assert "去掉 --with-question" in err
    code, _, err = fuwuma(*answer, "回13922223333", "--with-question")
    assert "答复里有像是手机号码的 *******3333，来信原文里有像是手机号码的 *******2222" in err
    landline = "请致电 0571-87654321、400-820-8820，设施 B01-330106-000001-85，12330106470116139X"
    assert fuwuma(*answer, landline)[0] == 0


def test_paging_and_filters_in_json(fuwuma: Fuwuma, inbox: Path) -> None:
    _, out, _ = fuwuma("opinion", "list", "--page", "2", "--per-page", "1", "--json")
    given = json.loads(out)
    assert (given["total"], [one["id"] for one in given["items"]]) == (2, [2])
    printed = "B01-330106-000001-85"
    assert json.loads(fuwuma("opinion", "list", "--about", printed, "--json")[1])["total"] == 2
    other = "B01-330106-000002-82"
    assert json.loads(fuwuma("opinion", "list", "--about", other, "--json")[1])["total"] == 0


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("show", "9"), 1, "没有编号为 9 的意见"),
        (("list", "--state", "nope"), 2, "--state 是“nope”，应为 open 待办, answered 已答复"),
        (("list", "--about", "瞎写"), 2, "“瞎写”不是设施编码"),
        (("list", "--inbox", "/nonexistent/x.db"), 4, "没有收件库 /nonexistent/x.db"),
        (("answer", "1", "--text", " ", "--by", "李"), 1, "请写明答复"),
        (("close", "1", "--reason", " ", "--by", "李"), 1, "请写明办结的理由"),
        (("answer", "1", "--text", "好", "--by", ""), 2, "--by 应为办理人的姓名"),
        (("answer", "1", "--text", "好\x07", "--by", "李"), 1, "控制字符（U+0007）"),
        (("close", "1", "--by", "李"), 2, "--reason"),
    ],
)
def test_mistakes_are_said(
    fuwuma: Fuwuma, inbox: Path, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    code, _, err = fuwuma("opinion", *arguments)
    assert code == exit_code
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("word", "total"), [("待办", 2), ("已答复", 0), ("全部", 2), ("open", 2)])
def test_the_words_of_the_list_choose_a_state(
    fuwuma: Fuwuma, inbox: Path, word: str, total: int
) -> None:
    _, out, _ = fuwuma("opinion", "list", "--state", word, "--json")
    assert json.loads(out)["total"] == total


def test_english(fuwuma: Fuwuma, inbox: Path) -> None:
    code, out, _ = fuwuma("opinion", "list", "--lang", "en")
    fuwuma("opinion", "list", "--lang", "zh")
    assert code == 0
    assert "2 in all; page 1 of 1." in out


@pytest.mark.parametrize(
    ("options", "exit_code", "said"),
    [
        (("--tiles", "https://x.example/{z}"), 2, "瓦片地址"),
        (("--tiles-datum", "GCJ02"), 2, "要与 --tiles 同用"),
        (("--tiles", "/t/{z}/{x}/{y}", "--tiles-datum", "WGS72"), 2, "应为 CGCS2000"),
    ],
)
def test_a_site_is_not_begun_with_unfit_options(
    fuwuma: Fuwuma, tmp_path: Path, options: tuple[str, ...], exit_code: int, said: str
) -> None:
    code, _, err = fuwuma("site", "serve", str(tmp_path), *options)
    assert code == exit_code
    assert said in err


def test_what_an_opinion_is_about_is_named_where_a_registry_knows_it(
    fuwuma: Fuwuma, inbox: Path, tmp_path: Path
) -> None:
    limits = Limits(1000, 100, 100, 100)
    for about in (About("standard", "01-01"), About("indicator", "hangzhou-145.02")):
        sent = Written(about, "建议", "", "zh")
        receive(inbox, sent, "192.0.2.1", limits, datetime(2026, 11, 22, tzinfo=UTC))
    db = ("--db", str(tmp_path / "own.db"))
    assert fuwuma(*db, "init")[0] == 0
    code, out, _ = fuwuma(*db, "opinion", "list")
    assert code == 0
    assert "B01-330106-000001-85  门口" in out, "no facility of this registry"
    fields = ("--name", "文新幼儿园", "--type", "幼儿园", "--division", "330106", "--by", "张三")
    code, out, err = fuwuma(*db, "facility", "add", *fields, "--as-of", "2026-11-01", "--json")
    assert code == 0, err
    assert json.loads(out)["code"] == CODE
    code, out, _ = fuwuma(*db, "opinion", "list")
    lines = out.splitlines()
    assert "B01-330106-000001-85 文新幼儿园  门口" in lines[0]
    assert f"01-01 {standards()['01-01'].name_zh}" in lines[2]
    assert f"hangzhou-145.02 {indicators()['hangzhou-145.02'].name_zh}" in lines[3]
    code, out, _ = fuwuma(*db, "opinion", "show", "1", "--json")
    assert json.loads(out)["about_name"] == "文新幼儿园"
