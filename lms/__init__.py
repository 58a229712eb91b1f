"""Handrail: a course platform that trains and certifies digital helpers."""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`lms.create_app`, for `flask --app lms run`; imported on demand, so that `lms check` starts at once."""
    if name == "create_app":
        from lms.app import create_app  # noqa: PLC0415 - the reason stands above

        return create_app
    raise AttributeError(name)
