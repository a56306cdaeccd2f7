"""Conversations, deliveries and what is said about a delivery."""
