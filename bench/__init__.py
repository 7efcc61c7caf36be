"""Repeatable measurements. They print figures and judge nothing; tests assert counts, never times."""
