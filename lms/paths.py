"""Where the folders lie that are shipped beside the package: templates, courses, quizzes, migrations."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """The absolute path of a shipped folder, such as `templates`: in an installed wheel or in the repository.

    The wheel carries these folders as `lms/_data/<folder>`; a checkout has them at the top level. The path is
    returned even if nothing is there.
    """
    packed = _PACKAGE / "_data" / folder
    return packed if packed.exists() else _PACKAGE.parent / folder
