import gc

from portal.app import create_app

app = application = create_app()

# What has been loaded by now stays: the collector need not look at it again during requests.
gc.freeze()
gc.set_threshold(20_000, 20, 50)
