"""Flask plumbing without domain words: who may in, languages, forms, errors, caches, files."""
