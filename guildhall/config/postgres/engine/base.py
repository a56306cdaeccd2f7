"""The engine that the settings name; everything but one question is Django's own."""

import select

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is kept from one page to the next."""

    def is_usable(self) -> bool:
        """Whether the server is still there, without asking it.

        On an idle connection nothing arrives but the server's farewell or the end of the line, and both are
        there to be read at once. A question for it would cost every page a round trip. After an error the
        connection may be in any state, so then the server is asked.
        """
        if self.errors_occurred:
            return bool(super().is_usable())
        if self.connection is None:
            return False
        try:
            line = select.poll()
            line.register(self.connection.fileno(), select.POLLIN)
            return not line.poll(0)
        except (psycopg.Error, OSError, ValueError):
            return False
