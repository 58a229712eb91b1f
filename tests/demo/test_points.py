"""Each library of a programme is a help point, as if its coordinator had written it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.app import create_app
from lms.clock import now
from lms.finding import queries
from lms.finding.models import HelpPoint, HelpPointHours, HelpPointTag
from lms.people.models import Unit
from tests.cast import Visitor
from tests.demo.conftest import settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.demo.conftest import Programmes


def test_every_library_is_a_point_and_stands_as_long_as_a_certificate(programmes: Programmes, tmp_path: Path) -> None:
    today = now().date()
    with programmes["latvia"].reading() as db:
        libraries = db.scalars(select(Unit).where(Unit.kind == "library").order_by(Unit.id)).all()
        points = {point.unit_id: point for point in db.scalars(select(HelpPoint))}
        assert points.keys() == {unit.id for unit in libraries}
        for unit in libraries:
            expected = queries.stands_until(db, unit.id, unit.path, today, today.max)
            assert points[unit.id].stands_until == expected
            assert unit.latitude is not None
            assert 55.5 < unit.latitude < 58.1
        shown = [unit for unit in libraries if points[unit.id].stands_until]
        assert 0 < len(shown) < len(libraries)
        for table in (HelpPointHours, HelpPointTag):
            assert db.scalar(select(func.count(table.point_id.distinct()))) == len(libraries)
    site = Visitor(create_app(settings_of(tmp_path), programmes["latvia"]))
    assert "Monday" in site.get(f"/find/{shown[0].code}").text
    hidden = next(unit for unit in libraries if points[unit.id].stands_until is None)
    assert site.get(f"/find/{hidden.code}").status_code == 404
