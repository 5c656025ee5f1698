from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from codes import facility_code
from codes.china_time import today
from codes.messages import text

Fuwuma = Callable[..., tuple[int, str, str]]
Facility = Callable[..., Any]


@pytest.fixture
def facility(fuwuma: Fuwuma, registry_url: str) -> Facility:
    """Run `fuwuma facility ... --json`, expect success, give the document."""

    def call(*arguments: str) -> Any:
        code, out, err = fuwuma("facility", *arguments, "--db", registry_url, "--json")
        assert code == 0, err
        return json.loads(out)

    return call


@pytest.fixture
def refused(fuwuma: Fuwuma, registry_url: str) -> Facility:
    """Run `fuwuma facility ...`, expect the exit code, give what is said on standard error."""

    def call(expected: int, *arguments: str) -> str:
        code, out, err = fuwuma("facility", *arguments, "--db", registry_url)
        assert (code, out) == (expected, ""), err
        assert "Traceback" not in err
        return err

    return call


def add(facility: Facility, name: str = "示例幼儿园", *more: str) -> str:
    options = ("--type", "幼儿园", "--name", name, "--division", "330106", "--by", "张三")
    return str(facility("add", *options, "--on", "2024-03-01", *more)["code"])


def test_add_show_and_find_again(facility: Facility) -> None:
    code = add(
        facility,
        "示例幼儿园",
        *("--address", "示例路 1 号", "--set", "在校生数=120", "--set", "无障碍=有"),
        *("--set", "contact_name=王五", "--set", "学校标识码=1133000001"),
        *("--longitude", "120.13", "--latitude", "30.26", "--datum", "火星坐标"),
    )
    shown = facility("show", facility_code.format(code).lower())
    assert shown["code"] == code
    assert shown["printed"] == facility_code.format(code)
    assert (shown["type_name"], shown["division_name"]) == ("幼儿园", "浙江省杭州市西湖区")
    assert (shown["accessible"], shown["datum"]) == ("是", "GCJ02")
    assert shown["valid_from"] == shown["as_of"] == "2024-03-01"
    assert shown["capabilities"]["enrolment"]["value"] == 120
    assert shown["identifiers"] == {"school_id": ["1133000001"]}
    assert "contact_name" not in shown
    assert facility("show", code, "--private")["contact_name"] == "王五"
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code)
    assert facility("show", full_width)["code"] == code


def test_words_in_both_languages(fuwuma: Fuwuma, facility: Facility, registry_url: str) -> None:
    code = add(facility, "示例幼儿园", "--set", "联系电话=13800000000", "--set", "在校生数=0")
    for lang, words in (
        ("zh", ("运营状态：运营", "在校生数：0 人", "张三")),
        ("en", ("Status: 运营 operating", "Pupils enrolled: 0 pupils", "recorded by 张三")),
    ):
        _, out, _ = fuwuma("facility", "show", code, "--db", registry_url, "--lang", lang)
        assert all(word in out for word in words), out
        assert "13800000000" not in out
        _, out, _ = fuwuma("facility", "history", code, "--db", registry_url, "--lang", lang)
        assert "2024-03-01" in out
        assert "13800000000" not in out
        _, out, _ = fuwuma("facility", "list", "--db", registry_url, "--lang", lang)
        assert facility_code.format(code) in out
    _, out, _ = fuwuma("facility", "show", code, "--private", "--db", registry_url)
    assert "13800000000" in out


def test_private_fields_are_in_no_document_unasked(facility: Facility) -> None:
    code = add(facility, "示例幼儿园", "--set", "联系人=王五")
    facility("change", code, "--set", "联系人=赵六", "--by", "李四", "--on", "2025-01-01")
    for document in (facility("show", code), facility("list"), facility("history", code)):
        assert "王五" not in json.dumps(document, ensure_ascii=False)
        assert "赵六" not in json.dumps(document, ensure_ascii=False)
    assert "王五" in json.dumps(facility("history", code, "--private"), ensure_ascii=False)


def test_list_limits_and_pages(facility: Facility) -> None:
    codes = [add(facility, f"第{number}幼儿园") for number in range(3)]
    found = facility("list", "--type", "幼儿园", "--division", "3301", "--per-page", "2")
    assert (found["total"], found["page"], found["per_page"]) == (3, 1, 2)
    assert [item["code"] for item in found["items"]] == codes[:2]
    found = facility("list", "--per-page", "2", "--page", "2")
    assert [item["code"] for item in found["items"]] == codes[2:]
    assert facility("list", "--text", "第1幼")["total"] == 1
    assert facility("list", "--class", "A01")["items"] == []
    assert facility("list", "--status", "关闭")["total"] == 0


def test_change_correct_and_look_back(facility: Facility) -> None:
    code = add(facility)
    done = facility(
        "change", code, "--set", "名称=新名幼儿园", "--on", "2025-01-01", "--by", "李四"
    )
    assert (done["changed"], done["name"]) == (True, "新名幼儿园")
    same = facility(
        "change", code, "--set", "name=新名幼儿园", "--on", "2025-01-01", "--by", "李四"
    )
    assert same["changed"] is False
    assert facility("show", code, "--on", "2024-06-01")["name"] == "示例幼儿园"
    facility("correct", code, "--set", "名称=正名幼儿园", "--by", "李四", "--reason", "笔误")
    past = facility("history", code)
    assert [version["name"] for version in past["versions"]] == ["示例幼儿园", "正名幼儿园"]
    assert [act["action"] for act in past["acts"]] == ["register", "change", "correct"]
    before = past["superseded"][-1]["recorded_at"]
    assert facility("show", code, "--known-at", before)["name"] == "新名幼儿园"
    facility("change", code, "--set", "地址=文三路 1 号", "--on", "2025-01-01", "--by", "李四")
    cleared = facility("change", code, "--set", "地址=[清空]", "--on", "2026-01-01", "--by", "李四")
    assert cleared["address"] is None


def test_closed_by_mistake_and_wanted_back(
    fuwuma: Fuwuma, facility: Facility, registry_url: str
) -> None:
    code = add(facility)
    _, out, _ = fuwuma("facility", "close", code, "--by", "李四", "--db", registry_url)
    assert f"fuwuma facility restore {facility_code.format(code)}" in out
    assert facility("show", code)["status"] == "关闭"
    assert facility("restore", code, "--by", "李四")["status"] == "运营"
    assert facility("show", code, "--on", today().isoformat())["closed_on"] is None


def test_close_and_reopen(facility: Facility, refused: Facility) -> None:
    code = add(facility)
    assert facility("close", code, "--on", "2025-01-01", "--by", "a")["closed_on"] == "2025-01-01"
    assert "2025-01-01" in refused(1, "close", code, "--by", "a")
    assert facility("reopen", code, "--on", "2025-06-01", "--by", "a")["status"] == "运营"
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert tomorrow in refused(1, "close", code, "--on", tomorrow, "--by", "a")


def test_an_old_code_leads_on(fuwuma: Fuwuma, facility: Facility, registry_url: str) -> None:
    old, other, left, right = (add(facility, f"第{n}幼儿园") for n in range(4))
    merged = facility("merge", old, other, "--into", left, "--on", "2025-01-01", "--by", "a")
    assert merged == {"codes": [old, other], "into": [left]}
    facility(
        "split", left, "--into", right, "--into", add(facility), "--on", "2026-01-01", "--by", "a"
    )
    shown = facility("show", old)
    assert shown["status"] == "已合并"
    assert shown["successors"][0]["code"] == right
    assert shown["links"] == [
        {"predecessor": old, "successor": left, "kind": "merged", "effective_on": "2025-01-01"}
    ]
    assert facility("list")["total"] == 2
    assert facility("list", "--ended")["total"] == 5
    _, out, _ = fuwuma("facility", "show", old, "--db", registry_url)
    assert facility_code.format(right) in out
    _, out, _ = fuwuma("facility", "history", left, "--db", registry_url, "--lang", "en")
    assert f"{facility_code.format(old)} merged into it" in out


def test_duplicate_and_annul(facility: Facility, refused: Facility) -> None:
    twin, real, wrong = (add(facility, f"第{n}幼儿园") for n in range(3))
    facility("duplicate", twin, "--of", real, "--by", "a")
    assert facility("annul", wrong, "--by", "a")["status"] == "误登作废"
    for code in (twin, wrong):
        assert "restore" in refused(1, "change", code, "--set", "名称=新名", "--by", "a")
    assert facility("restore", wrong, "--by", "a")["status"] == "运营"


@pytest.mark.parametrize(
    ("arguments", "expected", "words"),
    [
        (("--set", "颜色=红"), 2, "颜色"),
        (("--set", "名称"), 2, "--set"),
        (("--set", "设施编码=abc"), 2, "永不改变"),
        (("--set", "名称="), 2, "[清空]"),
        (("--set", "名称=甲", "--set", "name=乙"), 2, "两次"),
        ((), 2, "--set"),
        (("--set", "名称=新幼儿园", "--on", "昨天"), 2, "昨天"),
        (("--set", "在校生数=很多"), 1, "很多"),
        (("--set", "运营状态=开着"), 1, "规划、在建"),
        (("--set", "运营状态=已合并"), 1, "merge"),
        (("--set", "关闭日期=2025-02-30"), 1, "2025-02-30"),
        (("--set", "名称=新幼儿园", "--on", "2020-01-01"), 1, "2024-03-01"),
    ],
)
def test_a_slip_is_named_and_nothing_is_written(
    facility: Facility, refused: Facility, arguments: tuple[str, ...], expected: int, words: str
) -> None:
    code = add(facility)
    assert words in refused(expected, "change", code, "--by", "a", *arguments)
    assert len(facility("history", code)["acts"]) == 1


def test_who_and_which_have_to_be_said(facility: Facility, refused: Facility) -> None:
    code = add(facility)
    assert "--by" in refused(2, "close", code)
    assert "经办人" in refused(2, "close", code, "--by", " ")
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert "不对" in refused(1, "show", wrong)
    for name in ("示例幼儿园", "示例"):
        said = refused(1, "close", name, "--by", "a")
        assert f"{facility_code.format(code)} 示例幼儿园" in said
        assert f"facility list --text {name}" in said
    assert "facility list --text" in refused(1, "show", "没有这家")
    assert "没有登记过" in refused(1, "show", facility_code.make("B01", "330106", 99))
    assert "2024-03-01" in refused(1, "show", code, "--on", "2020-01-01")
    assert "昨天" in refused(2, "show", code, "--known-at", "昨天")
    assert "330104" in refused(
        1, "add", "--type", "幼儿园", "--name", "新幼儿园", "--division", "330104", "--by", "a"
    )
    assert "机场" in refused(
        1, "add", "--type", "机场", "--name", "新机场", "--division", "330106", "--by", "a"
    )


def test_options_mistyped_are_told_what_was_meant(refused: Facility) -> None:
    assert "--text" in refused(2, "list", "--name", "示例")
    assert "--by" in refused(2, "close", "E02", "--who", "a")
    for dashes in ("–", "——", "-–", "－－"):
        assert "请写两个半角减号：--text" in refused(2, "list", f"{dashes}text", "示例")


def test_an_error_is_a_document_too(fuwuma: Fuwuma, facility: Facility, registry_url: str) -> None:
    code = add(facility)
    exit_code, out, _ = fuwuma(
        *("facility", "change", code, "--set", "在校生数=-1", "--by", "a"),
        *("--db", registry_url, "--json"),
    )
    document = json.loads(out)
    assert exit_code == 1
    assert document["error"] == "facility.fields_wrong"
    assert document["count"] == 1


@pytest.mark.parametrize("columns", ["80", "40", "20"])
def test_a_listing_never_cuts_a_code(
    fuwuma: Fuwuma,
    facility: Facility,
    registry_url: str,
    monkeypatch: pytest.MonkeyPatch,
    columns: str,
) -> None:
    address = "示例街道示例社区示例大道一千二百三十四号示例大厦一层"
    code = add(facility, "示例市示例区示例街道第一示例幼儿园", "--address", address)
    monkeypatch.setenv("COLUMNS", columns)
    _, out, _ = fuwuma("facility", "list", "--db", registry_url)
    assert facility_code.format(code) in out


def test_a_circle_is_told_in_the_right_direction(facility: Facility, refused: Facility) -> None:
    first, second = add(facility, "第一幼儿园"), add(facility, "第二幼儿园")
    facility("merge", first, "--into", second, "--by", "a")
    said = refused(1, "merge", second, "--into", first, "--by", "a")
    shown = facility_code.format(first), facility_code.format(second)
    assert said.index(shown[0]) < said.index("已经") < said.index(shown[1])
    assert f"fuwuma facility restore {shown[0]}" in said


def test_what_was_done_says_what_changed_and_how_to_take_it_back(
    fuwuma: Fuwuma, facility: Facility, registry_url: str
) -> None:
    at = ("--by", "a", "--db", registry_url)
    code, other = add(facility, "第一幼儿园"), add(facility, "第二幼儿园")
    _, out, _ = fuwuma("facility", "change", code, "--set", "名称=新名幼儿园", *at)
    assert "设施名称：第一幼儿园 → 新名幼儿园" in out
    shown = facility_code.format(code)
    _, out, _ = fuwuma("facility", "merge", code, "--into", other, *at)
    assert "fuwuma facility restore" in out
    _, out, _ = fuwuma("facility", "show", code, "--db", registry_url)
    assert out.startswith(f"现在是：{facility_code.format(other)} 第二幼儿园")
    assert shown in out
    _, out, _ = fuwuma("facility", "restore", code, *at)
    assert "运营状态：已合并 → 运营" in out
    fuwuma("facility", "close", code, *at)
    _, out, _ = fuwuma("facility", "reopen", code, *at)
    assert f"fuwuma facility close {shown}" in out


def test_a_history_is_the_whole_history(
    fuwuma: Fuwuma, facility: Facility, registry_url: str
) -> None:
    code = add(facility, "示例幼儿园", "--set", "在校生数=120")
    facility("close", code, "--by", "李四", "--reason", "误操作")
    facility("restore", code, "--by", "王五")
    facility("change", code, "--set", "在校生数=130", "--set", "联系人=赵六", "--by", "孙七")
    _, out, _ = fuwuma("facility", "history", code, "--db", registry_url)
    acts = out.split("办理记录：")[1].splitlines()[1:]
    assert [
        words in line
        for words, line in zip(
            ("张三 登记", "李四 关闭（误操作）", "误记为“关闭”", "孙七 变更"), acts, strict=True
        )
    ] == [True] * 4
    assert "在校生数=130" in acts[3]
    assert "赵六" not in out


Say = Callable[..., str]


@pytest.fixture
def said(fuwuma: Fuwuma, registry_url: str) -> Say:
    """Run `fuwuma facility ...`, expect success, give what is said."""

    def call(*arguments: str) -> str:
        code, out, err = fuwuma("facility", *arguments, "--db", registry_url)
        assert code == 0, err
        return str(out)

    return call


def test_a_figure_wrong_since_a_day_is_right_since_then(facility: Facility, said: Say) -> None:
    code = add(facility, "示例幼儿园", "--set", "在校生数=27")
    given = ("--set", "在校生数=5", "--by", "王五")
    out = said("correct", code, *given, "--since", "2024-01-01")
    assert "在校生数：27 人 → 5 人（2024-01-01 起）" in out
    assert "记录起始日由 2024-03-01 提前到 2024-01-01" in out
    reading = facility("show", code)["capabilities"]["enrolment"]
    assert (reading["value"], reading["as_of"]) == (5, "2024-01-01")
    assert reading["confirmed_on"] == "2024-03-01"
    assert "没有改动：" in said("correct", code, *given, "--since", "2024-01-01")


def test_a_later_figure_that_a_correction_leaves_is_told(facility: Facility, said: Say) -> None:
    code = add(facility, "示例幼儿园", "--set", "在校生数=20")
    said("change", code, "--set", "在校生数=27", "--on", "2026-06-30", "--by", "a")
    given = ("--set", "在校生数=5", "--by", "王五")
    out = said("correct", code, *given, "--since", "2026-01-01")
    assert "在校生数：20 人 → 5 人（2026-01-01 至 2026-06-29）" in out
    assert "2026-06-30 起的在校生数另有记录：27 人，没有改动" in out
    out = said("correct", code, *given)
    assert "在校生数：27 人 → 5 人（2026-06-30 起）" in out
    assert "另有记录" not in out


def test_a_change_is_told_with_its_day_and_figures_wait_for_theirs(
    facility: Facility, said: Say, refused: Facility
) -> None:
    code, later = add(facility), (today() + timedelta(days=30)).isoformat()
    out = said("change", code, "--set", "名称=新名幼儿园", "--on", later, "--by", "a")
    assert f"设施名称：示例幼儿园 → 新名幼儿园（{later} 起）" in out
    out = said("correct", code, "--set", "名称=正名幼儿园", "--since", "2025-01-01", "--by", "a")
    assert f"示例幼儿园 → 正名幼儿园（2025-01-01 至 {today() + timedelta(days=29)}）" in out
    assert f"{later} 起的设施名称另有记录：新名幼儿园" in out
    err = refused(1, "change", code, "--set", "在校生数=9", "--on", later, "--by", "a")
    assert later in err
    assert "在校生数只能填今天或以前" in err
    assert facility("show", code)["capabilities"] == {}


def test_the_data_date_that_a_change_moves_is_told_and_may_be_put_back(
    facility: Facility, said: Say
) -> None:
    code, now = add(facility), today().isoformat()
    out = said("change", code, "--set", "公开电话=0571-00000000", "--by", "a")
    assert f"数据日期：2024-03-01 → {now}（{now} 起）" in out
    assert f"数据日期早于 {now} 的行会退回" in out
    back = f"correct {facility_code.format(code)} --set 数据日期=2024-03-01 --by"
    assert f"fuwuma facility {back}" in out
    assert f"数据日期：2024-03-01 → {now}" in said("history", code)
    said(*back.split(), "a")
    shown = facility("show", code)
    assert (shown["as_of"], shown["phone"]) == ("2024-03-01", "0571-00000000")
    keep = ("--set", "公开电话=0571-11111111", "--set", "数据日期=2024-03-01")
    assert "数据日期" not in said("change", code, *keep, "--by", "a")
    closed = said("close", code, "--by", "a")
    assert f"数据日期早于 {now} 的行会退回" in closed
    assert "correct" not in closed  # an older row would open it again


def test_a_moment_is_read_as_the_help_writes_it(facility: Facility, said: Say) -> None:
    code = add(facility)
    examples = re.findall(r"\d{4}-\d\d-\d\dT[^）。 ]+", text("facility.help.known_at"))
    assert examples == ["2026-09-01T10:00"]
    for moment in ("2030-01-01T10:00", "2030-01-01T10：00"):
        assert facility("show", code, "--known-at", moment)["code"] == code


def test_a_division_is_read_by_its_name_as_uploads_do(
    facility: Facility, said: Say, refused: Facility
) -> None:
    code = add(facility)
    given = ("--set", "区划代码=文新街道", "--by", "a")
    assert "330106 → 浙江省杭州市西湖区文新街道 330106013（2024-03-01 起）" in said(
        "correct", code, *given
    )
    assert "文新街到" in refused(2, "correct", code, "--set", "区划代码=文新街到", "--by", "a")
