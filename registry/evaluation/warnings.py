"""Five-colour warning 五色预警: the band an achievement degree falls in. Bands are data (`policy`).

No public rule says where the bands lie. Degrees are rounded to a stated number of decimals and then
compared as whole numbers, so that an edge is an edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codes.policy import bands, integer_of, missing_colour, parameter


def colours(
    degrees: ArrayLike,
    *,
    met: ArrayLike | None = None,
    bottom_line_failed: ArrayLike = False,
) -> NDArray[np.str_]:
    """Return the colour code of each degree; NaN is the missing colour, whatever else is said.

    `met` says whether the target itself is met: a degree in the top band whose target is not (the
    target was >95, the value is 95) goes one band down. A failed bottom-line indicator is always
    in the worst band.
    """
    found = np.asarray(degrees, dtype=np.float64)
    codes = np.array([band.code for band in bands()])
    position = np.searchsorted(_edges(), _rounded(found), side="right")
    if met is not None and parameter("warning.top_band_needs_met").typed:
        top = len(codes) - 1
        position = np.where((position == top) & ~np.asarray(met, bool), top - 1, position)
    position = np.where(np.asarray(bottom_line_failed, bool), 0, position)
    return np.where(np.isnan(found), missing_colour(), codes[position])


def colour(degree: float, *, met: bool = True, bottom_line_failed: bool = False) -> str:
    """Return the colour code of one degree (see `colours`).

    >>> colour(0.95), colour(0.9499994), colour(float("nan"))
    ('green', 'yellow', 'grey')
    """
    return str(colours(degree, met=met, bottom_line_failed=bottom_line_failed))


def _scale() -> int:
    return int(10 ** integer_of("warning.decimals"))


def _edges() -> NDArray[np.float64]:
    """Lower edges of all bands but the worst, as whole numbers of the last decimal kept."""
    edges = [band.lower * _scale() for band in bands() if band.lower is not None]
    return np.array([float(edge) for edge in edges])


def _rounded(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.rint(degrees * _scale())
