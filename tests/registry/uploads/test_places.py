"""Divisions out of force, split, missing; points outside, swapped, in another datum."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from codes.errors import UsageError
from codes.home import home_city, named_at_home
from registry.uploads.approve import approve
from registry.uploads.decide import Answer, decide
from registry.uploads.findings import CheckReport
from registry.uploads.placing.by_code import place_by_code
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import TODAY, Send, only, row, rules_of

NO_POINT = {"longitude": "", "latitude": "", "datum": ""}


def worse_than_notes(report: CheckReport) -> list[str]:
    missing = "element_recommended"
    return [one.rule for one in report.findings if one.severity != "note" and one.rule != missing]


def test_one_successor_is_said_and_the_row_proceeds(check: Callable[..., CheckReport]) -> None:
    report = check(row(division="330103", **NO_POINT))
    assert worse_than_notes(report) == ["division_replaced"]
    found = only(report, "division_replaced")
    assert found.severity == "should"
    assert "330105 拱墅区" in finding_text(found)[0]
    assert report.outcomes["created"] == 1


def test_a_split_division_holds_the_row_and_names_the_candidates(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(division="330104", **NO_POINT))
    assert worse_than_notes(report) == ["division_split"]
    found = only(report, "division_split")
    message, remedy = finding_text(found)
    assert found.severity == "held"
    assert "330102 上城区" in message
    assert "330114 钱塘区" in message
    assert "街道" in remedy
    assert "经纬度" in remedy
    assert report.outcomes["held"] == 1


def test_an_old_row_of_a_county_that_gave_a_part_away_is_held(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(division="330110", as_of="2020-06-30", **NO_POINT))
    assert worse_than_notes(report) == ["division_split"]
    assert check(row(division="330110", **NO_POINT)).outcomes["created"] == 1


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("330106 西湖区", "division_with_name"),
        ("３３０１０６—西湖区", "division_with_name"),
        ("浙江省杭州市西湖區（330106）", "division_with_name"),
        ("330106109 三墩镇", "division_with_name"),
        ("330106000 西湖区", "division_with_name"),
        ("330110 余杭区", "division_with_name"),
        ("330103 下城区", "division_replaced"),
        ("330100 杭州市", "division_too_coarse"),
        ("330106 上城区", "division_name_unclear"),
        ("330106 西湖", "division_name_unclear"),
        ("330106 330102 西湖区", "division_name_unclear"),
    ],
)
def test_a_code_may_stand_beside_its_own_name(
    written: str, rule: str, check: Callable[..., CheckReport]
) -> None:
    report = check(row(division=written, **NO_POINT))
    told = [one for one in report.findings if one.element == "division"]
    assert rule in [one.rule for one in told]
    assert report.outcomes["rejected"] == (rule not in {"division_with_name", "division_replaced"})
    if written == "330106 上城区":
        (open_which,) = (one for one in told if one.rule == rule)
        assert "330106 浙江省杭州市西湖区、330102 浙江省杭州市上城区" in finding_text(open_which)[0]


@pytest.mark.parametrize("address", ["下沙街道示例路1号", "杭州市钱塘区示例路1号"])
def test_a_street_in_the_address_settles_a_split(
    address: str, check: Callable[..., CheckReport]
) -> None:
    report = check(row(division="330104", address=address, **NO_POINT))
    found = only(report, "division_settled")
    assert (found.severity, report.outcomes["created"]) == ("note", 1)
    assert "地址" in finding_text(found)[0]
    assert "330114 钱塘区" in finding_text(found)[0]


def test_a_point_inside_one_candidate_settles_a_split(check: Callable[..., CheckReport]) -> None:
    report = check(row(division="330104", longitude=120.50, latitude=30.28))
    found = only(report, "division_settled")
    assert "坐标" in finding_text(found)[0]
    assert "330114 钱塘区" in finding_text(found)[0]


def test_address_and_point_that_contradict_settle_nothing(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(division="330104", address="上城区一号", longitude=120.50, latitude=30.28))
    assert report.outcomes["held"] == 1


def test_an_old_street_code_leads_to_its_street_of_today(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(division="330104008", as_of="2020-09-01", **NO_POINT))
    assert worse_than_notes(report) == ["division_replaced"]


def test_a_division_newer_than_the_data_is_said(check: Callable[..., CheckReport]) -> None:
    report = check(row(division="330114", as_of="2020-06-30", **NO_POINT))
    assert worse_than_notes(report) == ["division_not_yet"]
    assert report.outcomes["created"] == 1


def test_a_missing_division_is_proposed_from_the_point(check: Callable[..., CheckReport]) -> None:
    report = check(row(division=""))
    assert worse_than_notes(report) == []
    assert "330106 西湖区" in finding_text(only(report, "division_proposed"))[0]
    assert report.outcomes["created"] == 1


def test_a_point_near_a_border_does_not_settle_a_missing_division(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(division="", datum="", longitude=120.133755, latitude=30.179695))
    found = only(report, "division_uncertain")
    assert (found.severity, report.outcomes["held"]) == ("held", 1)
    assert "330108 滨江区" in finding_text(found)[0]


def test_a_point_far_outside_its_division_is_asked(check: Callable[..., CheckReport]) -> None:
    report = check(row(longitude=119.72, latitude=30.23))
    found = only(report, "point_far_outside")
    assert (found.severity, report.outcomes["held"]) == ("held", 1)
    message = finding_text(found)[0]
    assert "330106 西湖区" in message
    assert "330112 临安区" in message
    assert "公里" in message


@pytest.mark.parametrize("datum", ["未知", ""])
def test_a_far_point_of_no_known_datum_is_only_said(
    datum: str, check: Callable[..., CheckReport]
) -> None:
    report = check(row(longitude=119.72, latitude=30.23, datum=datum))
    assert "point_outside_division" in rules_of(report)
    assert report.outcomes["created"] == 1


@pytest.mark.parametrize(
    ("division", "address", "asked"),
    [
        ("330102", "杭州市临平区示例路1号", True),
        ("330102", "浙江省杭州市临平区示例路1号", True),
        ("330103", "西湖区示例路1号", True),
        ("330102", "杭州市上城区示例路1号", False),
        ("330102", "临平大道与西湖区交界处", False),
    ],
)
def test_an_address_that_names_another_county_is_asked(
    division: str, address: str, asked: bool, check: Callable[..., CheckReport]
) -> None:
    report = check(row(division=division, address=address, **NO_POINT))
    assert ("address_elsewhere" in rules_of(report)) == asked
    assert report.outcomes["held" if asked else "created"] == 1


def test_a_point_in_the_division_outweighs_an_old_address(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(address="杭州市余杭区示例路1号"))
    assert (worse_than_notes(report), report.outcomes["created"]) == (["address_other_county"], 1)


def test_the_division_is_confirmed_once(registry: Engine, send: Send) -> None:
    done = send(row(longitude=119.72, latitude=30.23))
    answer = Answer(division="330106")
    decided = decide(registry, int(done.id or 0), 2, answer, by="王五", today=TODAY)
    assert (decided.outcome, decided.questions) == ("created", ())
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    again = send(row(longitude=119.72, latitude=30.23, as_of="2026-09-30"), name="再.csv")
    assert again.report.outcomes["updated"] == 1


def test_a_point_of_another_datum_is_suspected(check: Callable[..., CheckReport]) -> None:
    # inside Gongshu near its border in BD-09, a kilometre outside when read as CGCS2000
    point = {"longitude": 120.193219, "latitude": 30.281287, "datum": "CGCS2000"}
    report = check(row(division="330105", **point))
    assert worse_than_notes(report) == ["datum_suspected"]
    assert "BD09" in finding_text(only(report, "datum_suspected"))[0]
    assert worse_than_notes(check(row(division="330105", **{**point, "datum": "BD09"}))) == []


def test_swapped_coordinates_are_turned_and_said(check: Callable[..., CheckReport]) -> None:
    report = check(row(longitude=30.27, latitude=120.08))
    assert worse_than_notes(report) == ["point_swapped"]
    found = only(report, "point_swapped")
    assert (found.severity, found.value, found.params["longitude"]) == ("should", "30.27", 30.27)


def test_a_point_outside_china_is_out_of_range(check: Callable[..., CheckReport]) -> None:
    report = check(row(longitude=0, latitude=0))
    assert {one.element for one in report.findings if one.rule == "element_range"} == {
        "longitude",
        "latitude",
    }


def test_a_division_given_by_name(check: Callable[..., CheckReport]) -> None:
    report = check(row(division="杭州市西湖区"))
    assert rules_of(report) == ["division_from_name"]
    unclear = check(row(division="朝阳区"))
    assert unclear.outcomes["rejected"] == 1
    said = finding_text(only(unclear, "division_name_unclear"))[0]
    assert "110105 北京市朝阳区" in said
    assert "220104 吉林省长春市朝阳区" in said


def test_of_divisions_of_one_name_the_own_citys_is_meant(
    check: Callable[..., CheckReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = check(row(division="西湖区"))
    assert report.outcomes["created"] == 1
    said = finding_text(only(report, "division_name_home"))[0]
    assert "330106 浙江省杭州市西湖区" in said
    assert "360103 江西省南昌市西湖区" in said
    monkeypatch.setenv("FUWUMA_CITY", "360100")
    named, _ = named_at_home("西湖区", TODAY)
    assert named
    assert named.code == "360103"
    monkeypatch.setenv("FUWUMA_CITY", "330106")
    with pytest.raises(UsageError, match="FUWUMA_CITY"):
        home_city()


def test_a_village_the_book_does_not_hold_is_registered_by_its_township(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(division="110101001001", **NO_POINT))
    assert worse_than_notes(report) == ["division_village_unchecked"]


@pytest.mark.parametrize(
    ("written", "rule", "code"),
    [
        ("临安市", "division_replaced", "330112"),
        ("江干区", "division_split", None),
        ("西湖區", "division_name_home", "330106"),
        ("文新街到", "division_name_unclear", None),
        ("没有这样的地方", "division_name_unclear", None),
    ],
)
def test_names_that_are_old_traditional_or_slightly_wrong(
    written: str, rule: str, code: str | None
) -> None:
    placed = place_by_code(written, TODAY, TODAY)
    assert (placed.rule, placed.code) == (rule, code)
    if written == "文新街到":
        assert placed.candidates[0] == "330106013"
    if written == "没有这样的地方":
        assert placed.candidates == ()
