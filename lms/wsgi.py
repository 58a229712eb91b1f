"""The application for WSGI servers: `granian --interface wsgi lms.wsgi:app`."""

import sys

from lms.app import create_app
from lms.config import load_settings
from lms.memory import settle
from lms.web.logs import write_logs

# Many threads take turns in one process, and one of them holds the right to write: after a statement it should not
# wait 5 ms, Python's default, until a busy neighbour lets it go on.
sys.setswitchinterval(0.0005)
settings = load_settings()
write_logs(settings.log)
app = create_app(settings)
settle()
