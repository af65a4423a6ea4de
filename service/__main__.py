"""`python -m service` prints the table of settings, as the README shows it."""

from service.settings import markdown

if __name__ == "__main__":
    print(markdown())
