"""Rulebook: figures of law with their source and their day, and the table of holidays.

Rooms ask ``queries.law(key)`` instead of writing a figure into code, and warn with the answer, never forbid (rulings:
"values of law only warn"). A correction is a new dated row, entered by the strategy office, never an edit. Built-in
figures stand in ``seeds``; what nobody has checked against the text of the law is marked so on the public page.
"""
