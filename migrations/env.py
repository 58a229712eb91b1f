"""Alembic's way into our tables: the engine comes from whoever asks (`lms db upgrade`, tests)."""

from alembic import context

import lms.app
from lms.db import Base

assert lms.app  # importing the app is what makes every table known

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
