"""Progress of projects: one sheet per project with numbered monthly reports, as the city's own form has them [S 003].

Words: a *sheet* is the head of the form, a *report* one numbered monthly report, a *draft* a report that nobody has
certified yet, *received* and *spent* the budget of the form. A report is certified by a second person and never changes;
a correction is a new report that names the old one. Looks back at the action plan and at procurement.
"""
