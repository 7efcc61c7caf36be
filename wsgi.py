from portal.app import create_app

app = application = create_app()
