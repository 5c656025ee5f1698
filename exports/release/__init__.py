"""A release: what leaves the registry, complete, checked and the same for the same data."""

from exports.release.manifest import Manifest
from exports.release.publish import publish

__all__ = ["Manifest", "publish"]
