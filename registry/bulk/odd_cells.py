"""What one odd cell says, and what is said of it, as states that stand in the mask."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from sqlglot import exp

from codes import facility_code
from codes.elements import Field, all_fields
from codes.facility_types import facility_types
from codes.reserved_names import begins_reserved
from codes.rules import rules
from codes.text_fixes import is_bare_clear, is_clear_token
from registry.bulk.compile.values import literal, negated
from registry.bulk.conditions import ABSENCE, ALL, Condition
from registry.bulk.file_cells import cell_of
from registry.bulk.in_form import FROM_PRIVATE
from registry.bulk.plan import Plan, column_called, type_numbers
from registry.bulk.read_alike import ends_table, is_open, not_the_example
from registry.uploads.normalising.cell import CellValue
from registry.uploads.normalising.row import read_cell
from registry.uploads.rules.types import REQUIRED_OF_ALL
from registry.uploads.source import is_blank

CLEARED, BARE = "clear_required", "clear_without_brackets"
EXAMPLE: Final = "name_is_example"
SILENT: Final = 0
GIVEN_UP: Final = -1
EMPTY: Final = -2
"""States of a cell: nothing is said of it; SQL cannot go on with it; it only looks filled.

Others are said by number.
"""

Read = tuple[str | None, int]
"""What a cell says, as text, and its state."""


ReadCell = tuple[str, int | None, str | None, int]
"""A cell as it is seen, the type it is read for (None for all), and what it says: `Read`."""


@dataclass
class Mending:
    """What was read of the cells of the rows that are not sure; tables m0, m1, ... hold it.

    Of an element with few different cells they stand in `few`.
    """

    plan: Plan
    tables: dict[str, str] = field(default_factory=dict)
    few: dict[str, list[ReadCell]] = field(default_factory=dict)
    parted: set[str] = field(default_factory=set)
    """Elements that mean different things in different types."""

    left: set[str] = field(default_factory=set)
    """Elements of which some cell was met that SQL cannot go on with."""

    said: dict[tuple[str, str], Condition] = field(default_factory=dict)

    def conditions(self) -> tuple[Condition, ...]:
        """Return what is said of cells, as conditions on the columns `<key> ~`.

        That what every facility must have is to be cleared is not said where no type is known.
        """
        found = list(self.said.values())
        for at, one in enumerate(found):
            if one.cause[0] == CLEARED:
                found[at] = replace(one, types=frozenset(facility_types()))
                found.append(replace(one, cause=("", "", one.cause[2])))
        return tuple(found)

    def cells(self) -> dict[str, exp.Expr]:
        """Return what stands in the place of the cells of each element that was mended."""
        found: dict[str, exp.Expr] = {
            key: exp.case()
            .when(state_of(key).is_(exp.null()), cell_of(self.plan, key))
            .else_(column_called(f"{key} ="))
            for key in self.tables
        }
        empty = exp.EQ(this=state_of("type"), expression=literal(EMPTY))
        return found | {
            "type": exp.case().when(empty, exp.null()).else_(cell_of(self.plan, "type"))
        }

    def given_up(self) -> list[exp.Expr]:
        """Return the conditions under which a row holds a cell SQL cannot go on with."""
        keys = sorted(self.left)
        found: list[exp.Expr] = [
            exp.EQ(this=state_of(key), expression=literal(GIVEN_UP)) for key in keys
        ]
        if ("name", EXAMPLE) in self.said:
            of_example = self.said["name", EXAMPLE].holds.copy()
            # CASE, not AND: few rows are asked whether they are the whole example
            whole = exp.case().when(of_example, negated(not_the_example(self.plan)))
            found.append(whole.else_(exp.false()))
        return [exp.func("coalesce", one, exp.false()) for one in found]

    def state(self, key: str, rule: str, ends: str = "") -> int:
        """Return the number of what is said of cells of an element; rule '' only silences."""
        if (key, rule) not in self.said:
            number = len(self.said) + 1
            is_said = exp.EQ(this=state_of(key), expression=literal(number))
            holds = exp.func("coalesce", is_said, exp.false())
            severity = rules()[rule].severity if rule else ""
            types = frozenset(type_numbers())
            self.said[key, rule] = Condition((rule, severity, key), holds, types, ends=ends)
        return list(self.said).index((key, rule)) + 1


def state_of(key: str) -> exp.Expr:
    """Return the column of the state of an element's cell."""
    return column_called(f"{key} ~")


def read_odd(seen: str, key: str, form: Field, mending: Mending) -> Read:
    """Return what a cell says in our form, as text, and the state of that.

    What is given for all rows stands in the place of a cell that only looks filled.
    """
    cell = seen.translate(FROM_PRIVATE)
    if is_blank(cell) and not (cell := mending.plan.given.get(key, "")):
        return None, SILENT
    if mending.plan.names.key(cell) == key:  # the header again
        return None, GIVEN_UP
    if is_clear_token(cell):
        return None, _cleared(key, mending)
    read = read_cell(cell, key, form, mending.plan.unit(key))
    if read.problem:
        return None, mending.state(key, read.problem, ALL)
    text = _text_of(read.value, key)
    if text is not None and (is_open(text, read.value, key) or ends_table(cell, key)):
        return None, GIVEN_UP
    return text, _said(read, text or "", form, mending)


def _text_of(value: object, key: str) -> str | None:
    """The value as SQL compares it: a facility code as it is stored, however it was printed."""
    if key == "code" and isinstance(value, str) and facility_code.is_valid(value):
        return facility_code.compact(value)
    return None if value is None else str(value)


def _said(read: CellValue, text: str, form: Field, mending: Mending) -> int:
    said = [read.note] if read.note and form.key in mending.plan.columns.read else []
    any_text = all_fields()[form.key].kind == "text"  # as the rule asks, whatever the type
    if any_text and text and is_bare_clear(text):
        said.append(BARE)
    if form.key == "name" and begins_reserved("example", text):
        said.append(EXAMPLE)
    if not said:
        return SILENT
    return mending.state(form.key, said[0]) if len(said) == 1 else GIVEN_UP


def _cleared(key: str, mending: Mending) -> int:
    return mending.state(key, CLEARED if key in REQUIRED_OF_ALL else "", ABSENCE)
