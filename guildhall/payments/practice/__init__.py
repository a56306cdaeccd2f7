"""The practice bank: a processor to learn with. It behaves like a real one and its money is none."""

from guildhall.payments.practice.paying import pay_in_practice

__all__ = ["pay_in_practice"]
