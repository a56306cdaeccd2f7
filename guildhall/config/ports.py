"""Whether the hall can have its port."""

import errno
import socket
import time

from guildhall.config.trouble import Trouble

_PATIENCE = 3.0  # seconds for a killed hall to let go of it


def refuse_taken_port(host: str, port: int) -> None:
    """See that nobody listens there.

    Raises:
        Trouble: with what to do instead.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[
                0
            ]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except UnicodeError as error:
            raise Trouble(f"GUILDHALL_HOST is {host!r}, which is no address.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            raise Trouble(_sentence(host, port, error)) from error
        else:
            return


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program: stop that one, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"This account may not listen on port {port}: choose one above 1023 with --port."
    return f"The hall cannot listen on {host}, port {port} ({error.strerror or error})."
