"""Words of the city's places."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l

# The city's six groups of districts, under the names the register of districts gives them.
GROUPS: dict[str, object] = {
    "รัตนโกสินทร์": _l("Rattanakosin group"),
    "บูรพา": _l("Burapha group"),
    "ศรีนครินทร์": _l("Srinagarindra group"),
    "เจ้าพระยา": _l("Chao Phraya group"),
    "กรุงธนเหนือ": _l("Krung Thon Nuea group"),
    "กรุงธนใต้": _l("Krung Thon Tai group"),
}
