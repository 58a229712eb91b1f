"""The site that is measured: the real app and, beside it on the same server, the floor that it is measured against.

The floor is what anybody's Flask application would do at least: a page of the same size from a template after two
indexed reads; a POST that commits one row; and bare Flask, which answers three words.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from pathlib import Path

from flask import Flask, jsonify, render_template_string
from sqlalchemy import text
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from lms.app import create_app
from lms.config import load_settings
from lms.db import Database
from lms.memory import settle

sys.setswitchinterval(0.0005)  # as lms/wsgi.py
settings = load_settings()
application = create_app(settings)
database: Database = application.extensions["lms_database"]
sample = json.loads((Path(os.environ["LMS_HOME"]) / "sample.json").read_text())

floor = Flask("floor")
TEMPLATE = "{% for part in parts %}{{ part }}{% endfor %}<p>{{ name }}, {{ course }}</p>"
PIECE = 400
PARTS, CERTIFICATE = (
    [whole[start : start + PIECE] for start in range(0, len(whole), PIECE)]
    for whole in (sample["page"], sample.get("certificate", ""))
)
turns = itertools.cycle(range(sample["first"], sample["first"] + sample["people"]))


@floor.get("/bare")
def bare() -> str:
    return "that is all"


@floor.get("/page")
def page() -> str:
    return _after_two_reads(PARTS)


@floor.get("/certificate")
def certificate() -> str:
    return _after_two_reads(CERTIFICATE)


def _after_two_reads(parts: list[str]) -> str:
    with database.reading() as db:
        name = db.execute(text("select name from person where id = :id"), {"id": next(turns)}).scalar_one()
        course = db.execute(text("select pack from course where id = :id"), {"id": "e-services"}).scalar_one()
    return render_template_string(TEMPLATE, parts=parts, name=name, course=course)


@floor.post("/row")
def row():
    with database.writing() as db:
        db.execute(text("insert into floor_row (words) values (:words)"), {"words": "one row, committed"})
    return jsonify(saved=True)


app = DispatcherMiddleware(application, {"/floor": floor})
settle()  # as lms/wsgi.py
