"""`fuwuma upload` as a clerk types it: sentences, JSON, exit codes; a check writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import select

from cli.upload_absent import concerned, remedy, where
from codes import facility_code
from codes.facility_types import find_type
from codes.messages import use_language
from registry.bulk.report import CountedCause
from registry.db import open_registry, reading
from registry.tables.upload import Upload
from registry.uploads.findings import found
from tests.registry.uploads.conftest import csv_text, own_row, row

Fuwuma = Callable[..., tuple[int, str, str]]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Write rows as CSV; give the path."""

    def write(*rows: dict[str, Any], name: str = "表.csv", encoding: str = "utf-8") -> str:
        path = tmp_path / name
        path.write_bytes(csv_text(rows).encode(encoding))
        return str(path)

    return write


@pytest.fixture
def upload(fuwuma: Fuwuma, registry_url: str) -> Callable[..., Any]:
    """Run `fuwuma upload ... --json` on an empty registry; give (exit code, document)."""

    def call(*arguments: str) -> tuple[int, Any]:
        code, out, err = fuwuma("upload", *arguments, "--db", registry_url, "--json")
        assert "Traceback" not in err
        return code, json.loads(out)

    return call


def test_a_good_file_is_zero_and_says_so(
    fuwuma: Fuwuma, file: Callable[..., str], tmp_path: Path
) -> None:
    code, out, err = fuwuma("upload", "check", file(row()), "--db", str(tmp_path / "none.db"))
    assert code == 0, out + err
    assert "1 行数据" in out
    assert "UTF-8, 逗号分隔" in out
    assert "结果：1 行 = 新增 1 + 更新 0 + 不变 0 + 退回 0 + 待核 0" in out
    assert "没有登记库可比对" in out
    assert "没有发现问题" in out
    assert not (tmp_path / "none.db").exists()


def test_findings_are_one_and_name_row_column_header_value_and_remedy(
    fuwuma: Fuwuma, file: Callable[..., str]
) -> None:
    path = file(row(), row(name="第二", status="很好"), encoding="gb18030")
    code, out, _ = fuwuma("upload", "check", path, "--db", "none.db")
    assert code == 1
    assert "GB18030" in out
    assert "[必须改正] 不在规定的取值里 · 运营状态：共 1 处" in out
    assert "第 3 行 K 列：“运营状态”填的是“很好”" in out
    assert "怎么改：应填：规划、在建、运营、暂停、关闭之一。" in out


def test_what_should_be_mended_says_how(fuwuma: Fuwuma, file: Callable[..., str]) -> None:
    sent = row(phone="见门口", name=" 甲园", 备注="无")
    del sent["address"]
    _, out, _ = fuwuma("upload", "check", file(sent), "--db", "none.db")
    lines = out.splitlines()
    (phone,) = (n for n, line in enumerate(lines) if "公开电话" in line)
    assert lines[phone + 1].startswith("  怎么改：应填：如 0571-")
    (absent,) = (n for n, line in enumerate(lines) if "应填项未填" in line)
    assert lines[absent].endswith("共 1 处，表里没有这些列：地址。")
    assert lines[absent + 1].startswith("  怎么改：掌握这些数据的，请在表里加上相应的列")


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_columns_that_some_rows_need_alone_are_told_with_their_type_and_rows(
    fuwuma: Fuwuma, tmp_path: Path, engine: str
) -> None:
    other = own_row("A0201")
    rows = [row(), row(name="第二园"), {key: other.get(key, "") for key in row()}]
    lacking = {key for key in other if key not in row()}
    path = tmp_path / "表.csv"
    path.write_text(csv_text(rows), encoding="utf-8")
    at = ["--engine", engine, "--db", "none.db"]
    _, out, _ = fuwuma("upload", "check", str(path), *at)
    assert lacking and "没有填的：" in out
    (line,) = (one for one in out.splitlines() if "没有填的：" in one)
    assert line.endswith(f"{find_type('A0201').name_zh} 1 行（第 4 行）。")
    path.write_text(csv_text(rows[:2]), encoding="utf-8")
    _, out, _ = fuwuma("upload", "check", str(path), *at)
    assert "没有填的：" not in out


@pytest.mark.parametrize(
    ("totals", "told"),
    [
        ((2, 2), "没有填的：幼儿园 2 行（“甲”第 5 行等）。"),
        ((9, 2), "其中没有填公开电话的：幼儿园 2 行（“甲”第 5 行等）。"),
        ((9, 9), ""),
        ((9, 8), "其中没有填公开电话的：不是每一行，如“甲”第 5 行（幼儿园）。"),
    ],
)
def test_who_lacks_columns_is_counted_only_where_every_place_is_known(
    totals: tuple[int, int], told: str
) -> None:
    code = find_type("幼儿园").code
    causes = []
    for key, total in zip(("address", "phone"), totals, strict=True):
        places = [
            found("element_recommended", "甲", at, key, expected_form=[code, key]) for at in (5, 7)
        ]
        causes.append(CountedCause("element_recommended", "should", key, tuple(places), total))
    assert concerned(causes, 9) == told


def test_what_every_row_must_have_is_told_with_its_sheets() -> None:
    places = [("小学", 3), ("小学", 4), ("高中（杂）", 2)]
    at = tuple(found("element_required", *one, "type") for one in places)
    causes = [CountedCause("element_required", "must", "type", at, 3)]
    assert where(causes, 9) == "没有填的：“小学”第 3 行等 2 行、“高中（杂）”第 2 行。"
    assert "也可把工作表改名为设施类型" in remedy(causes)
    at = (found("element_required", "", 2, "type"),)
    text = [CountedCause("element_required", "must", "type", at, 1)]
    assert (where(text, 1), "工作表" in remedy(text)) == ("", False)


def test_the_json_of_a_check(fuwuma: Fuwuma, file: Callable[..., str]) -> None:
    path = file(*(row(name=f"第{n}园", status="很好") for n in range(60)))
    code, out, _ = fuwuma("--json", "upload", "check", path, "--db", "none.db")
    document = json.loads(out)
    assert (code, document["rows"], document["compared"]) == (1, 60, False)
    (cause,) = document["findings"]
    said = dict.fromkeys(("samples", "title", "remedy", "field"))
    assert {**cause, **said} == {
        "rule": "element_choice",
        "severity": "must",
        "element": "status",
        "total": 60,
        "samples": None,
        "title": None,
        "remedy": None,
        "field": None,
        "expected": "规划、在建、运营、暂停、关闭之一",
    }
    assert {"row", "column", "value", "message"} <= set(cause["samples"][0])
    assert document["outcomes"]["rejected"] == 60
    assert document["file"]["encoding"] == "utf-8"


def test_long_lists_say_how_many_there_are(fuwuma: Fuwuma, file: Callable[..., str]) -> None:
    path = file(*(row(name=f"第{n}园", status="很好") for n in range(60)))
    _, out, _ = fuwuma("upload", "check", path, "--db", "none.db")
    assert "以上是前 10 处，共 60 处。" in out
    assert out.count("“运营状态”填的是") == 10


def test_english(fuwuma: Fuwuma, file: Callable[..., str]) -> None:
    path = file(row(status="?", 备注="x"))
    code, out, _ = fuwuma("upload", "check", path, "--lang", "en", "--db", "n.db")
    use_language("zh")
    assert code == 1
    assert "[must] Not one of the listed values" in out
    assert "How to mend" in out
    assert "'备注'" in out
    assert "“" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--map", "园名"], 2, "要写成 左=右"),
        (["--map", "园名=name"], 2, "文件里没有"),
        (["--map", "园名=nama"], 2, "没有“nama”这一项"),
        (["--set", "状况=运营"], 2, "没有“状况”这一项"),
        (["--engine", "beam"], 2, "没有“beam”这种引擎"),
        (["--mode", "all"], 2, "没有“all”这种方式"),
        (["--department", "外星局"], 2, "没有“外星局”这个部门"),
        (["--colour"], 2, "没有选项"),
    ],
)
def test_a_wrong_command(
    arguments: list[str], code: int, said: str, fuwuma: Fuwuma, file: Callable[..., str]
) -> None:
    got, out, err = fuwuma("upload", "check", file(row()), *arguments, "--db", "none.db")
    assert (got, out) == (code, "")
    assert said in err


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (None, 4, "找不到文件"),
        (b"", 1, "是空的"),
        ("设施名称,设施类型\n".encode(), 1, "只有表头"),
        ("一,二\n三,四\n".encode(), 1, "没有找到表头"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), 4, "图片"),
        (bytes(range(256)) * 9, 4, "不是文字"),
        ('设施名称,设施类型\n甲,"乙\n丙,丁\n'.encode(), 1, "第 2 行 B 列"),
        ("设施名称,设施类型\n甲,".encode() + b"x" * 50_000_000 + b"\n", 1, "B 列"),
        ("设施名称,设施类型\n甲".encode() * 20 + b"\xff,\n", 1, "不能按"),
    ],
)
def test_files_that_cannot_be_taken_say_why_and_write_nothing(
    content: bytes | None,
    code: int,
    said: str,
    upload: Callable[..., Any],
    tmp_path: Path,
    fuwuma: Fuwuma,
    registry_url: str,
) -> None:
    path = tmp_path / "坏.csv"
    if content is not None:
        path.write_bytes(content)
    got, _, err = fuwuma("upload", "check", str(path), "--db", registry_url)
    assert got == code
    assert said in err
    sender = ["--department", "市教育局", "--by", "张三"]
    got, _, err = fuwuma("upload", "submit", str(path), *sender, "--db", registry_url)
    assert got == code
    assert said in err
    assert upload("list") == (0, [])


def test_from_submission_to_approval(upload: Callable[..., Any], file: Callable[..., str]) -> None:
    sender = ["--department", "教育局", "--by", "　张三 "]
    code, sent = upload(
        "submit",
        file(row(), row(name="第二", division="330104", longitude="", latitude="", datum="")),
        *sender,
    )
    assert (code, sent["id"], sent["outcomes"]["held"]) == (0, 1, 1)
    code, one = upload("show", "1")
    assert code == 0
    assert {key: one[key] for key in ("id", "status", "rows", "created", "held")} == {
        "id": 1,
        "status": "submitted",
        "rows": 2,
        "created": 1,
        "held": 1,
    }
    assert one["submitted_by"] == "张三"
    assert one["findings"][0]["rule"] == "division_split"
    code, seen = upload("diff", "1")
    assert [item["outcome"] for item in seen["diff"]] == ["created", "held"]
    assert seen["diff"][1]["questions"][0]["rule"] == "division_split"
    assert upload("decide", "1", "3", "--division", "330114", "--by", "王五") == (
        0,
        {"row": 3, "outcome": "created", "questions": [], "faults": []},
    )
    code, refused = upload("approve", "1", "--by", "张三")
    assert (code, refused["error"]) == (3, "upload.four_eyes")
    code, done = upload("approve", "1", "--by", "李四")
    assert (code, done["status"], done["created"]) == (0, "approved", 2)
    code, again = upload("approve", "1", "--by", "李四")
    assert (code, again["error"]) == (1, "upload.decided_approved")
    assert [item["id"] for item in upload("list", "--status", "approved")[1]] == [1]


def test_what_a_person_sees_on_the_way(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    at = ["--db", registry_url]
    sender = ["--department", "市教育局", "--by", "张三"]
    held = row(name="第二", division="330104", longitude="", latitude="", datum="")
    code, out, _ = fuwuma("upload", "submit", file(row(), held), *sender, *at)
    assert code == 0
    assert "已提交，批次号 1" in out
    assert "有 1 行待核" in out
    assert out.index("upload decide 1") < out.index("upload approve 1")
    code, out, _ = fuwuma("upload", "diff", "1", *at)
    assert "新增 1 行" in out
    assert "待核 1 行" in out
    assert "330102 上城区、330114 钱塘区" in out
    assert "fuwuma upload approve 1" in out
    code, out, _ = fuwuma("upload", "list", *at)
    assert "批次 1（待审核）" in out
    code, out, _ = fuwuma("upload", "approve", "1", "--by", "李四", *at)
    assert (code, "新增 1" in out, "待核 1" in out) == (0, True, True)
    assert "待核 1 行没有写入" in out
    assert "退回 0 行" not in out
    assert "可以再报一次" in out
    code, out, _ = fuwuma("upload", "submit", file(row(), held), *sender, *at)
    assert code == 0
    assert "2 行 = 新增 0 + 更新 0 + 不变 1 + 退回 0 + 待核 1" in out
    fuwuma("upload", "reject", "2", "--by", "李四", "--reason", "先不收", *at)
    changed = row(phone="0571-11111111", as_of="2026-09-30")
    fuwuma("upload", "submit", file(changed), *sender, *at)
    code, out, _ = fuwuma("upload", "diff", "3", *at)
    assert "公开电话：0571-00000000 → 0571-11111111" in out
    code, out, _ = fuwuma("upload", "reject", "3", "--by", "李四", "--reason", "先不改", *at)
    assert "已退回" in out
    code, out, _ = fuwuma("upload", "show", "3", *at)
    assert "先不改" in out


def test_nothing_to_submit_is_one(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    sender = ["--department", "市教育局", "--by", "张三", "--db", registry_url]
    code, out, _ = fuwuma("upload", "submit", file(row(status="?")), *sender)
    assert code == 1
    assert "全部 1 行都被退回，没有提交" in out


def test_an_empty_name_is_a_wrong_command(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    arguments = ["--department", "市教育局", "--by", "　", "--db", registry_url]
    code, _, err = fuwuma("upload", "submit", file(row()), *arguments)
    assert code == 2
    assert "--by" in err


def test_a_missing_registry_is_four_for_all_but_a_check(
    fuwuma: Fuwuma, file: Callable[..., str], tmp_path: Path
) -> None:
    at = ["--db", str(tmp_path / "none.db")]
    for arguments in (["list"], ["show", "1"], ["diff", "1"], ["approve", "1", "--by", "李四"]):
        assert fuwuma("upload", *arguments, *at)[0] == 4
    sender = ["--department", "市教育局", "--by", "张三"]
    assert fuwuma("upload", "submit", file(row()), *sender, *at)[0] == 4


def test_the_report_folder_and_the_returned_workbook_round_trip(
    fuwuma: Fuwuma, file: Callable[..., str], tmp_path: Path
) -> None:
    folder = tmp_path / "报告"
    path = file(row(name="　甲园"), row(name="乙园", status="很好"))
    code, out, _ = fuwuma("upload", "check", path, "--report", str(folder), "--db", "none.db")
    assert code == 1
    document = json.loads((folder / "report.json").read_text("utf-8"))
    assert document["rows"] == 2
    workbook = folder / "表-检查结果.xlsx"
    assert str(workbook) in out
    book = CalamineWorkbook.from_path(workbook)
    assert "问题汇总" in book.sheet_names
    code, out, _ = fuwuma("upload", "check", str(workbook), "--json", "--db", "none.db")
    again = json.loads(out)
    assert again["rows"] == 2
    rules = {cause["rule"]: cause for cause in again["findings"]}
    assert rules["element_choice"]["samples"][0]["row"] == 3
    assert {one["reason"] for one in again["ignored"]} == {"ours"}
    assert again["file"]["skipped"] == [
        {"name": "问题汇总", "reason": "ours"},
        {"name": "代码表", "reason": "ours"},
    ]


def test_the_template_filled_in_comes_through(fuwuma: Fuwuma, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "幼儿园.xlsx"
    assert fuwuma("template", "幼儿园", "-o", str(path))[0] == 0
    code, out, err = fuwuma("upload", "check", str(path), "--db", "none.db")
    assert code == 1
    assert "没有别的数据" in err
    book = openpyxl.load_workbook(path)
    sheet = book["填报"]
    headers = [cell.value for cell in sheet[1]]
    example = own_row("幼儿园")
    from codes.elements import fields_of

    for field in fields_of("幼儿园"):
        column = next(i for i, header in enumerate(headers) if field.header_zh in str(header))
        sheet.cell(2, column + 1, example.get(field.key))
    sheet.cell(2, 1 + next(i for i, h in enumerate(headers) if "设施名称" in str(h)), "甲幼儿园")
    book.save(path)
    code, out, _ = fuwuma("upload", "check", str(path), "--json", "--db", "none.db")
    document = json.loads(out)
    assert document["rows"] == 1
    assert [one for one in document["findings"] if one["severity"] == "must"] == []


def test_a_cell_cannot_command_the_terminal(fuwuma: Fuwuma, file: Callable[..., str]) -> None:
    path = file(row(status="\x1b[31m红\x1b[0m[bold]"), row(name="乙", status="长" * 9000))
    code, out, _ = fuwuma("upload", "check", path, "--db", "none.db")
    assert code == 1
    assert "\x1b" not in out
    assert "[bold]" in out
    assert max(len(line) for line in out.splitlines()) < 400


def test_the_sender_gets_her_codes(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str], tmp_path: Path
) -> None:
    at = ["--db", registry_url]
    rejected = row(name="+坏园", status="?")
    sender = ["--department", "市教育局", "--by", "张三"]
    fuwuma("upload", "submit", file(row(name="甲幼儿园"), rejected), *sender, *at)
    _, out, _ = fuwuma("upload", "approve", "1", "--by", "李四", *at)
    assert "fuwuma upload show 1 --report" in out
    folder = tmp_path / "编码"
    code, out, _ = fuwuma("upload", "show", "1", "--report", str(folder), *at)
    assert (code, str(folder / "批次1-设施编码.xlsx") in out) == (0, True)
    _, out, _ = fuwuma("facility", "list", "--json", *at)
    given = json.loads(out)["items"][0]["code"]
    book = CalamineWorkbook.from_path(folder / "批次1-设施编码.xlsx")
    assert book.get_sheet_by_index(0).to_python() == [
        ["工作表", "原表行号", "处理结果", "设施编码", "设施名称"],
        ["", 2.0, "新增", facility_code.format(given), "甲幼儿园"],
        ["", 3.0, "退回", "", "+坏园"],
    ]


def test_an_approver_sees_what_he_approves(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    at = ["--db", registry_url]
    sender = ["--department", "市教育局", "--by", "张三"]
    rows = [row(name=f"第{n}幼儿园") for n in range(25)]
    rows.append(row(name="很老的幼儿园", enrolment=300))
    fuwuma("upload", "submit", file(*rows), *sender, *at)
    _, out, _ = fuwuma("upload", "diff", "1", *at)
    lines = out.splitlines()
    first = lines.index("新增 26 行：") + 1
    assert "很老的幼儿园" in lines[first]
    assert "[建议改正]" in lines[first + 1]
    assert "fuwuma upload diff 1 --all" in out
    assert "upload decide" not in out
    assert "第24幼儿园" not in out
    _, out, _ = fuwuma("upload", "diff", "1", "--all", *at)
    assert "第24幼儿园" in out
    _, out, _ = fuwuma("upload", "diff", "1", "--json", *at)
    assert [bool(one["warnings"]) for one in json.loads(out)["diff"]] == [False] * 25 + [True]


def test_a_change_names_codes_and_writes_whole_numbers(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    at = ["--db", registry_url]
    sender = ["--department", "市教育局", "--by", "张三"]
    fuwuma("upload", "submit", file(row(division="330106")), *sender, *at)
    fuwuma("upload", "approve", "1", "--by", "李四", *at)
    again = row(division="330106109", floor_area=3300, as_of="2026-09-30")
    fuwuma("upload", "submit", file(again), *sender, *at)
    _, out, _ = fuwuma("upload", "diff", "2", *at)
    assert "330106 西湖区 → 330106109 " in out
    assert "建筑面积：3200 → 3300" in out


def test_days_are_those_in_china(
    fuwuma: Fuwuma,
    registry_url: str,
    file: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = ["--db", registry_url]
    late = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # already the next day in China
    monkeypatch.setattr("registry.uploads.batch.now", lambda: late)
    monkeypatch.setattr("registry.uploads.approve.now", lambda: late)
    sender = ["--department", "市教育局", "--by", "张三"]
    fuwuma("upload", "submit", file(row()), *sender, *at)
    _, out, _ = fuwuma("upload", "list", *at)
    assert "张三 2026-11-23 提交" in out
    _, _, err = fuwuma("upload", "submit", file(row()), *sender, *at)
    assert "在 2026-11-23 提交过" in err
    fuwuma("upload", "approve", "1", "--by", "李四", *at)
    _, out, _ = fuwuma("upload", "show", "1", *at)
    assert "由李四在 2026-11-23 办理" in out
    _, _, err = fuwuma("upload", "approve", "1", "--by", "李四", *at)
    assert "在 2026-11-23 审核通过" in err


def test_a_long_report_stays_short_and_ends_with_the_result_and_what_comes_next(
    fuwuma: Fuwuma, file: Callable[..., str]
) -> None:
    good = [row(name=f"　第{n}幼儿园", opened_on="2015/9/1", phone="") for n in range(300)]
    path = file(*good, row(name="坏园", status="?"))
    _, out, _ = fuwuma("upload", "check", path, "--db", "none.db")
    lines = [line for line in out.splitlines() if line]
    assert len(lines) < 20
    assert sum(line.startswith("[必须改正]") for line in lines) == 1
    (tidied,) = [line for line in lines if "300 处" in line and "A 列" in line]
    assert tidied.startswith("[已整理]")
    assert "怎么改：应填：规划、在建、运营、暂停、关闭之一。" in out
    assert lines[-2].startswith("结果：301 行")
    assert lines[-1].startswith("下一步：") and f"fuwuma upload submit {path}" in lines[-1]


def test_the_next_command_says_again_what_was_said_of_the_file(
    fuwuma: Fuwuma, file: Callable[..., str]
) -> None:
    path = file(row(**{"别 名": ""}))
    said = ["--map", "别 名=operator_name", "--set", "type=B0101", "--mode", "new"]
    at = ["--department", "市教育局", "--scope", "complete", "--db", "none.db"]
    _, out, err = fuwuma("upload", "check", path, *said, *at)
    assert err == ""
    wanted = "--map '别 名=运营机构' --set 设施类型=B0101 --mode new --scope complete --by"
    assert f"upload submit {path} --department 市教育局 {wanted}" in out.splitlines()[-1]


def test_a_check_by_duckdb_says_so_and_what_comes_next_and_calls_no_file_large(
    fuwuma: Fuwuma, file: Callable[..., str], tmp_path: Path
) -> None:
    path, folder = file(row(), row(name="坏园", status="?")), tmp_path / "报告"
    at = ["--engine", "duckdb", "--db", "none.db", "--report", str(folder), "--mode", "new"]
    _, out, _ = fuwuma("upload", "check", path, *at)
    assert "用 DuckDB 或 Spark 检查，不与登记库比对" in out
    assert "没有用上 --mode new，" in out
    lines = [line for line in out.splitlines() if line]
    assert lines[-1].startswith("下一步：") and f"fuwuma upload submit {path}" in lines[-1]
    book = openpyxl.load_workbook(folder / "表-检查结果.xlsx")
    told = [str(cell.value) for line in book["问题汇总"].iter_rows() for cell in line]
    assert any(one.startswith("这里只放退回和待核的1行") for one in told)
    assert "文件很大" not in "".join(told) and "文件大" not in out


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_the_columns_of_the_header_are_counted_alike_in_one_report(
    fuwuma: Fuwuma, tmp_path: Path, engine: str
) -> None:
    path = tmp_path / "表.csv"
    head, line, *_ = csv_text([row()]).splitlines()
    path.write_text(f"{head}\n{line}\n{line},1,2\n", encoding="utf-8")
    at = ["--engine", engine, "--db", "none.db"]
    _, out, _ = fuwuma("upload", "check", str(path), *at)
    columns = head.count(",") + 1
    assert f"表头在第 1 行，{columns} 列" in out
    assert f"表头只有 {columns} 列" in out
    _, out, _ = fuwuma("upload", "check", str(path), *at, "--json")
    assert json.loads(out)["file"]["sheets"][0]["columns"] == columns


def test_the_wrong_department_is_said_once(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    at = ["--by", "张三", "--db", registry_url]
    path = file(*(row(name=f"　第{n}幼儿园", phone="") for n in range(30)))
    code, out, _ = fuwuma("upload", "submit", path, "--department", "市民政局", *at)
    assert code == 1
    assert out.count("[") == 1
    assert "请核对 --department" in out
    code, out, _ = fuwuma("upload", "submit", path, "--department", "教育局", *at)
    assert code == 0
    assert "报送部门：市教育局" in out


def test_a_status_that_is_none_and_a_reason_that_is_none(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    at = ["--db", registry_url]
    code, out, err = fuwuma("upload", "list", "--status", "pending", *at)
    assert (code, out) == (2, "")
    assert "submitted、approved、rejected" in err
    fuwuma("upload", "submit", file(row()), "--department", "市教育局", "--by", "张三", *at)
    code, _, err = fuwuma("upload", "reject", "1", "--by", "李四", "--reason", " ", *at)
    assert (code, "--reason" in err) == (2, True)
    assert "待审核" in fuwuma("upload", "show", "1", *at)[1]
    assert "批次 1" in fuwuma("upload", "list", "--status", "待审核", *at)[1]
    assert "批次 1" not in fuwuma("upload", "list", "--status", "已通过", *at)[1]


def test_mode_and_scope_are_taken_in_the_words_of_the_reports(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    sender = ["--department", "市教育局", "--by", "张三", "--db", registry_url]
    words = ["--mode", "新增", "--scope", "完整"]
    assert fuwuma("upload", "submit", file(row()), *sender, *words)[0] == 0
    engine = open_registry(registry_url)
    with reading(engine) as session:
        stored = session.exec(select(Upload)).one()
        assert (stored.mode, stored.scope) == ("new", "complete")
    engine.dispose()


def test_several_rows_are_answered_at_once_and_the_rest_counted(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    at = ["--db", registry_url]
    blank = {"division": "330104", "longitude": "", "latitude": "", "datum": ""}
    held = [row(name=name, **blank) for name in ("甲幼儿园", "乙幼儿园", "丙幼儿园")]
    fuwuma("upload", "submit", file(*held), "--department", "市教育局", "--by", "张三", *at)
    answer = ("--division", "330114", "--by", "王五", *at)
    code, out, _ = fuwuma("upload", "decide", "1", "2", "3", *answer)
    assert code == 0
    assert "第 2 行已答复" in out
    assert "第 3 行已答复" in out
    assert "批次 1 还有 1 行待核。" in out
    _, out, _ = fuwuma("upload", "approve", "1", "--by", "张三", *at)
    assert "批次 1 还有 1 行待核没有答复：审核通过后，这些行不写入" in out
    _, out, _ = fuwuma("upload", "decide", "1", "4", *answer)
    assert "批次 1 没有待核的行了。" in out
    _, out, _ = fuwuma("upload", "approve", "1", "--by", "李四", *at)
    assert "没有答复" not in out


def test_an_answered_row_that_is_rejected_says_why(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    at = ["--db", registry_url]
    sender = ("--department", "市教育局", "--by", "张三", *at)
    fuwuma("upload", "submit", file(row(name="甲幼儿园", as_of="2026-09-30")), *sender)
    fuwuma("upload", "approve", "1", "--by", "李四", *at)
    (code,) = [
        one["code"] for one in json.loads(fuwuma("facility", "list", "--json", *at)[1])["items"]
    ]
    fuwuma(
        "upload",
        "submit",
        file(row(name="甲幼儿园有限公司", operator_uscc="", operator_name="")),
        *sender,
    )
    answer = ("upload", "decide", "2", "2", "--same", code, "--by", "王五", *at)
    status, out, _ = fuwuma(*answer)
    assert (status, "现在是：退回" in out) == (0, True), out
    assert "退回的原因：数据日期 2026-06-30 早于登记库中" in out
    assert "怎么改：请核对数据日期" in out
    assert "upload approve" not in out
    assert "fuwuma upload withdraw 2 --by 张三" in out
    (fault,) = json.loads(fuwuma(*answer, "--json")[1])["faults"]
    assert (fault["rule"], "2026-06-30" in fault["message"]) == ("as_of_older", True)


def test_a_header_over_two_lines_stays_on_one_of_the_report(fuwuma: Fuwuma, tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    text = csv_text([row(status="?")]).replace("运营状态", '"运营\n状态"')
    path.write_text(text, encoding="utf-8")
    _, out, _ = fuwuma("upload", "check", str(path), "--map", "运营状态=status", "--db", "none.db")
    assert "“运营 状态”填的是“?”" in out
    assert "运营\n" not in out


def test_a_complete_list_says_what_it_was_compared_with(
    fuwuma: Fuwuma, registry_url: str, file: Callable[..., str]
) -> None:
    at = ["--db", registry_url]
    sender = ["--department", "市教育局", "--by", "张三"]
    second = row(name="另一所幼儿园", address="别处路9号", longitude="", latitude="", datum="")
    fuwuma("upload", "submit", file(row(), second), *sender, *at)
    fuwuma("upload", "approve", "1", "--by", "李四", *at)
    _, out, _ = fuwuma("upload", "check", file(row()), "--scope", "complete", *at)
    assert "只与名单里出现的服务类、区县比对" in out
    assert "不用逐行答复" in out


def test_a_batch_is_told_of_even_when_its_report_cannot_be_written(
    fuwuma: Fuwuma, file: Callable[..., str], registry_url: str, tmp_path: Path
) -> None:
    sent, folder = file(row()), tmp_path / "报告"
    (folder / "report.json").mkdir(parents=True)  # seen only when the report is written
    sender = ("--department", "市教育局", "--by", "张三", "--db", registry_url)
    code, out, err = fuwuma("upload", "submit", sent, "--report", str(folder), *sender)
    assert code == 4
    assert "报告写不进文件夹" in err
    assert "已提交，批次号 1" in out
