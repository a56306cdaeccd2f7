"""The practice bank: a processor to learn with. It behaves like a real one and its money is none."""

from guildhall.payments.practice.paying import hand_over_words, pay_in_practice

__all__ = ["hand_over_words", "pay_in_practice"]
