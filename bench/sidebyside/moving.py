"""Measurements of much data, or of an application at work."""
import os
import random
import shutil
import time

from . import replica
from .application import INSERT, Writer, fingerprint, open_database, row
from .bench import measurement, median, milliseconds, percentile


def _copy_of(source, folder):
    database = os.path.join(folder, 'a.db')
    shutil.copy(source, database)
    return database


def _verdict(folder, database):
    same = fingerprint(folder + '/restored.db') == fingerprint(database)
    return 'equal' if same else 'DIFFERS'


@measurement(alone=True)
def latency(bench, program, folder):
    """The application's commits at a steady pace on a database of 100 MB"""
    database = _copy_of(bench.large_database(100), folder)
    keeper = open_database(database)
    run = program.replicate(folder, database, folder + '/replica') if program else None
    try:
        if run:
            replica.await_quiet(folder + '/replica', run)
        before = run.usage() if run else None
        latencies, _ = Writer(database, bench.seconds(25), 0.003).result()
        after = run.usage() if run else None
    finally:
        if run:
            run.stop()
        keeper.close()
    yield 'commits', len(latencies)
    for name, fraction in (('p50', .5), ('p99', .99), ('p99.9', .999)):
        yield f'{name} ms', milliseconds(percentile(latencies, fraction))
    yield 'worst ms', milliseconds(max(latencies))
    if program:
        yield 'CPU s of the tool', round(after.cpu - before.cpu, 2)
        yield 'memory MB of the tool', round(after.memory)


@measurement(alone=True)
def bulk(bench, program, folder):
    """The application flat out: what it keeps of its pace, and what the tool makes of it"""
    database, target = os.path.join(folder, 'a.db'), folder + '/replica'
    keeper = open_database(database)
    run = program.replicate(folder, database, target) if program else None
    try:
        if run:
            replica.await_quiet(target, run)
        latencies, largest_wal = Writer(database, bench.seconds(15), 0).result()
        ended = time.monotonic()
        yield 'commits', len(latencies)
        yield 'p99 ms', milliseconds(percentile(latencies, .99))
        yield 'worst stall ms', milliseconds(max(latencies))
        yield 'largest WAL MB', round(largest_wal / 2**20)
        if run:
            caught_up = replica.await_quiet(target, run)
            yield 'caught up after s', round(max(0.0, caught_up - ended), 1)
            yield 'CPU s of the tool', round(run.usage().cpu, 2)
            yield 'peak memory MB of the tool', round(run.peak_memory)
            yield 'shipped MB', round(replica.size(target) / 2**20)
    finally:
        if run:
            run.stop()
        keeper.close()
    if program:
        program.restore(folder, target, folder + '/restored.db')
        yield 'restored', _verdict(folder, database)


@measurement()
def baseline(bench, program, folder):
    """The first complete image of 1 GB"""
    database, target = _copy_of(bench.large_database(1024), folder), folder + '/replica'
    megabytes, most_extra = os.path.getsize(database) / 2**20, 0
    keeper = open_database(database)
    keeper.execute(INSERT, row(random.Random(4)))
    os.sync()
    with program.replicate(folder, database, target) as run:
        def complete():
            nonlocal most_extra
            run.require_alive()
            most_extra = max(most_extra, _size_beside(folder, database))
            return any(size > megabytes * 2**20 / 20 for size in replica.files(target).values())
        replica.await_that(complete, 600, poll=0.02)
        seconds, used = time.monotonic() - run.started, run.usage()
        replica.await_quiet(target, run)
    keeper.close()
    yield 'MB', round(megabytes)
    yield 'seconds, start of the tool included', round(seconds, 2)
    yield 'MB/s', round(megabytes / seconds)
    yield 'CPU s', round(used.cpu, 2)
    yield 'peak memory MB', round(run.peak_memory)
    yield 'extra local disk MB', round(most_extra / 2**20)
    yield 'replica MB', round(replica.size(target) / 2**20)


def _size_beside(folder, database):
    """Bytes in the folder that are neither the database nor the replica nor the log."""
    total = 0
    for top, folders, names in os.walk(folder):
        if top == folder:
            folders[:] = [name for name in folders if name != 'replica']
        for name in names:
            path = os.path.join(top, name)
            if path not in (database, folder + '/log'):
                try:
                    total += os.path.getsize(path)
                except FileNotFoundError:
                    pass
    return total


@measurement()
def restore(bench, program, folder):
    """Restoring what `baseline` has left"""
    source = bench.kept_folder('baseline', program.name)
    if not replica.files(source + '/replica'):
        raise RuntimeError('measure baseline first: its replica is what is restored')
    megabytes, times = os.path.getsize(source + '/a.db') / 2**20, []
    for _ in range(3):
        os.sync()
        run, seconds = program.restore(folder, source + '/replica', folder + '/restored.db')
        times.append(seconds)
    yield 'seconds', round(median(times), 2)
    yield 'MB/s', round(megabytes / median(times))
    yield 'CPU s', round(run.cpu, 2)
    yield 'peak memory MB', round(run.peak_memory)
    yield 'restored', _verdict(folder, source + '/a.db')


@measurement()
def chain(bench, program, folder):
    """Restoring 100 MB and some 400 small files after it"""
    database, target = _copy_of(bench.large_database(100), folder), folder + '/replica'
    keeper, rng, times = open_database(database), random.Random(5), []
    highest = keeper.execute('select max(id) from item').fetchone()[0]
    with program.replicate_all(folder, [(database, target)], every='20ms') as run:
        replica.await_quiet(target, run)
        for _ in range(bench.count(400)):
            keeper.execute('begin')
            for _ in range(10):
                keeper.execute('update item set body=? where id=?', (row(rng)[1], rng.randint(1, highest)))
            keeper.execute('commit')
            time.sleep(0.06)
        replica.await_quiet(target, run)
    keeper.close()
    for _ in range(3):
        finished, seconds = program.restore(folder, target, folder + '/restored.db')
        times.append(seconds)
    yield 'files', len(replica.files(target))
    yield 'seconds', round(median(times), 2)
    yield 'CPU s', round(finished.cpu, 2)
    yield 'restored', _verdict(folder, database)


@measurement()
def gap(bench, program, folder):
    """Bytes shipped for 20 rows that were written, with a WAL restart, while the tool was down"""
    database, target, rng = _copy_of(bench.large_database(60), folder), folder + '/replica', random.Random(6)
    keeper = open_database(database)
    with program.replicate(folder, database, target) as run:
        replica.await_quiet(target, run)
        keeper.execute(INSERT, row(rng))
        time.sleep(1)
        replica.await_quiet(target, run)
    for _ in range(20):
        keeper.execute(INSERT, row(rng))
    keeper.execute('pragma wal_checkpoint(truncate)')
    keeper.execute(INSERT, row(rng))
    before = replica.files(target)
    with program.replicate(folder, database, target) as run:
        start = time.monotonic()
        replica.await_that(lambda: _shipped(before, target) > 0, 120, poll=0.01)
        first = time.monotonic() - start
        replica.await_quiet(target, run)
        keeper.execute(INSERT, row(rng))
        time.sleep(1)
        replica.await_quiet(target, run)
    keeper.close()
    yield 'shipped MB', round(_shipped(before, target) / 2**20, 3)
    yield 'seconds to the first file', round(first, 2)
    program.restore(folder, target, folder + '/restored.db')
    yield 'restored', _verdict(folder, database)


def _shipped(before, target):
    return sum(size for path, size in replica.files(target).items() if before.get(path) != size)
