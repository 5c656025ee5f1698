"""One small wrong book per kind of mistake, and the words the message must have."""

from pathlib import Path

import pytest

from codes.messages import use_language
from codes.spec_check import check_spec

BROKEN = Path(__file__).parent / "broken"

WORDS = {
    "file_missing": (("缺少文件", "rows.csv"), ("File missing", "rows.csv")),
    "unreadable": (("book.toml", "无法读取"), ("book.toml", "cannot be read")),
    "header_unknown": (("publisher", "不认识"), ("publisher", "unknown header")),
    "header_missing": (("缺少", "source"), ("missing", "source")),
    "column_unknown": (("rows.csv:1", "colour"), ("rows.csv:1", "unknown column 'colour'")),
    "cell_count": (("rows.csv:2", "单元格数"), ("rows.csv:2", "number of cells")),
    "cell_type": (("rows.csv:2 size", "one"), ("rows.csv:2 size", "'one'", "integer")),
    "row_wrong": (("rows.csv:2", "code"), ("rows.csv:2", "'code'", "A1")),
    "key_repeated": (("rows.csv:3", "rows.csv:2", "重复"), ("rows.csv:3", "repeats")),
    "dates_reversed": (("2023-01-01", "早于"), ("2023-01-01", "before")),
    "reference_unknown": (("zz", "others"), ("'zz'", "others")),
    "name_ambiguous": (("rows.csv:3", "养老院", "rows.csv:2"), ("养老院", "search")),
    "code_outside": (("E0201", "E01", "开头"), ("E0201", "begin with", "E01")),
    "header_repeated": (("rows.csv:3", "床位", "重复"), ("床位", "also stands at")),
    "bounds_wrong": (("120", "100"), ("120", "100", "minimum")),
    "pattern_unsafe": (("(?=1)", "断言"), ("(?=1)", "look-around")),
    "example_wrong": (("11330199", "不符合"), ("11330199", "does not match")),
    "placeholders_differ": (("message", "value"), ("message", "value", "differ")),
    "element_unknown": (("“bed”",), ("'bed'", "no element")),
    "severity_differs": (("figures", "不一致"), ("figures", "differs")),
    "not_comparable": (("name le beds", "不能比较"), ("name le beds", "compares a number")),
    "formula_repeated": (("hangzhou-145.02", "已有算式"), ("hangzhou-145.02", "only one")),
    "keyword_refused": (("uniqueItems", "SQL"), ("uniqueItems", "SQL")),
    "part_header_missing": (("common.json", "x-source"), ("common.json", "x-source")),
    "part_element_unknown": (("E01.json", "nmae"), ("E01.json", "nmae")),
    "part_of_no_class": (("E09", "classes"), ("E09", "classes")),
    "part_rule_unknown": (("/allOf/0", "no_such_rule"), ("/allOf/0", "no_such_rule", "rules")),
    "part_codebook_unknown": (("statuses", "value_lists"), ("statuses", "value_lists")),
    "part_pattern_unsafe": (("/properties/phone", "^ 开头"), ("/properties/phone", "begin with ^")),
    "part_format_refused": (("/properties/site", "uri"), ("/properties/site", "uri")),
}


def test_every_broken_book_is_tried() -> None:
    assert sorted(path.name for path in BROKEN.iterdir()) == sorted(WORDS)


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_broken_book_is_named_with_place_and_remedy(kind: str, lang: str) -> None:
    use_language(lang)
    sentences = [str(mistake) for mistake in check_spec(BROKEN / kind)]
    words = WORDS[kind][lang == "en"]
    assert len(sentences) == 1, sentences
    assert all(word in sentences[0] for word in words), sentences[0]
