"""Strategy: the trees of aims that everything planned must serve, per plan, phase and fiscal year.

Words: a *tree* is one version of one plan's aims, the city's or a district's own; its *levels* are named by data (ด้าน,
มิติ, …); a *node* is one line of it and may *continue* a line of an older tree; under nodes stand *indicators* with
*targets* and *measures*. Trees of different years are never merged. A published tree is not edited: a change is a new
version, whose lines continue the old ones.
Neighbours: screening and projects choose nodes through ``queries.node_choices``.
"""
