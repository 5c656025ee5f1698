"""Looking a division up by code and day, and by name."""

from datetime import date
from pathlib import Path

import pytest

from codes import divisions
from codes.divisions import (
    above,
    children,
    counties_of_city,
    county_of,
    division,
    exists,
    find_by_name,
    full_name,
    holds_villages,
    in_force,
    listing,
    normalise,
    store,
    township_of,
)
from codes.divisions.shape import TOWNSHIP
from codes.divisions.sorted_rows import SortedRows
from codes.divisions.store import runs_of
from codes.errors import DataError
from codes.names import fold

NOW = date(2026, 11, 22)
BEFORE = date(2020, 6, 30)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("33", "330000"),
        ("330000000000", "330000"),
        ("3301", "330100"),
        ("330100", "330100"),
        ("330106", "330106"),
        (" ３３０１０６ ", "330106"),
        ("330106000", "330106"),
        ("330106000000", "330106"),
        ("330106007000", "330106007"),
        ("330106007001", "330106007001"),
    ],
)
def test_codes_are_read_as_people_write_them(written: str, code: str) -> None:
    assert normalise(written) == code
    assert division(written, NOW).code == code


@pytest.mark.parametrize(
    "written",
    ["", "330", "33010", "3301060", "33O106", "330106.0", "三三〇一〇六", "-30106", "¹²³⁴⁵x"],
)
def test_wrong_shape_says_what_was_seen_and_expected(written: str) -> None:
    for look in (division, county_of, township_of, normalise, full_name):
        with pytest.raises(DataError) as raised:
            look(written)
        assert raised.value.message_id == "division.shape"
        assert raised.value.params["seen"] == written
        assert "12" in raised.value.params["expected"]
    assert not exists(written)
    assert not in_force(written, NOW)


def test_unknown_code() -> None:
    with pytest.raises(DataError) as raised:
        division("330199", NOW)
    assert raised.value.message_id == "division.unknown"
    assert "330199" in str(raised.value)
    assert not exists("330199")


def test_village_of_another_city_is_not_called_unknown() -> None:
    with pytest.raises(DataError) as raised:
        division("110101001001", NOW)
    assert raised.value.message_id == "division.villages_not_held"
    assert raised.value.params["township_code"] == "110101001"
    with pytest.raises(DataError, match="110101001"):
        children("110101001", NOW)
    assert not holds_villages("110101001001")
    assert holds_villages("330902001")


def test_not_in_force_says_since_when_and_what_came_after() -> None:
    with pytest.raises(DataError) as raised:
        division("330104", NOW)
    error = raised.value
    assert error.message_id == "division.not_in_force"
    assert error.params["valid_to"] == date(2021, 4, 9)
    assert [unit["code"] for unit in error.params["successors"]] == ["330102", "330114"]
    assert "2021-04-09 起停用，之后为 330102 上城区、330114 钱塘区" in str(error)
    with pytest.raises(DataError, match="2021-04-09 起才启用"):
        division("330113", BEFORE)
    with pytest.raises(DataError, match="去向不详"):
        division("652871", NOW)


def test_without_a_day_the_last_meaning() -> None:
    assert division("330104").name == "江干区"
    assert full_name("330104") == "浙江省杭州市江干区"


def test_a_code_may_change_its_meaning() -> None:
    # Three towns of 开平区 in Tangshan exchanged their codes between two editions.
    assert division("130205104", date(2021, 10, 31)).name == "洼里镇"
    assert division("130205104", date(2023, 6, 30)).name == "郑庄子镇"


@pytest.mark.parametrize(
    ("code", "day", "evidence"),
    [
        ("330106", date(2021, 1, 1), "seen"),
        ("330106", NOW, "presumed"),
        ("330106", date(2015, 1, 1), "presumed"),
        ("330103", date(2021, 4, 8), "stated"),
        ("330113", date(2021, 4, 9), "stated"),
        ("340171", date(2022, 6, 1), "undated"),
        ("330184", date(1999, 1, 1), "presumed"),
    ],
)
def test_how_we_know_is_told(code: str, day: date, evidence: str) -> None:
    assert division(code, day).evidence(day) == evidence


def test_no_evidence_for_a_day_not_in_force() -> None:
    assert division("330103").evidence(NOW) is None


def test_change_of_unknown_day_counts_from_the_edition_that_shows_it() -> None:
    assert in_force("340171", date(2023, 6, 29))
    assert not in_force("340171", date(2023, 6, 30))
    assert not in_force("340176", date(2023, 6, 29))
    assert division("340176", NOW).began == "edition"


def test_systems_are_kept_apart() -> None:
    assert division("340104", NOW).system == "gbt2260"
    assert division("340176", NOW).system == "nbs"
    assert division("330106007", NOW).system == "nbs"


def test_above_and_below() -> None:
    assert [unit.code for unit in children("330000", NOW)][:2] == ["330100", "330200"]
    assert {unit.parent_code for unit in children("3301", NOW)} == {"330100"}
    assert {unit.level for unit in children("330106", NOW)} == {"township"}
    assert {unit.code[:9] for unit in children("330106007", NOW)} == {"330106007"}
    assert children("330106007001", NOW) == ()
    county = division("330106", NOW)
    assert [unit.name for unit in (above(county, NOW),) if unit] == ["杭州市"]
    assert above(division("33", NOW)) is None


def test_children_are_as_on_the_day() -> None:
    before = {unit.name for unit in children("330110", BEFORE)}
    after = {unit.name for unit in children("330110", NOW)}
    assert before - after >= {"临平街道", "塘栖镇"}
    assert after < before


def test_city_without_counties() -> None:
    assert [unit.code for unit in counties_of_city("4419", NOW)] == ["441900"]
    assert {unit.level for unit in children("441900", NOW)} == {"township"}
    assert county_of("441900003") == county_of("4419") == "441900"
    assert full_name("441900003") == "广东省东莞市东城街道"


def test_county_and_township_of_a_code() -> None:
    assert county_of("330106007001") == county_of("330106007") == county_of("330106") == "330106"
    assert township_of("330106007001") == township_of("330106007") == "330106007"
    assert township_of("330106") is None
    for code in ("33", "3301", "330100", "339900"):
        with pytest.raises(DataError) as raised:
            county_of(code)
        assert raised.value.message_id == "division.above_county"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("330106", "浙江省杭州市西湖区"),
        ("110101", "北京市东城区"),
        ("500229", "重庆市城口县"),
        ("429004", "湖北省仙桃市"),
        ("330106007001", "浙江省杭州市西湖区古荡街道古荡东区社区"),
        ("341402", "安徽省居巢区"),
    ],
)
def test_full_names(code: str, name: str) -> None:
    assert full_name(code) == name


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("西湖区", ["330106", "360103"]),
        ("杭州市西湖区", ["330106"]),
        ("浙江省杭州市西湖区", ["330106"]),
        ("浙江杭州西湖区", ["330106"]),
        (" 西湖区 蒋村街道 ", ["330106011"]),
        ("下城区", ["330103"]),
        ("没有这样的地方", []),
        ("", []),
        ("区", []),
    ],
)
def test_find_by_name(name: str, codes: list[str]) -> None:
    assert [unit.code for unit in find_by_name(name)] == codes


def test_find_by_part_of_a_name() -> None:
    found = find_by_name("翠苑", parent="3301")
    assert found[0].code == "330106005"
    assert {unit.level for unit in found} == {"township", "village"}
    assert [unit.code for unit in find_by_name("白杨街道", "3301", NOW)] == ["330114002"]
    assert [unit.code for unit in find_by_name("白杨街道", "3301", BEFORE)] == ["330104009"]


def test_county_lookups_do_not_read_the_townships(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def recording(path: Path, digits: int) -> SortedRows:
        read.append(path.parent.name)
        return SortedRows(path, digits)

    monkeypatch.setattr(store, "SortedRows", recording)
    store._table_of.cache_clear()
    store._make.cache_clear()
    assert division("330106", NOW).name == "西湖区"
    assert full_name("330106", NOW)
    assert divisions.resolve("330103", BEFORE, NOW).code == "330105"
    assert list(listing("county", NOW, "3301"))
    assert read == ["divisions"]


def test_the_names_that_are_searched_are_those_of_the_rows() -> None:
    """Read at once, they are as many and in the same order as the divisions below a county."""
    found: list[str] = []

    def fits(name: str) -> bool:
        found.append(name)
        return True

    units = list(store.named("330106", TOWNSHIP, fits))
    assert units == [run for code in store.codes_below("330106", TOWNSHIP) for run in runs_of(code)]
    assert set(found) == {fold(unit.name) for unit in units}
