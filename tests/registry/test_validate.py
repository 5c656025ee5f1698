"""A clerk's entry and a row of a file: one declaration, one verdict, one sentence."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.errors import DataError
from registry.db import writing
from registry.facilities.change import change
from registry.facilities.fields import split_keys
from registry.facilities.register import register
from registry.facilities.validate import problems_of
from registry.uploads.single import judge_entry
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import GOOD

OWN = {**{key: value for key, value in GOOD.items() if value != ""}, "type": "B0101"}

SPOILT: tuple[dict[str, Any], ...] = (
    {},
    {"name": "园"},
    {"status": "很好"},
    {"operator_uscc": "12330199MA0000000X"},
    {"operator_uscc": "123"},
    {"longitude": None},
    {"longitude": 200},
    {"floor_area": -1},
    {"enrolment": -1},
    {"inclusive_enrolment": 300},
    {"status": "关闭"},
    {"opened_on": "2999-01-01"},
    {"name": "很长" * 200},
    {"school_id": "12"},
)


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_entries_and_rows_are_judged_alike(registry: Engine) -> None:
    with writing(registry) as session:
        for spoilt in SPOILT:
            values = {key: value for key, value in {**OWN, **spoilt}.items() if value is not None}
            said = {sentence for _, sentence in problems_of(values)}
            row = [one for one in judge_entry(session, values) if one.severity == "must"]
            assert said == {"".join(finding_text(one)) for one in row}, spoilt
            assert bool(said) == bool(spoilt), spoilt


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_a_change_is_refused_in_the_words_of_a_report(registry: Engine) -> None:
    fields, measures, numbers = split_keys(OWN)
    on = date(2026, 7, 1)
    with writing(registry) as session:
        code = register(
            session, fields, capabilities=measures, identifiers=numbers, by="张三", on=on
        )
        with pytest.raises(DataError) as refused:
            change(session, code, {"inclusive_enrolment": 300}, on=on, by="张三")
        assert refused.value.params["count"] == 1
        (row,) = [
            one
            for one in judge_entry(session, {**OWN, "code": code, "inclusive_enrolment": 300})
            if one.severity == "must"
        ]
        assert refused.value.params["problems"] == ["".join(finding_text(row))]
        assert change(session, code, {"inclusive_enrolment": 200}, on=on, by="张三")
