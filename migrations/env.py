"""Alembic's way into our tables: the engine comes from whoever asks (`lms db upgrade`, tests)."""

import importlib
import pkgutil

from alembic import context

import lms
from lms.db import Base

for module in pkgutil.walk_packages(lms.__path__, "lms."):  # every table has to be known
    if module.name.endswith((".models", ".jobs")):
        importlib.import_module(module.name)

engine = context.config.attributes["engine"]
is_sqlite = engine.dialect.name == "sqlite"
with engine.connect() as connection:
    driver = connection.connection.driver_connection
    if is_sqlite:  # a changed table is copied and the old one dropped, to which others refer meanwhile
        driver.execute("PRAGMA foreign_keys=OFF").close()
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, transaction_per_migration=True
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        connection.rollback()
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=ON").close()
    if is_sqlite:
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        assert not broken, f"rows refer to nothing: {broken[:5]}"
