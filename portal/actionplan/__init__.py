"""The annual action plan (แผนปฏิบัติราชการประจำปี) of a district: what will be done, with which money, and whose idea it was.

Words: a *project* is a line of the plan (โครงการ, กิจกรรม or มาตรการ) with the ten heads of the city's project sheet;
a *link* ties an accepted item of a community plan to a project with an amount; an accepted item without a project
carries a published *not-yet* reason; the *money's way* is requested → allocated or refused → transferred; an *edition*
is the plan as it was published, with its SHA-256.
Life: draft → hearing → answered → approved → published; a change after that is reopened and published as a new edition.
What it writes of a project *waits* beside the row until then, and everybody reads the edition in force (decision 24).
Looks back at ``screening`` (only finally accepted items are merged), ``plans``, ``cycles`` (windows, ceilings),
``strategy`` (nodes), ``comments`` (the hearing) and ``notifications``. Later, ``procurement`` buys what stands here.
"""
