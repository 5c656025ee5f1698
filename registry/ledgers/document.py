"""What recording a file did, as one JSON document; `rows` and `findings` are as in uploads."""

from __future__ import annotations

from typing import Any

from codes.ledger_columns import Ledger, ledger_columns
from codes.upload_limits import limit
from registry.ledgers.load import LoadReport
from registry.ledgers.merge import Change
from registry.ledgers.preferred import Chosen
from registry.ledgers.wording import finding_text, item_shown, rule_title
from registry.uploads.document import LONGEST_VALUE, file_facts
from registry.uploads.findings import Cause, causes_of


def load_document(report: LoadReport, *, dry_run: bool) -> dict[str, Any]:
    """Return the report; of a refused batch nothing counts as added or corrected."""
    plan, batch = report.plan, report.batch
    counts = {
        "added": len(plan.added),
        "corrected": len(plan.changed),
        "unmarked": len(plan.unmarked),
        "unchanged": plan.unchanged,
    }
    most = limit("samples_kept")
    return {
        "ledger": batch.ledger,
        "file": file_facts(batch.source) if batch.source else None,
        "rows": batch.rows,
        **(dict.fromkeys(counts, 0) if report.refused else counts),
        "written": report.audit_seq is not None,
        "refused": report.refused,
        "dry_run": dry_run,
        "audit_seq": report.audit_seq,
        "findings": [_cause(batch.ledger, cause) for cause in causes_of(report.findings)],
        "changes": [_change(report, one) for one in [*plan.changed, *plan.unmarked][:most]],
        "several": {
            "total": len(report.several),
            "samples": [_chosen(report, one) for one in report.several[:most]],
        },
    }


def _cause(ledger: Ledger, cause: Cause) -> dict[str, Any]:
    column = ledger_columns(ledger).get(cause.element or "")
    samples = []
    for one in cause.findings[: limit("samples_kept")]:
        message, remedy = finding_text(ledger, one)
        place = {
            "row": one.row,
            "column": one.column,
            "value": None if one.value is None else one.value[:LONGEST_VALUE],
        }
        words = {"message": message, "remedy": remedy, "header": one.header}
        samples.append({**place, **words, "sheet": one.sheet or None})
    return {
        "rule": cause.rule,
        "severity": cause.severity,
        "element": cause.element,
        "total": cause.total,
        "samples": samples,
        "title": rule_title(cause.rule),
        "remedy": samples[0]["remedy"],
        "field": column.header if column else None,
    }


def _change(report: LoadReport, change: Change) -> dict[str, Any]:
    key = _key(report, change.record)
    item = item_shown(report.plan.table, list(key.values()))
    return {**key, "item": item, "before": change.before, "after": change.after}


def _chosen(report: LoadReport, chosen: Chosen) -> dict[str, Any]:
    figure = "persons" if report.batch.ledger == "population" else "value"
    return {
        **_key(report, chosen.row),
        figure: chosen.row[figure],
        "sources": chosen.sources,
        "how": chosen.how,
        "how_shown": chosen.how_shown,
    }


def _key(report: LoadReport, row: Any) -> dict[str, Any]:
    return {name: row[name] for name in report.batch.entries[0].key_columns}
