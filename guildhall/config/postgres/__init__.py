"""The embedded PostgreSQL: a private server over the binaries that a wheel brings along.

It speaks only through a socket that its own account may open, every role has a password of its own, and the
server is a child of whoever started it: when that process ends, in whatever way, the server ends too.
"""
