"""The application for WSGI servers: `granian --interface wsgi lms.wsgi:app`."""

from lms.app import create_app
from lms.config import load_settings
from lms.web.logs import write_logs

settings = load_settings()
write_logs(settings.log)
app = create_app(settings)
