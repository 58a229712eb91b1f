"""Handrail: a course platform that trains and certifies digital helpers."""

from lms.app import create_app

__all__ = ["create_app"]
__version__ = "0.1.0"
