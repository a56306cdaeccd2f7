"""The sample hall: a simulated year played through the real actions."""
