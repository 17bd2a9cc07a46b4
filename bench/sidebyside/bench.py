"""What every measurement is given, and the list of all of them."""
import os
import shutil
import sys
import traceback

from . import application

MEASUREMENTS = {}


class Bench:
    """A folder to work in, and how large everything is to be."""

    def __init__(self, folder, scale, idle_counts):
        self.top, self.scale, self.idle_counts = folder, scale, idle_counts
        os.makedirs(folder, exist_ok=True)

    def folder(self, measurement, tool):
        """An empty folder for one measurement of one tool."""
        path = os.path.join(self.top, f'{measurement}-{tool}')
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def kept_folder(self, measurement, tool):
        """The folder that an earlier measurement of this run or another has left."""
        return os.path.join(self.top, f'{measurement}-{tool}')

    def seconds(self, full):
        return max(3.0, full * self.scale)

    def count(self, full):
        return max(5, round(full * self.scale))

    def large_database(self, megabytes):
        """A database of that size (times the scale), made once and copied by those who want it."""
        size = max(4, round(megabytes * self.scale))
        path = os.path.join(self.top, f'large-{size}.db')
        if not os.path.exists(path):
            application.fill(path + '.new', size)
            os.rename(path + '.new', path)
        return path


class Measurement:
    def __init__(self, function, purpose, alone):
        self.function, self.purpose, self.alone = function, purpose, alone
        self.name = function.__name__

    def run(self, bench, programs, report):
        """Measures every program; a failure is a result of that program, and the others go on."""
        for program in ([None] if self.alone else []) + programs:
            tool = program.name if program else 'alone'
            try:
                for figure, value in self.function(bench, program, bench.folder(self.name, tool)):
                    report.add(self.name, tool, figure, value)
            except Exception as problem:
                traceback.print_exc(file=sys.stderr)
                report.add(self.name, tool, 'failed', f'{type(problem).__name__}: {problem}')


def measurement(alone=False):
    """Registers a generator of (figure, value); with alone=True it also runs without any tool, for comparison."""
    def register(function):
        purpose = (function.__doc__ or '').strip().splitlines()[0]
        MEASUREMENTS[function.__name__] = Measurement(function, purpose, alone)
        return function
    return register


def milliseconds(seconds):
    return round(seconds * 1000, 2)


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))]


def median(values):
    return percentile(values, 0.5)
