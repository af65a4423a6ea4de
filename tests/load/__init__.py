"""Load and faults against a real gunicorn: a short form in pytest, a long one by `python -m tests.load.soak`."""
