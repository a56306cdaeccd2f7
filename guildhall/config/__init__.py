"""Settings, urls, the worker, the guildhall command and the embedded PostgreSQL."""
