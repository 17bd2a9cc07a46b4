"""Measurements of a database that stands still, or nearly."""
import os
import random
import subprocess
import time

from . import replica
from .application import INSERT, Writer, open_database, row
from .bench import measurement, median, milliseconds

WAIT_LIMIT = 60


@measurement()
def startup(bench, program, _):
    """How long `version` takes, process start included"""
    times = []
    for _ in range(12):
        start = time.monotonic()
        subprocess.run(program.command + ['version'], stdout=subprocess.DEVNULL, check=True)
        times.append(time.monotonic() - start)
    yield 'median ms', milliseconds(median(times[2:]))
    yield 'worst ms', milliseconds(max(times[2:]))


@measurement()
def footprint(bench, program, folder):
    """What the tool leaves in the application's database"""
    database = os.path.join(folder, 'a.db')
    connection = open_database(database)
    connection.execute(INSERT, row(random.Random(1)))

    def look():
        return (connection.execute('pragma data_version').fetchone()[0],
                {name for name, in connection.execute('select name from sqlite_schema')})
    version, names = look()
    with program.replicate(folder, database, folder + '/replica') as run:
        replica.await_quiet(folder + '/replica', run, still=4)
        new_version, new_names = look()
    yield 'tables added', len(new_names - names)
    yield 'data_version moved', 'yes' if new_version != version else 'no'


@measurement(alone=True)
def checkpoint(bench, program, folder):
    """How long the application's own checkpoints wait (busy timeout 5 s), and how many are refused"""
    for load in ('quiet', 'load'):
        for mode in ('full', 'restart', 'truncate'):
            waits, refused = _checkpoints(program, folder, load, mode)
            yield f'{mode}, {load}: median ms', milliseconds(median(waits))
            yield f'{mode}, {load}: worst ms', milliseconds(max(waits))
            yield f'{mode}, {load}: refused', f'{refused} of {len(waits)}'


def _checkpoints(program, folder, load, mode):
    folder = os.path.join(folder, load + '-' + mode)
    os.makedirs(folder)
    database, rng, waits, refused = os.path.join(folder, 'a.db'), random.Random(2), [], 0
    connection = open_database(database, timeout=5)
    connection.execute(INSERT, row(rng))
    run = program.replicate(folder, database, folder + '/replica') if program else None
    try:
        if run:
            replica.await_quiet(folder + '/replica', run)
        # Without automatic checkpoints: SQLite refuses one checkpoint at once while another one runs.
        writer = Writer(database, 12, 0.002, autocheckpoint=0) if load == 'load' else None
        for _ in range(6):
            connection.execute(INSERT, row(rng))
            start = time.monotonic()
            refused += connection.execute(f'pragma wal_checkpoint({mode})').fetchone()[0]
            waits.append(time.monotonic() - start)
            time.sleep(rng.random())
        if writer:
            writer.result()
    finally:
        if run:
            run.stop()
    return waits, refused


@measurement()
def lag(bench, program, folder):
    """From a lone commit to its file at the replica"""
    database, target, rng, lags = os.path.join(folder, 'a.db'), folder + '/replica', random.Random(3), []
    connection = open_database(database)
    connection.execute(INSERT, row(rng))
    with program.replicate(folder, database, target) as run:
        replica.await_quiet(target, run)
        for _ in range(bench.count(15)):
            before = set(replica.files(target))
            connection.execute(INSERT, row(rng))
            lags.append(replica.await_that(lambda: set(replica.files(target)) - before, WAIT_LIMIT))
            time.sleep(1.5 + rng.random())
    yield 'median ms', milliseconds(median(lags))
    yield 'worst ms', milliseconds(max(lags))


@measurement()
def idle(bench, program, folder):
    """What databases cost that nobody writes to"""
    for count in bench.idle_counts:
        pairs = []
        for i in range(count):
            here = os.path.join(folder, str(count), str(i))
            os.makedirs(here)
            connection = open_database(here + '/a.db')
            connection.execute(INSERT, row(random.Random(i)))
            connection.close()
            pairs.append((here + '/a.db', here + '/replica'))
        with program.replicate_all(folder, pairs) as run:
            replica.await_that(lambda: all(replica.files(target) for _, target in pairs), 300, poll=0.5)
            time.sleep(5)
            before, start = run.usage(), time.monotonic()
            time.sleep(bench.seconds(60))
            after, seconds = run.usage(), time.monotonic() - start
        yield f'{count} databases: CPU %', round(100 * (after.cpu - before.cpu) / seconds, 2)
        yield f'{count} databases: memory MB', round(after.memory)
        yield f'{count} databases: threads', after.threads
        yield f'{count} databases: descriptors', after.descriptors
