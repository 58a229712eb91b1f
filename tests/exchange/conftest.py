"""A pack on disk whose folder is its draft, and the trainer who writes it."""

from __future__ import annotations

from tests.authoring.conftest import folder, settings, trainer

__all__ = ["folder", "settings", "trainer"]
