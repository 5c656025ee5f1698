"""The facility code: what is accepted, what is caught, what is said."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import util
from stdnum.exceptions import (
    InvalidChecksum,
    InvalidComponent,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)

from codes import facility_code
from codes.categories import categories, classes
from codes.code_layout import load_layout
from codes.facility_code import (
    calc_check_digits,
    compact,
    format,
    from_int,
    is_valid,
    make,
    split,
    to_int,
    validate,
)

CODE = "E0233010600017406"
PRINTED = "E02-330106-000174-06"

a_class = st.sampled_from(sorted(classes()))
a_county = st.sampled_from(["330102", "330104", "330106", "330902", "340111", "441900"])
a_serial = st.integers(1, 999_999)


@pytest.mark.parametrize(
    "written",
    [
        CODE,
        PRINTED,
        PRINTED.lower(),
        "e02 330106 000174 06",
        "Ｅ０２－３３０１０６－０００１７４－０６",
        "ｅ０２　３３０１０６　０００１７４　０６",
        "E02–330106—000174−06",  # en dash, em dash, minus sign
        "E02‑330106‐000174﹣06",  # no-break hyphen, hyphen, small hyphen
        "\ufeffE02-330106-000174-06\r\n",
        "E02\u200b330106\t000174\u00a006",
        "E-0-2-3-3-0-1-0-6-0-0-0-1-7-4-0-6",
    ],
)
def test_accepted_as_people_write_it(written):
    assert validate(written) == CODE
    assert format(written) == PRINTED


@pytest.mark.parametrize(
    ("written", "error", "said"),
    [
        ("", InvalidLength, "没有填写"),
        ("  - ", InvalidLength, "没有填写"),
        ("E02-330106-000174", InvalidLength, "15 位"),
        (CODE + "0", InvalidLength, "18 位"),
        ("3.30106E+18", InvalidLength, "3.30106E+18"),
        ("I02-330106-000174-06", InvalidFormat, "第 1 位"),
        ("102-330106-000174-06", InvalidFormat, "大类"),
        ("E02-33O106-000174-06", InvalidFormat, "“O”，这一位属于区县"),
        ("E02-330106-000174-0６٦", InvalidLength, "18 位"),
        ("E02-330106-000174-0٦", InvalidFormat, "第 17 位"),
        ("E02_330106_000174_06", InvalidLength, "20 位"),
        ("E99-330106-000174-06", InvalidComponent, "中类“E99”不在目录里"),
        ("E02-990106-000174-06", InvalidComponent, "990106"),
        ("E02-330000-000174-06", InvalidComponent, "区县"),
        ("E02-330106-000000-42", InvalidComponent, "从未发出"),
        ("E02-330106-000174-42", InvalidChecksum, "校验不通过"),
    ],
)
def test_refused_with_a_reason(written, error, said):
    with pytest.raises(error) as caught:
        validate(written)
    assert said in str(caught.value)
    assert type(caught.value) is error
    assert not is_valid(written)


@pytest.mark.parametrize("not_text", [None, 233010600017406, 3.3e18, b"E0233010600017406", []])
def test_refused_when_not_text(not_text):
    assert not is_valid(not_text)


def test_long_rubbish_is_not_repeated_in_full():
    with pytest.raises(InvalidLength) as caught:
        validate("9" * 100_000)
    assert len(str(caught.value)) < 200


@given(st.text(max_size=30))
def test_any_text_is_refused_in_peace(written):
    try:
        assert len(validate(written)) == 17
    except ValidationError as error:
        assert str(error)


@given(st.text(st.sampled_from(string.ascii_uppercase + string.digits), min_size=17, max_size=17))
def test_what_is_valid_is_made_of_valid_parts(written):
    if is_valid(written):
        parts = split(written)
        assert make(parts.class_code, parts.county_code, parts.serial) == written


@given(a_class, a_county, a_serial)
def test_made_codes_are_read_back(class_code, county_code, serial):
    code = make(class_code, county_code, serial)
    assert validate(code) == code == compact(format(code))
    parts = split(format(code))
    assert (parts.class_code, parts.county_code, parts.serial) == (class_code, county_code, serial)
    assert parts.category_code == class_code[0]
    assert parts.check_digits == calc_check_digits(code[:-2]) == code[-2:]
    assert "02" <= parts.check_digits <= "98"
    assert from_int(to_int(code)) == code


def test_every_class_of_the_book_makes_codes():
    assert {split(make(code, "330106", 1)).category_code for code in classes()} == set(categories())


def test_integer_form_fits_64_bits_and_shows_its_checksum(some_codes):
    integers = [to_int(code) for code in some_codes]
    assert max(integers) < 2**63
    assert {integer % 97 for integer in integers} == {1}
    assert len(set(integers)) == len(some_codes)
    # A counts 10 and L 21: the letter's value in base 36, of which the check digits are made
    assert to_int(make("A01", "330106", 1)) // 10**16 == 10
    assert to_int(make("L01", "330106", 1)) // 10**16 == 21


@pytest.mark.parametrize(
    "wrong", [0, -1, 97, 10**17, 10**18, 2**63 - 1, 1402330106000174_07, 10**30]
)
def test_other_integers_are_refused(wrong):
    with pytest.raises(ValidationError):
        from_int(wrong)


@pytest.mark.parametrize(
    ("class_code", "county_code", "serial"),
    [
        ("E02", "330106", 0),
        ("E02", "330106", 1_000_000),
        ("E02", "330106", -1),
        ("E2", "330106", 1),
        ("E09", "330106", 1),
        ("e02", "330106", 1),
        ("E0201", "330106", 1),
        ("", "", 1),
        ("E02", "33010", 1),
        ("E02", "330106001", 1),
        ("E02", "33O106", 1),
        ("E02", "000000", 1),
    ],
)
def test_no_code_is_made_of_wrong_parts(class_code, county_code, serial):
    with pytest.raises(InvalidComponent) as caught:
        make(class_code, county_code, serial)
    assert str(caught.value)


@pytest.mark.parametrize("payload", ["", "E0233010600017", CODE, "E0233O106000174"])
def test_no_check_digits_for_what_is_no_payload(payload):
    with pytest.raises(InvalidFormat):
        calc_check_digits(payload)


def test_every_wrong_character_is_caught(some_codes):
    tried = 0
    for code in some_codes:
        for at, right in enumerate(code):
            for wrong in (string.digits + string.ascii_uppercase).replace(right, ""):
                tried += 1
                assert not is_valid(code[:at] + wrong + code[at + 1 :]), (code, at, wrong)
    assert tried == 300 * 17 * 35


def test_every_swap_of_two_characters_is_caught(some_codes):
    tried = 0
    for code in some_codes:
        for left in range(len(code)):
            for right in range(left + 1, len(code)):
                if code[left] != code[right]:
                    tried += 1
                    swapped = list(code)
                    swapped[left], swapped[right] = code[right], code[left]
                    assert not is_valid("".join(swapped)), (code, left, right)
    assert tried > 300 * 60


def test_no_code_at_all_can_hide_such_an_error():
    # As an integer a code is 18 decimal digits, the letter the first two. A wrong character adds
    # (difference) x 10^place, a swap (difference) x (10^left - 10^right); neither may be 0 mod 97.
    # A letter never changes place with a digit: the alphabets of the places forbid it.
    letters = [int(letter, 36) for letter in load_layout().by_name("category").alphabet]
    weights = [pow(10, place, 97) for place in range(17)]
    for weight in weights[:16]:
        assert all(difference * weight % 97 for difference in range(1, 10))
    assert all((a - b) * weights[16] % 97 for a in letters for b in letters if a != b)
    for left in range(16):
        for right in range(left):
            between = weights[left] - weights[right]
            assert all(difference * between % 97 for difference in range(1, 10))


def test_equal_check_digits_modulo_97_are_not_interchangeable():
    # 02 and 99, 01 and 98, 00 and 97 are the same modulo 97; only 02 to 98 are ever given
    for serial in range(1, 300):
        code = make("E02", "330106", serial)
        for twin in (int(code[-2:]) + 97, int(code[-2:]) - 97):
            if 0 <= twin <= 99:
                assert not is_valid(f"{code[:-2]}{twin:02d}")


@pytest.mark.parametrize(
    ("written", "printed"),
    [("", ""), ("e02", "E02"), ("E02330106", "E02-330106"), ("E023301060", "E02-330106-0")],
)
def test_beginning_of_a_code_is_printed_as_far_as_it_goes(written, printed):
    assert format(written) == printed


def test_county_need_not_exist_today():
    assert split(make("E02", "330104", 7)).county_code == "330104"  # abolished in 2021


def test_stdnum_reads_our_module_like_its_own():
    assert util.get_module_name(facility_code).startswith("设施编码")
    assert "MOD 97-10" in util.get_module_description(facility_code)
    assert ">>>" not in util.get_module_description(facility_code)
    for name in ("compact", "validate", "is_valid", "format", "calc_check_digits"):
        assert callable(getattr(facility_code, name))


def test_a_run_of_codes_is_the_codes_one_by_one() -> None:
    one_by_one = [facility_code.make("B01", "330106", serial) for serial in range(95, 400)]
    assert facility_code.make_run("B01", "330106", 95, 305) == one_by_one
    assert facility_code.make_run("B01", "330106", 95, 0) == []
    for first, count in ((0, 2), (999_999, 2)):
        with pytest.raises(InvalidComponent):
            facility_code.make_run("B01", "330106", first, count)
