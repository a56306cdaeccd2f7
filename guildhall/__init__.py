"""Guildhall: software with which anyone runs their own online labour market."""
