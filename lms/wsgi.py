"""The application for WSGI servers: `granian --interface wsgi lms.wsgi:app`."""

from lms.app import create_app

app = create_app()
