"""`python -m workbook` is `wb` without its launcher."""

from workbook.cli.commands import main

if __name__ == "__main__":
    main()
