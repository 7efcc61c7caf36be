"""Writes of the voting room, one module per matter."""
