"""The WSGI door of the hall: static files are answered before Django is asked."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildhall.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

from guildhall.config.static_files import folder_of_static_files

_A_MONTH = 30 * 86_400

application = ServeStatic(
    get_wsgi_application(),
    root=folder_of_static_files(),
    prefix=settings.STATIC_URL,
    # Pages name every file by its content (`?v=…`), so that what is kept never grows old.
    max_age=_A_MONTH,
    allow_all_origins=False,
)
