"""The application's side: a database in WAL mode, rows half of which compress, and a writer in a process of its own."""
import hashlib
import json
import multiprocessing
import os
import random
import sqlite3
import time

_words = random.Random(17)
WORDS = [''.join(_words.choice('etaoinshrdlucmfw') for _ in range(_words.randint(3, 9))) for _ in range(3000)]
INSERT = 'insert into item(name, body) values(?, ?)'


def open_database(path, timeout=30.0):
    connection = sqlite3.connect(path, isolation_level=None, timeout=timeout)
    connection.execute('pragma journal_mode=wal')
    connection.execute('pragma synchronous=normal')
    connection.execute('create table if not exists item(id integer primary key, name text, body blob)')
    connection.execute('create index if not exists by_name on item(name)')
    return connection


def row(rng):
    text = ' '.join(rng.choices(WORDS, k=20)).encode()
    return ' '.join(rng.choices(WORDS, k=5)), text + rng.randbytes(90)


def fill(path, megabytes):
    """Makes a database of at least that size, fully copied back, and closes it."""
    connection, rng = open_database(path), random.Random(megabytes)
    connection.execute('pragma synchronous=off')
    while os.path.getsize(path) < megabytes << 20:
        connection.execute('begin')
        connection.executemany(INSERT, (row(rng) for _ in range(10000)))
        connection.execute('commit')
        connection.execute('pragma wal_checkpoint(truncate)')
    connection.close()


def fingerprint(path):
    """(rows, digest of all rows, verdict of the integrity check) of a database that is not written to meanwhile."""
    connection = sqlite3.connect(path)
    digest, count = hashlib.sha256(), 0
    for values in connection.execute('select id, name, body from item order by id'):
        digest.update(repr(values).encode())
        count += 1
    verdict = connection.execute('pragma integrity_check').fetchone()[0]
    connection.close()
    return count, digest.hexdigest(), verdict


def _write(path, seconds, pause, autocheckpoint, results):
    connection, rng = open_database(path), random.Random(11)
    connection.execute(f'pragma wal_autocheckpoint={autocheckpoint}')
    latencies, largest_wal, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        rows = [row(rng) for _ in range(5)]
        start = time.monotonic()
        connection.execute('begin immediate')
        connection.executemany(INSERT, rows)
        connection.execute('commit')
        latencies.append(time.monotonic() - start)
        if len(latencies) % 50 == 0:
            largest_wal = max(largest_wal, os.path.getsize(path + '-wal'))
        if pause:
            time.sleep(pause)
    with open(results, 'w', encoding='ascii') as f:
        json.dump({'latencies': latencies, 'largest_wal': largest_wal}, f)
    connection.close()


class Writer:
    """Commits five rows at a time, in a process of its own, with a pause after each or flat out."""

    def __init__(self, path, seconds, pause, autocheckpoint=1000):
        self.results = path + '.writer.json'
        self.process = multiprocessing.Process(target=_write, args=(path, seconds, pause, autocheckpoint, self.results))
        self.process.start()

    def result(self):
        """Waits for its end; gives (seconds of each commit, largest size of the WAL in bytes)."""
        self.process.join()
        if self.process.exitcode != 0:
            raise RuntimeError('the writer failed')
        with open(self.results, encoding='ascii') as f:
            found = json.load(f)
        return found['latencies'], found['largest_wal']
