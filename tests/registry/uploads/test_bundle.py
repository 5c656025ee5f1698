"""Zips of tables: names as sent, nothing written elsewhere, bombs and tricks refused in words."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from codes.errors import FuwumaError
from codes.upload_limits import limit
from registry.uploads.read import read_file
from registry.uploads.reading import bundle
from registry.uploads.reading.bundle import is_bundle, tables_of
from tests.registry.uploads.conftest import csv_text, row

TABLE = csv_text([row()])


class Gb18030Name(zipfile.ZipInfo):
    """A member whose name is written as Windows in Chinese writes it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  the library's name
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return path


def refusal(path: Path, folder: Path) -> FuwumaError:
    with pytest.raises(FuwumaError) as caught:
        tables_of(path, folder)
    return caught.value


def test_names_are_the_senders_whatever_their_encoding(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "全市.zip",
        (Gb18030Name("学校/幼儿园名单.csv"), TABLE),
        ("医院.csv", TABLE),
        (Gb18030Name("通知.csv"), TABLE),
        ("plain.csv", TABLE),
        ("back\\slash.csv", TABLE),
        ("__MACOSX/._医院.csv", "x"),
        ("~$医院.xlsx", "x"),
    )
    tables = tables_of(path, tmp_path / "out")
    assert [one.name for one in tables] == [
        "全市.zip/学校/幼儿园名单.csv",
        "全市.zip/医院.csv",
        "全市.zip/通知.csv",
        "全市.zip/plain.csv",
        "全市.zip/back/slash.csv",
    ]
    assert [one.path.name for one in tables][:2] == ["幼儿园名单.csv", "医院.csv"]
    assert {one.path.read_text("utf-8") for one in tables} == {TABLE}


def test_what_is_no_zip_is_one_table(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(TABLE, encoding="utf-8")
    assert not is_bundle(path)
    assert not is_bundle(tmp_path / "absent.zip")
    (table,) = tables_of(path, tmp_path / "out")
    assert (table.name, table.path, table.refused) == ("表.csv", path, None)


@pytest.mark.parametrize(
    "name", ["../表.csv", "学校/../../表.csv", "/etc/表.csv", "C:\\表.csv", "..\\表.csv"]
)
def test_a_name_that_leads_elsewhere_is_refused_and_writes_nothing(
    tmp_path: Path, name: str
) -> None:
    path = zipped(tmp_path / "坏.zip", ("好.csv", TABLE), (name, TABLE))
    error = refusal(path, tmp_path / "in" / "out")
    assert error.message_id == "read.zip_path"
    assert name.replace("\\", "/") in str(error)
    assert [one.name for one in tmp_path.iterdir()] == ["坏.zip"]


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("链接.csv")
    link.external_attr = 0o120777 << 16
    error = refusal(zipped(tmp_path / "坏.zip", (link, "/etc/passwd")), tmp_path / "out")
    assert error.message_id == "read.zip_path"


def test_a_zip_in_a_zip_is_not_opened_but_the_others_are(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "里.zip", ("表.csv", TABLE))
    path = zipped(tmp_path / "外.zip", ("里.zip", inner.read_bytes()), ("表.csv", TABLE))
    nested, table = tables_of(path, tmp_path / "out")
    assert nested.refused is not None
    assert str(nested.refused) == (
        "压缩包“外.zip”里的“里.zip”还是压缩包，没有打开。请把其中的表格直接放进一个压缩包。"
    )
    assert table.refused is None


def test_a_bomb_is_refused_by_what_it_claims(tmp_path: Path) -> None:
    size = limit("ratio_free_bytes") + 1
    error = refusal(zipped(tmp_path / "弹.zip", ("表.csv", bytes(size))), tmp_path / "out")
    assert error.message_id == "read.zip_too_large"
    assert "没有打开" in str(error)
    assert not (tmp_path / "out").exists()


def test_a_bomb_that_lies_about_its_size_unpacks_no_further_than_it_says(tmp_path: Path) -> None:
    size = limit("ratio_free_bytes") + 1
    path = zipped(tmp_path / "弹.zip", ("a.csv", bytes(size)))
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", 9)))
    assert refusal(path, tmp_path / "out").message_id == "read.zip_corrupt"
    written = sum(one.stat().st_size for one in (tmp_path / "out").rglob("*.csv"))
    assert written <= 9


def test_too_many_members_a_password_damage_and_nothing_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "a.zip", ("1.csv", TABLE), ("2.csv", TABLE))
    with monkeypatch.context() as patched:
        patched.setattr(bundle, "limit", lambda name: 1 if name == "zip_members" else limit(name))
        assert refusal(path, tmp_path / "o1").message_id == "read.zip_members"
    whole = path.read_bytes()
    central = whole.index(b"PK\x01\x02")
    locked = bytearray(whole)
    locked[central + 8] |= 1
    path.write_bytes(locked)
    assert refusal(path, tmp_path / "o2").message_id == "read.zip_encrypted"
    damaged = bytearray(whole)
    damaged[60:80] = bytes(20)
    path.write_bytes(damaged)
    assert refusal(path, tmp_path / "o3").message_id == "read.zip_corrupt"
    empty = zipped(tmp_path / "空.zip", ("Thumbs.db", "x"))
    assert refusal(empty, tmp_path / "o4").message_id == "read.zip_empty"


def test_a_zip_cut_short_is_no_workbook(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "全市.zip", ("表.csv", TABLE)).read_bytes()
    for name, said in (("半.ZIP", "read.zip_incomplete"), ("半.xlsx", "read.workbook_corrupt")):
        path = tmp_path / name
        path.write_bytes(whole[: len(whole) // 2])
        (table,) = tables_of(path, tmp_path)
        with pytest.raises(FuwumaError) as caught:
            read_file(table.path, {})
        assert caught.value.message_id == said
        assert name in str(caught.value)
