"""The tables, one module a subject; importing this package registers them all."""

from registry.tables.audit import AuditEntry
from registry.tables.facility import (
    CapabilityValue,
    Facility,
    FacilityVersion,
    Identifier,
    Succession,
)
from registry.tables.issue import CodeCounter
from registry.tables.ledger import Observation, PopulationFigure
from registry.tables.upload import MatchDecision, RowsApart, Upload, UploadFinding, UploadRow

__all__ = [
    "AuditEntry",
    "CapabilityValue",
    "CodeCounter",
    "Facility",
    "FacilityVersion",
    "Identifier",
    "MatchDecision",
    "Observation",
    "PopulationFigure",
    "RowsApart",
    "Succession",
    "Upload",
    "UploadFinding",
    "UploadRow",
]
