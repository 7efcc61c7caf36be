"""Ruamngop: the participatory budgeting portal of Bangkok's communities, districts and residents."""
