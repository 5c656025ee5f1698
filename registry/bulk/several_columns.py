"""What the cells of one row say together that stand in several columns: county beside township."""

from __future__ import annotations

from typing import Final

from codes.elements import Field
from codes.text_fixes import is_clear_token
from registry.bulk.conditions import ALL
from registry.bulk.file_cells import BETWEEN
from registry.bulk.in_form import FROM_PRIVATE
from registry.bulk.odd_cells import GIVEN_UP, Mending, Read, read_odd
from registry.uploads.normalising.levels import in_one
from registry.uploads.normalising.row import read_cell
from registry.uploads.source import is_blank

APART: Final = "division_levels_apart"


def read_several(seen: str, key: str, form: Field, mending: Mending) -> Read:
    """Return what `BETWEEN` parts says in our form, as `read_odd` does of one cell.

    Of cells that do not go together the first is looked at, as in the check row by row.
    """
    cells = [one for one in seen.split(BETWEEN) if not is_blank(one.translate(FROM_PRIVATE))]
    if len(cells) < 2:
        return read_odd(next(iter(cells), ""), key, form, mending)
    written = [one.translate(FROM_PRIVATE) for one in cells]
    if any(is_clear_token(one) or mending.plan.names.key(one) == key for one in written):
        return None, GIVEN_UP
    together = in_one(written)
    if together is not None:
        return read_odd(together, key, form, mending)
    first = read_cell(written[0], key, form, mending.plan.unit(key))
    # what else is said of the first cell would have to stand beside it
    said = first.problem or first.note
    return None, GIVEN_UP if said else mending.state(key, APART, ALL)
