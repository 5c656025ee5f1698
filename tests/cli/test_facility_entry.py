"""A facility typed by a clerk is held to the same rules as one sent in a file."""

from collections.abc import Callable
from pathlib import Path

import pytest

Fuwuma = Callable[..., tuple[int, str, str]]
ENTRY = ["facility", "add", "--type", "幼儿园", "--division", "330106", "--by", "张三"]
PLACE = ["--address", "西湖区文三路1号", "--name", "晨光幼儿园"]


@pytest.fixture
def db(fuwuma: Fuwuma, tmp_path: Path) -> str:
    path = str(tmp_path / "entry.db")
    assert fuwuma("init", "--db", path)[0] == 0
    return path


def test_a_rule_that_stops_a_row_stops_an_entry(fuwuma: Fuwuma, db: str) -> None:
    code, _, said = fuwuma(*ENTRY, *PLACE, "--opened-on", "2030-01-01", "--db", db)
    assert code == 1
    assert "2030-01-01" in said
    assert "共 0 个" in fuwuma("facility", "list", "--db", db)[1]


def test_nothing_is_said_of_a_workbook_that_nobody_sent(fuwuma: Fuwuma, db: str) -> None:
    number = "电话=330106198001010013"
    code, _, said = fuwuma(*ENTRY, *PLACE, "--set", f"公开{number}", "--db", db)
    assert (code, "请填电话号码" in said or "身份证号码" in said, "工作簿" in said) == (
        1,
        True,
        False,
    )


def test_a_likely_duplicate_is_asked_about_and_may_be_confirmed(fuwuma: Fuwuma, db: str) -> None:
    assert fuwuma(*ENTRY, *PLACE, "--db", db)[0] == 0
    code, _, said = fuwuma(*ENTRY, *PLACE, "--db", db)  # the very same
    assert (code, "B01-330106-000001-85" in said) == (1, True)
    assert "登记库里已有完全相同的设施（类型、区县、名称、地址都相同）" in said
    assert "。 " not in said
    code, _, said = fuwuma(
        *ENTRY, "--address", "西湖区文三路1号", "--name", "杭州市西湖区晨光幼儿园", "--db", db
    )
    assert (code, "完全相同" in said) == (1, False)
    assert "--sure" in said and "facility change" in said
    assert "提交" not in said and "--same" not in said
    code, _, _ = fuwuma(
        *ENTRY,
        "--address",
        "西湖区文三路1号",
        "--name",
        "杭州市西湖区晨光幼儿园",
        "--sure",
        "--db",
        db,
    )
    assert code == 0


def test_words_for_a_figure_are_asked_for_in_figures(fuwuma: Fuwuma, db: str) -> None:
    _, _, said = fuwuma(*ENTRY, *PLACE, "--set", "在校生数=三百", "--db", db)
    assert "“在校生数”填的是“三百”，不是数字。请写阿拉伯数字" in said
    _, _, said = fuwuma(*ENTRY, *PLACE, "--set", "龘龘=1", "--db", db)
    assert "相近的有：无。" in said


@pytest.mark.parametrize(
    ("act", "field", "number"),
    [
        ("change", "公开电话", "330106198001010013"),
        ("correct", "公开电话", "62220212345678901234"),
        ("change", "地址", "示例路330106198001010013号"),
    ],
)
def test_a_change_takes_no_number_of_a_person(
    act: str, field: str, number: str, fuwuma: Fuwuma, db: str
) -> None:
    assert fuwuma(*ENTRY, *PLACE, "--db", db)[0] == 0
    at = ["B01-330106-000001-85", "--by", "张三", "--db", db]
    code, out, said = fuwuma("facility", act, *at, "--set", f"{field}={number}")
    assert (code, number in out + said, "工作簿" in said) == (1, False, False)
    assert "像是" in said
    assert fuwuma("facility", act, *at, "--set", "公开电话=0571-87654321")[0] == 0
