"""`python -m shopclerk` is the command `shopclerk`."""

from shopclerk.cli import main

if __name__ == "__main__":
    main()
