"""Citizen observers: residents who attend the steps of a contracting process and say what they saw.

Words: a *sign-up* is one resident for one step, a *place* is a seat at it, a *report* is what the observer saw, graded,
and an *answer* is the office's. Looks back at procurement; nothing that is sealed is told here before its time.
"""
