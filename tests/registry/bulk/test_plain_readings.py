"""Cells read the quick way say what they say when all that may be wrong is asked of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.book import load_book
from codes.elements import all_fields
from codes.facility_types import facility_types
from registry.bulk.plain_readings import plainly
from registry.uploads.normalising.readings import Reader, reader_of
from registry.uploads.normalising.row import known_fields
from registry.uploads.numbers_kept import NumbersOnDisk
from registry.uploads.spool import spool

WORDS = [row["seen"] for row in load_book("text_fixes").rows]
ODD = (
    " ", "幼儿园 ", "幼 儿 园", "A  B", "１２", "+5", "007", "1e+5", "1.0", "0.10", "9" * 16,
    "1" * 400, "12\n", "2026-06-30\n", "2026-06-31", "2026/6/30", "第一\n园", "東園", "杭洲",
    "=A1", "#1楼", "示例(请删除", "合计:", "3200平方米", "1,200", "12万", "330106199001011234",
    "12330106MA00000008", "'007", "<br>东", "0571-00000000", "https://www.example.com/1",
    "锟斤拷", "骞煎効鍥", "合 计", "清空", "120°5′", True, 5, 5.0, 0.1 + 0.2,
)  # fmt: skip


def _ways() -> list[tuple[Reader, Reader]]:
    """Every way in which the fields of some type are read, and the quick way beside it."""
    found = {
        (key, field.kind, field.unit_zh, unit): reader_of(field, unit)
        for code in facility_types()
        for key, field in known_fields(code).items()
        for unit in {None, field.unit_zh or None}
        if key != "type"
    }
    fields = {(key, one.kind): one for key, one in all_fields().items()}
    return [
        (plainly(fields[key, kind], unit, slowly), slowly)
        for (key, kind, _, unit), slowly in found.items()
        if (key, kind) in fields
    ]


WAYS = [(quick, slowly) for quick, slowly in _ways() if quick is not slowly]


def test_figures_in_another_unit_are_left_to_the_slow_way() -> None:
    field = all_fields()["floor_area"]
    slowly = reader_of(field, "公顷")
    assert plainly(field, "公顷", slowly) is slowly


@pytest.mark.parametrize("cell", [*ODD, *WORDS[::5]], ids=repr)
def test_odd_cells_are_read_the_same(cell: object) -> None:
    for quick, slowly in WAYS:
        read, expected = quick(cell), slowly(cell)
        assert read == expected
        assert type(read and read.read.value) is type(expected and expected.read.value)


@settings(max_examples=60)
@given(st.one_of(
    st.text(st.sampled_from("东園 A1-./:、（)　０,#=\n"), max_size=6),
    st.text(max_size=5),
    st.from_regex(r"[+-]?[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True),
))  # fmt: skip
def test_any_cell_is_read_the_same(cell: str) -> None:
    for key in ("name", "phone", "operator_uscc", "code", "longitude", "as_of"):
        slowly = reader_of(all_fields()[key], None)
        read, expected = plainly(all_fields()[key], None, slowly)(cell), slowly(cell)
        assert read == expected
        assert type(read and read.read.value) is type(expected and expected.read.value)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), st.booleans()), max_size=60))
def test_numbers_on_disk_are_a_dictionary(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, bool]]
) -> None:
    """With a filter so small that it is wrong often, and a few written at a time."""
    with pytest.MonkeyPatch.context() as patch, spool(tmp_path_factory.mktemp("n")) as kept:
        patch.setattr("registry.uploads.numbers_kept.BITS", 64)
        patch.setattr("registry.uploads.numbers_kept.WRITTEN_AT_ONCE", 3)
        numbers: NumbersOnDisk = kept.numbers("some")
        expected: dict[bytes, int] = {}
        for key, number, gives in steps:
            short = key.to_bytes(12, "little")
            if gives:
                numbers[short] = expected[short] = number
            assert numbers.get(short) == expected.get(short)
