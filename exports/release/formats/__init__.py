"""The files beside the snapshot; each module writes one kind, from the snapshot's own rows."""
