"""Django's PostgreSQL engine, with a cheaper way to know that a kept connection still stands."""
