"""Who may submit, approve and own: the type's departments, and what the book adds."""

import pytest

from codes.elements import all_fields
from codes.errors import DataError
from codes.facility_types import facility_types
from codes.owning import approvers_of, owners_of, owning_rules, submitters_of


def test_a_type_is_submitted_by_its_own_departments_first() -> None:
    assert submitters_of("E0101")[0] == "mzj"
    assert submitters_of("幼儿园")[:2] == ("jyj", "fgw")
    assert "wjw" in submitters_of("B0101")
    assert "wjw" not in submitters_of("B0201")
    for code, row in facility_types().items():
        assert set(row.department_codes) <= set(submitters_of(code)) & set(approvers_of(code))


def test_the_data_department_sends_but_does_not_approve() -> None:
    assert "sjj" in submitters_of("K0101")
    assert "sjj" not in approvers_of("K0101")
    assert "fgw" in approvers_of("K0101")


def test_an_element_may_have_another_owner() -> None:
    assert owners_of("D0101", "beds") == ("wjw",)
    assert owners_of("D0101", "insurance_provider_no") == ("ybj",)


def test_owned_elements_exist() -> None:
    for row in owning_rules().values():
        assert set(row.elements) <= set(all_fields()), row.code


def test_an_unknown_type_has_no_owner() -> None:
    with pytest.raises(DataError):
        submitters_of("E9999")
