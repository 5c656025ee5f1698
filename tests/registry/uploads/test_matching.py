"""Which rows are registered facilities, which may be, and what was answered once and for all."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from codes import facility_code
from codes.errors import DataError, UsageError
from registry.db import reading, writing
from registry.facilities.change import close
from registry.facilities.lookup import Filter, find, listing
from registry.facilities.succession import merge as merge_facilities
from registry.tables import AuditEntry, MatchDecision
from registry.uploads.approve import approve, reject
from registry.uploads.decide import Answer, Decided, decide
from registry.uploads.diff import diff
from registry.uploads.findings import CheckReport
from registry.uploads.proposing.fetching import by_places
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import TODAY, Send, only, row, rules_of

Merge = Callable[..., list[str]]
NEXT = "2026-09-30"


@pytest.fixture
def answer(registry: Engine) -> Callable[..., Decided]:
    """Answer row 2 of an upload as 王五."""

    def give(upload_id: int | None, number: int = 2, **given: object) -> Decided:
        said = Answer(**given)  # type: ignore[arg-type]
        return decide(registry, int(upload_id or 0), number, said, by="王五", today=TODAY)

    return give


def held_by(report: CheckReport) -> list[str]:
    return [one.rule for one in report.findings if one.severity == "held"]


def test_by_code_in_any_form(merge: Merge, send: Send) -> None:
    (code,) = merge(row())
    printed = facility_code.format(code).lower()
    done = send(row(code=printed, name="改名幼儿园", as_of=NEXT))
    assert done.report.outcomes["updated"] == 1


def test_a_valid_code_that_is_not_registered(merge: Merge, send: Send) -> None:
    merge(row())
    other = facility_code.make("B01", "330106", 99)
    done = send(row(code=other))
    assert rules_of(done.report) == ["code_not_registered"]
    assert facility_code.format(other) in finding_text(done.report.findings[0])[0]


def test_by_number(merge: Merge, send: Send) -> None:
    merge(row(school_id="1133000001"))
    done = send(row(name="改名幼儿园", school_id="1133000001", as_of=NEXT))
    assert done.report.outcomes["updated"] == 1


def test_a_number_of_another_facility_than_the_code_asks(merge: Merge, send: Send) -> None:
    first, _second = merge(row(school_id="1133000001"), row(name="第二", school_id="1133000002"))
    done = send(row(code=first, school_id="1133000002", as_of=NEXT))
    assert held_by(done.report) == ["identifier_conflict"]


def test_by_name_in_the_same_county_and_class(merge: Merge, send: Send) -> None:
    merge(row(name="示例幼儿园(东园)"))
    same = send(row(name="示例 幼儿园（东园）", as_of=NEXT), name="一.csv")
    assert same.report.outcomes["updated"] == 1
    elsewhere = send(
        row(name="示例幼儿园(东园)", division="330108", longitude="", latitude="", datum="")
    )
    assert elsewhere.report.outcomes["created"] == 1


def test_several_of_the_name_ask_unless_the_operator_tells(merge: Merge, send: Send) -> None:
    merge(
        row(address="甲路1号", operator_name="甲公司", longitude="", latitude="", datum=""),
        row(address="乙路2号", operator_name="乙公司", longitude="", latitude="", datum=""),
    )
    clear = send(row(address="丙路3号", operator_name="乙公司", as_of=NEXT), name="一.csv")
    assert clear.report.outcomes["updated"] == 1
    unclear = send(row(address="丙路3号", operator_name="丙公司", as_of=NEXT))
    assert held_by(unclear.report) == ["match_several"]


@pytest.mark.parametrize(
    ("name", "point", "asked"),
    [
        ("杭州市西湖区晨光实验幼儿园", None, True),
        ("晨光实验幼儿园有限公司", None, True),
        ("晨光实验第二幼儿园", None, False),
        ("晨光实验幼儿园东园", None, False),
        ("星光艺术幼儿园", None, False),
        ("新晨光实验幼儿园", (120.0801, 30.2701), True),
        ("杭州市西湖区晨光实验幼儿园", (120.03, 30.20), False),
    ],
)
def test_near_names_ask_and_sisters_do_not(
    name: str,
    point: tuple[float, float] | None,
    asked: bool,
    merge: Merge,
    send: Send,
) -> None:
    (code,) = merge(row(name="晨光实验幼儿园"))
    lon, lat = point or ("", "")
    place = {"longitude": lon, "latitude": lat, "datum": "WGS84" if point else ""}
    done = send(row(name=name, address="示例路9号", **place))
    assert held_by(done.report) == (["near_duplicate"] if asked else [])
    if asked:
        message, remedy = finding_text(only(done.report, "near_duplicate"))
        assert facility_code.format(code) in message
        assert "晨光实验幼儿园" in message
        assert ("米" in message) == (point is not None)
        assert "--same" in remedy


def test_not_the_same_is_asked_once(
    registry: Engine, merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    merge(row(name="晨光实验幼儿园"))
    new = row(name="晨光实验幼儿园有限公司", phone="")
    done = send(new)
    assert answer(done.id, new=True) == Decided(2, "created", ())
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    again = send({**new, "as_of": NEXT})
    assert (held_by(again.report), again.report.outcomes["updated"]) == ([], 1)
    with reading(registry) as session:
        assert listing(session, Filter()).total == 2
        assert [one.verdict for one in session.exec(select(MatchDecision))] == ["not_same"]


def test_not_the_same_holds_for_a_file_sent_again_before_it_was_approved(
    registry: Engine, merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    merge(row(name="晨光实验幼儿园"))
    new = row(name="晨光实验幼儿园有限公司", phone="")
    done = send(new)
    assert answer(done.id, new=True).outcome == "created"
    reject(registry, int(done.id or 0), by="李四", reason="日期不对")
    again = send({**new, "as_of": NEXT})
    assert (held_by(again.report), again.report.outcomes["created"]) == ([], 1)


def test_same_is_asked_once_and_holds_after_a_merger(
    registry: Engine, merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    old, other = merge(row(name="晨光实验幼儿园"), row(name="别的幼儿园"))
    with reading(registry) as session:
        if find(session, old).name != "晨光实验幼儿园":
            old, other = other, old
    new = row(name="晨光实验幼儿园有限公司", as_of=NEXT)
    done = send(new)
    assert answer(done.id, same=facility_code.format(old)).outcome == "updated"
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        assert find(session, old).name == "晨光实验幼儿园有限公司"
        assert listing(session, Filter()).total == 2
    with writing(registry) as session:
        merge_facilities(session, [old], other, on=date(2026, 10, 1), by="王五")
    later = send({**new, "as_of": "2026-11-01"})
    assert held_by(later.report) == []
    assert diff(registry, int(later.id or 0)).rows[0].code == other


def test_a_row_that_is_a_closed_facility_asks(
    registry: Engine, merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    (code,) = merge(row())
    with writing(registry) as session:
        close(session, code, on=date(2026, 8, 1), by="王五")
    done = send(row(as_of=NEXT))
    assert held_by(done.report) == ["facility_closed"]
    assert "2026-08-01" in finding_text(only(done.report, "facility_closed"))[0]
    assert answer(done.id, same=code) == Decided(2, "updated", ())
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        now = find(session, code)
        assert (now.status, now.closed_on, now.kind) == ("运营", None, "reopened")
    again = send(row(as_of="2026-10-30"))
    assert held_by(again.report) == []


def test_a_closed_facility_reported_closed_is_no_question(
    registry: Engine, merge: Merge, send: Send
) -> None:
    (code,) = merge(row())
    with writing(registry) as session:
        close(session, code, on=date(2026, 8, 1), by="王五")
    done = send(row(status="关闭", closed_on="2026-08-01", as_of="2026-08-01"))
    assert held_by(done.report) == []


def test_another_facility_where_one_closed(
    registry: Engine, merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    (code,) = merge(row())
    with writing(registry) as session:
        close(session, code, on=date(2026, 8, 1), by="王五")
    done = send(row(as_of=NEXT))
    assert answer(done.id, new=True) == Decided(2, "created", ())
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        assert find(session, code).status == "关闭"
        assert listing(session, Filter()).total == 2


def test_the_code_of_a_merged_facility_asks_for_its_heir(
    registry: Engine, merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    old, other = merge(row(), row(name="别的幼儿园"))
    with writing(registry) as session:
        merge_facilities(session, [old], other, on=date(2026, 8, 1), by="王五")
    done = send(row(code=old, name="", as_of=NEXT))
    found = only(done.report, "facility_superseded")
    assert facility_code.format(other) in finding_text(found)[0]
    assert answer(done.id, same=other).outcome == "updated"


def test_a_division_answered(registry: Engine, send: Send, answer: Callable[..., Decided]) -> None:
    done = send(row(division="330104", longitude="", latitude="", datum=""))
    with pytest.raises(DataError) as caught:
        answer(done.id, new=True)
    assert caught.value.message_id == "upload.answer_unfit"
    with pytest.raises(DataError):
        answer(done.id, division="330104")
    assert answer(done.id, division="330114") == Decided(2, "created", ())
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        (one,) = listing(session, Filter()).items
        assert one.division_code == "330114"
        actions = [entry.action for entry in session.exec(select(AuditEntry))]
        assert actions == ["upload_submit", "upload_decide", "upload_approve"]


def test_a_held_row_refused(registry: Engine, send: Send, answer: Callable[..., Decided]) -> None:
    done = send(row(division="330104", longitude="", latitude="", datum=""), row(name="第二"))
    assert answer(done.id, reject=True).outcome == "rejected"
    summary = approve(registry, int(done.id or 0), by="李四", today=TODAY)
    assert (summary.created, summary.rejected, summary.held) == (1, 1, 0)


def test_held_rows_stay_out_when_nobody_answers(registry: Engine, send: Send) -> None:
    done = send(row(division="330104", longitude="", latitude="", datum=""), row(name="第二"))
    summary = approve(registry, int(done.id or 0), by="李四", today=TODAY)
    assert (summary.created, summary.held) == (1, 1)
    with reading(registry) as session:
        assert [one.name for one in listing(session, Filter()).items] == ["第二"]


def test_answers_that_cannot_be_given(
    registry: Engine, merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    merge(row(name="晨光实验幼儿园"))
    done = send(
        row(name="晨光实验幼儿园有限公司"),
        row(name="第二", operator_uscc="91330106MA2000001J"),
    )
    other = facility_code.make("B01", "330106", 99)
    for given, number, message in [
        ({"new": True}, 3, "upload.row_not_held"),
        ({"new": True}, 9, "upload.row_unknown"),
        ({"same": other}, 2, "upload.answer_code_unknown"),
        ({"same": "B01"}, 2, "facility.code_wrong"),
    ]:
        with pytest.raises(DataError) as caught:
            answer(done.id, number, **given)
        assert caught.value.message_id == message
        assert str(caught.value)
    for given in ({}, {"new": True, "reject": True}):
        with pytest.raises(UsageError):
            answer(done.id, **given)
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with pytest.raises(DataError) as caught:
        answer(done.id, new=True)
    assert caught.value.message_id == "upload.decided_approved"


def test_two_rows_that_are_one_facility(merge: Merge, send: Send) -> None:
    (code,) = merge(row())
    done = send(row(as_of=NEXT), row(code=code, name="改名", as_of=NEXT))
    assert only(done.report, "row_repeated").row == 3


def test_a_changed_type_is_said(merge: Merge, send: Send) -> None:
    (code,) = merge(row())
    done = send({"code": code, "type": "B0102", "as_of": NEXT})
    assert "type_changed" in rules_of(done.report)


def test_two_rows_that_differ_only_in_how_the_name_begins_ask(
    send: Send, answer: Callable[..., Decided]
) -> None:
    names = ("杭州市西湖区晨光幼儿园", "西湖区晨光幼儿园")
    done = send(*(row(name=name) for name in names))
    assert held_by(done.report) == ["row_alike"]
    assert only(done.report, "row_alike").row == 3
    assert "第 2 行" in finding_text(only(done.report, "row_alike"))[0]
    assert done.report.outcomes["created"] == 1
    assert answer(done.id, 3, new=True).outcome == "created"


def test_one_name_and_address_in_two_counties_ask(
    send: Send, answer: Callable[..., Decided]
) -> None:
    here, there = (row(division=one, longitude="", latitude="") for one in ("330106", "330105"))
    done = send(here, there)
    found = only(done.report, "row_alike")
    assert (found.row, found.element) == (3, "division")
    assert "名称和地址都相同，只是区县不同（那一行在 330106 西湖区）" in finding_text(found)[0]
    assert done.report.outcomes["held"] == 1
    assert answer(done.id, 3, new=True).outcome == "created"
    far = send(here | {"address": "村委会"}, there | {"address": "村委会"}, name="村.csv")
    assert "row_alike" not in rules_of(far.report)


def test_sister_rows_do_not_ask(send: Send) -> None:
    done = send(row(name="西湖区晨光第一幼儿园"), row(name="西湖区晨光第二幼儿园"))
    assert done.report.outcomes["created"] == 2


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, True),
        ({"address": "示例路9号"}, True),
        ({"address": "示例路9号", "longitude": "", "latitude": "", "datum": ""}, False),
        ({"longitude": "", "latitude": "", "datum": ""}, True),
        ({"operator_uscc": "91330106MA2000001J"}, False),
    ],
)
def test_another_name_for_operator_type_and_place_asks(
    changes: dict[str, str], asked: bool, merge: Merge, send: Send
) -> None:
    merge(row(name="晨光实验幼儿园"))
    done = send(row(name="星光艺术幼儿园", **changes))
    assert held_by(done.report) == (["near_duplicate"] if asked else [])


def test_the_code_of_one_with_the_name_of_another_asks(
    merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    first, second = merge(row(name="晨光幼儿园"), row(name="星河幼儿园"))
    done = send(row(code=first, name="星河幼儿园", as_of=NEXT))
    found = only(done.report, "code_of_another")
    assert (found.severity, done.report.outcomes["held"]) == ("held", 1)
    assert facility_code.format(second) in finding_text(found)[0]
    assert answer(done.id, same=first).outcome == "updated"


def test_a_wrong_county_does_not_hide_a_registered_facility(
    merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    near_border = {"longitude": 120.133755, "latitude": 30.179695}
    (code,) = merge(row(name="西湖区晨光幼儿园", **near_border))
    done = send(row(name="西湖区晨光幼儿园", division="330108", **near_border))
    assert held_by(done.report) == ["registered_elsewhere"]
    found = only(done.report, "registered_elsewhere")
    assert facility_code.format(code) in finding_text(found)[0]
    assert answer(done.id, new=True).outcome == "created"


def test_rows_with_their_own_code_and_name_read_no_neighbours(
    merge: Merge, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A great list of changes by code would read its counties over and over."""
    read: list[tuple[str, str]] = []

    def noted(session: Session, places: set[tuple[str, str]]) -> object:
        read.extend(places)
        return by_places(session, places)

    first, second = merge(row(name="第一"), row(name="第二"))
    monkeypatch.setattr("registry.uploads.proposing.compare.by_places", noted)
    changed = row(code=first, name="第一", phone="0571-00000009")
    assert send(changed, name="二.csv").report.outcomes["updated"] == 1
    assert read == []
    misnamed = row(code=second, name="第一")
    assert rules_of(send(misnamed, name="三.csv").report) == ["code_of_another"]
    assert set(read) == {("B01", "330106")}


ELSEWHERE = {
    "address": "凤起东路8号", "longitude": "", "latitude": "", "datum": "", "operator_uscc": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        (ELSEWHERE, True),
        ({**ELSEWHERE, "address": "", "division": "330102"}, True),
        ({**ELSEWHERE, "address": "", "operator_name": "书香公司"}, True),
        ({**ELSEWHERE, "address": "", "operator_name": ""}, False),
        ({**ELSEWHERE, "name": "杭州市西湖区湖滨实验幼儿园"}, False),
        ({**ELSEWHERE, "name": "湖滨第二实验幼儿园"}, True),
        ({"address": "杭州市西湖区示例路1号"}, False),
        ({"address": "示例大道1号"}, False),
        ({}, False),
        ({**ELSEWHERE, "school_id": "1133000001", "code": ""}, True),
    ],
)
def test_another_name_and_another_place_than_registered_ask(
    changes: dict[str, str], asked: bool, merge: Merge, send: Send
) -> None:
    known = row(name="湖滨实验幼儿园", address="示例路1号", school_id="1133000001")
    (code,) = merge(known)
    done = send(row(**{"name": "城东书香幼儿园", "as_of": NEXT, "code": code, **changes}))
    assert held_by(done.report) == (["registered_unlike"] if asked else [])
    if asked:
        said = finding_text(only(done.report, "registered_unlike"))[0]
        assert facility_code.format(code) in said
        assert "湖滨实验幼儿园" in said


@pytest.mark.parametrize("exact_first", [False, True])
def test_the_row_that_is_the_facility_is_no_repetition_of_one_with_its_code(
    exact_first: bool, merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    known = row(name="湖滨实验幼儿园")
    (code,) = merge(known)
    wrong = row(code=code, name="城东书香幼儿园", **ELSEWHERE)
    exact = {**known, "as_of": NEXT}
    done = send(*((exact, wrong) if exact_first else (wrong, exact)))
    assert rules_of(done.report) == ["registered_unlike"]
    assert (done.report.outcomes["held"], done.report.outcomes["updated"]) == (1, 1)
    number = 3 if exact_first else 2
    assert answer(done.id, number, new=True).outcome == "created"


def test_a_facility_renamed_and_moved_is_asked_about_once(
    merge: Merge, send: Send, answer: Callable[..., Decided]
) -> None:
    (code,) = merge(row(name="湖滨实验幼儿园"))
    moved = row(code=code, name="城东书香幼儿园", as_of=NEXT, **ELSEWHERE)
    done = send(moved)
    assert answer(done.id, same=code).outcome == "updated"
    again = send({**moved, "phone": ""})
    assert (held_by(again.report), again.report.outcomes["updated"]) == ([], 1)
