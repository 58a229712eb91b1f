"""All pages of this part of the desk, joined in one blueprint."""

from lms.editing import (
    file_views,
    item_views,
    new_views,
    picture_views,
    shown_views,
    step_views,
    tree_views,
    typing_views,
)
from lms.editing.desk import bp, making

__all__ = [
    "bp",
    "file_views",
    "item_views",
    "making",
    "new_views",
    "picture_views",
    "shown_views",
    "step_views",
    "tree_views",
    "typing_views",
]
