"""The forms in which a coordinator says what to print. They are sent twice: to be counted, and to be started."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from lms.content.structure import DESIGNS
from lms.meetings.forms import NEEDED, DayField, trim
from lms.presses.rules import Kind, Order, Wanted
from lms.web.forms import Form
from lms.web.language import _, lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDERS = ((Order.UNIT.value, lazy("By unit, then by name")), (Order.NAME.value, lazy("By name")))
DESIGN_WORDS = {
    "bookplate": lazy("Bookplate: a frame and serifs"),
    "stair": lazy("Stair: the name on the programme’s colour"),
    "plain": lazy("Plain: black, saves ink"),
}
YEARS = 6  # that are offered, this one among them


class PrintForm(Form):
    """What both kinds ask for."""

    unit = StringField(lazy("Unit"), [Length(max=200)], filters=[trim])
    order = SelectField(lazy("Order of the sheets"))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.order.choices = list(ORDERS)

    def validate_unit(self, field: Field) -> None:
        """Spaces are no unit."""
        if not field.data:
            raise ValidationError(str(NEEDED))


class CertificatesForm(PrintForm):
    """Which certificates, in which design."""

    course = SelectField(lazy("Course or programme"))
    since = DayField(lazy("Issued from"), [Optional()])
    until = DayField(lazy("Issued until"), [Optional()])
    design = SelectField(lazy("Design"))

    def __init__(self, titles: Mapping[str, str], **values: Any) -> None:
        super().__init__(**values)
        self.course.choices = [("", _("All of them")), *titles.items()]
        self.design.choices = [("", _("As each course has it")), *((name, DESIGN_WORDS[name]) for name in DESIGNS)]

    def validate_until(self, field: Field) -> None:
        """The first day comes before the last one."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("This day lies before the first one. Change one of the two."))

    def wanted(self, unit: int) -> Wanted:
        """What is asked for, of a valid form."""
        return Wanted(
            Kind.CERTIFICATES, unit, Order(self.order.data), self.course.data, self.since.data, self.until.data,
            self.design.data,
        )  # fmt: skip


class StatementsForm(PrintForm):
    """The statements of which year."""

    year = SelectField(lazy("Year"), coerce=int)

    def __init__(self, today: date, **values: Any) -> None:
        super().__init__(**values)
        self.year.choices = [(year, str(year)) for year in range(today.year, today.year - YEARS, -1)]

    def wanted(self, unit: int) -> Wanted:
        """What is asked for, of a valid form."""
        return Wanted(Kind.STATEMENTS, unit, Order(self.order.data), year=self.year.data)
