"""Measure the ledger beside pgbench: single movements and batches, durable, on the same PostgreSQL.

Every round runs pgbench's TPC-B, single movements from 16 connections, among many accounts and all to one fee
account, and batches in the shape of a payroll, in turn on one server: a busy machine slows all of them.
"""

from guildhall.bench.ledger.command import add_arguments, run

__all__ = ["add_arguments", "run"]
