"""`fuwuma code` as a user and a script see it."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from shutil import copy

import openpyxl
import pytest

from cli import context
from cli.main import run
from codes.facility_code import format, make
from codes.messages import use_language
from registry.db import open_registry, writing
from registry.facilities.register import register
from registry.facilities.succession import merge

Say = Callable[..., tuple[int, str, str]]

GOOD = "E0233010600017406"
PRINTED = "E02-330106-000174-06"
SWAPPED = "E02-330106-000147-06"


@pytest.fixture
def fuwuma(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Say]:
    """Run one command line in an empty folder; return (exit code, output, error output)."""
    monkeypatch.chdir(tmp_path)
    before = (context.current.db, context.current.json)
    context.current.db = context.DEFAULT_DB

    def say(*arguments: str) -> tuple[int, str, str]:
        context.current.json = False
        code = run(list(arguments))
        return code, *capsys.readouterr()

    yield say
    context.current.db, context.current.json = before


def test_valid_code_is_shown_printed(fuwuma):
    assert fuwuma("code", "check", "ｅ０２ 330106　000174-06") == (0, f"{PRINTED}  有效\n", "")


def test_invalid_code_is_explained_without_its_check_digits(fuwuma):
    code, out, err = fuwuma("code", "check", SWAPPED)
    assert (code, err) == (1, "")
    assert f"“{SWAPPED}”校验不通过" in out
    assert PRINTED in out, "the two swapped digits are a likely slip"
    assert "请对照原件确认" in out


def test_one_bad_code_among_good_ones(fuwuma):
    code, out, _ = fuwuma("code", "check", GOOD, "E02", PRINTED)
    assert code == 1
    assert "共 3 个编码：有效 2 个，无效 1 个。" in out


def test_json_has_one_object_a_code(fuwuma):
    code, out, err = fuwuma("code", "check", PRINTED, SWAPPED, "E02-33O106-000174-06", "--json")
    assert (code, err) == (1, "")
    good, swapped, misread = json.loads(out)
    assert good == {
        "seen": PRINTED,
        "valid": True,
        "code": GOOD,
        "printed": PRINTED,
        "reason": None,
        "message": None,
        "likely": [],
    }
    assert (swapped["valid"], swapped["code"], swapped["printed"]) == (False, None, None)
    assert swapped["reason"] == "InvalidChecksum"
    assert PRINTED in swapped["likely"]
    assert (misread["reason"], misread["likely"]) == ("InvalidFormat", [PRINTED])


def test_same_words_with_and_without_the_parser(fuwuma):
    for arguments in ([GOOD], [SWAPPED], [GOOD, "图书馆", "9" * 300], [""]):
        quick = fuwuma("code", "check", *arguments)
        assert quick == fuwuma("code", "check", "--", *arguments)


def test_english(fuwuma):
    code, out, _ = fuwuma("code", "check", "--lang", "en", SWAPPED)
    use_language(None)
    assert code == 1
    assert "fails its checksum" in out


def test_nothing_to_check_is_a_wrong_command(fuwuma):
    code, out, err = fuwuma("code", "check")
    assert (code, out) == (2, "")
    assert "--file" in err


def test_checking_loads_neither_parser_nor_database():
    heavy = {"typer", "pydantic", "rich", "sqlmodel", "sqlalchemy", "jsonschema", "numpy"}
    script = (
        "import sys; from cli.main import run; "
        f"code = run(['code', 'check', '{GOOD}', '{SWAPPED}']); "
        f"print(code, sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "1 []"


TEXT_FILES = {
    "utf-8": f"{GOOD}\n\n{SWAPPED}\n".encode(),
    "utf-8 with mark": f"\ufeff{PRINTED}\r\n\r\n{SWAPPED}\r\n".encode(),
    "old mac": f"{GOOD}\r\r{SWAPPED}".encode(),
    "one column": f"设施编码\n{GOOD}\n{SWAPPED}\n".encode(),
    "gb18030": f"设施名称,设施编码\n示例书房,{GOOD}\n示例驿站,{SWAPPED}\n".encode("gb18030"),
    "utf-16": f"设施编码\t设施名称\n{GOOD}\t示例书房\n{SWAPPED}\t示例驿站\n".encode("utf-16"),
    "semicolons": f"name;code\n甲;{GOOD}\n乙;{SWAPPED}\n".encode(),
    "quotes": f'设施名称,设施编码\n"甲,乙",{GOOD}\n"丙","{SWAPPED}"\n'.encode(),
}


@pytest.mark.parametrize("name", TEXT_FILES)
def test_text_files(fuwuma, tmp_path, name):
    (tmp_path / "codes.txt").write_bytes(TEXT_FILES[name])
    code, out, err = fuwuma("code", "check", "--file", "codes.txt", "--json")
    assert (code, err) == (1, "")
    good, bad = json.loads(out)
    assert (good["code"], good["row"]) == (GOOD, 1 if name in list(TEXT_FILES)[:3] else 2)
    assert (bad["seen"], bad["row"], bad["valid"]) == (SWAPPED, 3, False)


def test_file_in_words_names_rows_and_totals(fuwuma, tmp_path):
    (tmp_path / "codes.csv").write_bytes(TEXT_FILES["gb18030"])
    code, out, _ = fuwuma("code", "check", "--file", "codes.csv")
    assert code == 1
    assert out.startswith(f"第 3 行无效：“{SWAPPED}”")
    assert PRINTED in out, "the guess"
    assert "共 2 个编码：有效 1 个，无效 1 个。" in out


def test_clean_file(fuwuma, tmp_path):
    (tmp_path / "codes.csv").write_text(f"{GOOD}\n{PRINTED}\n", "utf-8")
    assert fuwuma("code", "check", "--file", "codes.csv") == (
        0,
        "共 2 个编码：有效 2 个，无效 0 个。\n",
        "",
    )


def test_workbook(fuwuma, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "书房"
    for row in (
        ["某区设施清单"],
        ["设施名称", "设施编码"],
        ["示例书房", GOOD],
        ["示例驿站", SWAPPED],
    ):
        book.active.append(row)
    book.save(tmp_path / "codes.xlsx")
    code, out, _ = fuwuma("code", "check", "--file", "codes.xlsx")
    assert code == 1
    assert out.startswith("书房 第 4 行无效")


def test_standard_input(fuwuma, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{GOOD}\n".encode())))
    assert fuwuma("code", "check", "--file", "-")[0] == 0


def test_codes_and_file_together(fuwuma, tmp_path):
    (tmp_path / "codes.txt").write_text(f"{GOOD}\n", "utf-8")
    code, out, _ = fuwuma("code", "check", SWAPPED, "--file", "codes.txt", "--json")
    assert code == 1
    assert [one["valid"] for one in json.loads(out)] == [False, True]


UNUSABLE = {
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0" * 9,
    "damaged": f"{GOOD}\n".encode() + b"\xff\xff\xff",
    "zip that is no workbook": b"PK\x03\x04" + b"\0" * 60,
    "quote never closed": f'设施名称,设施编码\n"甲,{GOOD}\n乙,{GOOD}\n'.encode(),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_file_that_cannot_be_used(fuwuma, tmp_path, name):
    (tmp_path / "codes.bin").write_bytes(UNUSABLE[name])
    code, out, err = fuwuma("code", "check", "--file", "codes.bin")
    assert (code, out) == (4, "")
    assert err.strip()


@pytest.mark.parametrize("path", ["absent.txt", ".", "/dev/zero"])
def test_no_such_file(fuwuma, path):
    code, out, err = fuwuma("code", "check", "--file", path)
    assert (code, out) == (4, "")
    assert path in err


@pytest.mark.parametrize("content", ["", "\n \n", "设施编码\n\n"])
def test_file_without_codes_is_not_valid(fuwuma, tmp_path, content):
    (tmp_path / "codes.txt").write_text(content, "utf-8")
    code, out, err = fuwuma("code", "check", "--file", "codes.txt")
    assert (code, out) == (1, "")
    assert "没有编码" in err


@pytest.mark.parametrize("content", ["名称,地址\n甲,乙\n", f"{GOOD},甲\n{GOOD},乙\n"])
def test_columns_none_of_which_is_the_code(fuwuma, tmp_path, content):
    (tmp_path / "codes.csv").write_text(content, "utf-8")
    code, out, err = fuwuma("code", "check", "--file", "codes.csv")
    assert (code, out) == (1, "")
    assert "设施编码 / code" in err


def test_explain_names_parts_at_issue_and_county_today(fuwuma):
    code, out, err = fuwuma("code", "explain", make("E02", "330104", 174))
    assert (code, err) == (0, "")
    for said in (
        "老有所养",
        "居家社区养老",
        "浙江省杭州市江干区",
        "2021-04-09",
        "钱塘区",
        "上城区",
        "174",
    ):
        assert said in out


def test_explain_json(fuwuma):
    code, out, _ = fuwuma("code", "explain", make("E02", "330103", 174), "--json")
    assert code == 0
    document = json.loads(out)
    assert document["class"]["code"] == "E02"
    assert document["county"] == {
        "code": "330103",
        "name": "浙江省杭州市下城区",
        "ended_on": "2021-04-09",
        "today": [{"code": "330105", "name": "拱墅区"}],
    }
    assert (document["serial"], document["registry"]) == (174, None)


def test_explain_county_nobody_knows(fuwuma):
    code, out, _ = fuwuma("code", "explain", make("E02", "339999", 1))
    assert code == 0
    assert "区划目录里没有这个代码" in out


@pytest.mark.parametrize("wrong", [SWAPPED, "", "图书馆"])
def test_explain_invalid_code(fuwuma, wrong):
    code, out, err = fuwuma("code", "explain", wrong)
    assert (code, out) == (1, "")
    assert "无法解释" in err


def test_explain_with_a_registry_that_is_not_there(fuwuma):
    code, out, err = fuwuma("code", "explain", GOOD, "--db", "absent.db")
    assert (code, out) == (4, "")
    assert "absent.db" in err
    assert not Path("absent.db").exists()


@pytest.fixture
def library(migrated_sqlite, tmp_path) -> tuple[str, str, str]:
    """(database, code of a synthetic facility merged in 2025, code of its successor)."""
    db = str(tmp_path / "city.db")
    copy(migrated_sqlite, db)
    engine = open_registry(db)
    fields = {"type": "幼儿园", "division": "330106", "status": "运营", "as_of": "2024-03-01"}
    with writing(engine) as session:
        old, new = (
            register(session, fields | {"name": name}, by="张三", on=date(2024, 3, 1))
            for name in ("示例第一幼儿园", "示例第二幼儿园")
        )
    with writing(engine) as session:
        merge(session, [old], new, on=date(2025, 9, 1), by="张三", reason="合并办园")
    engine.dispose()
    return db, old, new


def test_explain_says_what_stands_there_now(fuwuma, library):
    db, old, new = library
    code, out, err = fuwuma("code", "explain", old, "--db", db)
    assert (code, err) == (0, "")
    assert "示例第一幼儿园，已合并，浙江省杭州市西湖区" in out
    assert f"后继设施：{format(new)}" in out
    document = json.loads(fuwuma("code", "explain", old, "--db", db, "--json")[1])
    assert document["registry"]["registered"] is True
    assert document["registry"]["standing"] == [new]
    assert "后继设施" not in fuwuma("code", "explain", new, "--db", db)[1]


def test_explain_code_never_given_here(fuwuma, library):
    db, _, _ = library
    code, out, _ = fuwuma("code", "explain", GOOD, "--db", db)
    assert code == 0
    assert "查不到" in out
    document = json.loads(fuwuma("code", "explain", GOOD, "--db", db, "--json")[1])
    assert document["registry"]["registered"] is False
