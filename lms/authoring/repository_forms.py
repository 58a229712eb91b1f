"""The form for a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import BooleanField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from lms.remotes import LONGEST, Remote, address_problem, branch_problem, folder_problem, name_problem
from lms.web.forms import Form
from lms.web.language import _, lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from wtforms import Field

NEEDED = DataRequired(lazy("This is needed. Please fill it in."))


def _trim(value: str | None) -> str:
    return (value or "").strip()


def _fits(problem: Callable[[str], str]) -> Callable[[Form, Field], None]:
    """Refuse what a rule about repositories refuses, in its words."""

    def check(_form: Form, field: Field) -> None:
        said = problem(field.data)
        if said:
            raise ValidationError(_(said))

    return check


class RepositoryForm(Form):
    """Where a pack comes from."""

    name = StringField(lazy("Name of the pack"), [NEEDED, _fits(name_problem)], filters=[_trim])
    address = StringField(lazy("Address"), [NEEDED, Length(max=LONGEST), _fits(address_problem)], filters=[_trim])
    branch = StringField(lazy("Branch"), [_fits(branch_problem)], filters=[_trim])
    folder = StringField(lazy("Folder inside the repository"), [_fits(folder_problem)], filters=[_trim])
    pushes = BooleanField(lazy("Push what trainers write on the desk"))

    def remote(self) -> Remote:
        """What was filled in."""
        return Remote(
            self.name.data or "", self.address.data or "", self.branch.data or "", self.folder.data or "",
            bool(self.pushes.data),
        )  # fmt: skip
