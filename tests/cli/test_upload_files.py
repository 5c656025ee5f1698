"""`fuwuma upload check` with several files and zips: one document, one table, one exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipInfo

import pytest

from codes.upload_limits import limit
from registry.bulk import choice
from registry.uploads import large_rows
from tests.cli.test_upload_private import CARD
from tests.registry.uploads.conftest import csv_text, row
from tests.registry.uploads.test_bundle import Gb18030Name, zipped

Fuwuma = Callable[..., tuple[int, str, str]]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Five files: two good, bad, a zip of two, one that is missing."""
    (tmp_path / "好.csv").write_text(csv_text([row()]), encoding="utf-8")
    (tmp_path / "优.csv").write_text(csv_text([row(name="优园")]), encoding="utf-8")
    bad = [row(name="甲园", status="很好"), row(name="乙园")]
    (tmp_path / "坏.csv").write_bytes(csv_text(bad).encode("gb18030"))
    zipped(
        tmp_path / "包.zip",
        (Gb18030Name("学校/丙.csv"), csv_text([row(name="丙园")])),
        ("图.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
    )
    names = ("好.csv", "优.csv", "坏.csv", "包.zip", "无.csv")
    return {name[0]: str(tmp_path / name) for name in names}


@pytest.fixture
def check(fuwuma: Fuwuma, tmp_path: Path) -> Run:
    """Check files without a registry."""

    def run(*arguments: str) -> tuple[int, str, str]:
        return fuwuma("upload", "check", *arguments, "--db", str(tmp_path / "none.db"))

    return run


def test_one_document_for_all_files(check: Run, files: dict[str, str]) -> None:
    code, out, _ = check(files["好"], files["坏"], files["包"], "--json")
    document: dict[str, Any] = json.loads(out)
    assert code == 4
    names = [one["file"]["name"] for one in document["files"]]
    assert names == ["好.csv", "坏.csv", "包.zip/学校/丙.csv", "包.zip/图.png"]
    assert [one.get("rows") for one in document["files"]] == [1, 2, 1, None]
    assert document["files"][3]["error"] == "read.kind_unreadable"
    assert (document["rows"], document["outcomes"]["rejected"]) == (4, 1)
    assert sum(document["outcomes"].values()) == document["rows"]
    assert document["files"][1]["findings"][0]["samples"][0]["row"] == 2


@pytest.mark.parametrize(("which", "worst"), [("好优", 0), ("好坏", 1), ("坏无", 4), ("无好", 4)])
def test_the_worst_exit_code_wins(
    check: Run, files: dict[str, str], which: str, worst: int
) -> None:
    assert check(*(files[name] for name in which))[0] == worst


def test_a_table_sums_up_and_says_what_was_not_read(check: Run, files: dict[str, str]) -> None:
    code, out, _ = check(files["好"], files["坏"], files["无"])
    assert code == 4
    lines = [line.split() for line in out.splitlines()]
    assert ["文件", "数据行", "新增", "更新", "不变", "退回", "待核"] in lines
    assert ["坏.csv", "2", "1", "0", "0", "1", "0"] in lines
    assert ["合计", "3", "2", "0", "0", "1", "0"] in lines
    assert ["无.csv", "没有读"] in lines
    assert "无.csv：找不到文件" in out
    assert "[必须改正] 不在规定的取值里 · 运营状态：共 1 处" in out


def test_a_facility_in_two_files_is_told(check: Run, tmp_path: Path) -> None:
    both = [row(name="甲园"), row(name="乙园", school_id="2133010001")]
    mine = [*both, row(name="丙园", status="很好"), row(name="丁园")]
    theirs = [row(name="改名园", school_id="2133010001"), row(name="甲园"), row(name="丙园")]
    files = {"一.csv": mine, "二.csv": theirs, "三.csv": [row(name="甲园")]}
    zipped(tmp_path / "包.zip", *((name, csv_text(rows)) for name, rows in files.items()))
    code, out, _ = check(str(tmp_path / "包.zip"), "--json")
    first, second, third = json.loads(out)["files"]
    assert (code, first["outcomes"]["created"], second["outcomes"]["created"]) == (1, 3, 3)
    assert "row_in_other_file" not in [one["rule"] for one in first["findings"]]
    told = {
        one["row"]: one["message"]
        for cause in second["findings"]
        for one in cause["samples"]
        if cause["rule"] == "row_in_other_file"
    }
    assert told.keys() == {2, 3}
    assert "文件“包.zip/一.csv”第 3 行是同一处（学校标识码 2133010001）" in told[2]
    assert "第 2 行是同一处（类型、区县、名称、地址都相同）" in told[3]
    assert "文件“包.zip/一.csv”第 2 行" in str(third["findings"])
    assert "有 3 行是同一处" in check(str(tmp_path / "包.zip"))[1]


def test_a_zip_of_one_file_is_a_list_of_one(check: Run, files: dict[str, str]) -> None:
    _, out, _ = check(files["包"], "--json")
    assert len(json.loads(out)["files"]) == 2


def test_a_damaged_zip_among_others(check: Run, files: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "断.zip"
    broken.write_bytes(Path(files["包"]).read_bytes()[:100])
    code, out, _ = check(str(broken), files["好"], "--json")
    document = json.loads(out)
    assert code == 4
    assert "不完整，打不开" in document["files"][0]["message"]
    assert document["files"][1]["rows"] == 1
    assert "upload submit" in check(str(broken), files["好"])[1]
    zipped(tmp_path / "外.zip", ("../甲.csv", csv_text([row()])))
    code, out, _ = check(str(tmp_path / "外.zip"))
    assert (code, "压缩包以外" in out, "upload submit" in out) == (4, True, False)


def test_reports_on_several_files_in_one_folder(
    check: Run, files: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "另").mkdir()
    again = tmp_path / "另" / "坏.csv"
    again.write_bytes(Path(files["坏"]).read_bytes())
    folder, page = tmp_path / "报告", tmp_path / "页.html"
    code, _, err = check(
        files["坏"], str(again), files["包"], "--report", str(folder), "--html", str(page), "--json"
    )
    assert (code, str(page) in err) == (4, True)
    found = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert found == {
        "report.json",
        "report.html",
        "坏-检查结果.xlsx",
        "坏-2/坏-检查结果.xlsx",
        "丙-检查结果.xlsx",
    }
    assert len(json.loads((folder / "report.json").read_text("utf-8"))["files"]) == 4
    assert (folder / "report.html").read_text("utf-8") == page.read_text("utf-8")


def test_large_files_that_have_the_same_facility(
    check: Run, files: dict[str, str], tmp_path: Path
) -> None:
    again = tmp_path / "又.csv"
    again.write_text(csv_text([row(name="甲园"), row()]), encoding="utf-8")
    code, out, _ = check(files["好"], str(again), "--engine", "duckdb", "--json")
    first, second = json.loads(out)["files"]
    assert (code, first["rows"], second["rows"]) == (1, 1, 2)
    (told,) = (one for one in second["findings"] if one["rule"] == "row_in_other_file")
    assert [one["row"] for one in told["samples"]] == [3]
    assert "文件“好.csv”第 2 行是同一处" in told["samples"][0]["message"]


def test_a_large_table_and_small_ones_that_have_the_same_facility(
    check: Run, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = {"bulk_rows_from": 3}
    monkeypatch.setattr(choice, "limit", lambda name: most.get(name) or limit(name))
    large = [row(name=f"第{one}园") for one in "一二三四"]
    tables = {"大.csv": large, "一.csv": [large[3], row()], "二.csv": [row()]}
    zipped(tmp_path / "包.zip", *((Gb18030Name(one), csv_text(tables[one])) for one in tables))
    code, out, _ = check(str(tmp_path / "包.zip"), files["好"], "--json")
    told = [
        [one["samples"][0]["message"] for one in file["findings"] if one["rule"].endswith("_file")]
        for file in json.loads(out)["files"]
    ]
    assert (code, [len(one) for one in told]) == (1, [0, 1, 1, 1])
    for (message,), where in zip(
        told[1:], ("大.csv”第 5 行", *["一.csv”第 3 行"] * 2), strict=True
    ):
        assert f"文件“包.zip/{where}是同一处" in message


@pytest.mark.parametrize("way", ["in memory", "in parts"])
@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_a_facility_in_two_files_is_told_when_they_are_submitted(
    fuwuma: Fuwuma, registry_url: str, files: dict[str, str], tmp_path: Path, way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if way == "in parts":
        small = {"stream_bytes": 0, "stream_rows": 1}
        monkeypatch.setattr(large_rows, "limit", lambda name: small.get(name, limit(name)))
    again = tmp_path / "又.csv"
    again.write_text(csv_text([row(name="甲园"), row()]), encoding="utf-8")
    sender = ["--department", "市教育局", "--by", "张三", "--db", registry_url, "--json"]
    code, out, _ = fuwuma("upload", "submit", files["好"], str(again), *sender)
    first, second = json.loads(out)["files"]
    assert (code, [one["rule"] for one in first["findings"]]) == (0, [])
    assert [one["rule"] for one in second["findings"]] == ["row_in_other_file"]
    assert "文件“好.csv”第 2 行是同一处" in second["findings"][0]["samples"][0]["message"]
    where = ["--db", registry_url, "--json"]
    fuwuma("upload", "approve", "1", "--by", "李四", *where)
    fuwuma("upload", "diff", "2", *where)
    _, out, _ = fuwuma("upload", "show", "2", *where)
    assert "row_in_other_file" in out


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_a_large_file_is_submitted_without_a_marked_workbook_and_this_is_said(
    fuwuma: Fuwuma, registry_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"stream_bytes": 0, "stream_rows": 1}
    monkeypatch.setattr(large_rows, "limit", lambda name: small.get(name, limit(name)))
    sent, back = tmp_path / "大.csv", tmp_path / "回"
    rejected = row(name=" 乙园", address=f"示例路{CARD}")
    sent.write_text(csv_text([row(), rejected]), encoding="utf-8")
    sender = ["--department", "市教育局", "--by", "张三", "--db", registry_url]
    _, said, err = fuwuma("upload", "submit", str(sent), *sender, "--report", str(back))
    assert {one.suffix for one in back.iterdir()} == {".json", ".html"}
    command = f"fuwuma upload check {sent} --report {back}"
    assert (
        f"文件大，报送时没有写标好问题的表；要这张表（退回和待核的行），请运行 {command}；" in said
    )
    pages = [(back / name).read_text("utf-8") for name in ("report.json", "report.html")]
    whole = "".join([said, err, *pages])
    assert "只列总数和一处例子" in said and "请删掉身份证号码" in whole
    assert "已经清空" not in whole and "逐处见" not in whole
    fuwuma(*command.split()[1:], "--db", registry_url)
    assert list(back.glob("*.xlsx"))
    _, shown, _ = fuwuma("upload", "show", "1", "--db", registry_url)
    assert "只列总数和一处例子" in shown and "逐处见" not in shown
    other = tmp_path / "另.csv"
    other.write_text(csv_text([row(name="丙园")]), encoding="utf-8")
    both = [str(sent), str(other), *sender]
    fuwuma("upload", "withdraw", "1", "--by", "张三", "--db", registry_url)
    _, said, _ = fuwuma("upload", "submit", *both, "--report", str(back))
    assert "没有写标好问题的表：大.csv。" in said


@pytest.mark.parametrize("page", ["页.pdf", "好.csv"])
def test_a_page_has_its_ending_and_replaces_no_file_sent(
    check: Run, files: dict[str, str], tmp_path: Path, page: str
) -> None:
    before = Path(files["好"]).read_bytes()
    code, out, err = check(files["好"], "--html", str(tmp_path / page))
    assert (code, out) == (2, "")
    assert page in err
    assert Path(files["好"]).read_bytes() == before


def test_a_page_that_cannot_be_written(check: Run, files: dict[str, str], tmp_path: Path) -> None:
    code, _, err = check(files["好"], "--html", str(tmp_path / "没有" / "页.html"))
    assert code == 4
    assert "网页报告写不到" in err


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_several_files_are_submitted_as_a_batch_each(
    fuwuma: Fuwuma, registry_url: str, files: dict[str, str]
) -> None:
    sender = ["--department", "市教育局", "--by", "张三", "--db", registry_url]
    code, out, _ = fuwuma("upload", "submit", files["好"], files["坏"], files["无"], *sender)
    assert code == 4
    assert "无.csv：找不到文件" in out
    assert ("批次号 1" in out, "批次号 2" in out, "批次号 3" in out) == (True, True, False)
    assert "退回的 1 行没有进入这一批" in out
    code, out, _ = fuwuma("upload", "submit", files["好"], files["坏"], *sender, "--json")
    assert [one["error"] for one in json.loads(out)["files"]] == ["upload.again_submitted"] * 2
    code, out, _ = fuwuma("upload", "list", "--db", registry_url, "--json")
    assert [one["file_name"] for one in json.loads(out)] == ["坏.csv", "好.csv"]


def test_tables_of_one_name_in_a_zip_go_where_they_were(check: Run, tmp_path: Path) -> None:
    places = [f"{place}/表.csv" for place in ("西湖", "拱墅/小学", "西湖/旧")]
    zipped(tmp_path / "包.zip", *((Gb18030Name(one), csv_text([row()])) for one in places))
    folder = tmp_path / "回"
    check(str(tmp_path / "包.zip"), "--report", str(folder))
    found = {one.relative_to(folder).as_posix() for one in folder.rglob("*.xlsx")}
    assert found == {
        "表-检查结果.xlsx",
        "包/拱墅/小学/表-检查结果.xlsx",
        "包/西湖/旧/表-检查结果.xlsx",
    }


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_each_table_of_a_zip_is_submitted_as_a_batch_named_as_it_was_sent(
    fuwuma: Fuwuma, registry_url: str, files: dict[str, str], tmp_path: Path
) -> None:
    sender = ["--department", "市教育局", "--by", "张三", "--db", registry_url]
    tables: list[tuple[str | ZipInfo, bytes | str]] = [
        (Gb18030Name("学校/甲.csv"), csv_text([row(name="甲园")])),
        (Gb18030Name("学校/乙.csv"), csv_text([row(name="乙园", status="很好")])),
        (Gb18030Name("丙.csv"), csv_text([row(name="丙园")])),
        ("图.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
    ]
    inner = zipped(tmp_path / "里.zip", *tables[:1])
    tables.append((Gb18030Name("里.zip"), inner.read_bytes()))
    tables.append((Gb18030Name("空.csv"), ""))
    zipped(tmp_path / "包.zip", *tables)
    folder = tmp_path / "回"
    package = [str(tmp_path / "包.zip"), "--report", str(folder)]
    code, out, _ = fuwuma("upload", "submit", *package, *sender)
    assert code == 4
    assert "包.zip/图.png" in out
    assert "“里.zip”还是压缩包，没有打开" in out
    assert "文件“空.csv”是空的" in out
    code, listed, _ = fuwuma("upload", "list", "--db", registry_url, "--json")
    names = [one["file_name"] for one in json.loads(listed)]
    assert names == ["包.zip/丙.csv", "包.zip/学校/甲.csv"]
    assert {one.name for one in folder.rglob("*.xlsx")} == {f"{n}-检查结果.xlsx" for n in "甲乙丙"}
    code, out, _ = fuwuma("upload", "submit", str(tmp_path / "包.zip"), *sender, "--json")
    said = [one.get("error") for one in json.loads(out)["files"]]
    assert said == [
        "upload.again_submitted",
        None,
        "upload.again_submitted",
        "read.kind_unreadable",
        "read.zip_nested",
        "read.file_empty",
    ]
    locked = bytearray((tmp_path / "里.zip").read_bytes())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "密.zip").write_bytes(locked)
    code, out, _ = fuwuma("upload", "submit", str(tmp_path / "密.zip"), files["好"], *sender)
    assert (code, "加了密码" in out, "好.csv：\n已提交" in out) == (4, True, True)
    empty = tmp_path / "空.zip"
    zipped(empty, ("__MACOSX/._表.csv", b"x"))
    code, out, _ = fuwuma("upload", "submit", str(empty), *sender)
    assert (code, "里没有表格文件" in out) == (1, True)
