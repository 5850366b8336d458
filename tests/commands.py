"""Commands as a user gives them, in this process."""

from boundcheck.cli import main


def run(capsys, *arguments):
    """The exit code, standard output and standard error."""
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err
