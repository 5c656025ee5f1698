"""Write pysal_oracle.json anew: what PySAL's `inequality` 1.1.2 says of a few distributions.

Its dependencies are large, so it is not installed with the tests; run this by hand in an
environment that has it. PySAL knows no weights: people are written out one by one.

    python tests/registry/evaluation/pysal_oracle.py
"""

import json
from pathlib import Path

import numpy as np


def cases() -> list[dict[str, list[int]]]:
    """Return resources, people and group of each division; PySAL's Theil needs no zero."""
    made = [
        {"resources": [120, 80, 300, 40], "people": [10, 10, 10, 10], "groups": [0, 0, 1, 1]},
        {
            "resources": [5, 70, 33, 12, 9],
            "people": [100, 350, 20, 77, 3],
            "groups": [0, 1, 0, 1, 1],
        },
    ]
    for seed, size in ((1, 13), (2, 40), (3, 196)):
        random = np.random.default_rng(seed)
        made.append(
            {
                "resources": random.integers(1, 900, size).tolist(),
                "people": random.integers(1, 200, size).tolist(),
                "groups": random.integers(0, 4, size).tolist(),
            }
        )
    return made


def answers(case: dict[str, list[int]]) -> dict[str, float]:
    """Return PySAL's figures for one case."""
    from inequality.gini import Gini
    from inequality.theil import Theil, TheilD

    people = np.array(case["people"])
    rate = np.repeat(np.array(case["resources"]) / people, people)
    parts = TheilD(rate, np.repeat(case["groups"], people))
    return {
        "gini": float(Gini(rate).g),
        "theil": float(Theil(rate).T),
        "between": float(np.ravel(parts.bg)[0]),
        "within": float(np.ravel(parts.wg)[0]),
    }


if __name__ == "__main__":
    import inequality

    made = [{**case, **answers(case)} for case in cases()]
    target = Path(__file__).with_suffix(".json")
    content = {"made_by": f"inequality {inequality.__version__}", "cases": made}
    target.write_text(json.dumps(content) + "\n", encoding="utf-8")
