"""Writes of the voting room, one module per matter. ``counting`` is for the worker: it brings NumPy."""
