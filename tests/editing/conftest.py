"""A pack on disk and Tina at her desk, as for the rest of the trainer's desk."""

from tests.authoring.conftest import folder, settings, trainer

__all__ = ["folder", "settings", "trainer"]
