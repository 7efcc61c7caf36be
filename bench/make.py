"""Fill a database: ``python -m bench.make URL SHARE`` prints, as its last line, what was made as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from bench import data
from portal.app import import_models
from portal.core import db, migrate


def main() -> None:
    """Migrate, fill, print."""
    url, share = sys.argv[1], float(sys.argv[2])
    import_models()
    migrate.upgrade(url)
    db.bind(url)
    made = data.make(share, lambda text: print(text, file=sys.stderr, flush=True))
    print(json.dumps(asdict(made)))


if __name__ == "__main__":
    main()
