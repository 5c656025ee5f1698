"""A long workbook written oddly is read as a small one is, or refused: never otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from codes.errors import StoreError
from registry.bulk.sheets.opening import open_book
from registry.bulk.sheets.parts import STRINGS, STYLES
from registry.uploads.read import read_file
from registry.uploads.reading.headers import header_names
from tests.registry.bulk.test_sheets import SHEET, _book, _compare, _few, rezip

Change = Callable[[str], str]


def _cell(written: str) -> tuple[str, Change]:
    """The first cell of the third row, written so."""
    return SHEET, lambda xml: re.sub(r'<c r="A3".*?</c>', lambda _: written, xml, count=1)


def _swap(member: str, old: str, new: str) -> tuple[str, Change]:
    def change(xml: str) -> str:
        assert old in xml, xml
        return xml.replace(old, new)

    return member, change


def _merge(area: str) -> tuple[str, Change]:
    more = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'
    return _swap(SHEET, "</sheetData>", more)


CUT: dict[str, tuple[str, Change]] = {
    "after a row": (SHEET, lambda xml: xml[: xml.index("</row>", xml.index('"A3"')) + 6]),
    "in the end of the rows": (SHEET, lambda xml: xml[: xml.index("</sheetData>") + 5]),
    "rows without an end": _swap(SHEET, "</sheetData>", ""),
    "strings without an end": _swap(STRINGS, "</sst>", ""),
}
REFUSED: dict[str, tuple[str, Change]] = {
    "cut off before the rows": (SHEET, lambda xml: xml[: xml.index("<sheetData")]),
    "a row below nought": _swap(SHEET, '<row r="3"', '<row r="-3"'),
    "a row with a space": _swap(SHEET, '<row r="3"', '<row r=" 3"'),
    "a row of ten digits": _swap(SHEET, '<row r="3"', '<row r="9999999999"'),
    "a cell of row nought": _cell('<c r="A0" t="str"><v>甲</v></c>'),
    "a cell of another row": _swap(SHEET, '<c r="A3"', '<c r="A9"'),
    "all cells of another row": _swap(SHEET, '<row r="3"', '<row r="2"'),
    "a cell below the last row": _swap(SHEET, '<c r="E3"', '<c r="E1048577"'),
    "a cell twice named": _cell('<c r="A3" r="B3" t="str"><v>甲</v></c>'),
    "a text without its type": _cell('<c r="A3"><is><t>甲</t></is></c>'),
    "a text called a string": _cell('<c r="A3" t="s"><is><t>甲</t></is></c>'),
    "a text with a string": _cell('<c r="A3" t="s"><v>1</v><is><t>甲</t></is></c>'),
    "a string with a sign": _cell('<c r="A3" t="s"><v>+1</v></c>'),
    "a string underlined": _cell('<c r="A3" t="s"><v>0_1</v></c>'),
    "a format with a nought": _swap(SHEET, '<c r="E3" s="1"', '<c r="E3" s="01"'),
    "an error without a name": _cell('<c r="A3" t="e"/>'),
    "an error nobody knows": _cell('<c r="A3" t="e"><v>#WEIRD!</v></c>'),
    "neither yes nor no": _cell('<c r="A3" t="b"><v>2</v></c>'),
    "a character that is none": _cell('<c r="A3" t="str"><v>a&#0;b</v></c>'),
    "ends with a space": _swap(SHEET, "</row>", "</row >"),
    "a note for a program": _swap(SHEET, '<row r="3"', '<?note?><row r="3"'),
    "a cell of another name": _cell('<y:c xmlns:y="q" r="A3" t="str"><v>甲</v></y:c>'),
    "hidden without a number": _swap(SHEET, '<row r="3"', '<row hidden="1"'),
    "merged nowhere": _merge("XYZ"),
    "merged beyond the last cell": _merge("A3:XFE4"),
    "merged in dollars": _merge("$A$3:$A$5"),
    "wider than a sheet": (SHEET, lambda xml: re.sub('ref="[A-Z0-9:]+"', 'ref="A1:ZZZZ9"', xml)),
    "text after runs": _swap(STRINGS, "<t>园</t>", "<r><t>示</t></r><t>后</t>"),
    "text of another name": _swap(STRINGS, "<t>园</t>", '<y:t xmlns:y="q">二</y:t>'),
}
SAME: dict[str, tuple[str, Change]] = {
    "a word for no": _cell('<c r="A3" t="b"><v>false</v></c>'),
    "hidden with spaces": _swap(SHEET, '<row r="3"', "<row hidden = '1' r='3'"),
    "spaces not to be kept": _swap(STRINGS, "<t>园</t>", "<t>\n 示 例 </t>"),
    "spaces to be kept": _swap(STRINGS, "<t>园</t>", '<t xml:space="preserve"> 示 </t>'),
    "spaces of runs": _swap(
        STRINGS, "<t>园</t>", '<r><t> a </t></r><r><t xml:space="preserve"> b </t></r>'
    ),
    "formats in a comment": _swap(
        STYLES, "<cellXfs", '<!-- <cellXfs count="1"><xf/></cellXfs> --><cellXfs'
    ),
    "merged cells": _merge("A3:A4"),
}


def _written(folder: Path, shape: tuple[str, Change]) -> Path:
    path = _book(folder / "表.xlsx", _few)
    rezip(path, *shape)
    return path


@pytest.mark.parametrize("shape", CUT)
def test_a_workbook_cut_off_is_never_taken_as_whole(tmp_path: Path, shape: str) -> None:
    path = _written(tmp_path, CUT[shape])
    for read in (read_file, lambda path: open_book(path, header_names(), tmp_path)):
        with pytest.raises(StoreError) as error:
            read(path)
        assert error.value.message_id == "read.workbook_corrupt"


@pytest.mark.parametrize("shape", REFUSED)
def test_what_readers_may_take_otherwise_is_refused(tmp_path: Path, shape: str) -> None:
    with pytest.raises(StoreError) as error:
        open_book(_written(tmp_path, REFUSED[shape]), header_names(), tmp_path)
    assert error.value.message_id in ("read.workbook_corrupt", "read.workbook_unusual")


@pytest.mark.parametrize("shape", SAME)
def test_what_may_be_written_otherwise_is_read_alike(tmp_path: Path, shape: str) -> None:
    path = _written(tmp_path, SAME[shape])
    _compare(path, tmp_path)
    small, ours = read_file(path).sheets[0], open_book(path, header_names(), tmp_path)[0].sheet
    assert (ours.merged, ours.hidden) == (small.merged, small.hidden)
