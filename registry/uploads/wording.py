"""Say a finding in zh or en: the rule's words, with codes turned into names on the way.

A parameter's name may end in what its value is; the sentence takes the part before it:

    other_element          a key of ours -> its header
    other_written          a header as the sender wrote it; said for other_element before it
    type_type              a type code -> its name
    owners_departments     department codes -> their names, joined
    division_division      a division code -> code and name; candidates_divisions several;
                           ..._place and ..._places with the names above it
    code_facility          a facility code -> its printed form; ..._facilities several
    ...                    see SAID
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from stdnum.exceptions import ValidationError

from codes import facility_code
from codes.cross_field_rules import cross_field_rules
from codes.departments import departments
from codes.divisions import division, full_name
from codes.elements import all_fields
from codes.errors import DataError
from codes.facility_types import facility_types
from codes.identifier_schemes import identifier_schemes
from codes.messages import language, speaking, text
from codes.names import name_of
from codes.place import PlaceProposal
from codes.rules import rule_text
from registry.uploads.expected import expected_form
from registry.uploads.findings import Finding
from registry.uploads.normalising.row import known_fields

LONGEST_VALUE: Final = 60
LOOKED_AT: Final = 600
"""How much of a cell is looked at for its excerpt; a cell may hold 32,767 characters."""

TIDIED: Final = frozenset({"text_cleaned", "code_compacted", "number_reformatted"})
"""Rules that say of a cell that only its writing was tidied."""

MISSING: Final = frozenset({"element_required", "element_recommended"})
"""Rules that say of a cell that it is not filled in, whatever (无, -) it holds."""

UNPRINTABLE: Final = "\ufffd"


def finding_text(finding: Finding, lang: str | None = None) -> tuple[str, str]:
    """Return (what was seen, how to mend it) in `lang`, else in the language in use."""
    with speaking(lang or language()):
        words = words_of(finding)
        return said_of(finding, words), rule_text(finding.rule, words)[1]


def said_of(finding: Finding, words: Mapping[str, str]) -> str:
    """Return what was seen, of `words_of` a finding."""
    if finding.rule in TIDIED and words.get("read") == words["value"]:
        # both sides of 按…读 would look alike
        return text("upload.spaces_removed", header=words["header"])
    return rule_text(finding.rule, words)[0]


def words_of(finding: Finding) -> dict[str, str]:
    """Return the parameters of a finding as words in the language in use."""
    words = {
        "header": excerpt(finding.header or "") or header_of(finding.element),
        "value": excerpt(finding.value or ""),
        "column": finding.column or "-",
        "row": str(finding.row or "-"),
        "near": text("upload.none"),
        "seen": _seen(finding),
        # what findings stored by earlier versions do not say
        "length": str(len(finding.value or "")),
        "wanted": text("upload.number_number"),
        "type": "",
        "how": text("upload.likeness_words"),
        "meant": "",
        "unsure_day": _unsure_day(finding),
        "emptied": "",  # said in a marked workbook only, which not every report has
        "differing": _differing(finding.element),
        "mine": "",
        "theirs": "",
    }
    params = dict(finding.params)
    if finding.element == "department" and "read" in params:
        params["read"] = department_shown(str(params["read"]))
    for name, value in params.items():
        plain, _, kind = name.rpartition("_")
        say = SAID.get(kind) if plain else None
        words[plain if say else name] = say(value) if say else _plain(value)
    if isinstance(near := params.get("near"), str):  # a few names of ours, of no use when cut
        words["near"] = near
    return words


def _seen(finding: Finding) -> str:
    """Say what the cell holds, after its header."""
    value = excerpt(finding.value or "")
    if not value:
        return text("upload.seen_blank")
    return text(f"upload.seen_{'as_blank' if finding.rule in MISSING else 'value'}", value=value)


def _differing(element: str | None) -> str:
    """Say how two facilities are told apart of which rows say one of an element, or one name."""
    if element is None:
        return text("upload.differing_names")
    return text("upload.differing_numbers", header=header_of(element))


def _unsure_day(finding: Finding) -> str:
    """Say what to do about a day that is not known: a required one cannot be left empty."""
    type_code = str((finding.params.get("expected_form") or [""])[0])
    field = known_fields(type_code or None).get(finding.element or "")
    needed = field is not None and field.requirement == "must"
    return text("upload.unsure_day_needed" if needed else "upload.unsure_day")


def header_of(element: str | None) -> str:
    """Return the header we give a field, in the language in use."""
    field = all_fields().get(element or "")
    if field is None:
        return element or "-"
    return field.header_zh if language() == "zh" else field.header_en


def excerpt(value: str) -> str:
    """Return what a cell holds in one line, safe to print and not too long for a sentence."""
    head = " ".join(value[:LOOKED_AT].split())
    line = "".join(one if one.isprintable() else UNPRINTABLE for one in head[: LONGEST_VALUE + 1])
    whole = len(line) <= LONGEST_VALUE and len(value) <= LOOKED_AT
    return line if whole else line[:LONGEST_VALUE] + "…"


def joined(words: Iterable[str]) -> str:
    """Return words as a list in the language in use; a word for none when there are none."""
    return ("、" if language() == "zh" else ", ").join(words) or text("upload.none")


def metres_shown(metres: float | None) -> str:
    """Return a distance as people say it; None is one farther than was searched."""
    if metres is None:
        return text("upload.metres_many")
    if metres >= 1000:
        return text("upload.kilometres", count=f"{metres / 1000:.1f}")
    return text("upload.metres", count=f"{metres:.0f}")


def division_shown(code: str) -> str:
    """Return a division's code and name."""
    try:
        return f"{code} {division(code).name}"
    except DataError:
        return code


def place_shown(code: str) -> str:
    """Return a division's code and its name with those above it, for names that several have."""
    try:
        return f"{code} {full_name(code)}"
    except DataError:
        return code


def type_shown(code: str) -> str:
    """Return a type's name in the language in use."""
    kind = facility_types().get(code)
    if kind is None:
        return code
    return name_of(kind)


def department_shown(code: str) -> str:
    """Return a department's name in the language in use."""
    known = departments().get(code)
    if known is None:
        return code
    return name_of(known)


def _candidate(one: Mapping[str, Any]) -> str:
    known = {"code": facility_code.format(one["code"]), "name": one["name"]}
    known |= {"score": one["score"], "status": one["status"]}
    if one["metres"] is None:
        return text("upload.candidate", **known)
    return text("upload.candidate_far", **known, distance=metres_shown(one["metres"]))


def _relation(code: str) -> str:
    rule = cross_field_rules()[code]
    return rule.message_zh if language() == "zh" else rule.message_en


def _invalidity(written: str) -> str:
    try:
        facility_code.validate(written)
    except ValidationError as error:
        return str(error)
    return ""


def _point(reason: tuple[str, float | None]) -> str:
    return PlaceProposal(None, (), False, reason[0], reason[1]).explain()


def _repetition(key: list[str]) -> str:
    if key[0] in identifier_schemes():
        return f"{header_of(key[0])} {key[1]}"
    return text(f"upload.repeats_{key[0]}", code=facility_code.format(key[1][:17]))


def _title(pair: list[str]) -> str:
    return pair[0] if language() == "zh" else pair[1]


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return joined(map(str, value))
    return excerpt(value) if isinstance(value, str) else str(value)


SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    "element": header_of,
    "registry": lambda is_so: text("upload.as_registered") if is_so else "",
    "written": excerpt,
    "elements": lambda keys: joined(map(header_of, keys)),
    "type": type_shown,
    "department": department_shown,
    "departments": lambda codes: joined(map(department_shown, codes)),
    "division": division_shown,
    "place": place_shown,
    "places": lambda codes: joined(map(place_shown, codes)),
    "divisions": lambda codes: joined(map(division_shown, codes)),
    "facility": facility_code.format,
    "facilities": lambda codes: joined(map(facility_code.format, codes)),
    "candidates": lambda found: joined(map(_candidate, found)),
    "metres": metres_shown,
    "relation": _relation,
    "invalidity": _invalidity,
    "point": _point,
    "repetition": _repetition,
    "likeness": lambda county: text("upload.likeness_county", county=division_shown(county)),
    "evidence": lambda how: text(f"upload.evidence_{how}"),
    "form": lambda pair: expected_form(pair[0], pair[1]),
    "garbled": lambda meant: text("upload.garbled_meant", meant=excerpt(meant)) if meant else "",
    "number": lambda kind: text(f"upload.number_{kind}"),
    "title": _title,
    "sheet": lambda name: text("upload.in_sheet", sheet=excerpt(name)) if name else "",
}
"""What a parameter's last word says about it -> how it is said."""
