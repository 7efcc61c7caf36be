import ctypes
import gc
import os

from portal.app import create_app
from portal.core import grants

app = application = create_app()

# Commands begin without: one of them gives the role what it may do.
if app.config["PORTAL"].is_production and os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    grants.insist()

# What has been loaded by now stays: the collector need not look at it again during requests.
gc.freeze()
gc.set_threshold(20_000, 20, 50)

# Once a large piece was freed (a password hashed: 19 MB), the C library keeps pieces of that size for later. With a
# fixed threshold it gives them back: a worker stays at 160 MB instead of 200 MB.
_M_MMAP_THRESHOLD = -3
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    libc.mallopt(_M_MMAP_THRESHOLD, 256 * 1024)
